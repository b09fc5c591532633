"""The slip between the desk and engineering (REP-3, REP-4)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from followups.models import FollowUp
from history.models import Entry
from notifications.models import Message
from repairs import actions, followups
from repairs.models import Repair
from repairs.statuses import Status
from services.models import ServiceItem
from tests.repairs.factories import write_slip

MINUTE = timedelta(minutes=1)


def open_row(repair, kind):
    return FollowUp.objects.open().about(repair).get(kind=kind)


@pytest.mark.clause("REP-4")
def test_both_sides_of_the_handover_are_kept(crew, now):
    repair = crew.slip(Status.DISPATCHED, now=now)
    row = open_row(repair, followups.ACCEPT)
    assert (row.owner, row.owner_post, row.due_at) == (None, "eng_dispatcher", now + 5 * MINUTE)
    actions.accept(repair, by=crew.dispatcher, now=now + MINUTE)
    repair.refresh_from_db()
    assert (repair.dispatched_by, repair.dispatched_at) == (crew.desk, now)
    assert (repair.accepted_by, repair.accepted_at) == (crew.dispatcher, now + MINUTE)


def test_an_emergency_is_accepted_in_two_minutes_and_reached_in_thirty_from_the_call(crew, now):
    repair = crew.slip(now=now, priority="emergency")
    actions.dispatch(repair, by=crew.desk, now=now + MINUTE)
    assert open_row(repair, followups.ACCEPT).due_at == now + 3 * MINUTE
    assert open_row(repair, followups.ACCEPT).urgent is True
    actions.accept(repair, by=crew.dispatcher, now=now + 2 * MINUTE)
    assert open_row(repair, followups.ARRIVE).due_at == now + 30 * MINUTE


def test_arrival_is_fifteen_minutes_from_acceptance_but_never_after_the_promise(crew, now):
    repair = crew.slip(Status.DISPATCHED, now=now)
    actions.accept(repair, by=crew.dispatcher, now=now + MINUTE)
    assert open_row(repair, followups.ARRIVE).due_at == now + 16 * MINUTE
    soon = crew.slip(Status.DISPATCHED, now=now, promised_at=now + 10 * MINUTE)
    actions.accept(soon, by=crew.dispatcher, now=now + MINUTE)
    assert open_row(soon, followups.ARRIVE).due_at == now + 10 * MINUTE


def test_an_appointment_is_reached_five_minutes_before(crew, now):
    there = now + timedelta(hours=20)
    repair = crew.slip(Status.ACCEPTED, now=now, appointment_at=there, priority="appointment")
    assert open_row(repair, followups.ARRIVE).due_at == there - 5 * MINUTE


@pytest.mark.clause("REP-4")
def test_verbal_acceptance_keeps_name_and_moment(crew, now):
    repair = crew.slip(Status.DISPATCHED, now=now)
    for name, moment in (("", now + MINUTE), ("老马", now - MINUTE), ("老马", now + 9 * MINUTE)):
        with pytest.raises(ValidationError):
            actions.accept_verbally(
                repair, name=name, at=moment, by=crew.desk, now=now + 2 * MINUTE
            )
    actions.accept_verbally(
        repair, name="老马", at=now + MINUTE, by=crew.desk, now=now + 2 * MINUTE
    )
    repair.refresh_from_db()
    assert (repair.accepted_verbally_by, repair.accepted_by) == ("老马", crew.desk)
    assert repair.accepted_at == now + MINUTE
    row = FollowUp.objects.about(repair).get(kind=followups.ACCEPT)
    assert row.done_at == now + MINUTE


def test_a_repairer_who_accepts_takes_the_job(crew, now):
    repair = crew.slip(Status.DISPATCHED, now=now)
    actions.accept(repair, by=crew.repairer, now=now)
    repair.refresh_from_db()
    assert (repair.status, repair.repairer) == (Status.IN_PROGRESS, crew.repairer)
    assert open_row(repair, followups.ARRIVE).owner == crew.repairer


def test_recall_wins_no_time_and_ends_after_five_minutes(crew, now):
    repair = crew.slip(now=now)
    actions.dispatch(repair, by=crew.desk, now=now + 2 * MINUTE)
    late = Repair.objects.get(pk=repair.pk)
    with pytest.raises(ValidationError):
        actions.recall(late, by=crew.desk, now=now + 8 * MINUTE)
    actions.recall(repair, by=crew.desk, now=now + 4 * MINUTE)
    repair.refresh_from_db()
    assert (repair.status, repair.dispatched_at) == (Status.TO_DISPATCH, None)
    row = open_row(repair, followups.DISPATCH)
    assert (row.started_at, row.due_at) == (now, now + 5 * MINUTE)
    assert [r.kind for r in FollowUp.objects.open().about(repair)] == [followups.DISPATCH]


def test_recall_after_acceptance_is_refused(crew, now):
    repair = crew.slip(Status.ACCEPTED, now=now)
    with pytest.raises(ValidationError) as caught:
        actions.recall(repair, by=crew.desk, now=now + MINUTE)
    assert caught.value.messages == ["老马 1 分钟前已接单。页面已更新, 您写的内容还在"]


def test_refusal_goes_back_to_the_sender_with_its_reason_and_a_new_clock(crew, now):
    repair = crew.slip(Status.DISPATCHED, now=now)
    with pytest.raises(ValidationError):
        actions.refuse(repair, reason=" ", by=crew.dispatcher, now=now)
    actions.refuse(repair, reason="属于绿化", by=crew.dispatcher, now=now + 3 * MINUTE)
    row = open_row(repair, followups.DISPATCH)
    assert (row.owner, row.due_at) == (crew.desk, now + 8 * MINUTE)
    told = Message.objects.get(recipient=crew.desk)
    assert told.text == "工程退回: 3-2-1102 厨房水龙头漏水 (属于绿化)"


def test_undo_of_accept_is_for_the_one_who_accepted(crew, engmanager, now):
    repair = crew.slip(Status.ACCEPTED, now=now)
    with pytest.raises(ValidationError):
        actions.undo_accept(repair, by=engmanager, now=now + MINUTE)
    actions.undo_accept(repair, by=crew.dispatcher, now=now + MINUTE)
    repair.refresh_from_db()
    assert (repair.status, repair.accepted_at) == (Status.DISPATCHED, None)
    assert [r.kind for r in FollowUp.objects.open().about(repair)] == [followups.ACCEPT]
    assert open_row(repair, followups.ACCEPT).due_at == now + 5 * MINUTE


def test_what_is_paid_and_not_in_the_price_list_is_priced_first(crew, now):
    repair = crew.slip(Status.DISPATCHED, now=now, is_paid=True)
    actions.accept(repair, by=crew.dispatcher, now=now)
    assert repair.status == Status.ASSESSING
    row = open_row(repair, followups.ASSESS)
    assert (row.owner_post, row.due_at) == ("eng_manager", now + 15 * MINUTE)
    item = ServiceItem.objects.create(
        code="S1", name="换龙头", category="w", unit="个", is_paid=True
    )
    listed = crew.slip(Status.ACCEPTED, now=now, service_item=item)
    assert listed.status == Status.ACCEPTED


def test_price_is_named_then_agreed_then_work_goes_on(crew, now):
    repair = crew.slip(Status.ASSESSING, now=now)
    with pytest.raises(ValidationError):
        actions.agree(repair, by=crew.desk, now=now)
    actions.quote(repair, amount=80, by=crew.engmanager, now=now + 10 * MINUTE)
    assert open_row(repair, followups.AGREEMENT).owner_post == "front_desk"
    with pytest.raises(ValidationError):
        actions.quote(repair, amount=90, by=crew.engmanager, now=now + 11 * MINUTE)
    actions.agree(repair, by=crew.desk, now=now + 12 * MINUTE)
    repair.refresh_from_db()
    assert (repair.status, repair.labour_fee, repair.is_paid) == (Status.ACCEPTED, 80, True)


def test_arrival_rests_until_the_price_is_due_and_the_promise_does_not(crew, now):
    repair = crew.slip(Status.ACCEPTED, now=now)
    arrive_by, promise = open_row(repair, followups.ARRIVE).due_at, repair.promised_at
    actions.assess(repair, by=crew.dispatcher, now=now + MINUTE)
    arrival = open_row(repair, followups.ARRIVE)
    assert (arrival.paused_at, arrival.look_again_at) == (now + MINUTE, now + 16 * MINUTE)
    actions.quote(repair, amount=80, by=crew.engmanager, now=now + 5 * MINUTE)
    actions.agree(repair, by=crew.desk, now=now + 9 * MINUTE)
    assert open_row(repair, followups.ARRIVE).due_at == arrive_by + 8 * MINUTE
    assert open_row(repair, followups.FINISH).due_at == promise


def test_price_declined_ends_the_slip_with_its_reason(crew, now):
    repair = crew.slip(Status.ASSESSING, now=now)
    actions.decline(repair, reason="业户嫌贵", by=crew.desk, now=now)
    repair.refresh_from_db()
    assert (repair.status, repair.cancel_reason) == (Status.CANCELLED, "业户嫌贵")
    assert not FollowUp.objects.open().about(repair).exists()


def test_urging_rings_once_a_minute(crew, now):
    repair = crew.slip(Status.DISPATCHED, now=now)
    for seconds in (0, 20, 70):
        actions.urge(repair, by=crew.desk, now=now + timedelta(seconds=seconds))
    rung = Message.objects.filter(recipient=crew.dispatcher, rings=True)
    assert [m.text for m in rung] == ["催接: 3-2-1102 厨房水龙头漏水"] * 2


def test_assigning_somebody_of_another_estate_is_refused(crew, outsider, desk, now):
    repair = crew.slip(Status.ACCEPTED, now=now)
    for wrong in (outsider, desk):
        with pytest.raises(ValidationError):
            actions.assign(repair, repairer=wrong, by=crew.dispatcher, now=now)


def test_the_job_and_its_clocks_follow_the_repairer(crew, repairer2, now):
    repair = crew.slip(Status.IN_PROGRESS, now=now)
    actions.assign(repair, repairer=repairer2, by=crew.dispatcher, now=now + MINUTE)
    assert open_row(repair, followups.ARRIVE).owner == repairer2
    assert Entry.objects.about(repair).first().event == "repair.reassigned"
    assert Message.objects.get(recipient=repairer2).text == "派给您: 3-2-1102 厨房水龙头漏水"
    actions.undo_assign(repair, by=crew.dispatcher, now=now + 2 * MINUTE)
    row = open_row(repair, followups.FINISH)
    assert (row.owner, row.owner_post) == (None, "eng_dispatcher")


def test_written_by_the_butler_is_his_to_hand_over(estate, unit, butler, now):
    repair = write_slip(estate, by=butler, now=now, unit=unit)
    assert open_row(repair, followups.DISPATCH).owner == butler
    assert not Message.objects.exists()
