"""The desk does not wait for Redis: refused or frozen, a call is saved and reminded of (R3)."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PREPARE = """
from accounts.models import Staff
from estates.models import *
from estates.lookup import index_unit
e = Estate.objects.create(name='亚美花园')
b = Building.objects.create(estate=e, code='3')
index_unit(Unit.objects.create(estate=e, building=b, stair='2', room='1102', code='3-2-1102'))
a = Staff.objects.create_user('assistant', 'pw-assistant', name='赵静', post='cs_assistant')
d = Staff.objects.create_user('desk1', 'pw-desk-one', name='张敏', post='front_desk', superior=a)
for s in (a, d):
    Membership.objects.create(staff=s, estate=e)
"""
ASK = """
from datetime import timedelta
from django.utils import timezone
from followups.models import FollowUp
from followups.scan import scan
from notifications.models import Message
from repairs.models import Repair
r = Repair.objects.get()
print(r.content)
scan(timezone.now() + timedelta(minutes=6))
scan(timezone.now() + timedelta(minutes=6))
due = FollowUp.objects.get(kind='repairs.dispatch')
lines = Message.objects.filter(followup_id=due.pk)
print(sorted(lines.values_list('recipient__username', flat=True)))
"""


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@pytest.fixture
def frozen():
    """A port that accepts connections and never says a word, like a stopped Redis."""
    listener = socket.create_server(("127.0.0.1", 0))
    held = []
    stop = threading.Event()

    def hold():
        listener.settimeout(0.2)
        while not stop.is_set():
            try:
                held.append(listener.accept()[0])
            except TimeoutError:
                continue

    thread = threading.Thread(target=hold, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    stop.set()
    thread.join()
    for connection in held:
        connection.close()
    listener.close()


@pytest.mark.processes
@pytest.mark.parametrize("broker", ["refused", "frozen"])
def test_call_is_saved_in_under_three_seconds_and_its_reminder_arrives(
    tmp_path, migrated, frozen, broker
):
    port = free_port()
    redis = frozen if broker == "frozen" else free_port()
    env = os.environ | {
        "VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/yamei.sqlite3",
        "REDIS_URL": f"redis://127.0.0.1:{redis}/0", "DEBUG": "1", "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "yamei.settings",
    }  # fmt: skip

    def manage(*args):
        return subprocess.run(
            [sys.executable, "manage.py", *args],
            cwd=ROOT, env=env, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip

    shutil.copy(migrated, tmp_path)
    manage("shell", "-v0", "-c", PREPARE)
    web = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "yamei.wsgi", "-b", f"127.0.0.1:{port}"],
        cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        address = f"http://127.0.0.1:{port}"
        for _ in range(100):
            try:
                opener.open(f"{address}/livez/", timeout=2)
                break
            except OSError:
                time.sleep(0.2)

        def post(path, **fields):
            page = opener.open(address + path, timeout=20).read().decode()
            hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
            data = urllib.parse.urlencode(hidden | fields).encode()
            return opener.open(urllib.request.Request(address + path, data), timeout=20)  # noqa: S310

        post("/login/", username="desk1", password="pw-desk-one")
        page = opener.open(f"{address}/intake/", timeout=20).read().decode()
        fields = dict(re.findall(r'name="(csrfmiddlewaretoken|client_key)" value="([^"]*)"', page))
        fields |= {
            "content": "厨房水龙头漏水", "category": "water", "priority": "normal",
            "source": "phone", "contact_phone": "13877770000", "do": "save",
        }  # fmt: skip
        began = time.monotonic()
        answer = opener.open(
            urllib.request.Request(  # noqa: S310 -- loopback
                f"{address}/intake/",
                urllib.parse.urlencode(fields).encode(),
                headers={"Referer": f"{address}/intake/"},
            ),
            timeout=20,
        )
        assert time.monotonic() - began < 3
        assert answer.status == 200
    finally:
        web.terminate()
        web.wait(10)
    saved, told = manage("shell", "-v0", "-c", ASK).strip().splitlines()
    assert saved == "厨房水龙头漏水"
    assert told == "['assistant', 'desk1']"
