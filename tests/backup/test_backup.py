"""A backup is whole or not there; a restore brings everything or changes nothing."""

import hashlib
import json
import multiprocessing
import os
import sqlite3
import stat
import zipfile

import pytest

from tests.backup.conftest import add_estate, content_of, estates_in
from yamei import backup
from yamei.backup import BackupError

pytestmark = pytest.mark.processes


@pytest.fixture
def archive(lived_in, tmp_path, now):
    file = tmp_path / "yamei.zip"
    backup.write(file, installation=lived_in, now=now)
    return file


def rewrite(archive, target, change):
    """A copy of ``archive`` whose members ``change(name → bytes)`` has altered."""
    with zipfile.ZipFile(archive) as source:
        members = {name: source.read(name) for name in source.namelist()}
    change(members)
    with zipfile.ZipFile(target, "w") as out:
        for name, content in members.items():
            out.writestr(name, content)
    return target


def with_manifest(members, /, **values):
    manifest = json.loads(members["manifest.json"]) | values
    members["manifest.json"] = json.dumps(manifest).encode()


def refuse(file, home, words):
    """Restoring ``file`` into ``home`` is refused with these words and changes nothing."""
    before = content_of(home)
    with pytest.raises(BackupError, match=words):
        backup.restore(file, installation=home, replace=True)
    assert content_of(home) == before
    assert not list(home.photos.parent.glob(".restore-*"))


def test_backup_then_restore_into_empty_brings_rows_and_photos(lived_in, empty, archive):
    done = backup.restore(archive, installation=empty, replace=False)

    assert estates_in(empty) == ["亚美花园", "城南小区"]
    assert done.photos == 1
    name = "repairs/2026/11/水管.jpg"
    assert (empty.photos / name).read_bytes() == (lived_in.photos / name).read_bytes()


def test_backup_is_private_and_leaves_nothing_beside_it(archive):
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert [path.name for path in archive.parent.iterdir() if path.is_file()] == ["yamei.zip"]
    assert not list(archive.parent.glob(".backup-*"))


def test_backup_never_overwrites_an_older_one(archive, lived_in, now):
    before = archive.read_bytes()
    with pytest.raises(BackupError, match="已存在"):
        backup.write(archive, installation=lived_in, now=now)
    assert archive.read_bytes() == before


def test_backup_of_what_is_no_database_leaves_no_file(lived_in, tmp_path, now):
    lived_in.database.path.write_bytes(b"no database" * 1000)
    with pytest.raises(BackupError, match="读不了数据库"):
        backup.write(tmp_path / "bad.zip", installation=lived_in, now=now)
    assert not list(tmp_path.glob("bad.zip*"))


def test_backup_of_a_damaged_database_leaves_no_file(lived_in, tmp_path, now):
    path = lived_in.database.path
    content = bytearray(path.read_bytes())
    content[8192:40960] = b"\x55" * (40960 - 8192)
    path.write_bytes(content)

    with pytest.raises(BackupError, match="损坏"):
        backup.write(tmp_path / "bad.zip", installation=lived_in, now=now)
    assert not list(tmp_path.glob("bad.zip*"))


