from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import posts
from followups.models import FollowUp
from history.models import Entry
from notifications.models import Message
from registers import followups
from registers.actions import keys
from registers.actions.counting import count_keys, hooks, settle_difference
from registers.counts import expected_counts
from registers.models import KeyCount, KeyCountLine, KeyCustody, KeyLoan
from registers.models.keys import KeyStatus, LoanStatus
from tests.conftest import at


def owed(record):
    return list(FollowUp.objects.open().about(record).order_by("kind"))


def pieces(estate, code="keys"):
    return {row[0]: row[2] for row in expected_counts(estate)}[code]


@pytest.mark.clause("KEY-1")
def test_custody_needs_the_disclaimer(a_key):
    with pytest.raises(ValidationError) as refused:
        a_key(disclaimer_told=False)
    assert set(refused.value.message_dict) == {"disclaimer_told"}
    assert not KeyCustody.objects.exists()


def test_custody_is_numbered_by_year_and_keeps_one_spelling_of_the_phone(a_key):
    first, second = a_key(), a_key(label="K-08")
    assert (first.number, second.number) == ("YS2026-0001", "YS2026-0002")
    assert first.owner_phone == "13912341234"


def test_label_in_use_is_refused_and_free_after_the_owner_took_the_key(a_key, desk, now):
    key = a_key()
    with pytest.raises(ValidationError, match="标签"):
        a_key()
    keys.hand_back(key, to="王秀梅", document="身份证", by=desk, now=now)
    assert a_key().pk != key.pk


@pytest.mark.clause("KEY-1")
@pytest.mark.parametrize("asked", [False, True])
def test_key_without_approval_is_not_lent(a_key, desk, loan_terms, now, asked, estate):
    key = a_key()
    if asked:
        keys.ask_loan(key, **loan_terms, by=desk, now=now)
    with pytest.raises(ValidationError, match="批准"):
        keys.lend(key, by=desk, now=now)
    key.refresh_from_db()
    assert key.status == (KeyStatus.ASKED if asked else KeyStatus.HELD)
    assert pieces(estate) == 2
    assert not KeyLoan.objects.filter(status=LoanStatus.OUT).exists()


@pytest.mark.clause("KEY-1")
def test_loan_is_not_even_asked_before_the_owner_was_contacted(a_key, desk, loan_terms, now):
    key = a_key()
    for missing in ({"owner_answer": " "}, {"owner_contacted_at": None},
                    {"owner_contacted_at": now + timedelta(minutes=1)}):  # fmt: skip
        with pytest.raises(ValidationError):
            keys.ask_loan(key, **loan_terms | missing, by=desk, now=now)
    assert not KeyLoan.objects.exists()


@pytest.mark.clause("KEY-1")
def test_nobody_approves_his_own_request(a_key, assistant, manager, loan_terms, now):
    key = a_key()
    keys.ask_loan(key, **loan_terms, by=assistant, now=now)
    assert [row.owner_post for row in owed(key)] == [posts.CS_MANAGER]
    with pytest.raises(ValidationError, match="自己"):
        keys.approve_loan(key, by=assistant, now=now)
    keys.approve_loan(key, by=manager, now=now)
    assert key.open_loan.approved_by == manager


