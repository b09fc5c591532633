from datetime import date

import pytest

from rulebook.actions import remove_day
from rulebook.models import SOP, DayOverride, NumberVersion, WorkWindow
from rulebook.seed import seed
from rulebook.sops import SOPS

pytestmark = pytest.mark.django_db


def test_fresh_database_has_the_fifteen_procedures():
    assert [(sop.code, sop.name) for sop in SOP.objects.all()] == [sop[:2] for sop in SOPS]
    assert SOP.objects.count() == 15


def test_fresh_database_works_in_office_hours():
    assert WorkWindow.objects.count() == 10
    assert str(WorkWindow.objects.filter(weekday=4).last()) == "4 13:30-17:30"


def test_fresh_database_has_no_number_versions():
    assert not NumberVersion.objects.exists()


@pytest.mark.parametrize("day", [date(2026, 2, 14), date(2026, 10, 10), date(2025, 9, 28)])
def test_make_up_days_are_working_days(day):
    assert DayOverride.objects.get(day=day).is_workday


def test_year_without_published_swaps_is_left_alone():
    assert not DayOverride.objects.filter(day__year=2027).exists()


def test_seeding_again_changes_nothing():
    def rows():
        return [
            list(model.objects.order_by("pk").values()) for model in (SOP, WorkWindow, DayOverride)
        ]

    before = rows()
    seed()
    assert rows() == before


def test_seeding_again_respects_the_manager(manager, now):
    changed = DayOverride.objects.get(day=date(2026, 10, 10))
    DayOverride.objects.filter(pk=changed.pk).update(is_workday=False)
    remove_day(DayOverride.objects.get(day=date(2026, 2, 14)), seen_version=1, by=manager, now=now)
    WorkWindow.objects.exclude(weekday=0).delete()
    seed()
    changed.refresh_from_db()
    assert not changed.is_workday
    assert not DayOverride.objects.filter(day=date(2026, 2, 14)).exists()
    assert WorkWindow.objects.count() == 2
