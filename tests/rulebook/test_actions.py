import threading
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from history.models import Entry
from rulebook import actions
from rulebook.limits import due, limit
from rulebook.models import DayOverride, NumberVersion, WorkWindow
from rulebook.provenance import standing
from rulebook.windows import fingerprint
from rulebook.workdays import load_calendar, years_without_data
from tests.conftest import at, hire

KEY = "repairs.dispatch"
MORNING = (time(8, 30), time(12))


def change(by, now, value="8", seen=0, note="按公司制度", **more):
    return actions.change_number(
        KEY, value=Decimal(value), note=note, seen_version=seen, by=by, now=now, **more
    )


@pytest.mark.django_db
class TestNumbers:
    def test_change_makes_a_version_in_force_at_once(self, manager, now):
        version = change(manager, now)
        assert (version.version, version.value, version.is_confirmed) == (1, 8, True)
        assert limit(KEY, at=now).value == 8
        assert limit(KEY, at=now - timedelta(seconds=1)).value == 5

    def test_change_is_remembered(self, manager, now):
        version = change(manager, now)
        entry = Entry.objects.about(version).get()
        assert (entry.event, entry.by_id) == ("rulebook.number_changed", manager.pk)
        assert (entry.detail["before"], entry.detail["value"]) == ("5", "8")

    def test_change_for_later_waits(self, manager, now):
        change(manager, now, effective_at=at("2026-12-01 00:00"))
        assert limit(KEY, at=now).version == 0
        assert limit(KEY, at=at("2026-12-01 00:00")).value == 8
        found = standing(KEY, at=now)
        assert not found.is_confirmed
        assert [version.value for version in found.planned] == [8]

    def test_change_leaves_a_deadline_given_earlier(self, manager, now):
        earlier = due(KEY, start=now)
        change(manager, now, value="30")
        assert earlier.due_at == at("2026-11-23 15:05")
        assert (earlier.seconds, earlier.version) == (300, 0)
        assert due(KEY, start=now).due_at == at("2026-11-23 15:30")

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ({"value": "0"}, "应在 1 分钟 到 60 分钟 之间"),
            ({"value": "61"}, "应在 1 分钟 到 60 分钟 之间"),
            ({"note": "  "}, "写明为什么改"),
            ({"effective_at": at("2026-11-23 14:59")}, "已经过了"),
        ],
    )
    def test_change_that_will_not_do_is_refused(self, manager, now, wrong, message):
        with pytest.raises(ValidationError, match=message):
            change(manager, now, **wrong)
        assert not NumberVersion.objects.exists()
        assert not Entry.objects.exists()

    def test_change_of_a_count_must_be_whole(self, manager, now):
        with pytest.raises(ValidationError, match="整数"):
            actions.change_number(
                "repairs.callback_tries", value=Decimal("2.5"), note="试", seen_version=0,
                by=manager, now=now,
            )  # fmt: skip

    def test_change_to_the_same_value_is_refused_once_confirmed(self, manager, now):
        change(manager, now)
        with pytest.raises(ValidationError, match="相同"):
            change(manager, now, seen=1)

    def test_second_manager_is_told_who_was_faster(self, manager, gm, now):
        change(manager, now)
        with pytest.raises(actions.StaleError, match="周经理刚把它定为 8 分钟"):
            change(gm, now, value="10")
        assert limit(KEY, at=now).value == 8

    def test_confirming_the_default_keeps_its_value(self, manager, now):
        version = actions.confirm_number(KEY, seen_version=0, by=manager, now=now)
        assert (version.version, version.value) == (1, 5)
        assert standing(KEY, at=now).is_confirmed
        assert Entry.objects.about(version).get().event == "rulebook.number_confirmed"

    def test_confirming_twice_is_refused(self, manager, now):
        actions.confirm_number(KEY, seen_version=0, by=manager, now=now)
        with pytest.raises(ValidationError, match="已经核定"):
            actions.confirm_number(KEY, seen_version=1, by=manager, now=now)

    def test_confirming_a_value_changed_meanwhile_is_refused(self, manager, now):
        change(manager, now, effective_at=at("2026-12-01 00:00"))
        with pytest.raises(actions.StaleError):
            actions.confirm_number(KEY, seen_version=0, by=manager, now=now)


