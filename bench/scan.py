# ruff: noqa: E402  (prints its figures; models after django.setup)
"""How fast a scan is: ``python bench/scan.py 2000 20000`` on the database of DATABASE_URL.

Creates an own database beside it, fills it, times one scan of N due rows and one with nothing
due, prints both, and drops it. Budget (PostgreSQL): 2,000 rows 2 s, 20,000 rows 20 s, nothing
due 20 ms.
"""

import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.conf import settings
from django.test.utils import setup_databases, teardown_databases

from accounts.models import Staff
from estates.models import Building, Estate, Membership, Unit
from followups.actions import open_followup
from followups.models import FollowUp
from followups.scan import scan
from notifications.models import Message
from rulebook.worktime import ZONE

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=ZONE)


def people(estate):
    """A line of three, as in a real department."""
    above = None
    for username, post in (("m", "cs_manager"), ("a", "cs_assistant"), ("d", "front_desk")):
        above = Staff.objects.create(username=username, name=username, post=post, superior=above)
        Membership.objects.create(staff=above, estate=estate)
    return above


def fill(count):
    estate = Estate.objects.create(name=f"bench {count}")
    building = Building.objects.create(estate=estate, code="1")
    owner = people(estate)
    units = Unit.objects.bulk_create(
        (Unit(estate=estate, building=building, room=str(n), code=str(n)) for n in range(count)),
        batch_size=2000,
    )
    first = open_followup(
        units[0],
        "sample.dispatch",
        now=NOW - timedelta(minutes=10),
        owner=owner,
        owner_post="front_desk",
        estate=estate,
        params={"what": "漏水"},
        url="/repairs/1/",
        limit_key="repairs.dispatch",
    )
    rows = []
    for unit in units[1:]:
        values = {
            field.attname: getattr(first, field.attname)
            for field in FollowUp._meta.concrete_fields
            if not field.primary_key
        }
        rows.append(FollowUp(**values | {"object_id": unit.pk}))
    FollowUp.objects.bulk_create(rows, batch_size=2000)


def main():
    settings.FOLLOWUP_MODULES = ["tests.followups.sample"]
    old = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
    try:
        for count in map(int, sys.argv[1:] or ["2000"]):
            Message.objects.all().delete()
            FollowUp.objects.all().delete()
            Staff.objects.all().delete()
            fill(count)
            started, cpu = time.perf_counter(), time.process_time()
            result = scan(NOW)
            took, cpu = time.perf_counter() - started, time.process_time() - cpu
            idle = min(_timed(lambda: scan(NOW)) for _ in range(5))
            print(
                f"{count} due: {took:.2f} s ({cpu:.2f} s of it own CPU), told {result.told}; nothing due: {idle * 1000:.1f} ms"
            )
    finally:
        teardown_databases(old, verbosity=0)


def _timed(work):
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
