"""When a shift is not handed over (defaults 2.5), and the one press out of each reason."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from contacts import actions as contact_actions
from contacts.models import Outcome
from followups.actions import take_over
from followups.models import FollowUp
from incidents import actions as incident_actions
from incidents.statuses import Status as IncidentStatus
from registers.actions import records
from registers.models import Deposit, KeyCustody, Mail
from roster import actions as roster_actions
from shifts import actions
from shifts.blockers import blockers_of
from shifts.models import CashEntry
from shifts.statuses import Status
from tests.conftest import at
from tests.shifts.conftest import COUNTED

pytestmark = [pytest.mark.django_db, pytest.mark.clause("DUT-4")]


@pytest.fixture
def ready(roster, desk, night, sheet_of, now):
    """``ready()``: everything typed and counted, the night here; gives the fresh sheet."""

    def make(**typed):
        sheet = sheet_of(desk, now)
        actions.write(sheet, by=desk, typed={"counted": COUNTED} | typed)
        if not sheet.handover.arrived_at:
            actions.arrive(sheet.handover, who=night, by=desk, now=now)
        return sheet_of(desk, now)

    return make


def give(sheet, by, now):
    return actions.give(sheet, by=by, now=now, seen=sheet.keys)


def press(sheet, way, by, now):
    assert way in {each.value for blocker in blockers_of(sheet) for each in blocker.ways}
    actions.take_way(sheet, way=way, by=by, now=now)


@pytest.mark.parametrize("way", ["hand", "handled"])
def test_what_is_in_hand_blocks_until_it_is_handed_on_or_done(
    ready, desk, night, slip, sheet_of, now, way
):
    repair = slip()
    row = FollowUp.objects.open().about(repair).get(kind="repairs.dispatch")
    take_over(row, by=desk, now=now)
    sheet = ready()
    with pytest.raises(ValidationError, match="正在由您处理"):
        give(sheet, desk, now)
    press(sheet, f"{way} {row.pk}", desk, now)
    assert give(sheet_of(desk, now), desk, now).status == Status.WAITING
    row.refresh_from_db()
    assert row.is_open
    assert row.owner == (night if way == "hand" else desk)


@pytest.mark.parametrize("way", ["hand", "handled"])
def test_a_begun_call_blocks_until_it_is_handed_on_or_done(
    ready, estate, desk, night, sheet_of, now, way
):
    call = contact_actions.start(uuid4(), estate=estate, by=desk, now=now, phone="13900001111")
    sheet = ready()
    row = FollowUp.objects.open().about(call).get()
    with pytest.raises(ValidationError, match="正在由您处理"):
        give(sheet, desk, now)
    press(sheet, f"{way} {row.pk}", desk, now)
    give(sheet_of(desk, now), desk, now)
    call.refresh_from_db()
    if way == "hand":
        assert (call.received_by, call.outcome) == (night, Outcome.OPEN)
    else:
        assert call.outcome == Outcome.HELPED


@pytest.mark.parametrize("way", ["pass_incident", "end_incident"])
def test_an_incident_in_hand_blocks_until_it_is_passed_on_or_over(
    ready, estate, manager, desk, night, sheet_of, now, way
):
    incident = incident_actions.raise_incident(
        estate=estate, category="lift", where="2号电梯", what="困人", by=desk,
        now=now - timedelta(minutes=20), client_key=uuid4(),
    )  # fmt: skip
    sheet = ready()
    with pytest.raises(ValidationError, match="重大事件"):
        give(sheet, desk, now)
    press(sheet, f"{way} {incident.pk}", desk, now)
    give(sheet_of(desk, now), desk, now)
    incident.refresh_from_db()
    if way == "end_incident":
        assert incident.status == IncidentStatus.ENDED
    else:
        assert "钱夜" in incident.measures.get().what


def test_cash_that_differs_blocks_until_the_manager_is_told(ready, estate, desk, sheet_of, now):
    actions.add_cash(
        estate, amount=Decimal("320.00"), reason="代收水费", client_key=uuid4(), by=desk, now=now
    )
    sheet = ready(counted=COUNTED | {"cash": "300"})
    with pytest.raises(ValidationError, match=r"应有 320.00, 实点 300"):
        give(sheet, desk, now)
    actions.take_way(sheet, way="count cash", by=desk, now=now)
    assert CashEntry.objects.balance(estate) == Decimal("300.00")
    assert FollowUp.objects.open().get(kind="shifts.difference").owner_post == "cs_manager"
    handover = give(sheet_of(desk, now), desk, now)
    cash = handover.counts[-1]
    assert (cash["code"], cash["counted"]) == ("cash", "300")
    assert cash["reported"] == "现金 应有 320.00, 实点 300"


def test_a_count_that_differs_blocks_until_the_manager_is_told(ready, desk, sheet_of, now):
    sheet = ready(counted=COUNTED | {"keys": "2"})
    with pytest.raises(ValidationError, match="钥匙不符: 应有 0, 实点 2"):
        give(sheet, desk, now)
    actions.take_way(sheet, way="count keys", by=desk, now=now)
    assert "钥匙" in FollowUp.objects.open().get(kind="shifts.difference").params["what"]
    assert give(sheet_of(desk, now), desk, now).status == Status.WAITING


def test_the_manager_hears_of_every_difference_of_a_sheet(ready, desk, sheet_of, now):
    ready(counted=COUNTED | {"keys": "2", "mail": "1"})
    for code in ("keys", "mail"):
        press(sheet_of(desk, now), f"count {code}", desk, now)
    words = FollowUp.objects.open().get(kind="shifts.difference").text
    assert "钥匙 应有 0, 实点 2" in words
    assert "特殊邮件 应有 0, 实点 1" in words


@pytest.mark.clause("DUT-4")
def test_what_should_be_there_is_read_from_the_registers(ready, estate, unit, desk, now):
    at_desk = {"estate": estate, "unit": unit}
    for thing in (
        KeyCustody(**at_desk, owner_name="王秀梅", owner_phone="13912341234", quantity=3,
                   label="K-07", cabinet="甲3", reason="出国", seal_number="F001",
                   disclaimer_told=True, owner_signed=True),
        Mail(**at_desk, tracking_number="EMS1", recipient="王秀梅"),
        Deposit(**at_desk, depositor="王秀梅", phone="13912341234", item="雨伞", quantity=2,
                place="架2", signed=True),
    ):  # fmt: skip
        records.add(thing, by=desk, now=now)
    with pytest.raises(ValidationError) as refused:
        give(ready(), desk, now)
    for words in ("钥匙不符: 应有 3", "寄存物品不符: 应有 2", "特殊邮件不符: 应有 1"):
        assert words in refused.value.messages[0]
    handover = give(ready(counted=COUNTED | {"keys": "3", "mail": "1", "storage": "2"}), desk, now)
    assert {each["code"]: each["expected"] for each in handover.counts} == {
        "keys": "3", "cards": "0", "storage": "2", "mail": "1", "cash": "0.00",
    }  # fmt: skip


def test_what_a_colleague_of_the_same_shift_has_in_hand_blocks_too(
    estate, desk, desk2, night, manager, qualified, sheet_of, now
):
    made = roster_actions.draft(
        estate, month=now.date().replace(day=1), pattern="two",
        turns={"day": [desk], "night": [night]}, by=manager, now=now,
    )  # fmt: skip
    roster_actions.assign(made, day=now.date(), shift="day", staff=desk2, by=manager, now=now)
    roster_actions.publish(made, by=manager, now=now)
    contact_actions.start(uuid4(), estate=estate, by=desk2, now=now, phone="13900001111")
    why = [each.why for each in blockers_of(sheet_of(desk, now))]
    assert any("139****1111 正在由李倩处理" in each for each in why)


def test_a_refused_signature_says_every_reason_at_once(ready, slip, desk, now):
    repair = slip()
    sheet = ready(counted=COUNTED | {"mail": ""}, strikes={f"repair:{repair.pk}": ""})
    with pytest.raises(ValidationError) as refused:
        give(sheet, desk, now)
    assert [words[:6] for words in refused.value.messages] == ["勾掉的事项要", "还没有清点特"]


def test_a_shift_that_nobody_relieves_is_told_to_the_manager(estate, desk, manager, sheet_of, now):
    sheet = sheet_of(desk, now)
    assert sheet.successor is None
    press(sheet, "absent", desk, now)
    assert FollowUp.objects.open().get(kind="shifts.absent").owner_post == "cs_manager"


def test_a_reported_difference_does_not_cover_another_number(ready, desk, sheet_of, now):
    sheet = ready(counted=COUNTED | {"keys": "2"})
    actions.take_way(sheet, way="count keys", by=desk, now=now)
    with pytest.raises(ValidationError, match="实点 3"):
        give(ready(counted=COUNTED | {"keys": "3"}), desk, now)


@pytest.mark.parametrize("typed", ["", "十二", "NaN"])
def test_a_number_that_was_not_counted_is_refused(ready, desk, now, typed):
    with pytest.raises(ValidationError, match="还没有清点钥匙"):
        give(ready(counted=COUNTED | {"keys": typed}), desk, now)


def test_an_absent_successor_blocks_and_the_manager_is_told(roster, desk, night, sheet_of, now):
    sheet = sheet_of(desk, now)
    actions.write(sheet, by=desk, typed={"counted": COUNTED})
    sheet = sheet_of(desk, now)
    with pytest.raises(ValidationError, match="钱夜还没有到岗"):
        give(sheet, desk, now)
    press(sheet, "absent", desk, now)
    assert FollowUp.objects.open().get(kind="shifts.absent").owner_post == "cs_manager"
    press(sheet_of(desk, now), "arrived", desk, now)
    assert not FollowUp.objects.open().filter(kind="shifts.absent").exists()
    assert give(sheet_of(desk, now), desk, now).successor == night


def test_an_unclear_shift_before_blocks_until_it_is_reported(ready, desk, night, sheet_of, now):
    sheet_of(night, at("2026-11-22 23:00"))
    sheet = ready()
    with pytest.raises(ValidationError, match="上一班还没有交清"):
        give(sheet, desk, now)
    press(sheet, "previous", desk, now)
    assert FollowUp.objects.open().filter(kind="shifts.previous").exists()
    assert give(sheet_of(desk, now), desk, now).status == Status.WAITING


def test_a_way_that_is_not_there_is_refused(ready, desk, now):
    with pytest.raises(ValidationError, match="没有这个办法"):
        actions.take_way(ready(), way="explode 1", by=desk, now=now)


def test_cash_is_booked_once_and_never_below_nothing(estate, desk, now):
    key = uuid4()
    for _press in range(2):
        actions.add_cash(
            estate, amount=Decimal(50), reason="押金", client_key=key, by=desk, now=now
        )
    assert CashEntry.objects.balance(estate) == 50
    with pytest.raises(ValidationError, match="现金只有"):
        actions.add_cash(
            estate, amount=Decimal(-51), reason="退押金", client_key=uuid4(), by=desk, now=now
        )
