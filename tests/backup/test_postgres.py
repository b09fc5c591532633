"""Backup and restore of a PostgreSQL database of the test's own."""

import contextlib
import os
import shutil
import threading

import dj_database_url
import psycopg2
import pytest

from yamei import backup
from yamei.backup import BackupError, Installation
from yamei.snapshots import POSTGRES_TOOLS, PostgresDatabase

pytestmark = pytest.mark.processes
ADD_ESTATES = "INSERT INTO estates_estate (name, address, desk_phone, is_demo) SELECT unnest(%s), '', '', false"


def connect(settings, name):
    connection = psycopg2.connect(
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        dbname=name,
        connect_timeout=5,
    )
    connection.autocommit = True
    return contextlib.closing(connection)


def run_sql(settings, name, sql, values=None):
    with connect(settings, name) as connection, connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def home(postgres_url, tmp_path):
    """An installation on a PostgreSQL database of the test's own."""
    missing = [tool for tool in POSTGRES_TOOLS if not shutil.which(tool)]
    if missing:
        reason = f"PostgreSQL's tools are not installed: {', '.join(missing)}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    settings = dj_database_url.parse(postgres_url)
    return Installation(PostgresDatabase(settings), tmp_path / "photos")


def sql(home, text, values=None):
    return run_sql(home.database.settings, home.database.settings["NAME"], text, values)


def add_estates(home, *names):
    sql(home, ADD_ESTATES, [list(names)])


def estates(home):
    return [name for (name,) in sql(home, "SELECT name FROM estates_estate ORDER BY id")]


def test_backup_then_restore_brings_every_row_back(home, tmp_path, now):
    add_estates(home, "亚美花园", "城南小区")
    home.photos.mkdir()
    (home.photos / "a.jpg").write_bytes(b"a")
    file = tmp_path / "pg.zip"
    backup.write(file, installation=home, now=now)
    sql(home, "DELETE FROM estates_estate")
    sql(home, "CREATE TABLE left_by_a_newer_version (id int)")

    backup.restore(file, installation=home, replace=True)

    assert estates(home) == ["亚美花园", "城南小区"]
    assert sql(home, "SELECT to_regclass('public.left_by_a_newer_version')") == [(None,)]
    add_estates(home, "新项目")  # sequences came back too
    assert (home.photos / "a.jpg").read_bytes() == b"a"


def test_restore_asks_before_replacing_data_of_people(home, tmp_path, now):
    file = tmp_path / "pg.zip"
    backup.write(file, installation=home, now=now)
    add_estates(home, "新项目")
    with pytest.raises(BackupError, match="--yes"):
        backup.restore(file, installation=home, replace=False)
    assert estates(home) == ["新项目"]


def test_restore_that_fails_half_way_changes_nothing(home, tmp_path, now):
    add_estates(home, "亚美花园")
    dump = tmp_path / "database.pgdump"
    counts, _ = home.database.copy_to(dump)
    add_estates(home, "新项目")

    with pytest.raises(BackupError, match="row count of estates_estate"):
        home.database.replace_by(dump, counts | {"estates_estate": 7})

    assert estates(home) == ["亚美花园", "新项目"]


def test_backup_while_others_write_counts_one_snapshot(home, tmp_path, now):
    stop = threading.Event()

    def write():
        turn = 0
        with connect(home.database.settings, home.database.settings["NAME"]) as connection:
            while not stop.is_set():
                turn += 1
                with connection.cursor() as cursor:
                    cursor.execute(ADD_ESTATES, [[f"{turn}a", f"{turn}b"]])

    writer = threading.Thread(target=write)
    writer.start()
    file = tmp_path / "pg.zip"
    try:
        backup.write(file, installation=home, now=now)
    finally:
        stop.set()
        writer.join()
    counted = backup.check(file)["row_counts"]["estates_estate"]
    backup.restore(file, installation=home, replace=True)
    assert len(estates(home)) == counted
    assert counted % 2 == 0


def test_restore_refuses_a_backup_of_the_embedded_database(home, lived_in, tmp_path, now):
    file = tmp_path / "sqlite.zip"
    backup.write(file, installation=lived_in, now=now)
    with pytest.raises(BackupError, match="同类数据库"):
        backup.restore(file, installation=home, replace=True)
