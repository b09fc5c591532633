"""Working-time arithmetic: pure, bounded, in Asia/Shanghai, answers in UTC."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ZONE = ZoneInfo("Asia/Shanghai")
HORIZON_DAYS = 400

Window = tuple[time, time]


class NoWorkingTimeError(ValidationError):
    """Within 400 days the calendar has not enough working time to answer."""

    def __init__(self) -> None:
        super().__init__(
            _("工作日历在 400 天内没有足够的工作时间,请先在“工作日历”中设置工作时段。"),
            code="no_working_time",
        )


@dataclass(frozen=True)
class WorkCalendar:
    """When people work.

    ``windows_by_weekday``: for each weekday (0 Monday … 6 Sunday) its windows; one whose end is
    not after its start runs into the next day (a night shift). Overlapping time counts once.
    ``overrides``: day → True (worked, also on a weekend) or False (holiday). A weekend
    day that is worked has the windows of its weekday, or, where that has none, those of Monday
    or the first weekday that has any. A day without an override follows its weekday, so a year
    nobody has published yet still works from Monday to Friday.
    """

    windows_by_weekday: Mapping[int, Sequence[Window]]
    overrides: Mapping[date, bool]

    def has_data(self, year: int) -> bool:
        """Whether holidays of this year are known."""
        return any(day.year == year for day in self.overrides)

    def is_workday(self, day: date) -> bool:
        """Whether people work on this day (a night shift counts for the day it starts on)."""
        return bool(self.windows_on(day))

    def windows_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """The spans that start on ``day``, in order, aware in UTC."""
        return [
            (_moment(day, starts), _moment(day + timedelta(days=ends <= starts), ends))
            for starts, ends in sorted(self._windows(day))
        ]

    def add(self, start: datetime, seconds: float) -> datetime:
        """The moment when ``seconds`` of working time have passed since ``start`` (aware).

        NoWorkingTimeError when 400 days do not hold that much.
        """
        if seconds < 0:
            raise ValueError("seconds must not be negative")
        if seconds == 0:
            return start.astimezone(UTC)
        left = timedelta(seconds=seconds)
        for begins, ends in self._spans_from(start):
            if left <= ends - begins:
                return begins + left
            left -= ends - begins
        raise NoWorkingTimeError

    def working_seconds(self, start: datetime, end: datetime) -> float:
        """Seconds of working time between two aware moments; 0 when ``end`` is not later.

        Both must lie within 400 days of each other, else NoWorkingTimeError.
        """
        if end <= start:
            return 0.0
        if end - start > timedelta(days=HORIZON_DAYS):
            raise NoWorkingTimeError
        worked = timedelta()
        for begins, ends in self._spans_from(start):
            if begins >= end:
                break
            worked += min(ends, end) - begins
        return worked.total_seconds()

    def next_working_day(self, day: date) -> date:
        """The first working day after ``day``; NoWorkingTimeError when 400 days have none."""
        for offset in range(1, HORIZON_DAYS + 1):
            later = day + timedelta(days=offset)
            if self.is_workday(later):
                return later
        raise NoWorkingTimeError

    def add_working_days(self, start: datetime, days: int) -> datetime:
        """The close of business on the ``days``-th working day after the day of ``start``.

        The day of ``start`` is not counted and a period ends when business hours end, as the
        Civil Code counts periods (articles 201 and 203). NoWorkingTimeError beyond 400 days.
        """
        if days < 1:
            raise ValueError("days must be at least 1")
        first = day = start.astimezone(ZONE).date()
        for _count in range(days):
            day = self.next_working_day(day)
            if day - first > timedelta(days=HORIZON_DAYS):
                raise NoWorkingTimeError
        return max(ends for _begins, ends in self.windows_on(day))

    def _windows(self, day: date) -> Sequence[Window]:
        usual = self.windows_by_weekday.get(day.weekday(), ())
        worked = self.overrides.get(day)
        if worked is False:
            return ()
        if worked and not usual:
            return next((w for _day, w in sorted(self.windows_by_weekday.items()) if w), ())
        return usual

    def _spans_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working spans from ``start`` on, the running one cut; also last night's shift."""
        today = start.astimezone(ZONE).date()
        reached = start.astimezone(UTC)
        for offset in range(-1, HORIZON_DAYS + 1):
            for begins, ends in self.windows_on(today + timedelta(days=offset)):
                begins = max(begins, reached)
                if begins < ends:
                    yield begins, ends
                    reached = ends


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=ZONE).astimezone(UTC)
