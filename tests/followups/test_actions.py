from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts import posts
from estates.models import Membership, Unit
from followups import actions
from followups.models import FollowUp
from history.models import Entry
from notifications import ledger
from notifications.models import Message
from tests.conftest import at, hire

MINUTE = timedelta(minutes=1)


def test_open_copies_the_limit_and_sets_the_warning(owe_one, desk, now):
    row = owe_one(owner=desk)
    assert row.due_at == at("2026-11-23 15:05")
    assert (row.limit_key, row.limit_seconds, row.limit_version) == ("repairs.dispatch", 300, 0)
    assert row.alert_at == at("2026-11-23 15:03:45")
    assert row.text == "转单: 3-2-1102 漏水"


def test_open_before_its_start_is_due_at_the_start(owe_one, now):
    assert owe_one(limit_key="", due_at=now - MINUTE).due_at == now


def test_open_counts_from_the_given_start(owe_one, now):
    assert owe_one(start=now - 3 * MINUTE).due_at == now + 2 * MINUTE


def test_open_twice_is_refused_until_the_first_is_met(owe_one, unit, desk, now):
    owe_one()
    with pytest.raises(ValidationError, match="已经有一项"):
        owe_one()
    assert actions.meet(unit, "sample.dispatch", by=desk, now=now)
    owe_one()
    assert FollowUp.objects.count() == 2


def test_open_with_a_missing_title_parameter_fails_at_once(owe_one):
    with pytest.raises(KeyError, match="what"):
        owe_one(params={})


def test_open_of_an_undeclared_kind_fails_at_once(owe_one):
    with pytest.raises(KeyError, match=r"sample\.nothing"):
        owe_one(kind="sample.nothing")


def test_meet_keeps_who_and_when_and_is_done_once(owe_one, unit, desk, desk2, now):
    row = owe_one(owner=desk)
    assert actions.meet(unit, "sample.dispatch", by=desk2, now=now + MINUTE)
    assert not actions.meet(unit, "sample.dispatch", by=desk, now=now + 2 * MINUTE)
    row.refresh_from_db()
    assert (row.done_by, row.done_at, row.alert_at) == (desk2, now + MINUTE, None)
    assert row.was_kept


def test_meet_late_is_missed_whatever_a_scan_saw(owe_one, unit, desk, now):
    row = owe_one(owner=desk)
    actions.meet(unit, "sample.dispatch", by=desk, now=now + 6 * MINUTE)
    row.refresh_from_db()
    assert row.was_kept is False


def test_cancel_ends_the_named_kinds_only(owe_one, unit, now):
    owe_one()
    owe_one(kind="sample.callback")
    assert actions.cancel(unit, "sample.dispatch", now=now) == 1
    assert [row.kind for row in FollowUp.objects.open()] == ["sample.callback"]
    assert actions.cancel(unit, now=now) == 1
    assert actions.cancel(unit, now=now) == 0


def test_move_raises_the_generation_and_forgets_the_ladder(owe_one, unit, desk, now):
    row = owe_one(owner=desk)
    FollowUp.objects.filter(pk=row.pk).update(level=2, repeat=1, taken_by=desk, taken_at=now)
    moved = actions.move(unit, "sample.dispatch", due_at=now + 60 * MINUTE, now=now + 20 * MINUTE)
    assert (moved.generation, moved.level, moved.repeat, moved.taken_by) == (2, -1, 0, None)
    # 40 minutes are given from the move on; a quarter of them is left at 15:50.
    assert moved.alert_at == at("2026-11-23 15:50")


def test_move_to_the_same_moment_alerts_no_second_time(owe_one, unit, now):
    row = owe_one()
    same = actions.move(unit, "sample.dispatch", due_at=row.due_at, now=now)
    assert same.generation == 1


def test_pause_of_a_clock_that_may_not_wait_is_refused(owe_one, unit, now):
    owe_one()
    with pytest.raises(ValidationError, match="不能暂停"):
        actions.pause(
            unit, "sample.dispatch", reason="等配件", look_again_at=now + 60 * MINUTE, now=now
        )


@pytest.mark.parametrize(
    ("reason", "minutes", "field"), [("  ", 60, "reason"), ("等配件", 0, "look_again_at")]
)
def test_pause_needs_a_reason_and_a_later_moment(owe_one, unit, now, reason, minutes, field):
    owe_one(kind="sample.callback")
    with pytest.raises(ValidationError) as refused:
        actions.pause(
            unit,
            "sample.callback",
            reason=reason,
            look_again_at=now + minutes * MINUTE,
            now=now,
        )
    assert list(refused.value.message_dict) == [field]


