"""Rounds as they fall due: opened once a period, the manager's butlers drawn, and a daily one kept
in step with who is on duty.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from accounts.models import Staff
from appraisal import followups
from appraisal.actions.rounds import close_round, draw_of
from appraisal.items import Kind
from appraisal.models import Draw, Round, Sheet
from appraisal.periods import Period
from appraisal.round_plan import Plan, due_of, plan_of, running_periods
from appraisal.statuses import Status
from followups.actions import cancel
from history import entries
from rulebook.limits import limit
from rulebook.workdays import load_calendar
from rulebook.worktime import WorkCalendar

# Why somebody is no longer in a daily round, as its history says it.
OFF_DUTY, CHECKED = "off_duty", "checked"

Key = tuple[int, int, str]  # estate, inspector, kind


def open_rounds(now: datetime) -> int:
    """One round per inspector, estate, kind and period, with a follow-up of the inspector.

    Whom it is about says ``round_plan``; a daily round that is open already follows swaps, leave
    and what somebody else has checked. Returns how many rounds were opened. Safe to run twice.
    """
    periods, calendar = running_periods(now), load_calendar()
    plan = plan_of(periods, calendar, now)
    known = _known(periods, now)
    checked = _checked(periods[Kind.DAILY])
    _draw(plan, known, periods[Kind.DAILY], checked, now)
    opened = 0
    for (estate_id, inspector, kind), people in sorted(
        plan.owed.items(), key=lambda each: (each[0][0], each[0][1].pk, each[0][2])
    ):
        if kind == Kind.DAILY:
            people = [each for each in people if not _others(checked, each, inspector)]
        round_ = known.pop((estate_id, inspector.pk, kind), None)
        if round_ is None and people:
            round_ = _begin(estate_id, inspector, kind, periods[kind], now)
        if round_ is None:
            continue
        if round_.is_new:
            _fill(round_, people, calendar, now)
            opened += 1
        elif kind == Kind.DAILY:
            _keep_in_step(round_, people, checked, calendar, now)
    for (_estate, _inspector, kind), round_ in known.items():
        if kind == Kind.DAILY:  # nobody of it is on duty any more
            _keep_in_step(round_, [], checked, calendar, now)
    return opened


def _known(periods: dict[str, Period], now: datetime) -> dict[Key, Round]:
    """The rounds of the running periods; the daily ones with everything that is asked of them."""
    rows = [
        row
        for row in Round.objects.filter(ends_on__gte=timezone.localdate(now)).select_related(
            "inspector", "estate"
        )
        if row.kind in periods and row.starts_on == periods[row.kind].starts_on
    ]
    prefetch_related_objects(
        [row for row in rows if row.kind == Kind.DAILY],
        "people", "left_out", "draws", Prefetch("sheets", Sheet.objects.only("staff", "round")),
    )  # fmt: skip
    for row in rows:
        row.is_new = False
    return {(row.estate_id, row.inspector_id, row.kind): row for row in rows}


def _checked(period: Period) -> dict[int, dict[int, str]]:
    """Person → {inspector: name} of daily sheets of the period that are handed in. One query."""
    found: dict[int, dict[int, str]] = {}
    rows = Sheet.objects.filter(
        kind=Kind.DAILY, day__gte=period.starts_on, day__lte=period.ends_on
    ).exclude(status=Status.DRAFT)
    for staff, inspector, name in rows.values_list("staff", "inspector", "inspector__name"):
        found.setdefault(staff, {})[inspector] = name
    return found


def _others(checked, person: Staff, inspector: Staff) -> list[str]:
    """Who else has checked this person in the period already."""
    return [name for pk, name in checked.get(person.pk, {}).items() if pk != inspector.pk]


def _draw(plan: Plan, known: dict[Key, Round], period: Period, checked, now: datetime) -> None:
    """Whom the manager checks himself today (APP-3): drawn once, and again only for whoever of
    those drawn is not on duty any more. Whoever is drawn is in nobody else's round; at least one
    is left to the usual inspector (MGT-2).
    """
    wanted = int(limit("appraisal.daily_drawn", at=now).value) if plan.pools else 0
    for (estate_id, inspector), pool in plan.pools.items():
        key = (estate_id, inspector.pk, str(Kind.DAILY))
        round_ = known.get(key)
        if round_ is None and wanted:
            round_ = _begin(estate_id, inspector, Kind.DAILY, period, now)
        if round_ is None:
            continue  # nobody to draw, or another scan is just opening it
        known[key] = round_
        drawn = {pk for draw in round_.draws.all() for pk in draw.picked}
        scored = {sheet.staff_id for sheet in round_.sheets.all()}
        here = {each.pk for each in pool}
        missing = min(wanted, len(here) - 1) - len(drawn & (here | scored))
        free = here - drawn - set(checked)
        if missing > 0 and free:
            drawn |= _draw_more(round_, free, missing, now)
        plan.hand(estate_id, [each for each in pool if each.pk in drawn], to=inspector)


def _draw_more(round_: Round, free: set[int], missing: int, now: datetime) -> set[int]:
    """Nobody if another scan drew meanwhile: its draw is seen a minute later."""
    with transaction.atomic():
        Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
        if Draw.objects.filter(round=round_).count() != len(round_.draws.all()):
            return set()
        return set(draw_of(round_, free, count=missing, now=now).picked)


def _begin(estate_id: int, inspector: Staff, kind: str, period: Period, now: datetime):
    """The round's row, new and about nobody yet; None if another scan opened it meanwhile."""
    row, created = Round.objects.get_or_create(
        estate_id=estate_id,
        inspector=inspector,
        kind=kind,
        starts_on=period.starts_on,
        defaults={"ends_on": period.ends_on, "opened_at": now},
    )
    row.is_new = created
    return row if created else None


