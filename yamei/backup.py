"""One archive file that holds an installation: the database and the photos.

A zip with ``manifest.json``: format, versions, row counts per table, and size and SHA-256 of every
member. Written beside its final name, read back, then renamed: a file with the final name is whole.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import tempfile
import tomllib
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from yamei.snapshots import BackupError, PostgresDatabase, SQLiteDatabase, database_from

FORMAT = "yamei-backup"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
MANIFEST_LIMIT = 64 * 1024 * 1024
BLOCK = 1024 * 1024
SAFE_NAME = re.compile(r"[^\x00-\x1f\\:]+")


@dataclass(frozen=True)
class Installation:
    """What a backup holds: one database and one folder of photos."""

    database: SQLiteDatabase | PostgresDatabase
    photos: Path

    @classmethod
    def of_settings(cls) -> "Installation":
        return cls(database_from(settings.DATABASES["default"]), Path(settings.MEDIA_ROOT))


@dataclass(frozen=True)
class Summary:
    """What was written or restored."""

    file: Path
    rows: int
    photos: int
    size: int
    missing_photos: int = 0
    kept: tuple[Path, ...] = ()


def app_version() -> str:
    """The version in pyproject.toml."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["project"]["version"]


# --- writing --------------------------------------------------------------------------------
def write(file: Path, *, installation: Installation, now: datetime) -> Summary:
    """Back an installation up to ``file`` while it is in use.

    The database is copied first, as one snapshot; the photos after it, so every photo that the
    snapshot knows is there. The file appears under its name, mode 0600, only after every member
    was read back and its hash compared. BackupError when it cannot be done; nothing is left then.
    """
    file = Path(file).absolute()
    if file.exists():
        raise BackupError(_("%s 已存在。请换一个文件名，备份从不覆盖旧文件。") % file)
    if not file.parent.is_dir():
        raise BackupError(_("文件夹 %s 不存在，请先建立。") % file.parent)
    part = file.with_name(file.name + ".part")
    try:
        # 0600 from the first byte: the archive holds personal data.
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise BackupError(
            _("写不了 %(file)s：%(error)s") % {"file": part, "error": error}
        ) from error
    try:
        with os.fdopen(handle, "w+b") as out:
            with contextlib.suppress(PermissionError):  # a stick without modes
                os.fchmod(out.fileno(), 0o600)
            manifest, missing = _fill(out, installation, now, file.parent)
            out.flush()
            os.fsync(out.fileno())
        check(part)
        _name(part, file)
    except FileExistsError as error:
        raise BackupError(_("%s 已存在。请换一个文件名，备份从不覆盖旧文件。") % file) from error
    except OSError as error:
        raise BackupError(_("备份没有写成：%s") % error) from error
    finally:
        part.unlink(missing_ok=True)
    return _summary(file, manifest, missing_photos=missing)


def _name(part: Path, file: Path) -> None:
    """Give the whole file its name; FileExistsError, not an overwrite, if it was taken meanwhile."""
    try:
        os.link(part, file)
    except FileExistsError:
        raise
    except OSError:  # a file system without links: a stick, a Windows share
        if file.exists():
            raise FileExistsError(file) from None
        os.rename(part, file)


def _fill(out, installation, now, scratch) -> tuple[dict, int]:
    database = installation.database
    members = {}
    with (
        tempfile.TemporaryDirectory(dir=scratch, prefix=".backup-") as folder,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive,
    ):
        copy = Path(folder) / database.member
        counts, migrations = database.copy_to(copy)
        members[database.member] = _add(archive, copy, database.member)
        missing = 0
        for photo in sorted(path for path in installation.photos.rglob("*") if path.is_file()):
            name = "photos/" + photo.relative_to(installation.photos).as_posix()
            try:
                members[name] = _add(archive, photo, name, stored=True)
            except FileNotFoundError:  # removed by somebody since we listed it
                missing += 1
        manifest = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "app_version": app_version(),
            "database": database.kind,
            "made_at": now.isoformat(),
            "row_counts": counts,
            "migrations": migrations,
            "members": members,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    return manifest, missing


def _add(archive, path, name, *, stored=False) -> dict:
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o600 << 16
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
        while block := source.read(BLOCK):
            digest.update(block)
            size += len(block)
            target.write(block)
    return {"sha256": digest.hexdigest(), "size": size}


