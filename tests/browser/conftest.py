"""A real server on demo data, and a real browser: keys and taps are counted as a person makes them."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "yamei-demo"
DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
COUNT = """
(() => {
  const total = name => Number(sessionStorage.getItem(name) || 0);
  const add = name => sessionStorage.setItem(name, total(name) + 1);
  addEventListener('keydown', e => { if (!e.repeat) add('__keys') }, true);
  addEventListener('pointerdown', () => add('__taps'), true);
})()
"""


def pytest_collection_modifyitems(items):
    """The tests of a file share what they changed, so one process runs them; pages are only read,
    and whoever is free takes the next."""
    for item in items:
        if item.path.parent.name == "browser" and item.path.stem != "test_pages":
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


def chromium_path():
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        message = "Chromium is not installed: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path


def run(command, env):
    """Run a management command; when it fails, the test says what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=env, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{command[0]} failed:\n{done.stderr[-3000:]}"
    return done.stdout.strip()


@pytest.fixture(scope="session")
def server(tmp_path_factory, migrated):
    """Gunicorn on an own SQLite file with a small demo; yields the office.

    Everything it writes is in a folder of its own: another process of the tests, with a server of
    its own, runs at the same moment. It gets its socket from here, so nobody else takes the port.
    """
    chromium_path()
    folder = tmp_path_factory.mktemp("office")
    door = socket.create_server(("127.0.0.1", 0), backlog=128)
    port = door.getsockname()[1]
    env = os.environ | {
        "VAR_DIR": str(folder),
        "STATIC_ROOT": str(folder / "staticfiles"),
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "yamei.settings",
        "DEMO_PASSWORD": PASSWORD,
        "DATABASE_URL": f"sqlite:///{folder}/yamei.sqlite3",
        "REDIS_URL": "",
        "DEBUG": "0",
        "LOG_LEVEL": "WARNING",
        "ALLOWED_HOSTS": "127.0.0.1,localhost,office.test",
    }
    shutil.copy(migrated, folder)
    run(["collectstatic", "--noinput", "-v0"], env)
    run(["demo", "--tickets", "300"], env)
    run(["remind"], env)
    log = (folder / "web.log").open("w")
    web = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "yamei.wsgi", "-b", f"fd://{door.fileno()}", "-w", "2",
         "--threads", "4"],
        cwd=ROOT, env=env, stdout=log, stderr=log, pass_fds=[door.fileno()],
    )  # fmt: skip
    door.close()
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{address}/livez/", timeout=1)  # noqa: S310 -- loopback
                break
            except OSError:
                time.sleep(0.2)
        else:
            pytest.fail("the server did not start: " + (folder / "web.log").read_text()[-2000:])
        office = Office(address, env)
        yield office
    finally:
        web.terminate()
        web.wait(10)
        log.close()


class Office:
    """The running server, and a way to run its management commands."""

    def __init__(self, address, env):
        self.address = address
        self.env = env

    def ask(self, code):
        """Run Python in the server's Django and return what it printed."""
        return run(["shell", "-v0", "-c", code], self.env)


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- slow import, browser tests only

    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"]
        )
        yield instance
        instance.close()


@pytest.fixture(scope="session")
def sessions():
    """Cookies of people who are logged in already; a login costs an argon2 hash."""
    return {}


@pytest.fixture
def open_as(server, browser, sessions):
    """``open_as("desk1", "/today/")`` gives a page of that person; ``phone=True`` at 390 px."""
    contexts = []

    def open_page(username, path="/", *, phone=False, **options):
        context = browser.new_context(
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            is_mobile=phone,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            storage_state=sessions.get(username),
            **options,
        )
        contexts.append(context)
        context.add_init_script(COUNT)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.console_errors = []
        page.on(
            "console", lambda m: page.console_errors.append(m.text) if m.type == "error" else None
        )
        page.foreign = []
        page.on(
            "request",
            lambda r: (
                page.foreign.append(r.url)
                if not r.url.startswith((server.address, "data:", "blob:"))
                else None
            ),
        )
        if username and username not in sessions:
            page.goto(f"{server.address}/login/")
            page.fill("input[name=username]", username)
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_url(lambda url: "/login" not in url)
            sessions[username] = context.storage_state()
        answer = page.goto(server.address + path)
        assert answer.ok, f"{path}: {answer.status}"
        page.wait_for_load_state("networkidle")
        page.evaluate("sessionStorage.clear()")
        return page

    yield open_page
    for context in contexts:
        context.close()


def keys(page):
    """Key presses since the page was opened; modifiers count."""
    return page.evaluate("Number(sessionStorage.getItem('__keys') || 0)")


def taps(page):
    """Clicks and taps since the page was opened."""
    return page.evaluate("Number(sessionStorage.getItem('__taps') || 0)")


def until(page, claim, seconds=30):
    """Wait until a JavaScript expression is true; asked from outside, since the CSP forbids eval."""
    stop = time.monotonic() + seconds
    while not holds(page, claim):
        assert time.monotonic() < stop, f"never became true: {claim}"
        time.sleep(0.03)


def holds(page, claim):
    """Whether the expression is true now; not while the page is leaving for the next one."""
    try:
        return page.evaluate(claim)
    except Exception as error:
        if "Execution context was destroyed" in str(error):
            return False
        raise
