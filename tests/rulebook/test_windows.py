from datetime import time

import pytest
from django.core.exceptions import ValidationError

from rulebook.windows import check_week, fingerprint, read_windows, write_windows

MORNING = (time(8, 30), time(12))
AFTERNOON = (time(13, 30), time(17, 30))
NIGHT = (time(20), time(8))


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("08:30-12:00, 13:30-17:30", [MORNING, AFTERNOON]),
        ("13:30-17:30,8:30-12:00", [MORNING, AFTERNOON]),
        ("８：３０－１２：００", [MORNING]),
        ("8:30到12:00;13:30~17:30", [MORNING, AFTERNOON]),
        ("20:00-08:00", [NIGHT]),
        ("16:00-24:00", [(time(16), time(0))]),
        ("  ", []),
    ],
)
def test_reading_windows(text, windows):
    assert read_windows(text) == windows
    assert read_windows(write_windows(windows)) == windows


@pytest.mark.parametrize(
    "text",
    ["八点到十二点", "8:30", "8:30-25:00", "8:60-9:00", "9:00-9:00", "9-10", "\0", "😀" * 40],
)
def test_reading_nonsense_says_how_to_write_it(text):
    with pytest.raises(ValidationError, match="08:30-12:00"):
        read_windows(text)


def test_reading_too_many_windows_is_refused():
    with pytest.raises(ValidationError, match="最多 6 段"):
        read_windows(",".join(f"{hour}:00-{hour}:30" for hour in range(7)))


@pytest.mark.parametrize(
    "week",
    [
        {0: [MORNING, AFTERNOON]},
        {0: [NIGHT], 1: [(time(8), time(20))]},
        {day: [NIGHT] for day in range(7)},
        {0: [(time(0), time(0))]},
    ],
)
def test_week_without_overlap_is_fine(week):
    check_week(week)


@pytest.mark.parametrize(
    "week",
    [
        {0: [MORNING, (time(11), time(13))]},
        {0: [NIGHT], 1: [(time(7), time(12))]},
        {6: [NIGHT], 0: [(time(7), time(12))]},  # Sunday's night reaches into Monday
    ],
)
def test_week_with_overlap_is_refused(week):
    with pytest.raises(ValidationError, match="重叠"):
        check_week(week)


def test_week_without_any_window_is_refused():
    with pytest.raises(ValidationError, match="至少要有一段"):
        check_week({0: []})


def test_fingerprint_tells_weeks_apart():
    assert fingerprint({0: [MORNING]}) == fingerprint({0: [MORNING], 3: []})
    assert fingerprint({0: [MORNING]}) != fingerprint({1: [MORNING]})
