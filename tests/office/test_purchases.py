"""PUR-1: from request to receipt, each step owed by somebody."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from followups.models import FollowUp
from notifications.models import Message
from office.actions import purchases
from office.models import Purchase
from office.statuses import PURCHASE_MOVES, PurchaseStatus
from spreadsheets.reader import read_sheets
from tests.office.conftest import ask


def kinds(purchase):
    return list(FollowUp.objects.open().about(purchase).values_list("kind", "owner_post"))


def received(purchase, assistant, now, **changes):
    terms = {
        "arrived_on": now.date(),
        "received_quantity": Decimal(5),
        "cost": Decimal(580),
        "check_note": "",
    }
    return purchases.receive(purchase, by=assistant, now=now, **(terms | changes))


@pytest.mark.clause("PUR-1")
def test_purchase_is_followed_from_request_to_receipt(purchase, manager, assistant, desk, now):
    assert kinds(purchase) == [("office.approve_purchase", "cs_manager")]
    purchases.approve(purchase, by=manager, now=now)
    assert kinds(purchase) == [("office.order_purchase", "cs_assistant")]
    purchases.order(purchase, by=assistant, now=now, supplier="文具店",
                    expected_on=now.date() + timedelta(days=2))  # fmt: skip
    assert kinds(purchase) == [("office.receive_purchase", "cs_assistant")]
    received(purchase, assistant, now)
    assert kinds(purchase) == [("office.store_purchase", "cs_assistant")]
    purchases.store(purchase, by=assistant, now=now, place="二号柜")
    assert kinds(purchase) == []
    purchases.issue(purchase, by=assistant, now=now, issued_to=desk)
    assert purchase.status == PurchaseStatus.ISSUED


@pytest.mark.clause("PUR-1")
@pytest.mark.parametrize("step", ["order", "receive", "store"])
def test_step_out_of_turn_is_refused(purchase, assistant, now, step):
    steps = {
        "order": lambda **by: purchases.order(
            purchase, supplier="文具店", expected_on=now.date(), **by
        ),
        "receive": lambda **by: received(purchase, by["by"], by["now"]),
        "store": lambda **by: purchases.store(purchase, place="柜", **by),
    }
    with pytest.raises(ValidationError, match="待审批"):
        steps[step](by=assistant, now=now + timedelta(hours=1))
    purchase.refresh_from_db()
    assert purchase.status == PurchaseStatus.REQUESTED


@pytest.mark.clause("PUR-1")
def test_nobody_approves_his_own_request(estate, manager, gm, now):
    purchase = ask(estate, manager, now)
    assert kinds(purchase) == [("office.approve_purchase", "general_manager")]
    with pytest.raises(ValidationError, match="上级"):
        purchases.approve(purchase, by=manager, now=now)
    purchases.approve(purchase, by=gm, now=now)
    assert purchase.decided_by == gm


def test_rejection_needs_a_reason_and_ends_it(purchase, manager, now):
    with pytest.raises(ValidationError):
        purchases.reject(purchase, by=manager, now=now, decision=" ")
    purchases.reject(purchase, by=manager, now=now, decision="库里还有")
    assert kinds(purchase) == []


@pytest.mark.clause("PUR-1")
def test_who_asked_hears_of_the_refusal_and_of_the_arrival(estate, manager, assistant, desk, now):
    refused, bought = ask(estate, desk, now), ask(estate, desk, now, item="胶带")
    purchases.reject(refused, by=manager, now=now, decision="库里还有")
    purchases.approve(bought, by=manager, now=now)
    purchases.order(bought, by=assistant, now=now, supplier="店", expected_on=now.date())
    received(bought, assistant, now)
    told = Message.objects.filter(recipient=desk).order_by("pk")
    assert [message.url for message in told] == [
        refused.get_absolute_url(), bought.get_absolute_url(),
    ]  # fmt: skip


@pytest.mark.parametrize("changes", [{"received_quantity": Decimal(4)}, {"cost": Decimal(601)}])
def test_receipt_that_differs_needs_words(purchase, manager, assistant, now, changes):
    purchases.approve(purchase, by=manager, now=now)
    purchases.order(purchase, by=assistant, now=now, supplier="店", expected_on=now.date())
    with pytest.raises(ValidationError) as refused:
        received(purchase, assistant, now, **changes)
    assert "check_note" in refused.value.error_dict
    received(purchase, assistant, now, check_note="涨价, 已报经理", **changes)
    assert purchase.status == PurchaseStatus.RECEIVED


def test_needed_day_that_passed_is_refused(estate, desk, now):
    with pytest.raises(ValidationError):
        ask(estate, desk, now, needed_on=now.date() - timedelta(days=1))


def test_request_pressed_twice_is_one(estate, desk, now):
    key = uuid4()
    assert ask(estate, desk, now, client_key=key) == ask(estate, desk, now, client_key=key)
    assert Purchase.objects.count() == 1


def test_numbers_count_up_in_the_day(estate, desk, now):
    numbers = [ask(estate, desk, now).number for _each in range(2)]
    assert numbers == ["CG20261123-001", "CG20261123-002"]


def test_moves_name_every_state():
    assert set(PURCHASE_MOVES) == set(PurchaseStatus)


def test_others_see_their_own_requests_only(purchase, desk, desk2, assistant, manager, outsider):
    seen = {
        who.username: Purchase.objects.visible_to(who).count()
        for who in (desk, desk2, assistant, manager, outsider)
    }
    assert seen == {"desk1": 1, "desk2": 0, "assistant": 1, "manager": 1, "outsider": 0}


@pytest.mark.clause("PUR-1")
def test_ledger_in_excel_is_what_the_list_shows(as_, purchase, assistant):
    answer = as_(assistant).get(reverse("office:purchase_export"))
    rows = read_sheets(BytesIO(b"".join(answer.streaming_content)))[0].rows
    assert [row[2] for row in rows[1:]] == ["复印纸"]


@pytest.mark.clause("PUR-1")
def test_purchase_page_requests_and_approves(as_, estate, desk, manager):
    form = {
        "client_key": uuid4(), "estate": estate.pk, "item": "胶带", "quantity": "2",
        "unit_name": "卷", "purpose": "贴通知", "budget": "20", "needed_on": "2199-01-01",
    }  # fmt: skip
    assert as_(desk).post(reverse("office:purchase_add"), form).status_code == 302
    purchase = Purchase.objects.get()
    url = reverse("office:purchase_approve", args=[purchase.pk])
    assert as_(desk).post(url, {"version": 1}).status_code == 403
    assert as_(manager).post(url, {"version": 1}).status_code == 302
    purchase.refresh_from_db()
    assert purchase.status == PurchaseStatus.APPROVED
