"""The ladder worked by hand: every line is a moment, the rung reached, and the next look."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followups.ladder import Course, Ladder, climb, first_moment, standing
from tests.conftest import at

DEFAULTS = Ladder()
DAY = "2026-11-23 "
NEXT = "2026-11-24 "


def course(start, due, **fields):
    return Course(counted_from=at(start), due_at=at(due), **fields)


# A dispatch clock, 5 minutes, night kind (never held): warned at 3:45, due at 5:00, half the
# limit is less than the least step of 10 minutes, then every 30.
DISPATCH = course(DAY + "15:00", DAY + "15:05", held=False)
# An emergency slip, 2 minutes: a quarter is half a minute, so the warning comes 1 minute before;
# step 5 minutes, then every 10.
EMERGENCY = course(DAY + "15:00", DAY + "15:02", urgent=True, held=False)
# A call-back, 24 hours, held at night: warned 6 hours before, next step 12 hours after.
CALLBACK = course(DAY + "14:00", NEXT + "14:00")
# An hour's limit whose moment comes shortly before the quiet hours.
EVENING = course(DAY + "19:55", DAY + "20:55")
# Four hours, due in the middle of the night.
NIGHT = course(DAY + "20:00", NEXT + "00:00")

TABLE = [
    (DISPATCH, DAY + "15:03:44", -1, DAY + "15:03:45"),
    (DISPATCH, DAY + "15:03:45", 0, DAY + "15:05"),
    (DISPATCH, DAY + "15:05", 1, DAY + "15:15"),
    (DISPATCH, DAY + "15:14:59", 1, DAY + "15:15"),
    (DISPATCH, DAY + "15:15", 2, DAY + "15:45"),
    (DISPATCH, DAY + "15:45", 3, DAY + "16:15"),
    (DISPATCH, DAY + "16:44", 4, DAY + "16:45"),
    (EMERGENCY, DAY + "15:01", 0, DAY + "15:02"),
    (EMERGENCY, DAY + "15:02", 1, DAY + "15:07"),
    (EMERGENCY, DAY + "15:07", 2, DAY + "15:17"),
    (EMERGENCY, DAY + "15:17", 3, DAY + "15:27"),
    (CALLBACK, NEXT + "07:59", -1, NEXT + "08:00"),
    (CALLBACK, NEXT + "08:00", 0, NEXT + "14:00"),
    # 12 hours after 14:00 is 02:00: held until 08:00 of the next day.
    (CALLBACK, NEXT + "14:00", 1, "2026-11-25 08:00"),
    (CALLBACK, "2026-11-25 08:00", 2, "2026-11-25 08:30"),
    (EVENING, DAY + "20:40", 0, DAY + "20:55"),
    # Half an hour after 20:55 lies in the quiet hours.
    (EVENING, DAY + "20:55", 1, NEXT + "08:00"),
    (EVENING, DAY + "23:00", -1, NEXT + "08:00"),  # looked at only now: nobody is told at night
    (EVENING, NEXT + "08:00", 2, NEXT + "08:30"),
    # Warning 23:00 and moment 00:00 are both held; the step of two hours counts from 08:00.
    (NIGHT, DAY + "23:30", -1, NEXT + "08:00"),
    (NIGHT, NEXT + "08:00", 1, NEXT + "10:00"),
    (NIGHT, NEXT + "10:00", 2, NEXT + "10:30"),
]


@pytest.mark.parametrize(("row", "moment", "rung", "following"), TABLE)
def test_climb_by_hand(row, moment, rung, following):
    assert climb(row, at(moment), DEFAULTS) == (rung, at(following))


def test_climb_after_three_hours_of_outage_reaches_the_highest_rung_once():
    # 15:15 is rung 2; every 30 minutes one more: 17:45 is rung 7.
    assert climb(DISPATCH, at(DAY + "18:00"), DEFAULTS) == (7, at(DAY + "18:15"))


def test_climb_after_three_days_of_outage_counts_no_rung_at_night():
    # From 08:00 to 20:59 there are 26 half hours; EVENING stands at rung 2 on the 24th at 08:00.
    rung, following = climb(EVENING, at("2026-11-26 08:10"), DEFAULTS)
    assert (rung, following) == (2 + 26 + 26, at("2026-11-26 08:30"))


def test_climb_of_what_was_taken_over_ends_at_its_moment():
    taken = course(DAY + "15:00", DAY + "15:05", held=False, taken=True)
    assert climb(taken, at(DAY + "15:04"), DEFAULTS) == (0, at(DAY + "15:05"))
    assert climb(taken, at(DAY + "18:00"), DEFAULTS) == (1, None)


def test_climb_after_a_move_counts_from_the_move():
    # Opened at 12:00, moved at 15:20 to 16:00: a quarter of 40 minutes.
    moved = course(DAY + "15:20", DAY + "16:00", held=False)
    assert first_moment(moved, DEFAULTS) == at(DAY + "15:50")
    # Half of 40 minutes is more than the least step.
    assert climb(moved, at(DAY + "16:00"), DEFAULTS) == (1, at(DAY + "16:20"))


def test_warning_never_comes_before_the_start():
    short = course(DAY + "15:00", DAY + "15:00:30", held=False)
    assert first_moment(short, DEFAULTS) == at(DAY + "15:00")


def test_warning_at_night_waits_for_the_morning():
    assert first_moment(course(DAY + "20:00", NEXT + "06:00"), DEFAULTS) == at(NEXT + "08:00")


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        (DAY + "20:59:59", DAY + "20:59:59"),
        (DAY + "21:00", NEXT + "08:00"),
        (NEXT + "00:00", NEXT + "08:00"),
        (NEXT + "07:59:59", NEXT + "08:00"),
        (NEXT + "08:00", NEXT + "08:00"),
    ],
)
def test_quiet_hours_hold_until_eight(moment, until):
    assert DEFAULTS.after_quiet(at(moment)) == at(until)


def test_quiet_hours_of_a_lunch_break_hold_until_its_end():
    lunch = Ladder(quiet_starts=timedelta(hours=12), quiet_ends=timedelta(hours=14))
    assert lunch.after_quiet(at(DAY + "13:00")) == at(DAY + "14:00")
    assert not lunch.is_quiet(at(DAY + "22:00"))


def test_quiet_hours_of_no_length_hold_nothing():
    never = Ladder(quiet_starts=timedelta(), quiet_ends=timedelta())
    assert climb(EVENING, at(DAY + "23:00"), never) == (5, at(DAY + "23:25"))


@pytest.mark.parametrize(
    ("rung", "top", "place"), [(0, 3, (0, 0)), (3, 3, (3, 0)), (5, 3, (3, 2)), (4, 1, (1, 3))]
)
def test_standing_repeats_at_the_top(rung, top, place):
    assert standing(rung, top) == place


@pytest.mark.django_db
def test_ladder_of_the_shipped_numbers_is_the_default(now):
    assert Ladder.at(now) == DEFAULTS


@given(
    limit=st.integers(0, 5000),
    minutes=st.integers(0, 20000),
    urgent=st.booleans(),
    held=st.booleans(),
)
def test_climb_always_looks_ahead_and_never_steps_down(limit, minutes, urgent, held):
    start = at(DAY + "10:00")
    row = Course(start, start + timedelta(minutes=limit), urgent=urgent, held=held)
    moment = start + timedelta(minutes=minutes)
    rung, following = climb(row, moment, DEFAULTS)
    assert following > moment
    later, _next = climb(row, following, DEFAULTS)
    assert later > rung or (held and DEFAULTS.is_quiet(moment))
