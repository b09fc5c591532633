"""What a desk opens all day reads its open rows alone, however many closed ones lie behind them.

SQLite guesses without statistics, so the indexes must leave it no worse choice. PostgreSQL knows
the sizes and is measured by ``make bench``.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk.queue import fingerprint, lines_of, recent_contacts, tally_of
from followups.worklists import AREA, LINE, MINE, POST, chips, worklist
from notifications.models import Message

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the plan of the embedded default"
)


def plans_of(read):
    """The plan of every statement that ``read`` makes."""
    with CaptureQueriesContext(connection) as asked:
        read()
    found = []
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            found.append("\n".join(row[3] for row in cursor.fetchall()))
    return found


def plan_on(table, read):
    """The one step by which ``read`` reaches the rows of ``table``."""
    steps = [
        line
        for plan in plans_of(read)
        for line in plan.splitlines()
        if line.startswith((f"SEARCH {table} ", f"SCAN {table}"))
    ]
    assert len(steps) == 1, steps
    return steps[0]


@pytest.mark.parametrize("read", [lines_of, tally_of, fingerprint])
def test_todays_queue_reads_open_rows_of_the_next_day(desk, now, read):
    step = plan_on("followups_followup", lambda: read(desk, now))
    assert "followup_estate (estate_id=? AND due_at<?)" in step


@pytest.mark.parametrize(("who", "whose"), [
    ("desk", MINE), ("desk", POST), ("butler", MINE), ("butler", AREA), ("manager", LINE),
])  # fmt: skip
def test_worklist_reads_open_rows_of_the_estate(request, who, whose):
    staff = request.getfixturevalue(who)
    rows = worklist(staff, whose)
    opened = ("followup_estate (", "followup_posts (", "followup_mine (", "followup_unit (")
    for read in (lambda: list(rows.order_by("due_at", "pk")[:26]), lambda: chips(rows)):
        step = plan_on("followups_followup", read)
        assert any(name in step for name in opened), step


def test_recent_calls_are_read_in_their_order(desk):
    assert "contact_recent (" in plan_on("contacts_contact", lambda: recent_contacts(desk))


def test_bell_counts_unread_lines_alone(desk):
    unread = Message.objects.unread().filter(recipient=desk)
    assert "message_unread (" in plan_on("notifications_message", unread.count)