@pytest.mark.clause("KEY-1")
def test_database_refuses_a_loan_without_approval(a_key, desk, loan_terms, now):
    loan = keys.ask_loan(a_key(), **loan_terms, by=desk, now=now)
    out = {"status": "out", "lent_by": desk, "lent_at": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyLoan.objects.filter(pk=loan.pk).update(**out)
    with pytest.raises(IntegrityError), transaction.atomic():  # approved by who asked
        KeyLoan.objects.filter(pk=loan.pk).update(**out, approved_by=desk, approved_at=now)


@pytest.mark.clause("KEY-1")
def test_lent_key_is_chased_after_three_days_and_again(lent_key, desk, now):
    (row,) = owed(lent_key)
    assert (row.kind, row.owner_post) == (followups.KEY_LOAN, posts.FRONT_DESK)
    assert row.due_at == now + timedelta(days=3)
    later = now + timedelta(days=3, hours=1)
    keys.chase(lent_key, answer="明天还", by=desk, now=later)
    (row,) = owed(lent_key)
    assert row.due_at == later + timedelta(days=3)


def test_loan_given_back_under_a_new_seal_ends_the_chase(lent_key, desk, now, estate):
    assert pieces(estate) == 1
    keys.take_back_loan(lent_key, seal_number="F002", by=desk, now=now)
    loan = lent_key.loans.get()
    assert (loan.status, loan.received_by, loan.seal_number) == (LoanStatus.BACK, desk, "F002")
    assert (lent_key.status, lent_key.seal_number) == (KeyStatus.HELD, "F002")
    assert (owed(lent_key), pieces(estate)) == ([], 2)
    chain = Entry.objects.about(lent_key).values_list("event", "by_name")
    assert list(chain)[::-1] == [
        ("record.added", "张敏"), ("key.loan_asked", "张敏"), ("key.loan_approved", "赵静"),
        ("key.lent", "张敏"), ("key.loan_returned", "张敏"),
    ]  # fmt: skip


def test_refused_loan_tells_who_asked_and_leaves_the_key(a_key, desk, assistant, loan_terms, now):
    key = a_key()
    keys.ask_loan(key, **loan_terms, by=desk, now=now)
    keys.refuse_loan(key, reason="业主另约", by=assistant, now=now)
    assert (key.status, owed(key)) == (KeyStatus.HELD, [])
    assert Message.objects.filter(recipient=desk).count() == 1


def test_second_colleague_is_told_who_was_faster(a_key, desk, desk2, assistant, loan_terms, now):
    key = a_key()
    mine = KeyCustody.objects.get(pk=key.pk)
    keys.ask_loan(key, **loan_terms, by=desk, now=now)
    with pytest.raises(ValidationError, match="张敏") as refused:
        keys.ask_loan(mine, **loan_terms, by=desk2, now=now)
    assert refused.value.code == "stale"
    assert KeyLoan.objects.count() == 1


def test_lent_key_is_not_handed_to_the_owner(lent_key, desk, now):
    with pytest.raises(ValidationError):
        keys.hand_back(lent_key, to="王秀梅", document="身份证", by=desk, now=now)


def test_lost_key_ends_the_loan_and_owes_a_memo(lent_key, desk, assistant, now, estate):
    keys.report_lost(lent_key, reason="借用人丢了", by=desk, now=now)
    assert [row.kind for row in owed(lent_key)] == [followups.KEY_SETTLE]
    loan = lent_key.loans.get()
    assert (loan.status, loan.returned_at, loan.received_by) == (LoanStatus.LOST, None, None)
    assert pieces(estate) == 0
    keys.settle(lent_key, memo="业主同意换锁", by=assistant, now=now)
    assert (lent_key.status, owed(lent_key)) == (KeyStatus.SETTLED, [])


def test_loan_longer_than_three_days_or_of_more_keys_is_refused(a_key, desk, loan_terms, now):
    key = a_key()
    with pytest.raises(ValidationError, match="最多借 3 天"):
        keys.ask_loan(key, **loan_terms, days=4, by=desk, now=now)
    with pytest.raises(ValidationError, match="2 把"):
        keys.ask_loan(key, **loan_terms, quantity=3, by=desk, now=now)


@pytest.mark.clause("KEY-1")
def test_scan_owes_one_count_a_month_where_keys_are_kept(a_key, estate, other_estate, now):
    followups.open_due(now)
    assert not KeyCount.objects.exists()
    a_key()
    for _twice in range(2):
        followups.open_due(now)
    count = KeyCount.objects.get()
    assert (count.estate, count.month) == (estate, now.date().replace(day=1))
    (row,) = owed(count)
    assert row.owner_post == posts.FRONT_DESK
    assert row.due_at == at("2026-11-29 00:00")
    followups.open_due(at("2026-12-01 08:00"))
    assert KeyCount.objects.count() == 2


@pytest.mark.clause("KEY-1")
def test_count_with_a_difference_needs_a_reason_and_goes_to_the_assistant(
    a_key, lent_key, estate, desk, assistant, now, django_assert_num_queries
):
    other = a_key(label="K-08", quantity=3)
    followups.open_due(now)
    count = KeyCount.objects.get()
    with django_assert_num_queries(1):
        assert [(hook.key.label, hook.expected) for hook in hooks(estate)] == [
            ("K-07", 1), ("K-08", 3),
        ]  # fmt: skip
    with pytest.raises(ValidationError, match="差在哪里"):
        count_keys(count, found={other.pk: 2}, by=desk, now=now)
    count_keys(count, found={other.pk: 2}, reason="少一把", by=desk, now=now)
    assert (count.expected, count.found, count.difference) == (4, 3, -1)
    assert list(KeyCountLine.objects.values_list("key", "expected", "found")) == [(other.pk, 3, 2)]
    (row,) = owed(count)
    assert (row.kind, row.owner_post) == (followups.KEY_DIFFERENCE, posts.CS_ASSISTANT)
    with pytest.raises(ValidationError, match="张敏已经盘点过"):
        count_keys(count, found={}, by=assistant, now=now)
    settle_difference(count, note="挂错钩", by=assistant, now=now)
    assert owed(count) == []


def test_count_without_difference_is_done_in_one_step(a_key, desk, now):
    a_key()
    followups.open_due(now)
    count = count_keys(KeyCount.objects.get(), found={}, by=desk, now=now)
    assert (count.expected, count.found, owed(count)) == (2, 2, [])


@pytest.mark.clause("KEY-1")
def test_everything_wrong_with_a_request_is_said_at_once(a_key, desk, loan_terms, now):
    terms = loan_terms | {"quantity": 5, "days": 9, "owner_answer": " "}
    terms["owner_contacted_at"] = now + timedelta(hours=1)
    key = a_key()
    with pytest.raises(ValidationError) as refused:
        keys.ask_loan(key, **terms, by=desk, now=now)
    wrong = {"quantity", "days", "owner_answer", "owner_contacted_at"}
    assert set(refused.value.message_dict) == wrong
    assert not key.loans.exists()


@pytest.mark.clause("KEY-1")
def test_refused_lending_says_what_comes_first(a_key, desk, loan_terms, now):
    key = a_key()
    with pytest.raises(ValidationError, match="先联系业主, 再“申请借钥匙”"):
        keys.lend(key, by=desk, now=now)
    keys.ask_loan(key, **loan_terms, by=desk, now=now)
    with pytest.raises(ValidationError, match="请他们先批复"):
        keys.lend(key, by=desk, now=now)
