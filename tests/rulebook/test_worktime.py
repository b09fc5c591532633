from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from rulebook.seed import published_days
from rulebook.worktime import NoWorkingTimeError, WorkCalendar
from tests.conftest import at

DAY = [(time(8, 30), time(12)), (time(13, 30), time(17, 30))]
OFFICE = dict.fromkeys(range(5), DAY)
PUBLISHED = {day: is_workday for day, is_workday, _name in published_days()}
CHINA = WorkCalendar(OFFICE, PUBLISHED)
NIGHT = WorkCalendar({day: [(time(20), time(8))] for day in range(7)}, {})
NEVER = WorkCalendar({}, {})

HOUR = 3600

moments = st.integers(0, 900 * 24 * HOUR).map(
    lambda seconds: datetime(2024, 12, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
spans = st.integers(0, 400 * HOUR)
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
windows = st.lists(
    st.tuples(clocks, clocks).filter(lambda span: span[0] != span[1]), min_size=1, max_size=3
)
calendars = st.one_of(
    st.sampled_from([CHINA, NIGHT]),
    st.builds(
        WorkCalendar,
        st.dictionaries(st.integers(0, 6), windows, min_size=1),
        st.dictionaries(st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.booleans()),
    ),
)


@given(calendars, moments, spans)
def test_adding_then_measuring_gives_the_same_seconds(calendar, start, seconds):
    try:
        end = calendar.add(start, seconds)
    except NoWorkingTimeError:
        return  # a week with minutes of work cannot hold it; that it ends is the point
    assert end >= start
    assert end.tzinfo is UTC
    assert calendar.working_seconds(start, end) == seconds


@given(calendars, moments, spans, spans)
def test_more_work_never_ends_earlier(calendar, start, seconds, more):
    try:
        later = calendar.add(start, seconds + more)
    except NoWorkingTimeError:
        return
    assert calendar.add(start, seconds) <= later


@given(calendars, moments, st.integers(0, 10 * 24 * HOUR), spans)
def test_starting_later_never_ends_earlier(calendar, start, delay, seconds):
    try:
        end = calendar.add(start + timedelta(seconds=delay), seconds)
        assert calendar.add(start, seconds) <= end
    except NoWorkingTimeError:
        return


@given(calendars, moments, st.integers(0, 20 * 24 * HOUR), st.integers(0, 20 * 24 * HOUR))
def test_measured_time_adds_up_and_never_exceeds_the_clock(calendar, start, first, second):
    middle = start + timedelta(seconds=first)
    end = middle + timedelta(seconds=second)
    whole = calendar.working_seconds(start, end)
    parts = calendar.working_seconds(start, middle) + calendar.working_seconds(middle, end)
    assert whole == parts
    assert 0 <= whole <= first + second


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-14", True),  # Saturday, worked for the Spring Festival
        ("2026-10-10", True),  # Saturday, worked for the National Day
        ("2026-10-01", False),
        ("2026-10-04", False),  # Sunday inside the holiday
        ("2026-10-08", True),
        ("2026-10-11", False),
        ("2025-01-26", True),  # Sunday, worked
        ("2027-01-04", True),  # Monday of a year nobody has published
        ("2027-01-02", False),  # its Saturday
    ],
)
def test_days_of_the_published_calendar(day, works):
    assert CHINA.is_workday(date.fromisoformat(day)) is works


def test_year_without_data_is_noticed_and_still_works():
    assert CHINA.has_data(2026)
    assert not CHINA.has_data(2027)
    assert CHINA.add(at("2026-12-31 17:00"), HOUR) == at("2027-01-01 09:00")


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23 15:00", 2, "2026-11-23 17:00"),
        ("2026-11-23 11:00", 2, "2026-11-23 14:30"),  # over lunch
        ("2026-11-23 16:30", 2, "2026-11-24 09:30"),  # over night
        ("2026-11-27 17:00", 1, "2026-11-30 09:00"),  # over the weekend
        ("2026-09-30 17:00", 1, "2026-10-08 09:00"),  # over the National Day
        ("2026-02-13 17:00", 1, "2026-02-14 09:00"),  # into a worked Saturday
        ("2026-11-22 10:00", 1, "2026-11-23 09:30"),  # from a Sunday
        ("2026-11-23 15:00", 0, "2026-11-23 15:00"),
    ],
)
def test_adding_working_hours(start, hours, end):
    assert CHINA.add(at(start), hours * HOUR) == at(end)


def test_worked_saturday_has_the_windows_of_a_weekday():
    assert CHINA.working_seconds(at("2026-10-10 00:00"), at("2026-10-11 00:00")) == 7.5 * HOUR


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23 22:00", 4, "2026-11-24 02:00"),  # across midnight
        ("2026-11-24 03:00", 2, "2026-11-24 05:00"),  # in last night's shift
        ("2026-11-24 07:00", 2, "2026-11-24 21:00"),  # into tonight's
        ("2026-11-23 12:00", 12, "2026-11-24 08:00"),
    ],
)
def test_night_shift_runs_into_the_next_day(start, hours, end):
    assert NIGHT.add(at(start), hours * HOUR) == at(end)


def test_night_shift_that_starts_before_a_holiday_ends_in_it():
    calendar = WorkCalendar(NIGHT.windows_by_weekday, {date(2026, 10, 1): False})
    assert calendar.working_seconds(at("2026-10-01 00:00"), at("2026-10-02 00:00")) == 8 * HOUR


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-23 15:00", 1, "2026-11-24 17:30"),
        ("2026-11-27 15:00", 3, "2026-12-02 17:30"),
        ("2026-09-30 15:00", 1, "2026-10-08 17:30"),
        ("2026-10-09 15:00", 1, "2026-10-10 17:30"),  # the worked Saturday counts
        ("2026-12-31 15:00", 1, "2027-01-01 17:30"),
    ],
)
def test_working_days_end_with_the_business_hours(start, days, end):
    assert CHINA.add_working_days(at(start), days) == at(end)


def test_next_working_day_skips_the_holiday():
    assert CHINA.next_working_day(date(2026, 9, 30)) == date(2026, 10, 8)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: NEVER.add(at("2026-11-23 15:00"), 1),
        lambda: NEVER.next_working_day(date(2026, 11, 23)),
        lambda: NEVER.add_working_days(at("2026-11-23 15:00"), 1),
        lambda: CHINA.add(at("2026-11-23 15:00"), 400 * 24 * HOUR),
        lambda: CHINA.add_working_days(at("2026-11-23 15:00"), 1000),
        lambda: CHINA.working_seconds(at("2020-01-01 00:00"), at("2026-01-01 00:00")),
    ],
)
def test_calendar_without_enough_work_gives_up_with_a_message(ask):
    with pytest.raises(ValidationError, match="400 天"):
        ask()
