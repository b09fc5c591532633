"""Databases that were migrated once, for every process of the tests to copy.

Migrating from nothing costs twenty seconds of a core, and a run of the tests needs a dozen such
databases. So it is done once for each state of the migrations; the copies hold the schema only:
seeds and content types come from ``migrate``, which still runs on each of them.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(tempfile.gettempdir()) / f"yamei-migrated-{os.getuid()}"
MIGRATE = """
import django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
executor.migrate(executor.loader.graph.leaf_nodes())
"""


def state_of_migrations() -> str:
    """A short name of what the migrations are now: their text, the packages, this Python."""
    digest = hashlib.sha256(sys.version.encode())
    for file in [ROOT / "requirements.txt", *sorted(ROOT.glob("*/migrations/*.py"))]:
        digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def sqlite_file() -> Path:
    """A migrated SQLite file. Only to be copied."""
    file = FOLDER / f"{state_of_migrations()}.sqlite3"
    with _alone():
        if not file.exists():
            growing = file.with_suffix(".growing")
            growing.unlink(missing_ok=True)
            _python(["-c", MIGRATE], f"sqlite:///{growing}")
            with closing(sqlite3.connect(growing)) as database:
                database.execute("PRAGMA journal_mode = DELETE")
            growing.rename(file)
    return file


def postgres_database(server, address: str) -> str:
    """The name of a migrated PostgreSQL database. Only to be a template.

    ``server`` is a cursor outside transactions, ``address`` the server's without a database.
    Databases called yamei_migrated_… may be dropped whenever no test runs.
    """
    name = f"yamei_migrated_{state_of_migrations()}"
    with _alone():
        server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if server.fetchone() is None:
            growing = "yamei_migrated_growing"
            server.execute(f"DROP DATABASE IF EXISTS {growing} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {growing}")
            _python(["-c", MIGRATE], f"{address}/{growing}")
            server.execute(f"ALTER DATABASE {growing} RENAME TO {name}")
    return name


def seeded(url: str) -> None:
    """Run ``migrate`` on a copy: the seeds as they are in the code now."""
    _python(["manage.py", "migrate", "-v0", "--skip-checks"], url)


@contextmanager
def _alone():
    """One process at a time: the others wait and find it done."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _python(arguments, url):
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "yamei.settings", "DATABASE_URL": url, "VAR_DIR": str(FOLDER),
    }  # fmt: skip
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, check=True)
