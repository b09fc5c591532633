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
    assert {"code": "cash", "expected": "300.00", "counted": "300"} in handover.counts


def test_a_count_that_differs_blocks_until_the_manager_is_told(ready, desk, sheet_of, now):
    sheet = ready(counted=COUNTED | {"keys": "2"})
    with pytest.raises(ValidationError, match="钥匙不符: 应有 0, 实点 2"):
        give(sheet, desk, now)
    actions.take_way(sheet, way="count keys", by=desk, now=now)
    assert "钥匙" in FollowUp.objects.open().get(kind="shifts.difference").params["what"]
    assert give(sheet_of(desk, now), desk, now).status == Status.WAITING


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
