"""The periods of the four kinds of inspection: days, weeks, months. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from appraisal.items import Kind
from rulebook.worktime import ZONE

EPOCH = date(2024, 1, 1)  # a Monday
DAY_ENDS = time(18, 0)


@dataclass(frozen=True)
class Period:
    starts_on: date
    ends_on: date

    @property
    def due_at(self) -> datetime:
        """Six in the evening of the last day."""
        return datetime.combine(self.ends_on, DAY_ENDS, tzinfo=ZONE)


def month_start(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_bounds(month: date) -> tuple[datetime, datetime]:
    """The first moment of a month and of the next."""
    return tuple(datetime.combine(day, time.min, tzinfo=ZONE) for day in (month, next_month(month)))


def period_of(kind: str, day: date, *, days: int = 1, per_month: int = 1) -> Period:
    """The period that ``day`` lies in. ``days`` is the length of a daily or weekly period,
    ``per_month`` into how many parts a month is cut for monthly and spot checks.
    """
    if kind in (Kind.DAILY, Kind.WEEKLY):
        start = day - timedelta(days=(day - EPOCH).days % days)
        return Period(start, start + timedelta(days=days - 1))
    first = month_start(day)
    last = next_month(day) - timedelta(days=1)
    length = max(last.day // per_month, 1)
    part = min((day.day - 1) // length, per_month - 1)
    starts_on = first + timedelta(days=part * length)
    ends_on = (
        last
        if part == per_month - 1 or part == last.day - 1
        else starts_on + timedelta(days=length - 1)
    )
    return Period(starts_on, ends_on)
