"""Slip numbers while four real processes register at once: each once, and none missing."""

import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROCESSES, SLIPS = 4, 8

PREPARE = """
import django; django.setup()
from accounts.models import Staff
from estates.models import Estate, Membership
estate = Estate.objects.create(name="亚美花园")
desk = Staff.objects.create_user("desk1", "desk1", name="张敏", post="front_desk")
Membership.objects.create(staff=desk, estate=estate)
"""
REGISTER = """
import sys, uuid
import django; django.setup()
from django.utils import timezone
from accounts.models import Staff
from contacts.actions import start
from estates.models import Estate
from repairs.actions import dispatch, register
estate, desk = Estate.objects.get(), Staff.objects.get()
for _ in range(int(sys.argv[1])):
    now = timezone.now()
    contact = start(uuid.uuid4(), estate=estate, by=desk, now=now, phone="13912341234")
    dispatch(register(contact, by=desk, now=now, content="漏水"), by=desk, now=now)
"""
SAME_CALL = """
import sys, uuid
import django; django.setup()
from django.utils import timezone
from accounts.models import Staff
from contacts.actions import start
from estates.models import Estate
from repairs.actions import register
now = timezone.now()
contact = start(uuid.UUID(sys.argv[1]), estate=Estate.objects.get(), by=Staff.objects.get(),
                now=now, phone="13912341234")
print(register(contact, by=Staff.objects.get(), now=now, content="漏水").number)
"""
NUMBERS = """
import django; django.setup()
from repairs.models import Repair
print(*sorted(Repair.objects.values_list("number", flat=True)))
"""


@pytest.fixture(params=["sqlite", "postgres"])
def installation(request, tmp_path):
    """The environment of an own installation with its own database."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "yamei.settings", "VAR_DIR": str(tmp_path)}
    if request.param == "postgres":
        return {**env, "DATABASE_URL": request.getfixturevalue("postgres_url")}
    copy = shutil.copy(request.getfixturevalue("migrated"), tmp_path)
    return {**env, "DATABASE_URL": f"sqlite:///{copy}"}


def start(code, env, *args):
    return subprocess.Popen(
        [sys.executable, "-c", code, *args],
        env=env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process):
    out, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return out.split()


@pytest.mark.processes
def test_four_processes_number_without_gap_or_double(installation):
    finish(start(PREPARE, installation))
    workers = [start(REGISTER, installation, str(SLIPS)) for _ in range(PROCESSES)]
    for worker in workers:
        finish(worker)
    by_day = {}
    for number in finish(start(NUMBERS, installation)):
        day, count = number.split("-")
        by_day.setdefault(day, []).append(int(count))
    assert sum(len(counts) for counts in by_day.values()) == PROCESSES * SLIPS
    for counts in by_day.values():  # two days only when midnight passes meanwhile
        assert counts == list(range(1, len(counts) + 1))


@pytest.mark.processes
def test_one_call_saved_by_four_processes_is_one_slip(installation):
    finish(start(PREPARE, installation))
    key = str(uuid.uuid4())
    workers = [start(SAME_CALL, installation, key) for _ in range(PROCESSES)]
    numbers = {number for worker in workers for number in finish(worker)}
    assert len(numbers) == 1
    assert finish(start(NUMBERS, installation)) == list(numbers)