def test_backup_works_where_the_disk_knows_no_links(lived_in, empty, tmp_path, now, monkeypatch):
    def no_links(*args, **kwargs):
        raise OSError("Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    file = tmp_path / "stick.zip"
    backup.write(file, installation=lived_in, now=now)
    backup.restore(file, installation=empty, replace=False)
    assert estates_in(empty) == ["亚美花园", "城南小区"]
    assert not list(tmp_path.glob("*.part"))


def _write_pairs(path, started, stop):
    """Insert two estates per transaction, for ever: an odd number is a torn copy."""
    database = sqlite3.connect(path, timeout=20, isolation_level=None)
    turn = 0
    while not stop.is_set():
        turn += 1
        database.execute("BEGIN IMMEDIATE")
        for half in "ab":
            database.execute(
                "INSERT INTO estates_estate (name, address, desk_phone, is_demo) VALUES (?, '', '', 0)",
                [f"{turn}{half}"],
            )
        database.execute("COMMIT")
        started.set()
    database.close()


def test_backup_while_another_process_writes_is_one_moment(lived_in, empty, tmp_path, now):
    context = multiprocessing.get_context("spawn")
    started, stop = context.Event(), context.Event()
    writer = context.Process(target=_write_pairs, args=(lived_in.database.path, started, stop))
    writer.start()
    try:
        assert started.wait(30)
        files = [tmp_path / f"{turn}.zip" for turn in range(3)]
        for file in files:
            backup.write(file, installation=lived_in, now=now)
    finally:
        stop.set()
        writer.join(30)
    sizes = []
    for file in files:
        backup.restore(file, installation=empty, replace=True)
        sizes.append(len(estates_in(empty)))
    assert all(size % 2 == 0 for size in sizes)
    assert sizes == sorted(sizes)
    assert sizes[-1] > 2


def test_restore_asks_before_replacing_data_of_people(archive, lived_in):
    add_estate(lived_in, "新项目")
    with pytest.raises(BackupError, match="--yes"):
        backup.restore(archive, installation=lived_in, replace=False)
    assert "新项目" in estates_in(lived_in)


def test_restore_keeps_what_was_there_before(archive, lived_in):
    add_estate(lived_in, "新项目")
    (lived_in.photos / "later.jpg").write_bytes(b"later")

    done = backup.restore(archive, installation=lived_in, replace=True)

    assert "新项目" not in estates_in(lived_in)
    database, photos = done.kept
    with sqlite3.connect(database) as old:
        assert old.execute("SELECT 1 FROM estates_estate WHERE name = '新项目'").fetchone()
    assert (photos / "later.jpg").exists()
    assert not (lived_in.photos / "later.jpg").exists()


def test_restore_replaces_a_database_that_cannot_be_read(archive, empty):
    empty.database.path.write_bytes(b"torn by a power cut" * 500)
    backup.restore(archive, installation=empty, replace=True)
    assert estates_in(empty) == ["亚美花园", "城南小区"]


def test_restore_reaches_a_process_that_has_the_database_open(archive, empty):
    reader = sqlite3.connect(empty.database.path)
    assert reader.execute("SELECT count(*) FROM estates_estate").fetchone() == (0,)
    backup.restore(archive, installation=empty, replace=True)
    assert reader.execute("SELECT count(*) FROM estates_estate").fetchone() == (2,)
    reader.close()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_restore_refuses_a_torn_file(archive, lived_in, tmp_path, share):
    torn = tmp_path / "torn.zip"
    content = archive.read_bytes()
    torn.write_bytes(content[: int(len(content) * share)])
    refuse(torn, lived_in, "已损坏")


def test_restore_refuses_what_is_no_archive(lived_in, tmp_path):
    text = tmp_path / "note.zip"
    text.write_text("not a zip")
    refuse(text, lived_in, "已损坏或不是备份文件")
    refuse(tmp_path / "nowhere.zip", lived_in, "没有找到")


def test_restore_refuses_a_foreign_zip(lived_in, tmp_path):
    foreign = tmp_path / "foreign.zip"
    with zipfile.ZipFile(foreign, "w") as out:
        out.writestr("word/document.xml", "<x/>")
    refuse(foreign, lived_in, "不是本系统的备份文件")


@pytest.mark.parametrize("manifest", [b"[]", b"{", b"\xff\xfe", b'{"format": "yamei-backup"}'])
def test_restore_refuses_a_manifest_that_is_not_ours(archive, lived_in, tmp_path, manifest):
    def change(members):
        members["manifest.json"] = manifest

    refuse(rewrite(archive, tmp_path / "x.zip", change), lived_in, "不是本系统的备份文件")


def test_restore_refuses_a_newer_format(archive, lived_in, tmp_path):
    newer = rewrite(
        archive, tmp_path / "x.zip", lambda m: with_manifest(m, format_version=2, app_version="9.0")
    )
    refuse(newer, lived_in, "较新的版本 9.0")


def test_restore_refuses_migrations_of_a_newer_program(archive, lived_in, tmp_path):
    newer = rewrite(
        archive, tmp_path / "x.zip", lambda m: with_manifest(m, migrations=[["repairs", "0999_x"]])
    )
    refuse(newer, lived_in, "repairs.0999_x")


def test_restore_refuses_another_kind_of_database(archive, lived_in, tmp_path):
    other = rewrite(archive, tmp_path / "x.zip", lambda m: with_manifest(m, database="postgresql"))
    refuse(other, lived_in, "同类数据库")


def test_restore_refuses_a_changed_member(archive, lived_in, tmp_path):
    def change(members):
        name = "photos/repairs/2026/11/水管.jpg"
        members[name] = members[name].replace(b"really", b"REALLY", 1)

    refuse(rewrite(archive, tmp_path / "x.zip", change), lived_in, "与清单不一致")


def test_restore_refuses_a_member_that_the_manifest_does_not_name(archive, lived_in, tmp_path):
    extra = rewrite(archive, tmp_path / "x.zip", lambda m: m.update({"photos/extra.jpg": b"x"}))
    refuse(extra, lived_in, "与清单不一致")


def test_restore_refuses_row_counts_that_differ(archive, lived_in, tmp_path):
    def change(members):
        counts = json.loads(members["manifest.json"])["row_counts"]
        with_manifest(members, row_counts=counts | {"estates_estate": 3})

    refuse(rewrite(archive, tmp_path / "x.zip", change), lived_in, "行数")


@pytest.mark.parametrize(
    "name",
    [
        "../evil.py",
        "photos/../../evil.py",
        "/etc/evil",
        "photos\\..\\evil",
        "C:/evil",
        "photos//evil",
        "photos/./evil",
        "settings.py",
        "photos/\nevil",
        "photos",
    ],
)
def test_restore_refuses_a_name_outside_its_folder(archive, lived_in, tmp_path, name):
    def change(members):
        manifest = json.loads(members["manifest.json"])
        digest = hashlib.sha256(b"evil").hexdigest()
        entry = {name: {"sha256": digest, "size": 4}}
        with_manifest(members, members=manifest["members"] | entry)
        members[name] = b"evil"

    refuse(rewrite(archive, tmp_path / "x.zip", change), lived_in, "不安全的文件名")
    assert not list(tmp_path.rglob("evil*"))
