"""After the work: call-back, everybody's answer, filing, many callers (REP-6, REP-9, ARC-2)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from followups.models import FollowUp
from notifications.models import Message
from repairs import actions, followups
from repairs.models import Repair
from repairs.statuses import Status
from tests.conftest import at
from tests.repairs.factories import take_call, write_slip

MINUTE = timedelta(minutes=1)


def open_row(subject, kind):
    return FollowUp.objects.open().about(subject).get(kind=kind)


@pytest.mark.clause("REP-9")
def test_callback_of_a_home_is_owed_by_the_butler_of_the_area(crew, butler, now):
    repair = crew.slip(Status.RETURNED, now=now)
    row = open_row(repair, followups.CALLBACK)
    assert (row.owner, row.due_at) == (butler, now + timedelta(hours=24))


@pytest.mark.clause("REP-6")
def test_callback_of_a_public_place_is_owed_by_the_front_desk(crew, now):
    repair = crew.slip(Status.RETURNED, now=now, unit=None)
    row = open_row(repair, followups.CALLBACK)
    assert (row.owner, row.owner_post) == (None, "front_desk")


@pytest.mark.clause("REP-6", "ARC-2")
@pytest.mark.parametrize("status", [s for s in Status if s != Status.CALLED_BACK])
def test_nothing_is_filed_before_its_callback(crew, now, status):
    repair = crew.slip(status, now=now)
    with pytest.raises(ValidationError):
        actions.archive(repair, by=crew.desk, now=now)


def test_one_opened_sheet_is_one_callback(crew, desk, now):
    repair = crew.slip(Status.RETURNED, now=now)
    key = uuid4()
    for _ in range(2):
        actions.call_back(
            repair, result="solved", satisfaction="fair", client_key=key, by=desk, now=now
        )
    again = Repair.objects.get(pk=repair.pk)
    actions.call_back(again, result="solved", satisfaction="fair", client_key=key, by=desk, now=now)
    assert FollowUp.objects.about(repair).filter(kind=followups.ARCHIVE).count() == 1


def test_whoever_repaired_does_not_call_back(crew, now):
    repair = crew.slip(Status.RETURNED, now=now)
    with pytest.raises(ValidationError):
        actions.call_back(
            repair, result="solved", satisfaction="satisfied", by=crew.repairer, now=now
        )


@pytest.mark.clause("REP-6")
@pytest.mark.parametrize(("result", "satisfaction"), [("unsolved", ""), ("solved", "dissatisfied")])
def test_unsolved_or_dissatisfied_opens_a_linked_rework(
    crew, desk, assistant, now, result, satisfaction
):
    first = crew.slip(Status.RETURNED, now=now)
    later = now + timedelta(hours=1)
    actions.call_back(
        first, result=result, satisfaction=satisfaction, note="还在滴", by=desk, now=later
    )
    first.refresh_from_db()
    assert (first.status, first.callback_result) == (Status.CALLED_BACK, result)
    rework = first.reworks.get()
    assert (rework.status, rework.unit, rework.content) == (
        Status.TO_DISPATCH,
        first.unit,
        first.content,
    )
    assert open_row(rework, followups.DISPATCH).due_at == later + 5 * MINUTE
    assert open_row(first, followups.ARCHIVE)
    told = Message.objects.get(recipient=assistant)
    assert told.text == "回访不满意或未解决: 3-2-1102 厨房水龙头漏水"
    with pytest.raises(ValidationError):
        actions.undo_call_back(first, by=desk, now=later)


def test_satisfied_opens_no_rework(crew, desk, now):
    repair = crew.slip(Status.CALLED_BACK, now=now)
    assert repair.reworks.count() == 0


def test_unreachable_only_after_two_tries_at_their_times_and_a_message(crew, desk, now):
    repair = crew.slip(Status.RETURNED, now=now)
    with pytest.raises(ValidationError):
        actions.call_back(repair, result="unreachable", by=desk, now=now)
    key = uuid4()
    for _ in range(2):  # the same press twice is one try
        actions.no_answer(repair, client_key=key, by=desk, now=now)
    assert open_row(repair, followups.CALLBACK).due_at == now + timedelta(hours=2)
    actions.no_answer(repair, client_key=uuid4(), by=desk, now=now + timedelta(hours=2))
    assert open_row(repair, followups.CALLBACK).due_at == at("2026-11-24 10:00")
    with pytest.raises(ValidationError) as caught:
        actions.call_back(repair, result="unreachable", by=desk, now=now)
    assert "再发一条消息" in caught.value.messages[0]
    third = {"client_key": uuid4(), "by": desk, "now": at("2026-11-24 10:00")}
    with pytest.raises(ValidationError) as caught:
        actions.no_answer(repair, message=" ", **third)
    assert caught.value.message_dict == {"message": ["写发给业户的话"]}
    actions.no_answer(repair, message="王女士您好, 请回电", **third)
    kept = repair.call_tries.get(client_key=third["client_key"])
    assert (kept.message, kept.by, kept.at) == ("王女士您好, 请回电", desk, third["now"])
    actions.call_back(repair, result="unreachable", by=desk, now=at("2026-11-24 10:01"))
    actions.archive(repair, by=desk, now=at("2026-11-24 10:02"))
    repair.refresh_from_db()
    assert (repair.status, repair.callback_result) == (Status.ARCHIVED, "unreachable")


def test_undo_of_a_callback_owes_it_again_by_the_same_moment(crew, desk, butler, now):
    repair = crew.slip(Status.CALLED_BACK, now=now)
    with pytest.raises(ValidationError):
        actions.undo_call_back(repair, by=butler, now=now)
    with pytest.raises(ValidationError):
        actions.undo_call_back(repair, by=desk, now=now + 6 * MINUTE)
    actions.undo_call_back(repair, by=desk, now=now + MINUTE)
    row = open_row(repair, followups.CALLBACK)
    assert (row.owner, row.due_at) == (butler, now + timedelta(hours=24))
    assert (repair.callback_result, repair.status) == ("", Status.RETURNED)


@pytest.mark.clause("VIS-2")
def test_everybody_who_called_is_answered_before_filing(crew, desk, now):
    repair = crew.slip(Status.DISPATCHED, now=now)
    contact = take_call(crew.estate, by=desk, now=now, phone="13800000002", caller_name="李四")
    caller = actions.attach_caller(repair, contact, by=desk, now=now)
    assert actions.attach_caller(repair, contact, by=desk, now=now) == caller
    assert not FollowUp.objects.open().about(caller).exists()
    actions.accept(repair, by=crew.dispatcher, now=now)
    actions.assign(repair, repairer=crew.repairer, by=crew.dispatcher, now=now)
    actions.finish(repair, work_done="修好", by=crew.repairer, now=now)
    assert open_row(caller, followups.ANSWER).owner_post == "front_desk"
    actions.return_slip(repair, by=crew.dispatcher, now=now)
    actions.call_back(repair, result="solved", satisfaction="satisfied", by=desk, now=now)
    with pytest.raises(ValidationError) as caught:
        actions.archive(repair, by=desk, now=now)
    assert caught.value.messages == ["还有 1 位来电人没有答复。先答复, 再存档"]
    actions.answer_caller(caller, by=desk, now=now)
    with pytest.raises(ValidationError):
        actions.answer_caller(caller, by=desk, now=now)
    actions.archive(repair, by=desk, now=now)


def test_merge_moves_the_callers_and_cancels_what_was_owed(crew, desk, now):
    first = crew.slip(Status.DISPATCHED, now=now)
    second = crew.slip(now=now)
    actions.merge(second, into=first, by=desk, now=now)
    second.refresh_from_db()
    assert (second.status, second.merged_into) == (Status.MERGED, first)
    assert not FollowUp.objects.open().about(second).exists()
    assert [caller.is_first for caller in first.callers.order_by("pk")] == [True, False]


def test_merge_into_itself_another_estate_or_a_circle_is_refused(
    crew, other_estate, outsider, desk, now
):
    first, second = crew.slip(now=now), crew.slip(now=now)
    strange = write_slip(other_estate, by=outsider, now=now)
    for wrong in (first, strange):
        with pytest.raises(ValidationError):
            actions.merge(first, into=wrong, by=desk, now=now)
    actions.merge(first, into=second, by=desk, now=now)
    with pytest.raises(ValidationError):
        actions.merge(second, into=first, by=desk, now=now)
    third = crew.slip(now=now)
    with pytest.raises(ValidationError):
        actions.merge(third, into=Repair.objects.get(pk=first.pk), by=desk, now=now)


def test_a_call_already_on_another_slip_is_not_taken_away(crew, desk, now):
    first, second = crew.slip(now=now), crew.slip(now=now)
    contact = first.callers.get().contact
    with pytest.raises(ValidationError):
        actions.attach_caller(second, contact, by=desk, now=now)


def test_cancelling_needs_a_reason_and_answers_the_others(crew, desk, now):
    repair = crew.slip(now=now)
    contact = take_call(crew.estate, by=desk, now=now, phone="13800000002")
    caller = actions.attach_caller(repair, contact, by=desk, now=now)
    with pytest.raises(ValidationError):
        actions.cancel(repair, reason=" ", by=desk, now=now)
    actions.cancel(repair, reason="业户取消", by=desk, now=now)
    assert not FollowUp.objects.open().about(repair).exists()
    assert open_row(caller, followups.ANSWER)
