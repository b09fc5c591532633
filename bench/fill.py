"""Fills the bench's database: the demo's people and homes, and many tickets of three years."""

import os
import random
import sys
import time

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from estates.models import Estate
from repairs.models import Repair
from yamei.demo import homes, past, people

TICKETS = int(os.environ.get("BENCH_TICKETS", "100000"))
DAYS = 3 * 365
PASSWORD = "bench-only-loopback"  # noqa: S105 - a throwaway database on loopback

# One ticket in ten is open again: how far it got, and what is owed about it.
STAGES = (
    ("to_dispatch", "repairs.dispatch", "dispatched_at"),
    ("dispatched", "repairs.accept", "accepted_at"),
    ("in_progress", "repairs.arrive", "arrived_at"),
    ("finished", "repairs.return", "returned_at"),
    ("returned", "repairs.callback", "called_back_at"),
)
MOMENTS = (
    "dispatched_at", "accepted_at", "assigned_at", "arrived_at", "finished_at", "returned_at",
    "called_back_at", "archived_at",
)  # fmt: skip
KINDS = (
    "repairs.dispatch", "repairs.accept", "repairs.arrive", "repairs.finish", "repairs.return",
    "repairs.callback", "repairs.archive",
)  # fmt: skip


def fill() -> str:
    """Make the database ready; returns a line about what is in it. Reuses a filled one."""
    call_command("migrate", verbosity=0)
    if not Repair.objects.exists():
        say(f"filling {TICKETS} tickets ...")
        started = time.monotonic()
        with transaction.atomic():
            _fill()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        say(f"filled in {time.monotonic() - started:.0f} s")
    total, open_now = Repair.objects.count(), Repair.objects.open().count()
    if abs(total - TICKETS) > TICKETS * 0.02 + 5000:
        raise SystemExit(
            f"the database holds {total} tickets, not {TICKETS}: drop it to fill it anew"
        )
    return f"{total} tickets, {open_now} open, {DAYS // 365} years"


def _fill():
    rng = random.Random(7)
    now = timezone.now()
    home = homes.build_big(rng, today=timezone.localdate(now))
    Estate.objects.filter(pk=home.estate.pk).update(is_demo=False)
    small = homes.build_small(rng, today=timezone.localdate(now))
    staff = people.hire([home.estate, small.estate], password=PASSWORD)
    writer = past.Writer(home, staff, people.give_areas(staff, home.estate), rng, now=now)
    writer.write(TICKETS, days=DAYS)
    with connection.cursor() as cursor:
        for number, stage in enumerate(STAGES):
            _reopen(cursor, number, *stage)


def _reopen(cursor, number, status, kind, moment):
    """Every tenth archived ticket goes back to one of the stages."""
    lost = MOMENTS[MOMENTS.index(moment) :]
    nulls = ", ".join(f"{name} = NULL" for name in lost)
    people_lost = ", ".join(
        f"{name[:-3]}_by_id = NULL" for name in lost if name not in ("arrived_at", "finished_at")
    )
    cursor.execute(
        "CREATE TEMP TABLE chosen ON COMMIT DROP AS SELECT id FROM repairs_repair"
        " WHERE status = 'archived' AND (id / 10) %% 5 = %s AND id %% 10 = 0",
        [number],
    )
    cursor.execute(
        f"UPDATE repairs_repair SET status = %s, callback_result = '', satisfaction = '', {nulls},"  # noqa: S608
        f" {people_lost} WHERE id IN (SELECT id FROM chosen)",
        [status],
    )
    later = KINDS[KINDS.index(kind) + 1 :]
    cursor.execute(
        "DELETE FROM followups_followup WHERE kind = ANY(%s) AND kind <> %s"
        " AND object_id IN (SELECT id FROM chosen)",
        [list(later), kind],
    )
    cursor.execute(
        "UPDATE followups_followup SET done_at = NULL, done_by_id = NULL"
        " WHERE kind = %s AND object_id IN (SELECT id FROM chosen)",
        [kind],
    )
    cursor.execute("DROP TABLE chosen")


def say(text: str) -> None:
    sys.stderr.write(f"bench: {text}\n")