def _fill(round_: Round, people: list[Staff], calendar: WorkCalendar, now: datetime) -> None:
    """The people of a new round, some of whom its inspector may have looked at already."""
    with transaction.atomic():
        round_.people.set(people)
        _take_in(round_, people)
        _owe_what_is_left(round_, calendar, now)


def _keep_in_step(
    round_: Round, people: list[Staff], checked, calendar: WorkCalendar, now: datetime
) -> None:
    """Whoever came on duty joins; whoever went is left out, unless he has a sheet in the round."""
    left_out = {each.pk for each in round_.left_out.all()}
    wanted = {each.pk: each for each in people if each.pk not in left_out}
    inside = {each.pk: each for each in round_.people.all()}
    begun = {sheet.staff_id for sheet in round_.sheets.all()}
    joined = [each for pk, each in wanted.items() if pk not in inside]
    gone = [each for pk, each in inside.items() if pk not in wanted and pk not in begun]
    if not joined and not gone:
        return
    with transaction.atomic():
        Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
        round_.people.add(*joined)
        round_.people.remove(*gone)
        _take_in(round_, joined)
        drawn = {pk for row in Draw.objects.filter(round=round_) for pk in row.picked}
        for each in joined:
            entries.record(round_, "appraisal.joined", by=None, now=now, name=each.name,
                           drawn=each.pk in drawn)  # fmt: skip
        for each in gone:
            names = _others(checked, each, round_.inspector)
            entries.record(round_, "appraisal.left", by=None, now=now, name=each.name,
                           why=CHECKED if names else OFF_DUTY, checked_by="、".join(names))  # fmt: skip
        _owe_what_is_left(round_, calendar, now)


def _take_in(round_: Round, joined: list[Staff]) -> None:
    """Sheets that the inspector wrote about them before they were in the round belong to it."""
    Sheet.objects.filter(
        round=None,
        staff__in=joined,
        inspector=round_.inspector,
        kind=round_.kind,
        day__gte=round_.starts_on,
        day__lte=round_.ends_on,
    ).update(round=round_)


def _owe_what_is_left(round_: Round, calendar: WorkCalendar, now: datetime) -> None:
    """The follow-up says what is left: owed, done, or about nobody and so cancelled."""
    count = round_.people.count()
    done = round_.sheets.exclude(status=Status.DRAFT).values("staff")
    if round_.people.filter(is_active=True).exclude(pk__in=done).exists():
        period = Period(round_.starts_on, round_.ends_on)
        due_at = due_of(period, round_.kind, calendar)
        followups.owe_inspection(round_, count=count, due_at=due_at, now=now)
    elif count:
        close_round(round_, by=None, now=now)
    else:
        cancel(round_, followups.INSPECT, now=now)
