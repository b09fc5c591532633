"""The numbers of the manual at a moment, and the deadlines that follow from them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from rulebook.models import NumberVersion
from rulebook.numbers import number_of
from rulebook.numbers.row import (
    DAYS,
    HOUR_OF_DAY,
    HOURS,
    MINUTES,
    MONTH_DAYS,
    MONTHS,
    WORKING_DAYS,
)
from rulebook.workdays import load_calendar
from rulebook.worktime import ZONE

_kept: ContextVar[dict | None] = ContextVar("numbers_read_once", default=None)
SECONDS = {MINUTES: 60, HOURS: 3600, DAYS: 86400}


@dataclass(frozen=True)
class Limit:
    """A number as it stands at a moment: ``value`` counts in ``unit``; version 0 is the default."""

    key: str
    value: Decimal
    unit: str
    version: int

    @property
    def seconds(self) -> int:
        """The span in seconds; ValueError unless the unit is minutes, hours or days."""
        if self.unit not in SECONDS:
            raise ValueError(f"{self.key} counts in {self.unit}, which is not a fixed span")
        return int(self.value * SECONDS[self.unit])


@dataclass(frozen=True)
class Due:
    """A deadline with the span it allows and the number (key and version) it follows from."""

    due_at: datetime
    seconds: int
    key: str
    version: int


def limit(key: str, *, at: datetime) -> Limit:
    """The newest version of a number in force at ``at``, else the shipped default. One query.

    KeyError for a key that ``rulebook.numbers`` does not know.
    """
    return limits(key, at=at)[key]


def limits(*keys: str, at: datetime) -> dict[str, Limit]:
    """Several numbers as they stand at ``at``, by key, in one query; KeyError as ``limit``."""
    found = {
        key: Limit(key, number_of(key).default, number_of(key).unit, version=0) for key in keys
    }
    for key, value, version in _versions(keys, at):  # the last one in force wins
        found[key] = Limit(key, value, found[key].unit, version)
    return found


@contextmanager
def reading_once() -> Iterator[None]:
    """Within the block one query reads the numbers, however many limits are asked for.

    For a door that runs several actions in one transaction, such as saving a call.
    """
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def _versions(keys, at):
    rows = NumberVersion.objects.order_by("effective_at", "version")
    kept = _kept.get()
    if kept is None:
        rows = rows.filter(key__in=keys, effective_at__lte=at)
        return rows.values_list("key", "value", "version")
    if "rows" not in kept:
        kept["rows"] = list(rows.values_list("key", "value", "version", "effective_at"))
    return [row[:3] for row in kept["rows"] if row[0] in keys and row[3] <= at]


def due(key: str, *, start: datetime) -> Due:
    """The moment that the number ``key`` allows from ``start`` (aware) on.

    Minutes, hours, days and months run by the clock; working days by the working calendar
    (NoWorkingTimeError, a ValidationError, when it holds none); a day of the month ends at its
    midnight; an hour of the day is the next one after ``start``. ValueError for a number that
    is no span of time. At most two queries.
    """
    allowed = limit(key, at=start)
    if allowed.unit in SECONDS:
        due_at = start.astimezone(UTC) + timedelta(seconds=allowed.seconds)
    elif allowed.unit == WORKING_DAYS:
        due_at = load_calendar().add_working_days(start, int(allowed.value))
    elif allowed.unit == MONTHS:
        due_at = _months_later(start, int(allowed.value))
    elif allowed.unit == MONTH_DAYS:
        due_at = _end_of_month_day(start, int(allowed.value))
    elif allowed.unit == HOUR_OF_DAY:
        due_at = _next_hour_of_day(start, allowed.value)
    else:
        raise ValueError(f"{key} counts in {allowed.unit}, which is no time limit")
    seconds = int((due_at - start).total_seconds())
    return Due(due_at, seconds, allowed.key, allowed.version)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


def _days_in_month(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - date(year, month, 1)).days


def _months_later(start: datetime, months: int) -> datetime:
    local = start.astimezone(ZONE)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, _days_in_month(year, month + 1))
    return local.replace(year=year, month=month + 1, day=day).astimezone(UTC)


def _end_of_month_day(start: datetime, number: int) -> datetime:
    today = start.astimezone(ZONE).date()
    this_month = today.replace(day=min(number, _days_in_month(today.year, today.month)))
    if today <= this_month:
        return _midnight(this_month + timedelta(days=1)).astimezone(UTC)
    first = today.replace(day=1) + timedelta(days=_days_in_month(today.year, today.month))
    day = first.replace(day=min(number, _days_in_month(first.year, first.month)))
    return _midnight(day + timedelta(days=1)).astimezone(UTC)


def _next_hour_of_day(start: datetime, hour: Decimal) -> datetime:
    today = _midnight(start.astimezone(ZONE).date())
    moment = today + timedelta(hours=float(hour))
    if moment <= start:
        moment += timedelta(days=1)
    return moment.astimezone(UTC)
