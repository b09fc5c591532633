"""The manager visits households himself, as often a year as the rulebook says (VIS-4)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from followups.models import FollowUp
from followups.scan import scan
from rulebook.models import NumberVersion
from tests.conftest import at
from tests.visits.factories import plan_one
from visits import actions, manager_round


def owed():
    return FollowUp.objects.open().filter(kind="visits.manager_round")


@pytest.mark.parametrize(
    ("day", "rounds", "first", "last"),
    [
        (date(2026, 6, 30), 2, date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 11, 23), 2, date(2026, 7, 1), date(2026, 12, 31)),
        (date(2026, 11, 23), 1, date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 2, 5), 12, date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), 5, date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), 5, date(2026, 4, 1), date(2026, 5, 31)),
    ],
)
def test_year_is_cut_into_as_many_parts_as_rounds(day, rounds, first, last):
    assert manager_round.part_of_year(day, rounds) == (first, last)


@pytest.mark.parametrize("rounds", range(1, 13))
def test_parts_follow_each_other_without_a_gap(rounds):
    day, parts = date(2026, 1, 1), 0
    while day.year == 2026:
        first, last = manager_round.part_of_year(day, rounds)
        assert first == day
        assert manager_round.part_of_year(last, rounds) == (first, last)
        day, parts = last + timedelta(days=1), parts + 1
    assert parts == rounds


@pytest.mark.clause("VIS-4")
def test_round_is_owed_until_the_manager_met_a_household(
    estate, unit, resident, butler, manager, now
):
    scan(now)
    scan(now + timedelta(minutes=1))
    row = owed().get(object_id=estate.pk)
    assert (row.owner_post, row.unit) == (manager.post, None)
    assert timezone.localtime(row.due_at).date() == date(2026, 12, 31)
    for by, done in ((butler, False), (manager, True)):
        visit = plan_one(unit, butler, now=now)
        actions.record(visit, outcome="met", client_key=uuid4(), by=by, now=now)
        assert owed().filter(object_id=estate.pk).exists() is not done
    assert manager_round.owe_rounds(now) == 0
    assert manager_round.owe_rounds(at("2027-01-04 09:00")) == 1


def test_no_rounds_wanted_owes_none(estate, manager, now):
    NumberVersion.objects.create(
        key="visits.manager_rounds", value=0, version=1, effective_at=at("2026-11-01 00:00"),
        by=manager,
    )  # fmt: skip
    assert manager_round.owe_rounds(now) == 0


def test_refused_at_the_door_is_no_round(estate, unit, butler, manager, now):
    manager_round.owe_rounds(now)
    visit = plan_one(unit, butler, now=now)
    actions.record(visit, outcome="refused", client_key=uuid4(), by=manager, now=now)
    assert owed().filter(object_id=estate.pk).exists()
