"""What was taken for a card: a deposit that goes back, or a fee that does not (CRD-1)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from followups.models import FollowUp
from history.models import Entry
from registers import followups
from registers.actions import cards, records
from registers.models import AccessCard
from registers.models.cards import CardStatus

DEPOSIT = {"fee_kind": "deposit", "fee": Decimal(50), "receipt": "S1"}
BACK = {"refund": Decimal(50), "to": "王秀梅"}


def owed(card):
    return [(row.kind, row.due_at) for row in FollowUp.objects.open().about(card)]


@pytest.fixture
def returned(issued_card, desk, now):
    card = issued_card(**DEPOSIT)
    cards.take_back(card, reason="搬走", by=desk, now=now)
    return card


@pytest.mark.clause("CRD-1")
def test_money_for_a_card_says_which_it_was(a_card):
    with pytest.raises(ValidationError) as refused:
        a_card(fee=Decimal(50), receipt="S1")
    assert list(refused.value.message_dict) == ["fee_kind"]
    with pytest.raises(ValidationError) as refused:
        a_card(fee_kind="cost")
    assert list(refused.value.message_dict) == ["fee"]


@pytest.mark.clause("CRD-1")
def test_deposit_is_owed_back_once_the_card_is_returned(returned, desk2, now):
    assert owed(returned) == [(followups.CARD_REFUND, now + timedelta(days=1))]
    later = now + timedelta(hours=1)
    cards.settle_deposit(returned, **BACK, by=desk2, now=later)
    returned.refresh_from_db()
    assert (returned.refund, returned.refunded_at, returned.refunded_by, returned.refunded_to) == (
        Decimal(50), later, desk2, "王秀梅",
    )  # fmt: skip
    assert owed(returned) == []
    assert Entry.objects.about(returned).first().detail == {"sum": "50", "to": "王秀梅"}
    with pytest.raises(ValidationError) as refused:
        cards.settle_deposit(returned, **BACK, by=desk2, now=later)
    assert refused.value.code == "stale"


def test_fee_is_not_given_back(issued_card, desk, now):
    card = issued_card(**DEPOSIT | {"fee_kind": "cost"})
    cards.take_back(card, reason="搬走", by=desk, now=now)
    assert owed(card) == []
    with pytest.raises(ValidationError, match="没有要退的押金"):
        cards.settle_deposit(card, **BACK, by=desk, now=now)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"refund": Decimal(51), "to": "王秀梅"}, "refund"),
        ({"refund": Decimal(50), "to": ""}, "to"),
        ({"refund": Decimal(20), "to": "王秀梅"}, "note"),
        ({"refund": Decimal(0), "to": ""}, "note"),
    ],
)
def test_refund_is_within_what_was_taken_and_says_why_not_all(returned, desk, now, terms, field):
    with pytest.raises(ValidationError) as refused:
        cards.settle_deposit(returned, **terms, by=desk, now=now)
    assert list(refused.value.message_dict) == [field]


@pytest.mark.clause("CRD-1")
def test_card_is_not_over_while_its_deposit_is_not_settled(returned, issued_card, desk, now):
    with pytest.raises(ValidationError, match="还没结清"):
        cards.void(returned, reason="搬走", by=desk, now=now)
    lost = issued_card(card_number="C9", **DEPOSIT)
    cards.report_lost(lost, said="王秀梅", by=desk, now=now)
    cards.block_done(lost, by=desk, now=now)
    terms = {"card_number": "C10", "fee": None, "receipt": "", "by": desk, "now": now}
    with pytest.raises(ValidationError, match="还没结清"):
        cards.replace(lost, **terms)
    cards.settle_deposit(lost, refund=Decimal(0), to="", note="卡丢失不退", by=desk, now=now)
    assert cards.replace(lost, **terms).replaces == lost
    cards.settle_deposit(returned, **BACK, by=desk, now=now)
    cards.void(returned, reason="搬走", by=desk, now=now)
    assert returned.status == CardStatus.VOID


def test_money_that_was_given_back_is_corrected_no_more(returned, desk, now):
    cards.settle_deposit(returned, **BACK, by=desk, now=now)
    seen = returned.version
    for changes in ({"fee": Decimal(80)}, {"fee_kind": "cost"}):
        card = AccessCard.objects.get(pk=returned.pk)
        with pytest.raises(ValidationError, match="已经退了"):
            records.change(card, changes, seen=seen, by=desk, now=now)


def test_database_refuses_a_refund_of_more_than_the_deposit(returned, desk, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessCard.objects.filter(pk=returned.pk).update(
            refund=60, refunded_at=now, refunded_by=desk
        )


@pytest.mark.clause("CRD-1")
def test_list_form_and_paper_tell_deposit_from_fee(as_, desk, returned):
    client = as_(desk)
    for page in ("/registers/cards/", returned.get_absolute_url()):
        text = client.get(page).content.decode()
        assert "押金" in text
        assert "50.00" in text
    url = f"{returned.get_absolute_url()}settle_deposit/"
    assert client.post(url, {"refund": "20", "to": "王秀梅"}).status_code == 422
    answer = client.post(url, {"refund": "20", "to": "王秀梅", "note": "卡面损坏"})
    assert answer.status_code == 302
    assert "押金 50.00 · 已退 20.00" in client.get("/registers/cards/").content.decode()
    paper = client.get(f"{returned.get_absolute_url()}print/").content.decode()
    for said in ("<dd>押金</dd>", "<dd>50.00</dd>", "<dd>20.00</dd>", "<dd>卡面损坏</dd>"):
        assert said in paper
