"""What the office knows about a person's month, for whoever appraises him."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Staff
from followups.models import FollowUp
from office import followups as kinds
from office.models import Attendance
from office.periods import Span, midnight
from office.statuses import Standing

CLAUSES = {
    kinds.DAILY_LOG: "LOG-1",
    kinds.SUMMARY: "SUM-1",
    kinds.CHECK: "MGT-2",
    kinds.TASK: "MGT-6",
}
DUE_TOLD = 1  # the scan has told that the moment has come


@dataclass(frozen=True)
class Evidence:
    """One fact: ``code`` says of which kind, ``clause`` which rule, ``url`` where it stands."""

    code: str
    clause: str
    day: date
    words: str
    url: str


def evidence(staff: Staff, start: date, end: date) -> list[Evidence]:
    """Failed exams, trainings missed, and papers not written in time, by day.

    ``start`` and ``end`` are days, both included. Two queries.
    """
    span = Span(start, end, midnight(end))
    return sorted(
        [*_training(staff, span), *_papers(staff, span)],
        key=lambda each: (each.day, each.code),
    )


def _training(staff, span):
    rows = (
        Attendance.objects.filter(staff=staff, ended_on__range=(span.first, span.last))
        .filter(status__in=(Standing.FAILED, Standing.ABSENT))
        .select_related("session")
        .order_by("ended_on", "pk")
    )
    for row in rows:
        code = "exam_failed" if row.status == Standing.FAILED else "training_missed"
        yield Evidence(
            code, "TRN-2", row.ended_on, str(row.session), row.session.get_absolute_url()
        )


def _papers(staff, span):
    """What he, or his post in his estates, owed and did late, or not at all once it was due."""
    rows = (
        FollowUp.objects.filter(
            kind__in=CLAUSES,
            due_at__gte=span.start,
            due_at__lt=span.end,
            cancelled_at__isnull=True,
            estate__in=staff.memberships.values("estate"),
        )
        .filter(Q(owner=staff) | Q(owner__isnull=True, owner_post=staff.post))
        .filter(Q(done_at__isnull=True, level__gte=DUE_TOLD) | Q(done_at__gt=F("due_at")))
        .order_by("due_at", "pk")
    )
    for row in rows:
        yield Evidence(
            f"{row.kind.partition('.')[2]}_late",
            CLAUSES[row.kind],
            timezone.localdate(row.due_at),
            row.text,
            row.url,
        )
