"""What superiors do about a sheet, and whom the button of the next shift leads where."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import posts
from complaints.models import Complaint
from followups.actions import open_followup
from followups.models import FollowUp
from notifications.models import Message
from roster import actions as roster_actions
from shifts import actions
from shifts.followups import open_due
from shifts.statuses import Status
from shifts.turns import to_sign
from tests.conftest import at, hire
from tests.shifts.conftest import COUNTED

pytestmark = pytest.mark.django_db


@pytest.fixture
def differing(roster, desk, night, sheet_of, given, now):
    """A given sheet on which a key is missing."""
    counted = COUNTED | {"keys": "1"}
    actions.write(sheet_of(desk, now), by=desk, typed={"counted": counted})
    actions.take_way(sheet_of(desk, now), way="count keys", by=desk, now=now)
    return given(desk, night, now, counted=counted)


@pytest.mark.clause("DUT-4")
def test_a_superior_settles_a_difference_with_words_and_once(differing, manager, desk, now):
    terms = {"kind": "shifts.difference", "now": now}
    with pytest.raises(ValidationError, match="写明查到什么"):
        actions.settle(differing, note=" ", by=manager, **terms)
    with pytest.raises(ValidationError, match="别人来查"):
        actions.settle(differing, note="没事", by=desk, **terms)
    actions.settle(differing, note="多的一把是备用钥匙", by=manager, **terms)
    row = FollowUp.objects.get(kind="shifts.difference")
    assert (row.done_by, row.done_at) == (manager, now)
    with pytest.raises(ValidationError, match="已经查清"):
        actions.settle(differing, note="再写", by=manager, **terms)
    with pytest.raises(ValidationError, match="没有这一项"):
        actions.settle(differing, kind="shifts.receive", note="x", by=manager, now=now)


def test_the_manager_settles_on_the_page_and_everybody_reads_it(as_, differing, manager, desk):
    url = reverse("shifts:handover_settle", args=[differing.pk])
    client = as_(manager)
    assert "钥匙 应有 0, 实点 1" in client.get(differing.get_absolute_url()).content.decode()
    assert client.post(url, {"kind": "shifts.difference", "note": ""}).status_code == 422
    form = {"kind": "shifts.difference", "note": "备用钥匙已入册"}
    assert client.post(url, form).status_code == 302
    assert "备用钥匙已入册" in as_(desk).get(differing.get_absolute_url()).content.decode()


@pytest.mark.clause("DUT-1")
def test_a_missing_record_that_was_settled_is_not_asked_again(roster, assistant, now):
    open_due(now)
    row = FollowUp.objects.open().filter(kind="shifts.missing").first()
    actions.settle(
        row.subject, kind="shifts.missing", note="当日停电, 补在纸上", by=assistant, now=now
    )
    open_due(now + timedelta(minutes=1))
    assert not FollowUp.objects.open().about(row.subject).filter(kind="shifts.missing").exists()


@pytest.mark.clause("DUT-4")
def test_another_successor_has_his_own_minutes(
    roster, desk, desk2, night, manager, given, sheet_of, now
):
    handover = given(desk, night, now)
    later = now + timedelta(minutes=16)
    open_due(later)
    with pytest.raises(ValidationError, match="交班人或上级"):
        actions.replace_successor(handover, successor=desk2, by=night, now=later)
    with pytest.raises(ValidationError, match="选择另一个人"):
        actions.replace_successor(handover, successor=night, by=manager, now=later)
    actions.replace_successor(handover, successor=desk2, by=manager, now=later)
    open_due(later + timedelta(minutes=14))
    assert FollowUp.objects.open().get(kind="shifts.receive").owner == desk2
    assert not FollowUp.objects.open().filter(kind="shifts.unsigned").exists()
    with pytest.raises(ValidationError, match="由李倩接"):
        actions.receive(sheet_of(desk, now), by=night, now=later, seen=set())
    handover = actions.receive(sheet_of(desk, now), by=desk2, now=later, seen=set())
    assert (handover.status, handover.successor) == (Status.SIGNED, desk2)
    with pytest.raises(ValidationError, match="已经双签"):
        actions.replace_successor(handover, successor=night, by=manager, now=later)


def test_the_giver_replaces_the_successor_on_the_page(as_, roster, desk, desk2, night, given, now):
    handover = given(desk, night, now)
    url = reverse("shifts:handover_successor", args=[handover.pk])
    client = as_(desk)
    assert client.post(url, {"successor": ""}).status_code == 422
    assert client.post(url, {"successor": desk2.pk}).status_code == 302
    handover.refresh_from_db()
    assert (handover.successor, handover.arrived_at) == (desk2, None)


def test_the_button_leads_the_next_shift_to_the_sheet_it_takes_over(
    roster, estate, desk, night, signed, given, now
):
    morning = at("2026-11-23 08:20")
    yesterday = signed(night, desk, morning)
    assert to_sign(night, estate, now=morning) == yesterday
    coming = to_sign(night, estate, now=now)  # early: nothing is written yet
    assert (f"{coming.day}", coming.shift) == ("2026-11-23", "day")
    assert to_sign(desk, estate, now=now) == coming
    assert given(desk, night, now) == coming == to_sign(night, estate, now=now)


def test_the_next_shift_reads_the_draft_item_by_item(as_, roster, desk, night, slip, sheet_of, now):
    slip("厨房漏水")
    handover = sheet_of(desk, now).handover
    html = as_(night).get(handover.get_absolute_url()).content.decode()
    assert "厨房漏水" in html.split('id="items-title"')[1]


@pytest.mark.clause("DUT-2")
def test_what_a_colleague_owed_by_name_goes_to_the_receiver_and_what_is_personal_stays(
    estate, desk, desk2, night, manager, qualified, unit, signed, now
):
    desk2.qualified_on = desk.qualified_on
    desk2.save()
    made = roster_actions.draft(
        estate, month=now.date().replace(day=1), pattern="two",
        turns={"day": [desk], "night": [night]}, by=manager, now=now,
    )  # fmt: skip
    roster_actions.assign(made, day=now.date(), shift="day", staff=desk2, by=manager, now=now)
    roster_actions.publish(made, by=manager, now=now)
    complaint = Complaint.objects.create(
        estate=estate, number="TS1", client_key="5b2b2c5e-6f4e-4a43-9d0a-0f0f7f3f2b11",
        complained_at=now, entered_at=now, content="楼上太吵", registered_by=desk2,
    )  # fmt: skip

    def owe(kind, owner):
        return open_followup(
            complaint, kind, now=now, owner=owner, owner_post=posts.FRONT_DESK, estate=estate,
            params={"what": "楼上太吵"}, url="/", due_at=now + timedelta(hours=4),
        )  # fmt: skip

    first, second, own = (
        owe("complaints.first_reply", desk2), owe("complaints.reply", desk2),
        owe("office.task", desk2),
    )  # fmt: skip
    signed(desk, night, now)
    for row in (first, second, own):
        row.refresh_from_db()
    assert (first.owner, second.owner, own.owner) == (night, night, desk2)


@pytest.mark.clause("DUT-4")
def test_both_people_hear_what_became_of_a_swap(roster, estate, desk, manager, now):
    taker = hire("desk9", "孙替", posts.FRONT_DESK, estates=[estate])
    taker.qualified_on = desk.qualified_on
    taker.save()
    duty = roster.duties.filter(staff=desk).order_by("-day").first()
    swap = roster_actions.ask_swap(duty, taker=taker, reason="家里有事", by=desk, now=now)
    open_due(now)
    roster_actions.approve_swap(swap, by=manager, now=now)
    open_due(now)
    open_due(now)
    told = Message.objects.filter(key__startswith="roster.swap:")
    assert {message.recipient for message in told} == {desk, taker}
    assert told.count() == 2
    assert "换班已批准: 11-30 白班 张敏 → 孙替" in {message.text for message in told}


def test_the_cash_book_shows_what_was_in_the_drawer_after_each_line(as_, estate, desk, now):
    for key, amount in (("1", 500), ("2", -180)):
        actions.add_cash(
            estate, amount=amount, reason="备用金", by=desk, now=now,
            client_key=f"5b2b2c5e-6f4e-4a43-9d0a-0f0f7f3f2b1{key}",
        )  # fmt: skip
    rows = as_(desk).get(reverse("shifts:cash_book")).context["entries"]
    assert [(row.amount, row.balance_after) for row in rows] == [(-180, 320), (500, 500)]
