"""The butler's plan: every occupied household in a year, a quarter of them each quarter (VIS-1).

A month's share of each area is opened as follow-ups, the nearest due first; a new household is
due a fixed time after it moved in. All numbers are the rulebook's.
"""

import calendar
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import Staff
from estates.models import VACANT, Area, Unit
from followups.actions import cancel, hand_to
from followups.models import FollowUp
from history import entries
from rulebook.limits import Limit, limits
from visits import followups
from visits.models import MET, OWED, Visit, VisitKind, VisitStatus

NUMBERS = ("visits.year_share", "visits.quarter_share", "visits.rounds_month", "visits.move_in")
A_SCAN = 100  # visits that one scan opens; the next minute goes on
ENOUGH = (*MET, VisitStatus.REFUSED)  # who refused is not asked again each month


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def last_day(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def quota(households: int, numbers: dict[str, Limit]) -> int:
    """How many households of an area are due each month: the larger of the two demands, rounded up.

    Defaults: all of them in twelve months, and a quarter of them each quarter.
    """
    by_year = (
        Decimal(households)
        * numbers["visits.year_share"].value
        / 100
        / max(numbers["visits.rounds_month"].value, Decimal(1))
    )
    by_quarter = Decimal(households) * numbers["visits.quarter_share"].value / 100 / 3
    wanted = max(by_year, by_quarter).quantize(Decimal("0.0001"))
    return int(wanted.to_integral_value(ROUND_CEILING))


def occupied(rows=None):
    """The households: units in which somebody lives."""
    return (Unit.objects.all() if rows is None else rows).exclude(occupancy__in=VACANT)


def numbers_span(limit: Limit) -> timedelta:
    return timedelta(days=int(limit.value))


@dataclass(frozen=True)
class Household:
    """A unit in which somebody lives, and by when it should be visited."""

    unit_id: int
    last_visit: date | None
    due_on: date


def nearest_due(rows, *, today: date, numbers: dict[str, Limit]) -> list[Household]:
    """The households among units, the nearest due first; one query.

    New ones are due a fixed time after they moved in; visited ones a round after the last visit;
    one that was never visited is due today.
    """
    seen = Visit.objects.filter(unit=OuterRef("pk"), status__in=ENOUGH).order_by()
    last = Subquery(seen.values("unit").annotate(last=Max("visited_on")).values("last"))
    span = numbers_span(numbers["visits.move_in"])
    a_round = timedelta(days=round(int(numbers["visits.rounds_month"].value) * 365 / 12))
    found = []
    for pk, occupied_on, last_visit in (
        occupied(rows).annotate(last_visit=last).values_list("pk", "occupied_on", "last_visit")
    ):
        if last_visit:
            due_on = last_visit + a_round
        elif occupied_on and occupied_on + span > today:
            due_on = occupied_on + span
        else:
            due_on = today
        found.append(Household(pk, last_visit, due_on))
    return sorted(found, key=lambda one: (one.due_on, one.unit_id))


@dataclass(frozen=True)
class Round:
    """One butler's households in one estate."""

    butler: Staff
    buildings: list[int]
    households: int


def fill_month(now: datetime) -> int:
    """Open what this month owes: for every area up to its quota, each household once.

    Bounded, and cheap once the month is filled. Also follows what changed in the estate: a
    new butler takes over what is open, and an emptied household is not visited. Returns how
    many visits were opened.
    """
    today = timezone.localdate(now)
    numbers = limits(*NUMBERS, at=now)
    _follow_estate(now)
    areas = _areas()
    opened = _open_new(areas, numbers, today, now)
    planned = Counter(
        Visit.objects.filter(period=month_of(today), kind=VisitKind.ROUTINE)
        .exclude(status=VisitStatus.CANCELLED)
        .values_list("butler_id", flat=True)
    )
    for area in areas:
        missing = quota(area.households, numbers) - planned[area.butler.pk]
        room = A_SCAN - opened
        if missing > 0 and room > 0:
            opened += _open_routine(area, min(missing, room), numbers, today, now)
    return opened


def _areas() -> list[Round]:
    counts = Counter(occupied().values_list("building_id", flat=True))
    found: dict[int, list] = {}
    for area in (
        Area.objects.filter(staff__is_active=True).select_related("staff").order_by("staff", "pk")
    ):
        found.setdefault(area.staff_id, []).append(area)
    return [
        Round(
            butler=rows[0].staff,
            buildings=[row.building_id for row in rows],
            households=sum(counts[row.building_id] for row in rows),
        )
        for rows in found.values()
    ]


def _open_new(areas, numbers, today, now) -> int:
    """Households that moved in lately and have no visit of welcome yet."""
    span = numbers_span(numbers["visits.move_in"])
    welcomed = Visit.objects.filter(unit=OuterRef("pk")).filter(
        Q(kind=VisitKind.MOVE_IN, planned_for__gte=OuterRef("occupied_on"))
        | Q(status__in=ENOUGH, visited_on__gte=OuterRef("occupied_on"))
    )
    rows = (
        occupied()
        .filter(occupied_on__gt=today - span, occupied_on__lte=today)
        .exclude(Exists(welcomed))
        .select_related("estate")
        .order_by("occupied_on", "pk")[:A_SCAN]
    )
    butlers = {building: area.butler for area in areas for building in area.buildings}
    opened = 0
    for unit in rows:
        butler = butlers.get(unit.building_id)
        if butler:
            due_on = unit.occupied_on + span
            opened += bool(
                open_one(
                    unit, kind=VisitKind.MOVE_IN, period=unit.occupied_on.isoformat(),
                    butler=butler, planned_for=due_on, due_on=due_on, now=now,
                    limit_key="visits.move_in",
                )
            )  # fmt: skip
    return opened


def _open_routine(area, count, numbers, today, now) -> int:
    """The nearest due households that nothing is planned for, spread over what is left of the month."""
    busy = Visit.objects.filter(unit=OuterRef("pk")).filter(
        Q(status__in=OWED) | Q(kind=VisitKind.ROUTINE, period=month_of(today))
    )
    free = Unit.objects.filter(building__in=area.buildings).exclude(Exists(busy))
    wanted = [one.unit_id for one in nearest_due(free, today=today, numbers=numbers)[:count]]
    units = Unit.objects.select_related("estate").in_bulk(wanted)
    rows = [units[pk] for pk in wanted]
    end = last_day(today)
    days = (end - today).days + 1
    opened = 0
    for index, unit in enumerate(rows):
        planned_for = today + timedelta(days=index * days // max(len(rows), 1))
        opened += bool(
            open_one(
                unit, kind=VisitKind.ROUTINE, period=month_of(today), butler=area.butler,
                planned_for=planned_for, due_on=end, now=now, limit_key="visits.rounds_month",
            )
        )  # fmt: skip
    return opened


@transaction.atomic
def open_one(
    unit: Unit,
    *,
    kind: str,
    period: str,
    butler: Staff,
    planned_for: date,
    due_on: date,
    now: datetime,
    by: Staff | None = None,
    limit_key: str = "",
) -> Visit | None:
    """Plan one visit and what is owed about it; None if that period has one already."""
    visit, is_new = Visit.objects.get_or_create(
        unit=unit,
        kind=kind,
        period=period,
        defaults={
            "estate": unit.estate, "butler": butler, "planned_for": planned_for, "opened_at": now,
            "opened_by": by,
        },
    )  # fmt: skip
    if not is_new:
        return None
    followups.open_visit(visit, due_on=max(due_on, planned_for), now=now, limit_key=limit_key)
    entries.record(visit, "visit.planned", by=by, now=now, kind=kind, on=planned_for.isoformat())
    return visit


def _follow_estate(now: datetime) -> None:
    """An emptied household is not visited; another butler of the building takes over."""
    owed = Visit.objects.owed().select_related("unit", "butler")
    for visit in owed.filter(unit__occupancy__in=VACANT).order_by("pk")[:A_SCAN]:
        with transaction.atomic():
            if (
                Visit.objects.owed()
                .filter(pk=visit.pk)
                .update(status=VisitStatus.CANCELLED, version=F("version") + 1)
            ):
                cancel(visit, now=now)
                entries.record(visit, "visit.cancelled", by=None, now=now, why="vacant")
    moved = owed.filter(unit__building__area__staff__is_active=True).exclude(
        unit__building__area__staff=F("butler")
    )
    for visit in moved.select_related("unit__building__area__staff").order_by("pk")[:A_SCAN]:
        butler = visit.unit.building.area.staff
        with transaction.atomic():
            if (
                Visit.objects.owed()
                .filter(pk=visit.pk)
                .update(butler=butler, version=F("version") + 1)
            ):
                if _is_owed(visit):
                    hand_to(visit, followups.VISIT, owner=butler, now=now)
                entries.record(visit, "visit.handed", by=None, now=now, to=butler.name)


def _is_owed(visit) -> bool:
    return FollowUp.objects.open().about(visit).filter(kind=followups.VISIT).exists()
