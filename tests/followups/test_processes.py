"""Real processes on real databases and brokers: nothing twice, nothing lost, whatever dies."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOW = "2026-11-23T15:00:00+08:00"

pytestmark = pytest.mark.processes


def missing(what):
    """Skip with the reason; on CI that is a failure, since it must be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture
def sqlite_url(tmp_path, migrated):
    return f"sqlite:///{shutil.copy(migrated, tmp_path)}"


class House:
    """An installation of its own: database, mail folder, broker."""

    def __init__(self, folder, url, **extra):
        self.folder, self.mail = folder, folder / "mail"
        self.environ = os.environ | {
            "DATABASE_URL": url,
            "VAR_DIR": str(folder / "var"),
            "MAIL_DIR": str(self.mail),
            "DJANGO_SETTINGS_MODULE": "tests.followups.process_settings",
            "NOW": NOW,
            "SECRET_KEY": "x" * 50,
        }
        self.environ.update(extra)

    def start(self, *command, **environ):
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=self.environ | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *command, **environ):
        return finished(self.start("tests.followups.drive", *command, **environ))

    def held(self):
        return json.loads(self.run("held"))


def finished(process):
    out, errors = process.communicate(timeout=240)
    assert process.returncode == 0, errors
    return out


@pytest.mark.parametrize("database", ["sqlite_url", "postgres_url"])
def test_four_scanners_at_once_tell_everybody_once_in_one_digest(request, tmp_path, database):
    """R1: 300 due rows, two recipients each."""
    house = House(tmp_path, request.getfixturevalue(database))
    house.run("fill", "300")
    gate = tmp_path / "go"
    scanners = [house.start("tests.followups.drive", "scan", NOW, str(gate)) for _ in range(4)]
    time.sleep(2.5)
    gate.touch()
    outputs = [json.loads(finished(each)) for each in scanners]
    assert sum(each["told"] for each in outputs) == 600
    assert [each["aside"] for each in outputs] == [0, 0, 0, 0]
    assert house.held() == {"lines": 600, "double": 0, "digests": {"sent": 2}, "tries": 2}
    mails = [path.read_text() for path in house.mail.iterdir()]
    assert sorted(mail.count("Message-ID:") for mail in mails) == [1, 1]


def test_a_scanner_killed_anywhere_loses_nothing_and_tells_nothing_twice(tmp_path, sqlite_url):
    """R2: every crash point, then the next scans."""
    house = House(tmp_path, sqlite_url)
    house.run("fill", "300")
    found = json.loads(house.run("crash", NOW))
    assert len(found) == 7
    for name, copy in found.items():
        assert copy["died"] == 9, name
        assert copy["healed"] == 0, name
        assert (copy["lines"], copy["double"]) == (600, 0), name
        assert set(copy["digests"]) == {"sent"}, name
    # Outside: at least once, and twice only where the sender died before it could write it down.
    assert found["after sending, before the mark"]["mails"] == 3
    assert {copy["mails"] for name, copy in found.items() if "mark" not in name} == {2}


@contextmanager
def running(*processes):
    """Whatever is started here is dead at the end, with all that it started itself."""
    try:
        yield processes
    finally:
        for process in processes:
            kill(process)


def kill(process):
    """kill -9 of a process and its children, as when the machine loses power."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def until(check, seconds=120):
    stop = time.monotonic() + seconds
    while time.monotonic() < stop:
        if check():
            return
        time.sleep(0.25)
    pytest.fail(f"nothing happened within {seconds} s")


def heard(house):
    """How many mails left the house."""
    return len(list(house.mail.glob("*"))) if house.mail.exists() else 0


def celery(house, *what):
    # Beats expire after 5/6 of the period, and the files are looked at once a second: hence 3.
    with (house.folder / "celery.log").open("a") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "yamei", *what, "-l", "WARNING"],
            cwd=ROOT,
            env=house.environ | {"SCAN_SECONDS": "3"},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def opened_ten_minutes_ago():
    return {"NOW": datetime.now(UTC).isoformat()}


def test_celery_on_its_files_scans_and_a_killed_worker_tells_nothing_twice(tmp_path, sqlite_url):
    house = House(tmp_path, sqlite_url)
    house.run("fill", "20", **opened_ten_minutes_ago())
    command = ["worker", "-B", "-P", "solo", "-s", str(tmp_path / "beat")]
    with running(celery(house, *command)) as (worker,):
        until(lambda: heard(house) >= 2)
        kill(worker)
    with running(celery(house, *command)):
        age = time.time()
        until(lambda: newest_scan(house) > age)
    found = house.held()
    assert (found["lines"], found["double"]) == (40, 0)
    assert heard(house) == found["tries"] == 2


def test_celery_on_redis_with_two_beats_and_a_killed_worker(tmp_path, sqlite_url):
    if not shutil.which("redis-server"):
        missing("no redis-server to start")
    port = free_port()
    house = House(tmp_path, sqlite_url, REDIS_URL=f"redis://127.0.0.1:{port}/0")
    house.run("fill", "20", **opened_ten_minutes_ago())
    server = subprocess.Popen(
        [
            "redis-server",
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            tmp_path,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    worker = ["worker", "-P", "solo"]
    with (
        running(server),
        running(*(celery(house, "beat", "-s", str(tmp_path / f"beat{n}")) for n in (1, 2))),
    ):
        with running(celery(house, *worker)) as (first,):
            until(lambda: heard(house) >= 2)
            kill(first)
        with running(celery(house, *worker)):
            age = time.time()
            until(lambda: newest_scan(house) > age)
    found = house.held()
    assert (found["lines"], found["double"]) == (40, 0)
    assert heard(house) == found["tries"] == 2


def newest_scan(house):
    """The heartbeat of a SQLite installation as seconds since 1970, read beside its writers."""
    path = house.environ["DATABASE_URL"].removeprefix("sqlite:///")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5) as database:
        row = database.execute("SELECT at FROM followups_scan").fetchone()
    return datetime.fromisoformat(row[0]).replace(tzinfo=UTC).timestamp() if row else 0


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
