"""The paper is printed before it is signed: the tick says who saw the signature, and when."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import posts
from followups.models import FollowUp
from history.models import Entry
from registers import followups
from registers.actions import keys, records, storage
from registers.models import Deposit, KeyCustody

LATER = timedelta(minutes=5)


def owed(record):
    return [row.kind for row in FollowUp.objects.open().about(record).order_by("kind")]


@pytest.fixture(params=["keys", "storage"])
def unsigned(request, a_key, a_deposit):
    return a_key(owner_signed=False) if request.param == "keys" else a_deposit(signed=False)


@pytest.mark.clause("KEY-1", "STO-1")
def test_unsigned_form_is_owed_and_met_by_who_saw_the_signature(unsigned, desk2, now):
    row = FollowUp.objects.open().about(unsigned).get(kind=followups.SIGN)
    assert (row.owner_post, row.due_at) == (posts.FRONT_DESK, now + timedelta(minutes=30))
    records.sign(unsigned, by=desk2, now=now + LATER)
    unsigned.refresh_from_db()
    assert (unsigned.signed_at, unsigned.signature_by) == (now + LATER, desk2)
    assert not unsigned.awaits_signature
    assert followups.SIGN not in owed(unsigned)
    assert Entry.objects.about(unsigned).first().event == "record.signed"
    with pytest.raises(ValidationError) as refused:
        records.sign(unsigned, by=desk2, now=now + LATER)
    assert refused.value.code == "stale"


def test_form_that_was_signed_already_says_so_at_once(a_key, a_deposit, desk, now):
    for record in (a_key(), a_deposit()):
        assert (record.signed_at, record.signature_by) == (now, desk)
        assert followups.SIGN not in owed(record)


def test_nobody_signs_for_what_was_found_or_refused(a_deposit):
    found = a_deposit(occasion="found", unit=None, phone="", signed=False, depositor="保洁员")
    refused = a_deposit(goods="cash", refusal="请自己保管", signed=False)
    for record in (found, refused):
        assert not record.awaits_signature
        assert followups.SIGN not in owed(record)


@pytest.mark.clause("KEY-1")
def test_key_without_the_owners_signature_stays_in_the_cabinet(a_key, desk, loan_terms, now):
    key = a_key(owner_signed=False)
    with pytest.raises(ValidationError, match="还没签委托书"):
        keys.ask_loan(key, **loan_terms, by=desk, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyCustody.objects.filter(pk=key.pk).update(status="lent")
    keys.hand_back(key, to="王秀梅", document="身份证", by=desk, now=now)
    assert owed(key) == []


def test_thing_fetched_before_the_signature_owes_nothing(a_deposit, desk, now):
    deposit = a_deposit(signed=False)
    storage.hand_back(deposit, to="王秀梅", document="身份证", by=desk, now=now)
    assert owed(deposit) == []


def test_database_refuses_a_tick_that_nobody_saw(unsigned):
    with pytest.raises(IntegrityError), transaction.atomic():
        type(unsigned).objects.filter(pk=unsigned.pk).update(**{unsigned.SIGNATURE: True})


@pytest.mark.clause("STO-1")
def test_line_is_saved_printed_for_signing_and_then_signed(as_, desk, unit, resident):
    client = as_(desk)
    form = {
        "occasion": "left", "goods": "parcel", "unit": "3-2-1102", "depositor": "王秀梅",
        "phone": "13912341234", "item": "箱子", "quantity": 1, "place": "架1",
    }  # fmt: skip
    answer = client.post("/registers/storage/add/", form | {"print": "1"})
    deposit = Deposit.objects.get()
    assert answer["Location"] == f"{deposit.get_absolute_url()}print/?new"
    paper = client.get(answer["Location"]).content.decode()
    assert "箱子" in paper
    assert f'<a href="{deposit.get_absolute_url()}">' in paper  # back to the line, not the form
    for page in (deposit.get_absolute_url(), "/registers/storage/"):
        assert "待签名" in client.get(page).content.decode()
    url = f"{deposit.get_absolute_url()}sign/"
    assert client.post(url, {"version": 1}).status_code == 302
    assert client.post(url, {"version": 1}).status_code == 409
    assert "待签名" not in client.get(deposit.get_absolute_url()).content.decode()


@pytest.mark.clause("KEY-1")
def test_entrusting_is_printed_in_as_many_copies_as_the_rulebook_says(as_, desk, a_key):
    key = a_key(owner_signed=False)
    page = as_(desk).get(f"{key.get_absolute_url()}print/").content.decode()
    assert page.count("业主托管钥匙委托书</h1>") == 2
    assert "第 2 份, 共 2 份" in page
    assert "<dt>业主已签委托书</dt><dd></dd>" in page
