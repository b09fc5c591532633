"""``make run`` with real processes: pages and clock start, survive each other, and end together."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(
        not (ROOT / ".venv" / "bin" / "honcho").exists(), reason="needs the project's .venv"
    ),
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port, path):
    """Status and body; 0 while nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def wait_for(condition, seconds=300):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.3)
    raise AssertionError(f"did not happen within {seconds} s: {condition}")


def own_processes(var_dir):
    """Ids and command lines of every process that was started with this VAR_DIR."""
    mark = f"VAR_DIR={var_dir}".encode()
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
    return found


def scan_age(port):
    body = ask(port, "/healthz/")[1]
    return json.loads(body)["scan_age_seconds"] if body.startswith("{") else None


@pytest.fixture
def running(tmp_path):
    """A started installation of its own without demo data: (process, port, var dir, log)."""
    port, var_dir, log = free_port(), tmp_path / "var", tmp_path / "log"
    env = {
        k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "PRODUCTION")
    }
    env |= {
        "PORT": str(port), "VAR_DIR": str(var_dir), "DEMO": "0",
        "DJANGO_SETTINGS_MODULE": "yamei.settings",
    }  # fmt: skip
    with log.open("w") as out:
        process = subprocess.Popen(
            ["bash", "scripts/run.sh"], cwd=ROOT, env=env, stdout=out, stderr=out,
            start_new_session=True,
        )  # fmt: skip
    try:
        yield process, port, var_dir, log
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
        for pid in own_processes(var_dir):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def test_run_serves_reminds_outlives_its_clock_and_stops_whole(running):
    process, port, var_dir, log = running
    wait_for(lambda: process.poll() is not None or ask(port, "/login/")[0] == 200)
    assert process.poll() is None, log.read_text()
    said = log.read_text()
    assert f"http://127.0.0.1:{port}" in said
    assert "create_staff" in said
    wait_for(lambda: scan_age(port) is not None)

    def clock():
        return {pid for pid, line in own_processes(var_dir).items() if b"celery" in line}

    first = wait_for(clock)
    for pid in first:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert ask(port, "/login/")[0] == 200
    wait_for(lambda: clock() - first)
    assert ask(port, "/login/")[0] == 200

    process.send_signal(signal.SIGINT)
    process.wait(30)
    wait_for(lambda: not own_processes(var_dir), 20)


def test_run_says_what_to_do_when_the_port_is_taken(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            ["bash", "scripts/run.sh"], cwd=ROOT, capture_output=True, text=True, timeout=240,
            env={**os.environ, "PORT": str(port), "VAR_DIR": str(tmp_path / "var")}, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert f"PORT={port + 1} make run" in done.stdout
    assert not (tmp_path / "var").exists()
