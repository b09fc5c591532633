"""What a new installation starts with: SOPs, usual office hours, published holidays.

Runs after every migrate and adds only what is missing; what a manager changed or removed
stays as it is. Numbers are not seeded: ``rulebook.numbers`` is their version 0.
"""

from datetime import date, time, timedelta

import holidays

from history.models import Entry
from rulebook.models import SOP, DayOverride, WorkWindow
from rulebook.sops import SOPS

OFFICE_HOURS = ((time(8, 30), time(12, 0)), (time(13, 30), time(17, 30)))
MONDAY_TO_FRIDAY = range(5)
FIRST_YEAR, LAST_YEAR = 2025, 2035
SOURCE = "国务院办公厅节假日安排"


def seed(**_signal) -> None:
    """Fill in SOPs, working windows and holidays; safe to run again and again."""
    seed_sops()
    seed_windows()
    seed_days()


def seed_sops() -> None:
    SOP.objects.bulk_create(
        (
            SOP(code=code, name=name, order=order)
            for order, (code, name, _clauses) in enumerate(SOPS, start=1)
        ),
        ignore_conflicts=True,
    )


def seed_windows() -> None:
    """Office hours, only where there is no window at all (a week can never be emptied)."""
    if not WorkWindow.objects.exists():
        WorkWindow.objects.bulk_create(
            WorkWindow(weekday=weekday, starts=starts, ends=ends)
            for weekday in MONDAY_TO_FRIDAY
            for starts, ends in OFFICE_HOURS
        )


def seed_days() -> None:
    """Holidays and make-up working days of every published year, but none a manager removed."""
    removed = {
        date.fromisoformat(day)
        for day in Entry.objects.filter(event="rulebook.day_removed").values_list(
            "detail__day", flat=True
        )
    }
    DayOverride.objects.bulk_create(
        (
            DayOverride(day=day, is_workday=is_workday, name=name[:40], source=SOURCE)
            for day, is_workday, name in published_days()
            if day not in removed
        ),
        ignore_conflicts=True,
    )


def published_days() -> list[tuple[date, bool, str]]:
    """(day, worked?, name) of the years whose swaps (调休) are published, in order.

    The package computes statutory days for any year; without the swaps they would mislead, so
    such a year stays without data and the calendar page says so.
    """
    found = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        calendar = holidays.country_holidays("CN", years=year, language="zh_CN")
        worked = {day for day in calendar.weekend_workdays if day.year == year}
        if not worked:
            continue
        found += [(day, False, name) for day, name in calendar.items() if day.year == year]
        found += [(day, True, "调休上班") for day in worked]
        found += [(day, False, "连休周末") for day in _weekends_inside(set(calendar), worked)]
    return sorted(found)


def _weekends_inside(off: set[date], worked: set[date]) -> set[date]:
    """Weekend days next to a holiday: nobody who works on Saturdays works on these."""
    weekend = set()
    for day in off:
        for step in (-1, 1):
            near = day + timedelta(days=step)
            while near.weekday() >= 5 and near not in off | worked:
                weekend.add(near)
                near += timedelta(days=step)
    return weekend
