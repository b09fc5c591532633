"""An installation of its own for each test, with people and a photo."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

from yamei.backup import Installation
from yamei.snapshots import SQLiteDatabase


def manage(*arguments, env, check=True):
    """Run ``manage.py`` in a process of its own, as people do."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "yamei.settings", "REDIS_URL": "", **env},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if check:
        assert done.returncode == 0, done.stderr
    return done


def install(folder: Path, migrated: Path) -> Installation:
    folder.mkdir(exist_ok=True)
    shutil.copy(migrated, folder)
    return Installation(SQLiteDatabase(folder / "yamei.sqlite3"), folder / "photos")


@pytest.fixture
def empty(tmp_path, migrated):
    """An installation in which nobody works yet."""
    return install(tmp_path / "empty", migrated)


@pytest.fixture
def lived_in(tmp_path, migrated):
    """An installation with two estates and one photo."""
    home = install(tmp_path / "home", migrated)
    add_estate(home, "亚美花园")
    add_estate(home, "城南小区")
    photo = home.photos / "repairs" / "2026" / "11" / "水管.jpg"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"\xff\xd8 not really a picture " * 1000)
    return home


def add_estate(home, name):
    with closing(sqlite3.connect(home.database.path, timeout=20)) as database, database:
        database.execute(
            "INSERT INTO estates_estate (name, address, desk_phone, is_demo) VALUES (?, '', '', 0)",
            [name],
        )


def estates_in(home):
    with closing(sqlite3.connect(home.database.path)) as database:
        return [name for (name,) in database.execute("SELECT name FROM estates_estate ORDER BY 1")]


def content_of(home):
    """Every row of every table, and every photo."""
    with closing(sqlite3.connect(home.database.path)) as database:
        rows = list(database.iterdump())
    return rows, {path: path.read_bytes() for path in home.photos.rglob("*") if path.is_file()}
