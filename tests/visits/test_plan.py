"""The butler's plan: everybody in a year, the nearest due first, each household once (VIS-1)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from estates.models import Area, Building, Occupancy
from followups.models import FollowUp
from followups.scan import scan
from rulebook.limits import limits
from tests.conftest import at
from tests.visits.factories import add_units, plan_one
from visits import actions, plan
from visits.models import Visit, VisitKind, VisitStatus


def owed():
    return FollowUp.objects.open().filter(kind="visits.visit")


@pytest.mark.parametrize(("households", "wanted"), [(0, 0), (1, 1), (12, 1), (13, 2), (546, 46)])
def test_quota_is_a_twelfth_rounded_up(db, now, households, wanted):
    assert plan.quota(households, limits(*plan.NUMBERS, at=now)) == wanted


@pytest.mark.clause("VIS-1")
def test_month_opens_its_share_of_each_area_for_its_butler(butler, building, now):
    add_units(building, 30)
    assert plan.fill_month(now) == 3
    assert {row.owner for row in owed()} == {butler}
    ends = {timezone.localtime(row.due_at).date() for row in owed()}
    assert ends == {date(2026, 11, 30)}


@pytest.mark.clause("VIS-1")
def test_twelve_months_reach_every_household_and_a_quarter_each_quarter(butler, building):
    units = add_units(building, 24)
    for month in range(1, 13):
        now = at(f"2026-{month:02}-05 09:00")
        plan.fill_month(now)
        for visit in Visit.objects.owed().select_related("unit", "estate"):
            actions.record(visit, outcome="met", client_key=uuid4(), by=butler, now=now)
        if month % 3 == 0:
            met = Visit.objects.met().values("unit").distinct().count()
            assert met >= len(units) * month // 12
    assert Visit.objects.met().values("unit").distinct().count() == len(units)


def test_filling_twice_opens_nothing_twice(butler, building, now):
    add_units(building, 30)
    plan.fill_month(now)
    assert plan.fill_month(now + timedelta(minutes=1)) == 0
    assert owed().count() == 3


def test_scan_opens_the_month(butler, building, now):
    add_units(building, 13)
    scan(now)
    assert owed().count() == 2


def test_nearest_due_is_never_visited_then_longest_ago(butler, building, now):
    long_ago, lately, never = add_units(building, 3)
    for unit, day in ((long_ago, "2025-12-01"), (lately, "2026-10-01")):
        then = at(f"{day} 10:00")
        visit = plan_one(unit, butler, now=then)
        actions.record(visit, outcome="met", client_key=uuid4(), by=butler, now=then)
    rows = plan.nearest_due(
        None, today=timezone.localdate(now), numbers=limits(*plan.NUMBERS, at=now)
    )
    assert [row.unit_id for row in rows] == [never.pk, long_ago.pk, lately.pk]


@pytest.mark.clause("VIS-1")
def test_new_household_is_due_thirty_days_after_it_moved_in(butler, building, now):
    (unit,) = add_units(building, 1, occupied_on=date(2026, 11, 20))
    plan.fill_month(now)
    visit = Visit.objects.get(unit=unit, kind=VisitKind.MOVE_IN)
    assert visit.planned_for == date(2026, 12, 20)
    plan.fill_month(now + timedelta(minutes=1))
    assert Visit.objects.filter(unit=unit).count() == 1


def test_vacant_homes_are_not_visited(butler, building, now):
    (unit,) = add_units(building, 1)
    unit.occupancy = Occupancy.VACANT_ACCEPTED
    unit.save()
    assert plan.fill_month(now) == 0


def test_home_that_empties_is_taken_off_the_plan(visit, unit, now):
    unit.occupancy = Occupancy.VACANT_ACCEPTED
    unit.save()
    plan.fill_month(now)
    visit.refresh_from_db()
    assert visit.status == VisitStatus.CANCELLED
    assert not owed().exists()


def test_new_butler_of_the_building_takes_over(visit, butler2, building, now):
    Area.objects.filter(building=building).update(staff=butler2)
    plan.fill_month(now)
    visit.refresh_from_db()
    assert visit.butler == butler2
    assert owed().get(object_id=visit.pk).owner == butler2


def test_building_without_butler_opens_nothing(estate, now):
    add_units(Building.objects.create(estate=estate, code="9"), 12)
    assert plan.fill_month(now) == 0


@pytest.mark.parametrize("count", [13, 39])
def test_full_month_costs_few_queries(butler, building, now, count, django_assert_max_num_queries):
    add_units(building, count)
    plan.fill_month(now)
    with django_assert_max_num_queries(8):
        plan.fill_month(now)
