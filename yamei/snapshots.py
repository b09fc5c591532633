"""One consistent copy of the database while it is in use, and putting such a copy back.

SQLite copies through its own backup interface, PostgreSQL through ``pg_dump`` and ``psql``. Both
count the rows of the very moment that was copied, so that a restore can prove it brought them all.
"""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from django.utils.translation import gettext as _

POSTGRES_TOOLS = ("pg_dump", "pg_restore", "psql")
Counts = dict[str, int]
Migrations = list[list[str]]


class BackupError(Exception):
    """A backup or restore that cannot go on; the text says why and what to do."""


def _opened(path: Path):
    return contextlib.closing(sqlite3.connect(path, timeout=20))


@dataclass(frozen=True)
class SQLiteDatabase:
    """The embedded database: one file."""

    path: Path

    kind = "sqlite"
    member = "database.sqlite3"

    def copy_to(self, target: Path) -> tuple[Counts, Migrations]:
        """Write a consistent copy to ``target``; return its row counts and migrations."""
        if not self.path.exists():
            raise BackupError(_("没有找到数据库文件 %s，请先运行 manage.py migrate。") % self.path)
        try:
            with _opened(self.path) as source, _opened(target) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")  # one file, no -wal beside it
        except sqlite3.DatabaseError as error:
            raise BackupError(_("读不了数据库，没有备份：%s") % error) from error
        return self.examine(target)

    def examine(self, file: Path) -> tuple[Counts, Migrations]:
        """Check a copy page by page; return its row counts and migrations. BackupError if torn."""
        try:
            with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
                verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
                if verdict != "ok":
                    raise BackupError(_("备份中的数据库已损坏：%s") % verdict)
                tables = copy.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                )
                counts = {
                    name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
                    for (name,) in sorted(tables)
                }
                migrations = _migrations(copy.execute, counts)
        except sqlite3.DatabaseError as error:
            raise BackupError(_("备份中的数据库已损坏：%s") % error) from error
        return counts, migrations

    def is_empty(self) -> bool:
        """Whether nobody works here yet: no staff and no estate."""
        if not self.path.exists() or self.path.stat().st_size == 0:
            return True
        try:
            with _opened(self.path) as live:
                for table in ("accounts_staff", "estates_estate"):
                    with contextlib.suppress(sqlite3.OperationalError):  # no such table yet
                        if live.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():  # noqa: S608
                            return False
        except sqlite3.DatabaseError:
            return False  # damaged, so there was something
        return True

    def replace_by(self, file: Path, counts: Counts) -> Path | None:
        """Put a checked copy in the place of the live database, all or nothing.

        Returns where the old one was kept, if there was one. The copy goes in through SQLite's
        own transaction, so a process that still has the database open sees the old or the new
        content, never a mixture. A live file that SQLite cannot read is moved aside instead.
        """
        if self.examine(file)[0] != counts:
            raise BackupError(_("备份中的行数与清单不一致，没有恢复。"))
        kept = self.path.with_name(self.path.name + ".before-restore")
        if not self.path.exists():
            kept = None
        else:
            kept.unlink(missing_ok=True)
            if not self._keep_copy(kept):
                for ending in ("", "-wal", "-shm"):
                    with contextlib.suppress(FileNotFoundError):
                        os.replace(f"{self.path}{ending}", f"{kept}{ending}")
            os.chmod(kept, 0o600)
        try:
            with _opened(file) as source, _opened(self.path) as live:
                source.backup(live)
                live.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            raise BackupError(
                _("数据库正被占用，没有恢复。请先停止网页和提醒进程再试。(%s)") % error
            ) from error
        return kept

    def _keep_copy(self, kept: Path) -> bool:
        try:
            with _opened(self.path) as live, _opened(kept) as copy:
                live.backup(copy)
        except sqlite3.DatabaseError:
            kept.unlink(missing_ok=True)
            return False
        return True


