from decimal import Decimal

import pytest

from rulebook.limits import due, limit
from rulebook.models import NumberVersion
from tests.conftest import at

pytestmark = pytest.mark.django_db


def version(number, value, moment, key="repairs.dispatch"):
    return NumberVersion.objects.create(
        key=key, version=number, value=value, effective_at=moment, note="试行"
    )


@pytest.mark.clause("REP-3")
def test_limit_unchanged_is_the_shipped_default(now):
    found = limit("repairs.dispatch", at=now)
    assert (found.value, found.unit, found.version) == (Decimal(5), "minutes", 0)
    assert found.seconds == 300


def test_limit_follows_the_version_in_force(now):
    version(1, 8, at("2026-11-01 00:00"))
    version(2, 3, at("2026-12-01 00:00"))
    assert limit("repairs.dispatch", at=at("2026-10-31 23:59")).version == 0
    assert limit("repairs.dispatch", at=now).value == 8
    assert limit("repairs.dispatch", at=at("2026-12-01 00:00")).version == 2


def test_limit_of_an_unknown_key_is_refused(now):
    with pytest.raises(KeyError):
        limit("repairs.nothing", at=now)


def test_limit_returned_earlier_is_untouched_by_a_change(now):
    earlier = due("repairs.dispatch", start=now)
    version(1, 30, now)
    assert earlier.seconds == 300
    assert due("repairs.dispatch", start=now).seconds == 1800


def test_due_of_minutes(now, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        found = due("repairs.dispatch", start=now)
    assert found.due_at == at("2026-11-23 15:05")
    assert (found.seconds, found.key, found.version) == (300, "repairs.dispatch", 0)


@pytest.mark.parametrize(
    ("start", "moment"),
    [
        ("2026-11-23 15:00", "2026-11-23 18:00"),
        ("2026-11-23 18:00", "2026-11-24 18:00"),
    ],
)
def test_due_of_an_hour_of_the_day(start, moment):
    assert due("repairs.finish", start=at(start)).due_at == at(moment)


def test_due_of_a_count_is_a_programming_error(now):
    with pytest.raises(ValueError, match="no time limit"):
        due("repairs.callback_tries", start=now)
