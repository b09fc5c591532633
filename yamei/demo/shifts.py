"""A roster of this month and the next, yesterday's handovers, cash, an instruction, a swap."""

import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts import posts
from accounts.models import Staff
from estates.models import Estate
from roster import actions as roster_actions
from roster.models import Duty
from roster.patterns import TWO
from rulebook.worktime import ZONE
from shifts import actions
from shifts.blockers import blockers_of
from shifts.figures import with_facts
from shifts.models import Handover
from shifts.seats import DESK, SEATS
from shifts.sheet import Sheet
from shifts.turns import ensure

SITTERS = ("desk1", "desk2", "night1", "butler1", "butler2", "butler3", "dispatcher", "repairer1",
           "repairer2")  # fmt: skip
DAYS_OFF = {"desk2": (), "butler2": (0,), "butler3": (1,)}  # Monday is 0
TURNS_AGO = 3  # of the desk: the two shifts before this one


def fill(estate: Estate, staff: dict[str, Staff], *, now: datetime) -> None:
    """Everybody who stands in a shift is qualified; the last two shifts were handed over."""
    Staff.objects.filter(pk__in=[staff[name].pk for name in SITTERS]).update(
        qualified_on=date(2026, 1, 4)
    )
    for name in SITTERS:
        staff[name].qualified_on = date(2026, 1, 4)
    today = now.astimezone(ZONE).date()
    manager, desk = staff["manager"], staff["desk1"]
    first = today.replace(day=1)
    turns = {
        "day": [staff[name] for name in ("desk1", "butler1", "dispatcher", "repairer1")],
        "night": [staff["night1"], staff["repairer2"]],
    }
    months = sorted({(first - timedelta(days=1)).replace(day=1), first})
    for month in months:
        roster = roster_actions.draft(
            estate, month=month, pattern=TWO, turns=turns, by=manager, now=now
        )
        for day in roster_actions.days_of(month):  # two sit at the desk by day
            for name, off in DAYS_OFF.items():
                if day.weekday() not in off:
                    roster_actions.assign(
                        roster, day=day, shift="day", staff=staff[name], by=manager, now=now
                    )
        roster_actions.publish(roster, by=manager, now=now)
    coming = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    roster_actions.draft(estate, month=coming, pattern=TWO, turns=turns, by=manager, now=now)
    for way, reason in ((Decimal(500), "备用金"), (Decimal(-180), "退装修押金")):
        actions.add_cash(
            estate, amount=way, reason=reason, client_key=uuid.uuid4(), by=desk, now=now
        )
    actions.instruct(
        estate, seat=DESK, text="7栋停水通知今天内贴完并拍照", due_at=now + timedelta(hours=6),
        by=manager, now=now - timedelta(hours=30),
    )  # fmt: skip
    _hand_over_the_last_shifts(estate, manager, now)
    later = Duty.objects.filter(
        roster__estate=estate, roster__status="published", staff=staff["night1"],
        starts_at__gt=now + timedelta(days=1),
    ).order_by("starts_at").first()  # fmt: skip
    if later:
        roster_actions.ask_swap(
            later, taker=staff["desk2"], reason="家里有事", by=staff["night1"], now=now
        )


def _hand_over_the_last_shifts(estate: Estate, manager: Staff, now: datetime) -> None:
    ended = (
        Duty.objects.published()
        .filter(
            roster__estate=estate, ends_at__lte=now, post__in=(posts.FRONT_DESK, posts.NIGHT_DUTY)
        )
        .select_related("staff")
        .order_by("-ends_at")[:TURNS_AGO]
    )
    for duty in reversed(list({(each.day, each.shift): each for each in ended}.values())):
        span, at = (duty.starts_at, duty.ends_at), duty.ends_at - timedelta(minutes=10)
        made = ensure(estate, SEATS[DESK], None, duty.shift, duty.day, span, now=at)
        sheet = _sheet(made, duty.staff, at)
        to = sheet.successor
        if to is None:
            continue
        counted = {tally.expected.code: str(tally.expected.number) for tally in sheet.counts}
        strikes: dict[str, str] = {}
        actions.write(sheet, by=duty.staff, typed={"counted": counted, "strikes": strikes})
        actions.arrive(made, who=to, by=duty.staff, now=at - timedelta(minutes=10))
        sheet = _sheet(made, duty.staff, at)
        for blocker in blockers_of(sheet):
            actions.take_way(sheet, way=blocker.ways[0].value, by=duty.staff, now=at)
        sheet = _sheet(made, duty.staff, at)
        given = actions.give(sheet, by=duty.staff, now=at, seen=sheet.keys)
        sheet = _sheet(given, None, at)
        actions.receive(sheet, by=to, now=at + timedelta(minutes=5), seen=sheet.keys)
    last = Handover.objects.signed().filter(estate=estate).first()
    if last:
        actions.spot_check(last, is_good=True, note="记录清楚", by=manager, now=now)


def _sheet(handover: Handover, reader: Staff | None, at: datetime) -> Sheet:
    fresh = with_facts(Handover.objects.filter(pk=handover.pk)).get()
    return Sheet(fresh, now=at, reader=reader)