@dataclass(frozen=True)
class PostgresDatabase:
    """A PostgreSQL database, reached with the settings of Django."""

    settings: dict

    kind = "postgresql"
    member = "database.pgdump"

    def copy_to(self, target: Path) -> tuple[Counts, Migrations]:
        """Dump one snapshot to ``target``; return the row counts and migrations of that snapshot."""
        self._need_tools()
        with contextlib.closing(self._connect()) as connection:
            connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
            cursor = connection.cursor()
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
                " AND relnamespace = 'public'::regnamespace ORDER BY relname"
            )
            counts = {}
            for (name,) in cursor.fetchall():
                cursor.execute(f'SELECT count(*) FROM public."{name}"')  # noqa: S608
                counts[name] = cursor.fetchone()[0]

            def rows(sql):
                cursor.execute(sql)
                return cursor.fetchall()

            migrations = _migrations(rows, counts)
            self._run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}")
        self.examine(target)
        return counts, migrations

    def examine(self, file: Path) -> None:
        """Have pg_restore read the dump's table of contents; BackupError if it cannot."""
        self._need_tools()
        self._run("pg_restore", "--list", str(file), connect=False)

    def is_empty(self) -> bool:
        """Whether nobody works here yet: no staff and no estate."""
        with contextlib.closing(self._connect()) as connection, connection.cursor() as cursor:
            for table in ("accounts_staff", "estates_estate"):
                cursor.execute("SELECT to_regclass(%s)", [f"public.{table}"])
                if cursor.fetchone()[0]:
                    cursor.execute(f"SELECT 1 FROM public.{table} LIMIT 1")  # noqa: S608
                    if cursor.fetchone():
                        return False
        return True

    def replace_by(self, file: Path, counts: Counts) -> None:
        """Put a dump in the place of the live schema in one transaction, or change nothing.

        The row counts are compared before the commit.
        """
        self._need_tools()
        script = file.with_suffix(".sql")
        with script.open("wb") as out:
            out.write(b"SET lock_timeout = '20s';\nSET client_min_messages = warning;\n")
            out.write(b"DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n")
            out.flush()
            self._run(
                "pg_restore",
                "--no-owner",
                "--no-privileges",
                "--no-comments",
                "--file=-",
                str(file),
                connect=False,
                stdout=out,
            )
            out.write(_proof_of(counts).encode())
        os.chmod(script, 0o600)
        try:
            self._run(
                "psql",
                "--no-psqlrc",
                "--quiet",
                "--single-transaction",
                "--output=/dev/null",
                "--set=ON_ERROR_STOP=1",
                f"--file={script}",
            )
        finally:
            script.unlink()

    def _connect(self):
        try:
            return psycopg2.connect(
                host=self.settings.get("HOST") or None,
                port=self.settings.get("PORT") or None,
                user=self.settings.get("USER") or None,
                password=self.settings.get("PASSWORD") or None,
                dbname=self.settings["NAME"],
                connect_timeout=10,
            )
        except psycopg2.OperationalError as error:
            raise BackupError(_("连接不上数据库：%s") % error) from error

    def _need_tools(self):
        missing = [tool for tool in POSTGRES_TOOLS if not shutil.which(tool)]
        if missing:
            raise BackupError(
                _("缺少 %s。请安装 PostgreSQL 客户端：sudo apt install postgresql-client")
                % "、".join(missing)
            )

    def _run(self, tool, *arguments, connect=True, stdout=subprocess.PIPE):
        environment = dict(os.environ, LC_ALL="C", PGCONNECT_TIMEOUT="10")
        for variable, key in (
            ("PGHOST", "HOST"),
            ("PGPORT", "PORT"),
            ("PGUSER", "USER"),
            ("PGPASSWORD", "PASSWORD"),
        ):
            if self.settings.get(key):
                environment[variable] = str(self.settings[key])
        if connect:
            arguments = (f"--dbname={self.settings['NAME']}", *arguments)
        done = subprocess.run(  # noqa: S603 - literal tools, own settings
            [tool, *arguments], env=environment, stdout=stdout, stderr=subprocess.PIPE, check=False
        )
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip()[-800:]
            raise BackupError(_("%(tool)s 失败：%(said)s") % {"tool": tool, "said": said})


def database_from(settings: dict) -> SQLiteDatabase | PostgresDatabase:
    """The database of Django's settings; BackupError for a kind that has no backup here."""
    if settings["ENGINE"].endswith("sqlite3"):
        return SQLiteDatabase(Path(settings["NAME"]))
    if settings["ENGINE"].endswith("postgresql"):
        return PostgresDatabase(settings)
    raise BackupError(_("不支持备份这种数据库：%s") % settings["ENGINE"])


def _migrations(execute, counts: Counts) -> Migrations:
    if "django_migrations" not in counts:
        return []
    return sorted([app, name] for app, name in execute("SELECT app, name FROM django_migrations"))


def _proof_of(counts: Counts) -> str:
    """SQL that fails, and so undoes the restore, when a table has other rows than it had."""
    lines = ["\nDO $proof$ BEGIN\n"]
    for table, rows in counts.items():
        name = table.replace('"', '""')
        text = table.replace("'", "''")
        lines.append(
            f'IF (SELECT count(*) FROM public."{name}") <> {int(rows)} THEN'  # noqa: S608
            f" RAISE EXCEPTION 'row count of {text} differs from the backup'; END IF;\n"
        )
    lines.append("END $proof$;\n")
    return "".join(lines)
