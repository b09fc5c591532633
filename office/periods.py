"""The days and months that papers are about, in Shanghai."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

END_OF_WORK = time(18)


@dataclass(frozen=True)
class Span:
    """``start`` ≤ moment < ``end``, and on days ``first`` … ``last``; ``as_of`` is when one looks."""

    first: date
    last: date
    as_of: datetime

    @property
    def start(self) -> datetime:
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        return midnight(self.last + timedelta(days=1))


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of(day: date) -> datetime:
    """The end of that day's work."""
    return timezone.make_aware(datetime.combine(day, END_OF_WORK))


def day_span(day: date, as_of: datetime) -> Span:
    return Span(day, day, as_of)


def month_span(month: date, as_of: datetime) -> Span:
    return Span(month, last_of(month), as_of)


def first_of(day: date) -> date:
    return day.replace(day=1)


def last_of(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def month_before(day: date) -> date:
    """The first day of the month before the one of ``day``."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)
