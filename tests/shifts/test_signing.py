"""Two signatures for every item; whoever is wrong, late or missing is refused (DUT-1, 2, 4, 5)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from complaints.models import Complaint
from contacts import actions as contact_actions
from followups.models import FollowUp
from followups.scan import scan
from history.models import Entry
from incidents import actions as incident_actions
from notifications.models import Message
from repairs import actions as repair_actions
from shifts import actions
from shifts.followups import open_due
from shifts.models import Handover, Item
from shifts.statuses import MOVES, Status
from tests.conftest import at
from tests.shifts.conftest import COUNTED

pytestmark = pytest.mark.django_db


@pytest.mark.clause("DUT-1", "DUT-4")
def test_both_sign_with_their_own_names_and_times(roster, desk, night, given, sheet_of, now):
    handover = given(desk, night, now)
    assert (handover.status, handover.giver, handover.given_at) == (Status.WAITING, desk, now)
    later = now + timedelta(minutes=5)
    actions.receive(sheet_of(desk, now), by=night, now=later, seen=set())
    handover.refresh_from_db()
    assert (handover.status, handover.successor, handover.received_at) == (
        Status.SIGNED, night, later,
    )  # fmt: skip
    assert set(Entry.objects.about(handover).values_list("event", flat=True)) >= {
        "shift.given", "shift.received",
    }  # fmt: skip


@pytest.mark.clause("DUT-2")
def test_what_is_open_is_carried_and_owed_by_the_receiving_shift(
    roster, desk, night, dispatcher, repairer, slip, signed, now
):
    mine, engineers = slip("水管漏水"), slip("门禁坏了")
    repair_actions.dispatch(engineers, by=desk, now=at("2026-11-23 15:02"))
    handover = signed(desk, night, now)
    assert {item.key for item in handover.items.all()} == {
        f"repair:{mine.pk}", f"repair:{engineers.pk}",
    }  # fmt: skip
    own = FollowUp.objects.open().about(mine).get(kind="repairs.dispatch")
    assert own.owner == night
    carried = FollowUp.objects.open().get(kind="shifts.carried")
    assert carried.owner == night
    assert carried.subject.key == f"repair:{engineers.pk}"
    assert at("2026-11-24 00:00") < carried.due_at < at("2026-11-25 00:00")


@pytest.mark.clause("DUT-2")
def test_a_carried_thing_that_is_finished_counts_as_followed_up(
    roster, desk, night, slip, signed, now
):
    repair = slip()
    repair_actions.dispatch(repair, by=desk, now=at("2026-11-23 15:02"))
    handover = signed(desk, night, now)
    repair.refresh_from_db()
    repair_actions.cancel(repair, reason="业户取消", by=night, now=now + timedelta(hours=1))
    open_due(now + timedelta(hours=2))
    assert handover.items.get().done_at == now + timedelta(hours=2)
    assert not FollowUp.objects.open().filter(kind="shifts.carried").exists()


@pytest.mark.clause("DUT-2")
def test_an_item_counts_its_shifts_through_three_handovers(roster, desk, night, slip, signed, now):
    slip()
    signed(desk, night, now)
    signed(night, desk, at("2026-11-24 08:10"))
    third = signed(desk, night, at("2026-11-24 17:10"))
    assert third.items.get().carried == 3
    assert Handover.objects.signed().count() == 3
    # One open follow-up at most for the one thing, however often it was carried.
    assert FollowUp.objects.open().filter(kind="shifts.carried").count() <= 1


def test_a_night_belongs_to_the_date_on_which_it_began(roster, night, sheet_of):
    handover = sheet_of(night, at("2026-11-24 03:00")).handover
    assert (f"{handover.day}", handover.shift) == ("2026-11-23", "night")
    assert handover.ends_at == at("2026-11-24 08:30")


def test_a_struck_item_needs_a_reason_and_is_not_carried(
    roster, desk, night, slip, given, sheet_of, now
):
    repair = slip()
    key = f"repair:{repair.pk}"
    with pytest.raises(ValidationError, match="写原因"):
        given(desk, night, now, strikes={key: ""})
    given(desk, night, now, strikes={key: "业户已自行处理"})
    item = Item.objects.get()
    assert item.struck == "业户已自行处理"
    actions.receive(sheet_of(desk, now), by=night, now=now, seen=set())
    assert not FollowUp.objects.filter(kind="shifts.carried").exists()


def test_the_wrong_person_cannot_sign_for_a_shift(roster, desk, desk2, night, sheet_of, given, now):
    sheet = sheet_of(desk, now)
    with pytest.raises(ValidationError, match="张敏"):
        actions.give(sheet, by=desk2, now=now, seen=sheet.keys)
    given(desk, night, now)
    with pytest.raises(ValidationError, match="钱夜"):
        actions.receive(sheet_of(desk, now), by=desk2, now=now, seen=set())
    assert Handover.objects.get().status == Status.WAITING


def test_nobody_signs_twice(roster, desk, night, signed, sheet_of, now):
    signed(desk, night, now)
    sheet = sheet_of(desk, now)
    with pytest.raises(ValidationError, match="已经双签"):
        actions.give(sheet, by=desk, now=now, seen=sheet.keys)
    with pytest.raises(ValidationError, match="已经双签"):
        actions.receive(sheet, by=night, now=now, seen=set())


def test_a_call_that_came_in_between_is_shown_and_nothing_is_lost(
    roster, desk, night, slip, sheet_of, now
):
    sheet = sheet_of(desk, now)
    seen = sheet.keys
    actions.write(sheet, by=desk, typed={"events": "停水通知已贴", "counted": COUNTED})
    actions.arrive(sheet.handover, who=night, by=desk, now=now)
    repair = slip("刚来的报修", when=now)
    fresh = sheet_of(desk, now)
    with pytest.raises(ValidationError, match="新来 1 件") as refused:
        actions.give(fresh, by=desk, now=now, seen=seen)
    assert refused.value.code == "stale"
    fresh.handover.refresh_from_db()
    assert (fresh.handover.status, fresh.handover.events) == (Status.DRAFT, "停水通知已贴")
    assert [line.key for line in fresh.lines(seen=seen) if line.is_new] == [f"repair:{repair.pk}"]


def test_news_after_the_first_signature_is_shown_to_the_receiver_then_carried(
    roster, desk, night, slip, given, sheet_of, now
):
    given(desk, night, now)
    repair = slip("签字后来的", when=now)
    with pytest.raises(ValidationError, match="新来 1 件"):
        actions.receive(sheet_of(desk, now), by=night, now=now, seen=set())
    actions.receive(sheet_of(desk, now), by=night, now=now, seen={f"repair:{repair.pk}"})
    assert Item.objects.get(key=f"repair:{repair.pk}").came_late


def test_a_refusal_names_its_reason_and_the_outgoing_shift_stays(
    roster, desk, night, given, sheet_of, now
):
    handover = given(desk, night, now)
    with pytest.raises(ValidationError, match="拒接原因"):
        actions.refuse(handover, reason="tired", note="", by=night, now=now)
    actions.refuse(handover, reason="cash", note="少 10 元", by=night, now=now)
    handover.refresh_from_db()
    assert (handover.status, handover.refusal) == (Status.REFUSED, "cash")
    assert FollowUp.objects.open().get(kind="shifts.refused").owner == desk
    assert given(desk, night, now).status == Status.WAITING
    assert not FollowUp.objects.open().filter(kind="shifts.refused").exists()


@pytest.mark.clause("DUT-4")
def test_unsigned_for_15_minutes_reaches_the_manager(
    roster, manager, gm, desk, night, given, sheet_of, now
):
    handover = given(desk, night, now)
    scan(now + timedelta(minutes=14))
    assert not Message.objects.filter(recipient=manager).exists()
    scan(now + timedelta(minutes=15))
    assert FollowUp.objects.open().get(kind="shifts.unsigned").owner_post == "cs_manager"
    told = Message.objects.get(recipient=manager)
    assert told.rings
    assert told.created_at == now + timedelta(minutes=15)
    scan(now + timedelta(minutes=16))
    assert not Message.objects.filter(recipient=gm).exists()  # not before the manager had his time
    actions.receive(sheet_of(desk, now), by=night, now=now + timedelta(minutes=17), seen=set())
    assert not FollowUp.objects.open().about(handover).exists()


def test_an_instruction_that_is_carried_is_owed_once(
    roster, estate, manager, desk, night, signed, now
):
    actions.instruct(
        estate, seat="desk", text="贴停水通知", due_at=at("2026-11-24 12:00"), by=manager, now=now
    )
    signed(desk, night, now)
    owed = FollowUp.objects.open().filter(kind__startswith="shifts.")
    assert [row.kind for row in owed] == ["shifts.instruction"]


@pytest.mark.clause("DUT-1")
def test_a_shift_without_its_record_reaches_the_assistant(roster, desk, night, signed, now):
    open_due(at("2026-11-23 16:00"))
    before = {"11-22 白班", "11-22 夜值"}
    assert {str(row.params["what"]) for row in _missing()} == before
    signed(desk, night, now, clear_before=True)
    open_due(at("2026-11-23 18:10"))
    assert {str(row.params["what"]) for row in _missing()} == before
    open_due(at("2026-11-24 18:10"))
    assert {str(row.params["what"]) for row in _missing()} - before == {"11-23 夜值", "11-24 白班"}


def _missing():
    return FollowUp.objects.open().filter(kind="shifts.missing", owner_post="cs_assistant")


@pytest.mark.clause("DUT-1")
def test_without_a_roster_a_day_without_any_record_reaches_the_assistant(desk, sheet_of, now):
    sheet_of(desk, now)
    open_due(now + timedelta(hours=3))
    assert _missing().count() == 1


@pytest.mark.clause("DUT-5")
@pytest.mark.parametrize(("came", "punctual"), [("17:15", True), ("17:16", False)])
def test_coming_15_minutes_early_is_recorded(roster, desk, night, sheet_of, came, punctual):
    moment = at(f"2026-11-23 {came}")
    handover = sheet_of(desk, moment).handover
    actions.arrive(handover, who=night, by=night, now=moment)
    handover.refresh_from_db()
    assert (handover.arrived_at, handover.is_punctual) == (moment, punctual)
    actions.arrive(handover, who=night, by=desk, now=moment + timedelta(minutes=5))
    handover.refresh_from_db()
    assert handover.arrived_at == moment


def test_somebody_who_is_not_next_does_not_arrive(roster, desk, desk2, sheet_of, now):
    with pytest.raises(ValidationError, match="下一班不是"):
        actions.arrive(sheet_of(desk, now).handover, who=desk2, by=desk2, now=now)


def test_the_sheet_holds_call_backs_not_reached_instructions_complaints_and_incidents(
    roster, estate, desk, night, manager, dispatcher, repairer, slip, sheet_of, now
):
    repair = slip()
    moment = at("2026-11-23 15:30")
    repair_actions.dispatch(repair, by=desk, now=moment)
    repair_actions.accept(repair, by=dispatcher, now=moment)
    repair_actions.assign(repair, repairer=repairer, by=dispatcher, now=moment)
    repair_actions.arrive(repair, by=repairer, now=moment)
    repair_actions.finish(repair, cause="老化", work_done="更换", by=repairer, now=moment)
    repair_actions.return_slip(repair, by=dispatcher, now=moment)
    repair_actions.no_answer(repair, client_key=uuid4(), by=desk, now=moment)
    actions.instruct(
        estate, seat="desk", text="贴停水通知", due_at=now + timedelta(hours=5), by=manager, now=now
    )
    incident_actions.raise_incident(
        estate=estate, category="lift", where="2号电梯", what="困人", by=night, now=moment,
        client_key=uuid4(),
    )  # fmt: skip
    complaint = Complaint.objects.create(
        estate=estate, number="TS1", client_key=uuid4(), complained_at=moment, entered_at=moment,
        content="楼上太吵", registered_by=desk,
    )  # fmt: skip
    call = contact_actions.start(uuid4(), estate=estate, by=desk, now=moment, phone="13900001111")
    contact_actions.owe_call_back(call, by=desk, now=moment)
    sources = {each.source: each for each in sheet_of(desk, now).found}
    assert set(sources) == {
        "incident", "instruction", "call_back", "complaint", "followup",
    }  # fmt: skip
    assert sources["call_back"].key == f"repair:{repair.pk}"
    assert "未接通 1 次" in sources["call_back"].text
    assert sources["complaint"].number == complaint.number


def test_every_state_can_be_left_except_the_last():
    assert {status for status, after in MOVES.items() if not after} == {Status.SIGNED}
    assert set(MOVES) == set(Status)


def test_a_spot_check_comes_after_both_signatures_and_from_above(
    roster, manager, desk, night, given, sheet_of, now
):
    handover = given(desk, night, now)
    with pytest.raises(ValidationError, match="双方签字后"):
        actions.spot_check(handover, is_good=True, note="", by=manager, now=now)
    handover = actions.receive(sheet_of(desk, now), by=night, now=now, seen=set())
    with pytest.raises(ValidationError, match="自己交接"):
        actions.spot_check(handover, is_good=True, note="", by=night, now=now)
    with pytest.raises(ValidationError, match="哪里不合格"):
        actions.spot_check(handover, is_good=False, note="", by=manager, now=now)
    assert actions.spot_check(handover, is_good=True, note="", by=manager, now=now).by == manager