@pytest.mark.django_db(transaction=True)
def test_two_managers_at_the_same_moment_one_is_told():
    if connection.vendor == "sqlite":
        pytest.skip("an in-memory database has one connection; the race is run on PostgreSQL")
    managers = [hire(f"m{n}", f"经理{n}", "cs_manager") for n in (1, 2)]
    together = threading.Barrier(2, timeout=10)
    results = []

    def work(manager, value):
        try:
            together.wait()
            results.append(change(manager, timezone.now(), value=value).value)
        except actions.StaleError as refusal:
            results.append(refusal.messages[0])
        finally:
            connection.close()

    threads = [
        threading.Thread(target=work, args=pair) for pair in zip(managers, ("8", "9"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    kept = NumberVersion.objects.get()
    assert kept.value in results
    told = next(result for result in results if isinstance(result, str))
    assert kept.by.name in told


@pytest.mark.django_db(transaction=True)
def test_number_race_lost_at_the_constraint_is_told(manager, gm, now):
    """Both read version 0; the other one's row is written between reading and writing."""
    found = standing(KEY, at=now)
    change(gm, now)
    with transaction.atomic(), pytest.raises(actions.StaleError, match="郑总"):
        actions._add_version(found, Decimal(9), now, "试", by=manager, now=now)
    assert NumberVersion.objects.get().value == 8


@pytest.mark.django_db
class TestCalendar:
    def test_week_is_replaced(self, manager, now):
        seen = fingerprint(actions.week_of_now())
        actions.set_week({0: [MORNING], 6: [(time(20), time(8))]}, seen=seen, by=manager, now=now)
        assert actions.week_of_now() == {0: [MORNING], 6: [(time(20), time(8))]}
        entry = Entry.objects.get()
        assert entry.event == "rulebook.week_set"
        assert entry.detail["before"] == seen

    def test_week_changed_meanwhile_is_refused(self, manager, now):
        seen = fingerprint(actions.week_of_now())
        actions.set_week({0: [MORNING]}, seen=seen, by=manager, now=now)
        with pytest.raises(actions.StaleError):
            actions.set_week({1: [MORNING]}, seen=seen, by=manager, now=now)
        assert actions.week_of_now() == {0: [MORNING]}

    def test_week_that_will_not_do_changes_nothing(self, manager, now):
        seen = fingerprint(actions.week_of_now())
        with pytest.raises(ValidationError):
            actions.set_week({}, seen=seen, by=manager, now=now)
        assert WorkWindow.objects.count() == 10

    def test_day_added_counts_at_once(self, manager, now):
        day = date(2026, 11, 24)
        actions.add_day(
            day=day, is_workday=False, name="店庆", source="公司安排", by=manager, now=now
        )
        assert not load_calendar().is_workday(day)
        assert Entry.objects.get().detail["day"] == "2026-11-24"

    def test_day_listed_already_is_refused(self, manager, now):
        with pytest.raises(ValidationError, match="已在表里"):
            actions.add_day(
                day=date(2026, 10, 1), is_workday=True, name="", source="", by=manager, now=now
            )
        assert not DayOverride.objects.get(day=date(2026, 10, 1)).is_workday

    def test_day_changed_by_two_keeps_the_first(self, manager, now):
        override = DayOverride.objects.get(day=date(2026, 10, 10))
        what = {"name": "公司决定", "source": "", "seen_version": 1, "by": manager, "now": now}
        actions.change_day(override, is_workday=False, **what)
        with pytest.raises(actions.StaleError):
            actions.change_day(override, is_workday=True, **what)
        assert not load_calendar().is_workday(date(2026, 10, 10))

    def test_day_removed_follows_its_weekday(self, manager, now):
        override = DayOverride.objects.get(day=date(2026, 10, 10))
        actions.remove_day(override, seen_version=1, by=manager, now=now)
        assert not load_calendar().is_workday(date(2026, 10, 10))
        assert Entry.objects.get().event == "rulebook.day_removed"

    def test_day_changed_meanwhile_is_not_removed(self, manager, now):
        override = DayOverride.objects.get(day=date(2026, 10, 10))
        DayOverride.objects.filter(pk=override.pk).update(version=2)
        with pytest.raises(actions.StaleError):
            actions.remove_day(override, seen_version=1, by=manager, now=now)
        assert DayOverride.objects.filter(pk=override.pk).exists()


@pytest.mark.django_db
def test_working_days_follow_the_calendar_in_two_queries(now, django_assert_max_num_queries):
    DayOverride.objects.create(day=date(2026, 11, 24), is_workday=False)
    with django_assert_max_num_queries(2):
        found = due("complaints.first_reply", start=now)
    assert found.due_at == at("2026-11-25 17:30")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("today", "missing"),
    [
        (date(2026, 10, 31), []),
        (date(2026, 11, 1), [2027]),
        (date(2027, 1, 4), [2027]),
        (date(2027, 12, 1), [2027, 2028]),
    ],
)
def test_years_without_data_are_announced_from_november(today, missing):
    assert years_without_data(load_calendar(), today) == missing
