"""The work itself: there, waiting, late, done."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from followups.models import FollowUp
from history.models import Entry
from notifications.models import Message
from repairs import actions, followups
from repairs.models import Promise
from repairs.statuses import Status
from tests.conftest import at
from tests.repairs.factories import write_slip

MINUTE = timedelta(minutes=1)
TOMORROW = at("2026-11-24 10:00")


def open_row(repair, kind):
    return FollowUp.objects.open().about(repair).get(kind=kind)


@pytest.mark.clause("REP-8", "REP-7")
def test_the_butler_follows_a_home_repair_on_the_spot(crew, butler, now):
    repair = crew.slip(Status.IN_PROGRESS, now=now)
    assert open_row(repair, followups.ONSITE).owner == butler
    actions.arrive(repair, by=crew.repairer, now=now + 5 * MINUTE)
    assert Message.objects.filter(recipient=butler).latest("pk").text.startswith("维修人员已到场")
    with pytest.raises(ValidationError):
        actions.onsite_check(repair, note="", by=butler, now=now)
    actions.onsite_check(repair, note="看着换好的", by=butler, now=now + 9 * MINUTE)
    done = FollowUp.objects.about(repair).get(kind=followups.ONSITE)
    assert (done.done_by, done.was_kept) == (butler, True)
    with pytest.raises(ValidationError):
        actions.onsite_check(repair, note="再看", by=butler, now=now + 10 * MINUTE)


def test_a_public_place_has_no_onsite_check(crew, now):
    repair = crew.slip(Status.ACCEPTED, now=now, unit=None)
    kinds = [row.kind for row in FollowUp.objects.open().about(repair)]
    assert sorted(kinds) == [followups.ARRIVE, followups.FINISH]


@pytest.mark.clause("MAN-8")
def test_no_waiting_moves_the_promise(crew, now):
    repair = crew.slip(Status.IN_PROGRESS, now=now)
    promise = repair.promised_at
    arrive_by = open_row(repair, followups.ARRIVE).due_at
    actions.wait_for(
        repair, status="waiting_parts", reason="等阀芯", look_again_at=TOMORROW,
        by=crew.repairer, now=now + 5 * MINUTE,
    )  # fmt: skip
    arrival = open_row(repair, followups.ARRIVE)
    assert (arrival.paused_at, arrival.pause_reason) == (now + 5 * MINUTE, "等阀芯")
    assert open_row(repair, followups.FINISH).due_at == promise
    assert open_row(repair, followups.FINISH).paused_at is None
    check = open_row(repair, followups.NEXT_CHECK)
    assert (check.owner, check.due_at) == (crew.repairer, TOMORROW)
    actions.resume(repair, by=crew.repairer, now=now + 65 * MINUTE)
    assert open_row(repair, followups.ARRIVE).due_at == arrive_by + timedelta(hours=1)
    assert open_row(repair, followups.FINISH).due_at == promise
    assert not FollowUp.objects.open().filter(kind=followups.NEXT_CHECK).exists()


@pytest.mark.parametrize(("reason", "when"), [("", TOMORROW), ("等件", at("2026-11-23 14:00"))])
def test_waiting_needs_a_reason_and_a_day_to_come(crew, now, reason, when):
    repair = crew.slip(Status.IN_PROGRESS, now=now)
    with pytest.raises(ValidationError):
        actions.wait_for(
            repair, status="outsourced", reason=reason, look_again_at=when,
            by=crew.repairer, now=now,
        )  # fmt: skip


def test_looked_and_still_waiting_has_a_new_day(crew, now):
    repair = crew.slip(Status.WAITING_PARTS, now=now)
    later = TOMORROW + timedelta(days=2)
    actions.look_again(repair, reason="供货慢", look_again_at=later, by=crew.repairer, now=TOMORROW)
    assert open_row(repair, followups.NEXT_CHECK).due_at == later
    assert (repair.wait_reason, repair.status) == ("供货慢", Status.WAITING_PARTS)


@pytest.mark.clause("REP-5")
def test_desk_says_when_resident_and_butler_were_told(crew, butler, now):
    repair = crew.slip(Status.ACCEPTED, now=now)
    late = now + 10 * MINUTE
    for missing in ("reason", "resident_told_at", "butler_told_at"):
        told = {"reason": "人手不够", "resident_told_at": late, "butler_told_at": late}
        with pytest.raises(ValidationError) as caught:
            actions.cannot_come(
                repair, new_promise=TOMORROW, by=crew.desk, now=late,
                **(told | {missing: "" if missing == "reason" else None}),
            )  # fmt: skip
        assert list(caught.value.message_dict) == [missing]
    actions.cannot_come(
        repair, reason="人手不够", new_promise=TOMORROW, resident_told_at=late - MINUTE,
        butler_told_at=late, by=crew.desk, now=late,
    )  # fmt: skip
    repair.refresh_from_db()
    assert repair.status == Status.DELAYED
    assert (repair.resident_told_at, repair.butler_told_at) == (late - MINUTE, late)
    assert not FollowUp.objects.open().filter(kind=followups.TELL_RESIDENT).exists()
    entry = Entry.objects.about(repair).first()
    assert entry.detail["resident_told_at"] == "2026-11-23T15:09:00+08:00"


@pytest.mark.clause("REP-5")
def test_engineering_says_it_so_the_butler_knows_and_the_desk_owes_the_resident(crew, butler, now):
    repair = crew.slip(Status.IN_PROGRESS, now=now)
    actions.cannot_come(
        repair, reason="配件没到", new_promise=TOMORROW, by=crew.dispatcher, now=now + MINUTE
    )
    repair.refresh_from_db()
    assert (repair.butler_told_at, repair.resident_told_at) == (now + MINUTE, None)
    told = Message.objects.filter(recipient=butler).latest("pk")
    assert told.text == "工程不能按时到场: 3-2-1102 厨房水龙头漏水"
    row = open_row(repair, followups.TELL_RESIDENT)
    assert (row.owner_post, row.due_at) == ("front_desk", now + 6 * MINUTE)
    actions.resident_told(repair, by=crew.desk, now=now + 3 * MINUTE)
    repair.refresh_from_db()
    assert repair.resident_told_at == now + 3 * MINUTE
    with pytest.raises(ValidationError):
        actions.resident_told(repair, by=crew.desk, now=now + 4 * MINUTE)


@pytest.mark.clause("REP-5", "MAN-8")
def test_delay_is_a_new_promise_and_the_clocks_follow_it(crew, now):
    repair = crew.slip(Status.IN_PROGRESS, now=now)
    first = repair.promised_at
    actions.cannot_come(repair, reason="雨", new_promise=TOMORROW, by=crew.dispatcher, now=now)
    assert [(p.generation, p.promised_at) for p in Promise.objects.filter(repair=repair)] == [
        (1, first),
        (2, TOMORROW),
    ]
    for kind in (followups.ARRIVE, followups.FINISH):
        row = open_row(repair, kind)
        assert (row.due_at, row.generation) == (TOMORROW, 2)
    actions.continue_work(repair, by=crew.dispatcher, now=now)
    assert repair.status == Status.IN_PROGRESS


def test_going_on_after_a_delay_needs_somebody_to_go(crew, now):
    repair = crew.slip(Status.DELAYED, now=now)
    with pytest.raises(ValidationError):
        actions.continue_work(repair, by=crew.dispatcher, now=now)
    actions.assign(repair, repairer=crew.repairer, by=crew.dispatcher, now=now)
    assert repair.status == Status.IN_PROGRESS


@pytest.mark.clause("MAN-8")
def test_a_changed_promise_never_erases_the_old_one(crew, desk, now):
    repair = crew.slip(Status.ACCEPTED, now=now)
    with pytest.raises(ValidationError):
        actions.change_promise(repair, promised_at=TOMORROW, reason="", by=desk, now=now)
    with pytest.raises(ValidationError) as caught:
        actions.change_promise(
            repair, promised_at=at("2026-11-23 14:00"), reason="早点", by=desk, now=now
        )
    assert list(caught.value.message_dict) == ["promised_at"]
    actions.change_promise(
        repair, promised_at=TOMORROW, appointment_at=TOMORROW - timedelta(hours=1),
        reason="业户不在家", by=desk, now=now,
    )  # fmt: skip
    assert Promise.objects.filter(repair=repair).count() == 2
    assert (open_row(repair, followups.FINISH).due_at, repair.promised_at) == (TOMORROW, TOMORROW)
    assert open_row(repair, followups.ARRIVE).due_at == at("2026-11-24 08:55")


def test_finish_needs_a_word_on_what_was_done(crew, now):
    repair = crew.slip(Status.ARRIVED, now=now)
    with pytest.raises(ValidationError):
        actions.finish(repair, work_done=" ", by=crew.repairer, now=now)
    actions.finish(
        repair, cause="老化", work_done="换阀芯", labour_fee=Decimal("30"),
        materials=[{"name": "阀芯", "spec": "4分", "quantity": 2, "unit_price": Decimal("12.5")}],
        resident_opinion="satisfied", resident_signed="王秀梅", by=crew.repairer, now=now,
    )  # fmt: skip
    repair.refresh_from_db()
    assert (repair.material_fee, repair.total_fee) == (Decimal("25.00"), Decimal("55.00"))
    assert (repair.resident_opinion, repair.resident_signed) == ("satisfied", "王秀梅")
    assert open_row(repair, followups.RETURN).due_at == now + timedelta(hours=4)


def test_undo_of_finish_brings_the_promise_back(crew, now):
    repair = crew.slip(Status.FINISHED, now=now)
    actions.undo_finish(repair, by=crew.repairer, now=now + MINUTE)
    repair.refresh_from_db()
    assert (repair.status, repair.finished_at) == (Status.ARRIVED, None)
    row = open_row(repair, followups.FINISH)
    assert (row.due_at, row.owner) == (repair.promised_at, crew.repairer)


def test_materials_and_fees_follow_each_other(crew, now):
    repair = crew.slip(Status.ARRIVED, now=now)
    row = actions.add_material(
        repair, name="胶带", quantity=2, unit_price=Decimal("3.5"), by=crew.repairer, now=now
    )
    assert repair.material_fee == Decimal("7.00")
    with pytest.raises(ValidationError):
        actions.add_material(repair, name="x", quantity=0, unit_price=1, by=crew.repairer, now=now)
    other = write_slip(crew.estate, by=crew.desk, now=now)
    with pytest.raises(ValidationError):
        actions.remove_material(other, material=row, by=crew.repairer, now=now)
    actions.remove_material(repair, material=row, by=crew.repairer, now=now)
    assert repair.material_fee == 0
    with pytest.raises(ValidationError):
        actions.set_fees(repair, labour_fee=Decimal(-1), by=crew.repairer, now=now)
