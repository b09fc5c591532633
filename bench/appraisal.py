"""500 staff × 12 months of sheets: queries and time of the month page, and of publishing.

``python -m bench.appraisal`` makes its own database in VAR_DIR (must be empty), prints what it
measured, and fails above the budget: 12 queries for the page, 10 s to publish 500 results.
"""

import os
import sys
import time
from datetime import date, datetime, timedelta
from decimal import Decimal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")  # nothing is collected

STAFF, MONTHS, QUERIES, SECONDS = 500, 12, 12, 10.0


def main() -> int:
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    return measure()


def fill():
    """A department of 500 butlers with four daily, two weekly, a monthly and a spot sheet each month."""
    from accounts import posts  # noqa: PLC0415
    from accounts.models import Staff  # noqa: PLC0415
    from appraisal.models import Sheet  # noqa: PLC0415
    from appraisal.schemes import rules_at, shipped  # noqa: PLC0415
    from estates.models import Estate, Membership  # noqa: PLC0415
    from rulebook.worktime import ZONE  # noqa: PLC0415

    estate = Estate.objects.create(name="bench", is_demo=True)
    manager = Staff.objects.create(username="bench-manager", name="M", post=posts.CS_MANAGER)
    people = Staff.objects.bulk_create(
        Staff(username=f"b{n}", name=f"B{n:03}", post=posts.BUTLER, superior=manager)
        for n in range(STAFF)
    )
    Membership.objects.bulk_create(
        Membership(staff=person, estate=estate) for person in [manager, *people]
    )
    now = datetime(2026, 11, 20, 12, tzinfo=ZONE)
    rules = rules_at(shipped(posts.BUTLER), now).to_json()
    kinds = ("daily", "daily", "daily", "daily", "weekly", "weekly", "monthly", "spot")
    for back in range(1, MONTHS + 1):
        first = date(2026 if back <= 10 else 2025, (11 - back - 1) % 12 + 1, 1)
        Sheet.objects.bulk_create(
            (
                Sheet(
                    estate=estate, staff=person, post=person.post, inspector=manager, kind=kind,
                    day=first + timedelta(days=place * 3), status="locked", scheme_version=0,
                    rules=rules, total=Decimal(100 - (person.pk + place * 7 + back) % 30),
                    created_at=now, submitted_at=now, locked_at=now,
                )
                for person in people
                for place, kind in enumerate(kinds)
            ),
            batch_size=500,
        )  # fmt: skip
    return estate, manager, now


def measure() -> int:
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from appraisal.actions import months  # noqa: PLC0415
    from appraisal.models import MonthResult, Sheet  # noqa: PLC0415

    estate, manager, now = fill()
    print(f"{Sheet.objects.count():,} sheets of {STAFF} people")
    client = Client(SERVER_NAME="localhost")
    client.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    address = "/appraisal/months/2026-10/"
    client.get(address)  # the first request compiles the templates
    with CaptureQueriesContext(connection) as asked:
        began = time.perf_counter()
        answer = client.get(address)
        page = time.perf_counter() - began
    print(f"month page: {answer.status_code}, {len(asked)} queries, {page * 1000:.0f} ms")
    began = time.perf_counter()
    people = months.people_of(manager, estate)
    months.review(date(2026, 10, 1), people, estate=estate, by=manager, now=now)
    print(f"reviewed {MonthResult.objects.count()} results in {time.perf_counter() - began:.2f} s")
    began = time.perf_counter()
    publication = months.publish(date(2026, 10, 1), estate=estate, by=manager, now=now)
    while not publication.finished_at:
        publication = months.work_off(publication, now=now)
        print(f"  {publication.done} / {publication.total}  {time.perf_counter() - began:.2f} s")
    spent = time.perf_counter() - began
    print(f"published {MonthResult.objects.count()} results in {spent:.2f} s")
    return int(len(asked) > QUERIES or spent > SECONDS or answer.status_code != 200)


if __name__ == "__main__":
    sys.exit(main())
