from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from accounts import posts
from accounts.models import Leave, Staff
from estates.models import Unit
from followups import actions
from followups.models import FollowUp, Scan
from followups.scan import Scanner, ScanResult, scan
from notifications import ledger
from notifications.models import Message
from tests.conftest import at, hire

MINUTE = timedelta(minutes=1)


def told(**filters):
    """Who was told at which level, from the inboxes."""
    rows = Message.objects.filter(**filters).order_by("pk")
    return {(m.recipient.name, m.why["level"], m.why["repeat"]) for m in rows}


@pytest.fixture
def many(owe_one, estate, building, desk):
    """``many(5)``: as many units, each with a dispatch clock that ``desk`` owes."""

    def make(count, **fields):
        return [
            owe_one(
                subject=Unit.objects.create(
                    estate=estate, building=building, room=str(n), code=f"3-9-{n:04}"
                ),
                **{"owner": desk} | fields,
            )
            for n in range(count)
        ]

    return make


def test_scan_tells_the_owner_then_the_lead_then_up_the_line(owe_one, desk, now):
    owe_one(owner=desk)
    assert scan(now).told == 0
    scan(now + 4 * MINUTE)
    assert told() == {("张敏", 0, 0)}
    scan(now + 5 * MINUTE)
    assert told(why__level=1) == {("张敏", 1, 0), ("赵静", 1, 0)}
    scan(now + 15 * MINUTE)
    assert told(why__level=2) == {("周经理", 2, 0)}
    scan(now + 45 * MINUTE)
    assert told(why__level=3) == {("郑总", 3, 0)}
    scan(now + 75 * MINUTE)
    assert told(why__level=3) == {("郑总", 3, 0), ("郑总", 3, 1)}
    assert Message.objects.count() == 6


def test_scan_twice_tells_once(owe_one, desk, now):
    owe_one(owner=desk)
    assert [scan(now + 5 * MINUTE).told for _ in range(5)] == [2, 0, 0, 0, 0]


def test_scan_of_what_nobody_is_named_for_tells_the_post_and_the_lead_at_once(
    owe_one, desk, desk2, outsider, night, now
):
    owe_one()
    scan(now + 4 * MINUTE)
    assert told() == {("张敏", 0, 0), ("李倩", 0, 0), ("赵静", 0, 0)}


def test_scan_of_what_is_taken_over_tells_nobody_any_more(owe_one, desk, assistant, now):
    row = owe_one(owner=desk)
    scan(now + 5 * MINUTE)
    row.refresh_from_db()
    actions.take_over(row, by=assistant, now=now + 6 * MINUTE)
    assert scan(now + 300 * MINUTE).told == 0


def test_scan_tells_the_deputy_of_somebody_on_leave(owe_one, desk, desk2, now):
    Leave.objects.create(
        staff=desk, deputy=desk2, starts_at=now - 60 * MINUTE, ends_at=now + 600 * MINUTE
    )
    owe_one(owner=desk)
    scan(now + 4 * MINUTE)
    assert told() == {("李倩", 0, 0)}
    assert Message.objects.get().why["instead_of"] == "张敏"


def test_scan_tells_nobody_whose_account_is_off(owe_one, desk, now):
    desk.is_active = False
    desk.save()
    owe_one(owner=desk)
    scan(now + 5 * MINUTE)
    assert "张敏" not in {name for name, _level, _repeat in told()}
    assert ("赵静", 1, 0) in told()


def test_scan_tells_nobody_of_another_estate(owe_one, other_estate, desk, now):
    stranger = hire("boss", "外地经理", posts.CS_ASSISTANT, estates=[other_estate])
    desk.superior = stranger
    desk.save()
    owe_one(owner=desk)
    scan(now + 60 * MINUTE)
    assert "外地经理" not in {name for name, _level, _repeat in told()}


def test_scan_in_quiet_hours_holds_what_is_not_urgent_until_eight(owe_one, unit, desk):
    evening = at("2026-11-23 20:50")
    owe_one(
        kind="sample.callback",
        owner=desk,
        now=evening,
        limit_key="",
        due_at=evening + 30 * MINUTE,
    )
    owe_one(owner=desk, now=evening, urgent=True)
    for minutes in range(0, 300, 5):
        scan(evening + minutes * MINUTE)
    assert set(Message.objects.values_list("why__rule", flat=True)) == {"sample.dispatch"}
    scan(at("2026-11-24 07:59"))
    assert not Message.objects.filter(why__rule="sample.callback").exists()
    scan(at("2026-11-24 08:00"))
    assert told(why__rule="sample.callback") == {("张敏", 1, 0), ("赵静", 1, 0)}


@pytest.mark.parametrize(("hours", "repeat"), [(3, 5), (72, 143)])
def test_scan_after_an_outage_tells_each_person_once_at_the_highest_level(
    many, desk, now, hours, repeat
):
    rows = many(3)
    assert scan(now + timedelta(hours=hours)).told == 12
    for row in rows:
        assert told(followup_id=row.pk) == {
            (name, 3, repeat - 1) for name in ("张敏", "赵静", "周经理", "郑总")
        }


def test_scan_when_the_clock_stepped_back_tells_nobody_again(many, now):
    many(3)
    scan(now + 5 * MINUTE)
    assert scan(now - 5 * MINUTE).told == 0
    assert scan(now + 5 * MINUTE).told == 0
    assert Scan.objects.get().at == now + 5 * MINUTE


