from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import posts
from followups.models import FollowUp
from history.models import Entry
from registers import followups
from registers.actions import storage
from registers.counts import expected_counts
from registers.models import Deposit
from registers.models.storage import REFUSED_GOODS, DepositStatus


def owed(record):
    return [(row.kind, row.due_at) for row in FollowUp.objects.open().about(record).order_by("pk")]


@pytest.mark.clause("STO-1")
@pytest.mark.parametrize("goods", REFUSED_GOODS)
def test_refused_goods_are_never_stored_but_written_down_with_the_reason(a_deposit, goods, estate):
    with pytest.raises(ValidationError) as refused:
        a_deposit(goods=goods)
    assert list(refused.value.message_dict) == ["refusal"]
    record = a_deposit(goods=goods, refusal="请本人带回")
    assert (record.status, owed(record)) == (DepositStatus.REFUSED, [])
    assert Entry.objects.about(record).get().event == "deposit.refused"
    assert {row[0]: row[2] for row in expected_counts(estate)}["storage"] == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Deposit.objects.filter(pk=record.pk).update(status="stored", place="架1")


def test_accepted_thing_needs_a_place_and_a_phone(a_deposit):
    with pytest.raises(ValidationError) as refused:
        a_deposit(place="", phone="")
    assert set(refused.value.message_dict) == {"place", "phone"}


def test_accepted_thing_has_no_reason_of_refusal(a_deposit):
    with pytest.raises(ValidationError) as refused:
        a_deposit(refusal="请自己保管")
    assert list(refused.value.message_dict) == ["refusal"]


def test_found_thing_needs_neither_room_nor_signature(a_deposit, estate):
    record = a_deposit(occasion="found", unit=None, phone="", signed=False, depositor="保洁员")
    assert record.number == "JC2026-0001"
    assert {row[0]: row[2] for row in expected_counts(estate)}["storage"] == 2


@pytest.mark.clause("STO-1")
def test_thing_is_asked_about_after_three_days_and_then_daily(a_deposit, desk, now):
    record = a_deposit()
    assert owed(record) == [(followups.STORAGE_ASK, now + timedelta(days=3))]
    later = now + timedelta(days=3)
    storage.ask(record, answer="明天来", by=desk, now=later)
    assert owed(record) == [(followups.STORAGE_ASK, later + timedelta(days=1))]
    record.refresh_from_db()
    assert record.asked_times == 1
    storage.ask(record, answer="没接通", by=desk, now=later + timedelta(days=1))
    record.refresh_from_db()
    assert record.asked_times == 2


@pytest.mark.clause("STO-1")
def test_after_thirty_days_the_manager_decides_once(a_deposit, desk, manager, now):
    record = a_deposit()
    young = a_deposit(at=now + timedelta(days=20))
    with pytest.raises(ValidationError, match="存满 30 天"):
        storage.dispose(record, decision="移交派出所", by=manager, now=now + timedelta(days=29))
    month = now + timedelta(days=30)
    for _twice in range(2):
        followups.open_due(month)
    row = FollowUp.objects.open().get(kind=followups.STORAGE_DECIDE)
    assert (row.subject, row.owner_post) == (record, posts.CS_MANAGER)
    storage.dispose(record, decision="移交派出所", by=manager, now=month)
    assert (record.status, record.decided_by, owed(record)) == ("disposed", manager, [])
    assert len(owed(young)) == 1


def test_thing_is_handed_back_once_against_a_document(a_deposit, desk, desk2, now):
    record = a_deposit()
    mine = Deposit.objects.get(pk=record.pk)
    with pytest.raises(ValidationError, match="证件"):
        storage.hand_back(record, to="王秀梅", document="", by=desk, now=now)
    storage.hand_back(record, to="王秀梅", document="身份证", by=desk, now=now)
    assert owed(record) == []
    with pytest.raises(ValidationError, match="张敏"):
        storage.hand_back(mine, to="别人", document="身份证", by=desk2, now=now)
