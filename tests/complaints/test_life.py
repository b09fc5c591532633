"""One complaint from the first word over dissatisfaction to its end, with every notice."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from complaints import actions
from complaints.followups import CALLBACK, FIRST_REPLY, GRADE, REPLY, REVIEW, SOLVE, open_rows
from complaints.models import Complaint
from complaints.statuses import MOVES, Status
from followups.models import FollowUp
from history.models import Entry
from notifications.models import Message


def owed(complaint):
    return {kind: (row.owner_id, row.owner_post) for kind, row in open_rows(complaint).items()}


@pytest.mark.clause("CMP-2")
def test_life_from_registration_over_dissatisfaction_to_closing(house, now, later, inbox):
    complaint = house.write(now)
    assert complaint.number == "TS20261123-001"
    assert set(owed(complaint)) == {GRADE, FIRST_REPLY}
    assert inbox(house.butler) == inbox(house.assistant)
    assert "新投诉 TS20261123-001: 3-2-1102" in inbox(house.butler)[0]
    assert inbox(house.gm) == []

    actions.first_reply(
        complaint, method="phone", words="收到, 今晚去看", by=house.desk, now=later(0)
    )
    actions.accept(complaint, grade="major", validity="valid", by=house.desk, now=later(1))
    assert owed(complaint) == {SOLVE: (None, "cs_manager")}
    assert complaint.promised_at == now + timedelta(days=3)
    assert "由您处理" in inbox(house.manager)[-1]

    actions.transfer(
        complaint, department="eng_manager", words="查楼板", by=house.desk, now=later(2)
    )
    assert "转到您部门" in inbox(house.engmanager)[-1]
    actions.receive(complaint, by=house.engmanager, now=later(3))
    actions.verify(
        complaint, investigation="楼板无异常, 椅子没有脚垫", by=house.engmanager, now=later(4)
    )
    actions.decide(complaint, plan="送脚垫, 约定时间", by=house.manager, now=later(5))
    actions.finish(complaint, measures="已送脚垫", by=house.engmanager, now=later(6))
    assert owed(complaint) == {REPLY: (house.butler.pk, "butler")}
    assert "待回复业户" in inbox(house.butler)[-1]
    assert "待回复业户" in inbox(house.manager)[-1]

    actions.reply(complaint, method="visit", words="脚垫装好了", by=house.butler, now=later(7))
    assert owed(complaint) == {CALLBACK: (None, "front_desk")}
    house.ask(complaint, "dissatisfied", later(30), note="昨晚还是响")
    assert (complaint.status, complaint.reopenings) == (Status.PROCESSING, 1)
    assert owed(complaint) == {SOLVE: (None, "cs_manager")}
    assert complaint.promised_at == later(30) + timedelta(days=3)
    for person in (house.manager, house.assistant, house.butler):
        assert "第 1 次重开" in inbox(person)[-1]
    assert inbox(house.gm) == []

    actions.decide(complaint, plan="上门沟通", by=house.manager, now=later(31))
    actions.finish(complaint, measures="楼上签了约定", by=house.manager, now=later(32))
    assert complaint.measures == "已送脚垫\n楼上签了约定"
    actions.reply(complaint, method="phone", words="楼上签了约定", by=house.butler, now=later(33))
    house.ask(complaint, "satisfied", later(50))
    assert owed(complaint) == {REVIEW: (None, "cs_manager")}
    house.close(complaint, later(51))
    complaint.refresh_from_db()
    assert (complaint.status, complaint.satisfaction) == (Status.CLOSED, "satisfied")
    assert owed(complaint) == {}
    for person in (house.desk, house.assistant, house.butler):
        assert "投诉已结案" in inbox(person)[-1]
    assert [row.satisfaction for row in complaint.callbacks.all()] == ["dissatisfied", "satisfied"]
    assert Message.objects.filter(recipient=house.gm).count() == 0
    kept = FollowUp.objects.about(complaint).filter(kind=SOLVE).order_by("pk")
    assert [row.was_kept for row in kept] == [True, True]
    events = Entry.objects.about(complaint).values_list("event", flat=True)
    assert list(events)[:2] == ["complaint.closed", "complaint.called_back"]


@pytest.mark.parametrize("status", list(Status))
def test_every_state_can_be_reached(house, now, status):
    assert house.at(status, now).status == status


def test_map_names_every_state_and_ends_once():
    assert set(MOVES) == set(Status)
    assert [status for status in MOVES if not MOVES[status]] == [Status.CLOSED]


def test_second_hand_hears_who_was_faster(house, now, later):
    complaint = house.write(now)
    other = Complaint.objects.get(pk=complaint.pk)
    actions.accept(complaint, grade="minor", validity="valid", by=house.desk, now=later(0))
    with pytest.raises(ValidationError) as refused:
        actions.accept(other, grade="major", validity="valid", by=house.assistant, now=later(0))
    assert "张敏 刚刚已定级受理" in refused.value.messages[0]
    other.refresh_from_db()
    assert other.grade == "minor"


@pytest.mark.parametrize("status", [s for s in Status if s != Status.CALLED_BACK])
def test_only_a_called_back_complaint_is_closed(house, now, status):
    complaint = house.at(status, now)
    with pytest.raises(ValidationError):
        house.close(complaint, now, by=house.manager)


@pytest.mark.clause("CMP-2")
def test_whoever_registered_it_hears_that_it_was_opened_again(house, inbox, now):
    complaint = house.replied(now, by=house.desk2)
    before = len(inbox(house.desk2))
    house.ask(complaint, "dissatisfied", now)
    assert [complaint.number in line for line in inbox(house.desk2)[before:]] == [True]
