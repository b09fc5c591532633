"""人员资格 (TRN-1, TRN-3): who may be on post, who knows the handbook, hours of the month."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils import timezone

from accounts.models import Staff
from estates.models import estate_ids_of
from office import people
from office.models import Attendance, TrainingSession
from office.periods import first_of, month_span
from office.statuses import QUALIFIED, Standing
from office.subjects import HANDBOOK
from rulebook.limits import limit


@dataclass(frozen=True)
class Person:
    staff: Staff
    knows_handbook: bool
    hours: Decimal
    has_enough: bool
    waits_for_resit: bool
    failed: bool


def in_sight_of(by: Staff) -> QuerySet[Staff]:
    """Everybody who takes part in the department's training in ``by``'s estates."""
    return (
        Staff.objects.active()
        .filter(post__in=people.TRAINED_POSTS, memberships__estate__in=estate_ids_of(by))
        .order_by("post", "name", "pk")
        .distinct()
    )


def trainings_of(staff: Staff, *, by: Staff) -> QuerySet[Attendance]:
    """The trainings that a person was called to, newest first, as far as ``by`` may see them."""
    sessions = TrainingSession.objects.visible_to(by)
    rows = Attendance.objects.filter(staff=staff, session__in=sessions.values("pk"))
    return rows.select_related("session").order_by("-session__starts_at", "-pk")


def standings(by: Staff, now: datetime) -> tuple[list[Person], Decimal]:
    """Everybody of the department in ``by``'s estates, and the hours a month asks. Four queries."""
    staff = list(in_sight_of(by))
    rows = Attendance.objects.filter(staff__in=staff)
    known = defaultdict(set)
    for person, status, subject in rows.values_list("staff", "status", "session__subject"):
        known[person].add(status)
        if subject == HANDBOOK and status in QUALIFIED:
            known[person].add(HANDBOOK)
    span = month_span(first_of(timezone.localdate(now)), now)
    hours = dict(
        rows.filter(
            signed_at__isnull=False,
            session__starts_at__gte=span.start,
            session__starts_at__lt=span.end,
        )
        .order_by()
        .values_list("staff")
        .annotate(hours=Sum("session__hours"))
    )
    needed = limit("training.hours_month", at=now).value
    found = [
        Person(
            staff=each,
            knows_handbook=HANDBOOK in known[each.pk],
            hours=hours.get(each.pk) or Decimal(0),
            has_enough=(hours.get(each.pk) or 0) >= needed,
            waits_for_resit=Standing.RESIT in known[each.pk],
            failed=Standing.FAILED in known[each.pk],
        )
        for each in staff
    ]
    return found, needed