def test_resume_shifts_the_moment_by_the_wait(owe_one, unit, desk, now):
    row = owe_one(kind="sample.callback", limit_key="", due_at=now + 60 * MINUTE, owner=desk)
    actions.pause(
        unit,
        "sample.callback",
        reason="等业主回家",
        look_again_at=now + 90 * MINUTE,
        now=now + 10 * MINUTE,
        by=desk,
    )
    row = actions.resume(unit, "sample.callback", now=now + 40 * MINUTE, by=desk)
    assert row.due_at == now + 90 * MINUTE
    assert (row.paused_at, row.paused_seconds, row.generation) == (None, 1800, 2)
    # The limit is still an hour, so the warning comes 15 minutes before.
    assert row.alert_at == now + 75 * MINUTE
    events = Entry.objects.about(row).values_list("event", flat=True)
    assert list(events) == ["followup.resumed", "followup.paused"]


def test_meet_while_paused_counts_the_wait_as_waiting(owe_one, unit, desk, now):
    row = owe_one(kind="sample.callback", limit_key="", due_at=now + 60 * MINUTE)
    later = now + 300 * MINUTE
    actions.pause(
        unit, "sample.callback", reason="等业主回家", look_again_at=later, now=now + 59 * MINUTE
    )
    actions.meet(unit, "sample.callback", by=desk, now=now + 200 * MINUTE)
    row.refresh_from_db()
    assert row.was_kept
    assert row.paused_seconds == 141 * 60


def test_take_over_stops_the_ladder_and_the_second_is_told_who(
    owe_one, unit, desk, assistant, manager, now
):
    row = owe_one(owner=desk)
    late = now + 10 * MINUTE
    actions.take_over(row, by=assistant, now=late)
    row.refresh_from_db()
    assert (row.taken_by, row.owner, row.alert_at) == (assistant, desk, None)
    with pytest.raises(ValidationError, match="赵静已经接手"):
        actions.take_over(row, by=manager, now=late)


def test_take_over_by_two_from_stale_pages_names_the_faster(owe_one, desk, desk2, now):
    first = owe_one()
    second = FollowUp.objects.get(pk=first.pk)
    actions.take_over(first, by=desk, now=now)
    with pytest.raises(ValidationError, match="张敏已经接手"):
        actions.take_over(second, by=desk2, now=now)
    first.refresh_from_db()
    assert first.owner == desk


def test_take_over_of_what_nobody_was_named_for_makes_it_his(owe_one, desk, now):
    row = actions.take_over(owe_one(), by=desk, now=now)
    # Now he owes it like anybody named: warned, and told at the moment itself.
    assert (row.owner, row.alert_at) == (desk, at("2026-11-23 15:03:45"))


def test_hand_to_tells_the_new_owner_only_once_the_ladder_has_begun(
    owe_one, unit, desk, desk2, now
):
    row = owe_one(owner=desk)
    actions.hand_to(unit, "sample.dispatch", owner=desk2, now=now)
    assert not Message.objects.exists()
    FollowUp.objects.filter(pk=row.pk).update(level=1)
    ledger.owe("x", to=desk2, title="x", now=now, followup_id=row.pk)
    actions.hand_to(unit, "sample.dispatch", owner=desk, now=now)
    assert [m.recipient for m in Message.objects.unread()] == [desk]
    assert [m.recipient for m in Message.objects.filter(withdrawn_at__isnull=False)] == [desk2]


def test_hand_all_moves_everything_in_one_step(owe_one, unit, estate, desk, desk2, manager, now):
    owe_one(owner=desk)
    owe_one(kind="sample.callback", owner=desk)
    done = Unit.objects.create(estate=estate, building=unit.building, room="1", code="3-1")
    owe_one(subject=done, owner=desk)
    actions.meet(done, "sample.dispatch", by=desk, now=now)
    assert actions.hand_all(desk, desk2, by=manager, now=now) == 2
    assert FollowUp.objects.open().filter(owner=desk2).count() == 2
    assert FollowUp.objects.filter(owner=desk).count() == 1
    assert [str(m) for m in Message.objects.all()] == ["张敏把2项跟进移交给您"]


def test_hand_all_to_somebody_of_another_estate_is_refused(owe_one, desk, outsider, manager, now):
    owe_one(owner=desk)
    with pytest.raises(ValidationError, match="外人不属于亚美花园"):
        actions.hand_all(desk, outsider, by=manager, now=now)
    assert FollowUp.objects.get().owner == desk


def test_hand_all_to_somebody_who_left_is_refused(owe_one, estate, desk, manager, now):
    gone = hire("gone", "离职", posts.FRONT_DESK, estates=[estate])
    gone.is_active = False
    gone.save()
    owe_one(owner=desk)
    with pytest.raises(ValidationError, match="已停用"):
        actions.hand_all(desk, gone, by=manager, now=now)
    assert Membership.objects.filter(staff=gone).exists()


def test_owe_is_once_per_key(desk, now):
    assert ledger.owe("a:1", to=desk, title="x", now=now)
    assert not ledger.owe("a:1", to=desk, title="y", now=now)
    assert [m.title for m in Message.objects.all()] == ["x"]
