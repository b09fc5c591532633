"""Whom the inspectors owe which inspection now: the periods that run, and who is on duty in them.

Weekly, monthly and spot rounds are about everybody of the department. A daily round is about
whoever is on duty (defaults 2.1): by the published roster where it speaks for the post, on
working days where it does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts import posts
from accounts.lines import Line
from accounts.models import Staff
from appraisal.inspectors import DRAWN, DUTIES
from appraisal.items import SCORED_POSTS, Kind
from appraisal.periods import Period, period_of
from estates.models import Membership
from roster.models import Duty
from rulebook.limits import limits
from rulebook.worktime import ZONE, WorkCalendar

EVERY = {Kind.DAILY: "appraisal.daily_every", Kind.WEEKLY: "appraisal.weekly_every"}
PER_MONTH = {Kind.MONTHLY: "appraisal.monthly_per_month", Kind.SPOT: "appraisal.spot_per_month"}


def running_periods(now: datetime) -> dict[str, Period]:
    """Kind → the period that runs at ``now``, as the rulebook cuts them. One query.

    No spot checks where the rulebook wants none.
    """
    today = timezone.localdate(now)
    numbers = limits(*EVERY.values(), *PER_MONTH.values(), at=now)
    found = {
        str(kind): period_of(kind, today, days=int(numbers[key].value))
        for kind, key in EVERY.items()
    }
    for kind, key in PER_MONTH.items():
        if numbers[key].value:
            found[str(kind)] = period_of(kind, today, per_month=int(numbers[key].value))
    return found


class Presence:
    """Who is on duty in a daily period. Two queries."""

    def __init__(self, period: Period, calendar: WorkCalendar):
        days = (period.ends_on - period.starts_on).days + 1
        self.is_worked = any(
            calendar.is_workday(period.starts_on + timedelta(days=each)) for each in range(days)
        )
        starts, ends = (
            datetime.combine(day, time.min, tzinfo=ZONE)
            for day in (period.starts_on, period.ends_on + timedelta(days=1))
        )
        months = {period.starts_on.replace(day=1), period.ends_on.replace(day=1)}
        rows = Duty.objects.published()
        touching = rows.filter(ends_at__gt=starts, starts_at__lt=ends)
        self.turns = {
            (estate_id, staff_id)
            for estate_id, staff_id, begin, end in touching.values_list(
                "roster__estate", "staff", "starts_at", "ends_at"
            )
            if starts <= begin + (end - begin) / 2 < ends
        }
        self.rostered = set(
            rows.filter(roster__month__in=months)
            .order_by()
            .values_list("roster__estate", "post")
            .distinct()
        )

    def is_on_duty(self, estate_id: int, person: Staff) -> bool:
        """By his turn where the roster speaks for his post, else on working days.

        A turn belongs to the day in which its middle lies: the night from Monday to Tuesday is
        looked at on Tuesday, since Monday's round is due when it has hardly begun.
        """
        if (estate_id, person.post) in self.rostered:
            return (estate_id, person.pk) in self.turns
        return self.is_worked


@dataclass
class Plan:
    """``owed``: (estate, inspector, kind) → whom; ``pools``: (estate, inspector) → those of a daily
    round of somebody else from whom this inspector draws (APP-3).
    """

    owed: dict[tuple[int, Staff, str], list[Staff]] = field(default_factory=dict)
    pools: dict[tuple[int, Staff], list[Staff]] = field(default_factory=dict)

    def hand(self, estate_id: int, picked: list[Staff], *, to: Staff) -> None:
        """Those drawn are checked by ``to`` today, and by nobody else (one 日检 a day)."""
        for key in [key for key in self.owed if key[0] == estate_id and key[2] == Kind.DAILY]:
            self.owed[key] = [person for person in self.owed[key] if person not in picked]
            if not self.owed[key]:
                del self.owed[key]
        if picked:
            self.owed.setdefault((estate_id, to, str(Kind.DAILY)), []).extend(picked)


def due_of(period: Period, kind: str, calendar: WorkCalendar) -> datetime:
    """Six in the evening of the last day; a daily round of a day off on the next working day, so
    that nobody owes Saturday's shift on a Saturday.
    """
    if kind != Kind.DAILY or calendar.is_workday(period.ends_on):
        return period.due_at
    later = calendar.next_working_day(period.ends_on)
    return Period(later, later).due_at


def plan_of(periods: Mapping[str, Period], calendar: WorkCalendar, now: datetime) -> Plan:
    """Who owes whom an inspection of the running periods, before anybody is drawn.

    People on leave are left out, and whoever has no inspector of the right post in his estate.
    A superior in the person's line comes before a namesake of the post; where the inspector of a
    day is on leave, the next one up who inspects. Five queries.
    """
    line = Line.load(now)
    away = set(line.deputies)
    presence = Presence(periods[Kind.DAILY], calendar)
    found = Plan()
    placed: set[tuple[int, str, str]] = set()
    for estate_id, here in _members(line).items():
        for person in here:
            if person.post not in SCORED_POSTS or person.pk in away:
                continue
            for (post, kind), inspecting in DUTIES.items():
                if post != person.post or kind not in periods:
                    continue
                if kind == Kind.DAILY and not presence.is_on_duty(estate_id, person):
                    continue
                for inspector_post in inspecting:
                    inspector = _inspector(person, inspector_post, here, line)
                    if inspector and kind == Kind.DAILY and inspector.pk in away:
                        inspector = _next_up(inspector, person, here, line, away)
                    # Somebody who works for two estates is inspected in the first.
                    if inspector and (person.pk, kind, inspector_post) not in placed:
                        placed.add((person.pk, kind, inspector_post))
                        key = (estate_id, inspector, str(kind))
                        found.owed.setdefault(key, []).append(person)
                        if kind == Kind.DAILY and person.post in DRAWN:
                            drawer = _inspector(person, DRAWN[person.post], here, line)
                            if drawer and drawer != inspector and drawer.pk not in away:
                                found.pools.setdefault((estate_id, drawer), []).append(person)
    return found


def _members(line: Line) -> dict[int, list[Staff]]:
    members: dict[int, list[Staff]] = {}
    for staff_id, estate_id in Membership.objects.order_by("estate_id", "staff_id").values_list(
        "staff_id", "estate_id"
    ):
        person = line.people.get(staff_id)
        if person and person.is_active:
            members.setdefault(estate_id, []).append(person)
    return members


def _inspector(person: Staff, post: str, here: list[Staff], line: Line) -> Staff | None:
    above = next((each for each in line.superiors(person.pk) if each.post == post), None)
    if above:
        return above if above in here else None
    if post == posts.CS_ASSISTANT:
        return None  # an assistant inspects his own line only
    return next((each for each in here if each.post == post and each != person), None)


def _next_up(
    inspector: Staff, person: Staff, here: list[Staff], line: Line, away: set[int]
) -> Staff | None:
    for each in line.superiors(inspector.pk):
        if each.pk not in away and each in here and each.has_perm("appraisal.inspect"):
            return each if each != person else None
    return None
