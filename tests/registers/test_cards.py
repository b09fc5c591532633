from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from estates.models import Residence, Resident, Unit
from followups.models import FollowUp
from registers import followups
from registers.actions import cards
from registers.counts import expected_counts, household_counts
from registers.models import AccessCard
from registers.models.cards import CardStatus

ROOM = "3-2-1102"


@pytest.fixture
def next_door(estate, building):
    return Unit.objects.create(
        estate=estate, building=building, stair="2", room="1103", code="3-2-1103"
    )


@pytest.mark.clause("CRD-1")
def test_card_for_who_does_not_live_there_is_refused(a_card, next_door):
    with pytest.raises(ValidationError, match="不是3-2-1103的住户"):
        a_card(unit=next_door)
    assert not AccessCard.objects.exists()


@pytest.mark.clause("CRD-1")
def test_card_for_who_moved_out_is_refused(a_card, resident, now):
    Residence.objects.update(until=now.date())
    with pytest.raises(ValidationError, match="不是"):
        a_card()


@pytest.mark.clause("CRD-1")
@pytest.mark.parametrize("typed", ["3-2-1103", "", "1102"])
def test_wrong_room_is_refused_at_both_checks(a_card, desk, now, next_door, typed):
    card = a_card()
    with pytest.raises(ValidationError) as refused:
        cards.check_room(card, room=typed, document="身份证", by=desk, now=now)
    assert "room" in refused.value.message_dict
    cards.check_room(card, room=ROOM, document="身份证", by=desk, now=now)
    with pytest.raises(ValidationError) as refused:
        cards.issue(card, room=typed, signed_name="王秀梅", by=desk, now=now)
    assert "room" in refused.value.message_dict
    card.refresh_from_db()
    assert card.status == CardStatus.CHECKED


@pytest.mark.clause("CRD-1")
@pytest.mark.parametrize("typed", ["3栋2单元1102", "３－２－1102", "3#2-1102", " 3-2-01102 "])
def test_right_room_may_be_written_in_any_way(a_card, desk, now, typed):
    card = a_card()
    cards.check_room(card, room=typed, document="身份证", by=desk, now=now)
    cards.issue(card, room=typed, signed_name="王秀梅", by=desk, now=now)
    assert card.status == CardStatus.ISSUED


@pytest.mark.clause("CRD-1")
@pytest.mark.parametrize("typed", ["3-2-11020", "2-3-1102", "32-1-102", "3-1102", "321102"])
def test_room_that_is_not_the_whole_room_is_refused(a_card, desk, now, typed):
    card = a_card()
    with pytest.raises(ValidationError, match="房号不对"):
        cards.check_room(card, room=typed, document="身份证", by=desk, now=now)


@pytest.mark.clause("CRD-1")
def test_card_is_not_issued_unchecked_nor_after_moving_out(a_card, desk, now, resident):
    card = a_card()
    with pytest.raises(ValidationError, match="还没有核对"):
        cards.issue(card, room=ROOM, signed_name="王秀梅", by=desk, now=now)
    cards.check_room(card, room=ROOM, document="身份证", by=desk, now=now)
    Residence.objects.update(until=now.date())
    with pytest.raises(ValidationError, match="不是"):
        cards.issue(card, room=ROOM, signed_name="王秀梅", by=desk, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessCard.objects.filter(pk=card.pk).update(status="issued")


def test_issued_card_keeps_who_checked_who_gave_and_leaves_the_desk(
    issued_card, desk, estate, unit
):
    card = issued_card()
    assert (card.checked_by, card.issued_by, card.relation) == (desk, desk, "owner")
    assert {row[0]: row[2] for row in expected_counts(estate)}["cards"] == 0
    assert {row[0]: row[2] for row in household_counts(unit)}["cards"] == 1


@pytest.mark.clause("CRD-1")
def test_fourth_card_of_a_household_needs_a_fee_note(issued_card, a_card, estate, unit):
    for number in range(3):
        issued_card(card_number=f"C{number}")
    with pytest.raises(ValidationError, match="每户 3 张") as refused:
        a_card(card_number="C4")
    assert list(refused.value.message_dict) == ["fee_note"]
    assert a_card(
        card_number="C4", fee_kind="cost", fee=Decimal(30), receipt="S1", fee_note="第四张"
    ).pk


@pytest.mark.clause("CRD-1")
def test_fee_of_a_card_needs_the_number_of_its_receipt(a_card):
    with pytest.raises(ValidationError) as refused:
        a_card(fee_kind="deposit", fee=Decimal(30))
    assert list(refused.value.message_dict) == ["receipt"]
    assert a_card(fee_kind="deposit", fee=Decimal(30), receipt="S1").pk


def test_given_back_and_void_cards_do_not_count_for_the_household(issued_card, desk, now, a_card):
    made = [issued_card(card_number=f"C{number}") for number in range(3)]
    cards.take_back(made[0], reason="不用了", by=desk, now=now)
    assert a_card(card_number="C4").pk


@pytest.mark.clause("CRD-1")
def test_lost_card_is_blocked_at_once_and_its_successor_points_to_it(issued_card, desk, now):
    card = issued_card()
    cards.report_lost(card, said="王秀梅来电", by=desk, now=now)
    assert (card.status, card.lost_at) == (CardStatus.LOST, now)
    row = FollowUp.objects.open().about(card).get()
    assert (row.kind, row.due_at) == (followups.CARD_BLOCK, now + timedelta(minutes=5))
    with pytest.raises(ValidationError, match="先在系统停用"):
        cards.replace(card, card_number="C2", fee=None, receipt="", by=desk, now=now)
    cards.block_done(card, by=desk, now=now)
    assert not FollowUp.objects.open().about(card).exists()
    with pytest.raises(ValidationError, match="收据号"):
        cards.replace(
            card, card_number="C2", fee_kind="cost", fee=Decimal(20), receipt="", by=desk, now=now
        )
    card.refresh_from_db()
    assert card.status == CardStatus.LOST
    new = cards.replace(
        card, card_number="C2", fee_kind="cost", fee=Decimal(20), receipt="S9", by=desk, now=now
    )
    assert (new.replaces, new.status, card.status) == (card, CardStatus.ASKED, CardStatus.VOID)
    with pytest.raises(ValidationError):  # a card is replaced once
        cards.replace(card, card_number="C3", fee=None, receipt="", by=desk, now=now)


def test_number_of_a_card_at_the_desk_is_free_only_after_it_was_voided(
    issued_card, a_card, desk, now
):
    card = issued_card()
    cards.take_back(card, reason="搬走", by=desk, now=now)
    with pytest.raises(ValidationError, match="先注销"):
        a_card()
    cards.void(card, reason="转给新住户", by=desk, now=now)
    assert a_card().number == "GK2026-0002"


def test_person_of_another_estate_is_no_holder(a_card, other_estate):
    stranger = Resident.objects.create(estate=other_estate, name="外人")
    with pytest.raises(ValidationError, match="不是"):
        a_card(holder=stranger)
