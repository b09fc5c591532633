from decimal import Decimal

import pytest

from rulebook.numbers import BY_KEY, NUMBERS, TOPIC_LABELS
from rulebook.numbers.appraisal import MANAGER_ITEMS, STAFF_ITEMS
from rulebook.numbers.row import CONFIDENCE_LABELS, UNIT_LABELS, WHOLE_UNITS, phrase
from rulebook.sops import CLAUSES

USED_ELSEWHERE = {
    "repairs.dispatch": (5, "minutes"),
    "repairs.accept": (5, "minutes"),
    "repairs.accept_emergency": (2, "minutes"),
    "repairs.arrive": (15, "minutes"),
    "repairs.arrive_emergency": (30, "minutes"),
    "repairs.assess": (15, "minutes"),
    "repairs.finish": (18, "hour_of_day"),
    "repairs.return": (4, "hours"),
    "repairs.callback": (24, "hours"),
    "repairs.archive": (24, "hours"),
    "repairs.tell_resident": (5, "minutes"),
    "repairs.stay_open": (3, "days"),
    "repairs.callback_tries": (3, "count"),
    "repairs.callback_retry": (2, "hours"),
    "repairs.onsite": (24, "hours"),
    "contacts.finish": (10, "minutes"),
    "contacts.call_back": (24, "hours"),
    "incidents.acknowledge": (5, "minutes"),
    "followups.warn_share": (25, "percent"),
    "followups.warn_least": (1, "minutes"),
    "followups.step_share": (50, "percent"),
    "followups.step_least": (10, "minutes"),
    "followups.step_least_urgent": (5, "minutes"),
    "followups.repeat": (30, "minutes"),
    "followups.repeat_urgent": (10, "minutes"),
    "quiet.starts": (21, "hour_of_day"),
    "quiet.ends": (8, "hour_of_day"),
}


@pytest.mark.parametrize(("key", "expected"), USED_ELSEWHERE.items())
def test_number_that_other_rooms_use(key, expected):
    assert (BY_KEY[key].default, BY_KEY[key].unit) == expected


def test_keys_are_unique():
    assert len(BY_KEY) == len(NUMBERS)


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number.key)
def test_row_is_complete(number):
    assert number.low <= number.default <= number.high
    assert number.unit in UNIT_LABELS
    assert number.confidence in CONFIDENCE_LABELS
    assert number.topic in TOPIC_LABELS
    assert not number.sop or number.sop in CLAUSES
    assert str(number.label)
    assert str(number.source)
    assert number.unit not in WHOLE_UNITS or number.default == int(number.default)


@pytest.mark.parametrize("items", [STAFF_ITEMS, MANAGER_ITEMS], ids=["staff", "manager"])
def test_full_marks_of_a_sheet_make_a_hundred(items):
    assert sum(item.default for item in items) == 100


def test_weights_of_a_month_make_a_hundred():
    weights = [number for number in NUMBERS if number.key.startswith("appraisal.weight_")]
    assert sum(number.default for number in weights) == 100


def test_fifteen_procedures():
    assert len(CLAUSES) == 15


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("5.00", "minutes", "5 分钟"),
        ("100.00", "percent", "100%"),
        ("8.50", "hour_of_day", "8:30"),
        ("18", "hour_of_day", "18:00"),
        ("1.50", "points", "1.5 分"),
        ("5", "month_days", "每月 5 日"),
        ("3", "count", "3"),
    ],
)
def test_phrase(value, unit, text):
    assert phrase(Decimal(value), unit) == text