# --- reading --------------------------------------------------------------------------------
def check(file: Path, *, extract_to: Path | None = None) -> dict:
    """Read a whole archive, compare every member with the manifest, and return the manifest.

    With ``extract_to`` the members are unpacked there on the way. BackupError for a file that is
    torn, foreign, from a newer program, or names anything outside its own folders.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive)
            names = archive.namelist()
            if len(names) != len(set(names)) or set(names) != {*manifest["members"], MANIFEST}:
                raise BackupError(_("备份文件的内容与清单不一致，可能被改动过，没有恢复。"))
            for name, expected in manifest["members"].items():
                _check_member(archive, name, expected, extract_to)
    except FileNotFoundError as error:
        raise BackupError(_("没有找到备份文件 %s。") % file) from error
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise BackupError(_("备份文件已损坏或不是备份文件：%s") % error) from error
    return manifest


def _manifest(archive) -> dict:
    foreign = BackupError(_("这不是本系统的备份文件，没有恢复。"))
    try:
        if archive.getinfo(MANIFEST).file_size > MANIFEST_LIMIT:
            raise foreign
        manifest = json.loads(archive.read(MANIFEST))
    except (KeyError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise foreign from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise foreign
    version = manifest.get("format_version")
    if not isinstance(version, int):
        raise foreign
    if version > FORMAT_VERSION:
        raise BackupError(
            _("备份由较新的版本 %s 制作，本程序读不了。请先升级程序再恢复。")
            % manifest.get("app_version", "?")
        )
    shapes = {"database": str, "row_counts": dict, "migrations": list, "members": dict}
    for key, shape in shapes.items():
        if not isinstance(manifest.get(key), shape):
            raise foreign
    for name, expected in manifest["members"].items():
        _refuse_unsafe(name)
        if not isinstance(expected, dict) or {"sha256", "size"} - set(expected):
            raise foreign
    return manifest


def _refuse_unsafe(name: str) -> None:
    path = PurePosixPath(name)
    inside = path.parts[:1] == ("photos",) and len(path.parts) > 1
    if (
        path.is_absolute()
        or ".." in path.parts
        or str(path) != name
        or not SAFE_NAME.fullmatch(name)
        or not (inside or name in (SQLiteDatabase.member, PostgresDatabase.member))
    ):
        raise BackupError(_("备份文件中有不安全的文件名 %r，没有恢复。") % name)


def _check_member(archive, name, expected, extract_to) -> None:
    altered = BackupError(_("备份文件中的 %s 与清单不一致，可能损坏或被改动，没有恢复。") % name)
    if archive.getinfo(name).file_size != expected["size"]:
        raise altered
    digest = hashlib.sha256()
    with contextlib.ExitStack() as stack:
        source = stack.enter_context(archive.open(name))
        target = None
        if extract_to:
            path = extract_to / name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            target = stack.enter_context(os.fdopen(handle, "wb"))
        while block := source.read(BLOCK):
            digest.update(block)
            if target:
                target.write(block)
    if digest.hexdigest() != expected["sha256"]:
        raise altered


# --- restoring ------------------------------------------------------------------------------
def restore(file: Path, *, installation: Installation, replace: bool) -> Summary:
    """Put a backup in the place of an installation.

    Everything is unpacked and checked first; a refusal leaves everything as it was. ``replace``
    allows it where people already work. The database goes in as one transaction; what was there
    before is kept beside it (``.before-restore``) for SQLite and for photos.
    """
    database, photos = installation.database, installation.photos
    photos.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=photos.parent, prefix=".restore-") as folder:
        staging = Path(folder)
        manifest = check(Path(file), extract_to=staging)
        if manifest["database"] != database.kind:
            raise BackupError(
                _(
                    "备份来自 %(theirs)s，本系统使用 %(ours)s。请在同类数据库上恢复，没有改动任何数据。"
                )
                % {"theirs": manifest["database"], "ours": database.kind}
            )
        if database.member not in manifest["members"]:
            raise BackupError(_("备份文件里没有数据库，没有恢复。"))
        _refuse_unknown_migrations(manifest)
        database.examine(staging / database.member)
        if not replace and not database.is_empty():
            raise BackupError(
                _("数据库里已有数据。确认要用备份替换，请加 --yes。没有改动任何数据。")
            )
        kept = [database.replace_by(staging / database.member, manifest["row_counts"])]
        kept.append(_swap_photos(staging / "photos", photos))
    return _summary(Path(file), manifest, kept=tuple(path for path in kept if path))


def _refuse_unknown_migrations(manifest) -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known.update(map(tuple, migration.replaces))
    unknown = [".".join(step) for step in manifest["migrations"] if tuple(step) not in known]
    if unknown:
        raise BackupError(
            _("备份由较新的版本 %(version)s 制作(%(step)s)，本程序读不了。请先升级程序再恢复。")
            % {"version": manifest.get("app_version", "?"), "step": unknown[0]}
        )


def _swap_photos(restored: Path, photos: Path) -> Path | None:
    restored.mkdir(exist_ok=True, mode=0o700)
    kept = photos.with_name(photos.name + ".before-restore")
    if not photos.exists():
        kept = None
    else:
        shutil.rmtree(kept, ignore_errors=True)
        photos.rename(kept)
    restored.rename(photos)
    return kept


def _summary(file, manifest, **more) -> Summary:
    return Summary(
        file=file,
        rows=sum(manifest["row_counts"].values()),
        photos=sum(name.startswith("photos/") for name in manifest["members"]),
        size=file.stat().st_size,
        **more,
    )