def test_scan_sets_a_poisoned_row_aside_and_tells_the_others(many, now):
    rows = many(300)
    FollowUp.objects.filter(pk=rows[7].pk).update(params={})
    FollowUp.objects.filter(pk=rows[8].pk).update(kind="gone.kind")
    result = scan(now + 4 * MINUTE)
    assert sorted(result.aside) == [rows[7].pk, rows[8].pk]
    assert Message.objects.count() == 298
    bad = FollowUp.objects.get(pk=rows[8].pk)
    assert bad.fault == "KeyError: 'gone.kind'"
    assert bad.alert_at == now + 19 * MINUTE
    FollowUp.objects.filter(pk=bad.pk).update(kind="sample.dispatch")
    scan(now + 19 * MINUTE)
    bad.refresh_from_db()
    assert bad.fault == ""


def test_scan_isolates_the_row_that_the_database_refuses(many, now):
    rows = many(5)
    FollowUp.objects.filter(pk=rows[3].pk).update(url="/poison/")
    refuse_lines_about("/poison/")
    result = scan(now + 4 * MINUTE)
    assert result.aside == [rows[3].pk]
    assert set(Message.objects.values_list("followup_id", flat=True)) == {
        row.pk for row in rows if row != rows[3]
    }
    assert "poison" in FollowUp.objects.get(pk=rows[3].pk).fault
    assert result.told == 4


def refuse_lines_about(url):
    """From here on this test's database refuses messages with that address."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE TRIGGER poison BEFORE INSERT ON notifications_message"
                f" WHEN NEW.url = '{url}' BEGIN SELECT RAISE(ABORT, 'poison'); END"
            )
        else:
            cursor.execute(
                f"ALTER TABLE notifications_message ADD CONSTRAINT poison CHECK (url <> '{url}')"
            )


def test_scan_reminds_at_the_moment_to_look_again_and_ends_the_pause(owe_one, unit, desk, now):
    owe_one(kind="sample.callback", owner=desk, limit_key="", due_at=now + 60 * MINUTE)
    actions.pause(
        unit,
        "sample.callback",
        reason="等配件",
        look_again_at=now + 120 * MINUTE,
        now=now + 10 * MINUTE,
    )
    assert scan(now + 119 * MINUTE).told == 0
    scan(now + 120 * MINUTE)
    row = FollowUp.objects.get()
    assert told() == {("张敏", -1, 0)}
    assert (row.paused_at, row.paused_seconds) == (None, 110 * 60)
    assert row.due_at == now + 170 * MINUTE
    assert row.alert_at == now + 155 * MINUTE
    scan(now + 155 * MINUTE)
    assert ("张敏", 0, 0) in told()


def test_scan_after_a_move_may_tell_again(owe_one, unit, desk, now):
    row = owe_one(owner=desk)
    scan(now + 5 * MINUTE)
    actions.move(unit, "sample.dispatch", due_at=now + 65 * MINUTE, now=now + 5 * MINUTE)
    assert scan(now + 6 * MINUTE).told == 0
    assert not Message.objects.unread().exists()
    scan(now + 65 * MINUTE)
    keys = Message.objects.unread().filter(recipient=desk).values_list("key", flat=True)
    assert list(keys) == [f"{row.pk}:2:1:0:{desk.pk}"]


def test_scan_after_it_was_met_tells_nobody(owe_one, unit, desk, now):
    owe_one(owner=desk)
    actions.meet(unit, "sample.dispatch", by=desk, now=now)
    assert scan(now + 60 * MINUTE).told == 0


@pytest.mark.parametrize("event", ["met", "moved", "handed"])
def test_what_changed_between_claim_and_send_is_not_sent_to_the_wrong_person(
    owe_one, unit, desk, desk2, now, event
):
    Staff.objects.filter(pk=desk.pk).update(email="desk@example.org")
    owe_one(owner=desk)
    late = now + 4 * MINUTE
    Scanner.at(late).work_off_batch(ScanResult())
    assert ledger.hand_outside(late) == 1
    if event == "met":
        actions.meet(unit, "sample.dispatch", by=desk, now=late)
    elif event == "moved":
        actions.move(unit, "sample.dispatch", due_at=late + 60 * MINUTE, now=late)
    else:
        actions.hand_to(unit, "sample.dispatch", owner=desk2, now=late)
    assert ledger.deliver(late) == 0
    assert mail.outbox == []
    assert not Message.objects.unread().filter(recipient=desk).exists()


def test_scan_survives_an_app_that_cannot_open_what_is_due(settings, owe_one, desk, now):
    settings.FOLLOWUP_MODULES = ["tests.followups.broken", *settings.FOLLOWUP_MODULES]
    owe_one(owner=desk)
    result = scan(now + 5 * MINUTE)
    assert result.faults == {"tests.followups.broken": "RuntimeError: no calendar"}
    assert Scan.objects.get().faults == result.faults
    assert result.told == 2


def test_scan_with_nothing_due_asks_little(django_assert_max_num_queries, owe_one, desk, now):
    owe_one(owner=desk)
    scan(now)
    with django_assert_max_num_queries(8):
        scan(now)


@pytest.mark.parametrize("count", [1, 3])
def test_scan_asks_as_much_for_one_row_as_for_many(django_assert_max_num_queries, many, now, count):
    many(count)
    with django_assert_max_num_queries(30):
        scan(now + 5 * MINUTE)
