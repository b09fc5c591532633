from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import posts
from followups.models import FollowUp
from registers import followups
from registers.actions import archive
from registers.models import ArchiveFile, ArchiveLoan
from registers.models.archive import ArchiveStatus
from registers.models.keys import LoanStatus


def owed(record):
    return [(row.kind, row.owner_post, row.due_at) for row in FollowUp.objects.open().about(record)]


@pytest.mark.clause("ARC-1")
def test_file_is_lent_three_days_without_asking(a_file, lend_file, desk, now):
    file = a_file()
    loan = lend_file(file)
    assert (file.status, loan.status) == (ArchiveStatus.OUT, LoanStatus.OUT)
    assert owed(file) == [(followups.ARCHIVE_LOAN, posts.FRONT_DESK, now + timedelta(days=3))]
    archive.take_back_loan(file, by=desk, now=now)
    assert (file.status, owed(file)) == (ArchiveStatus.ON_FILE, [])
    assert file.loans.get().received_by == desk


@pytest.mark.clause("ARC-1")
def test_longer_loan_waits_for_the_manager(a_file, lend_file, desk, manager, now):
    file = a_file()
    loan = lend_file(file, days=4)
    assert (file.status, loan.lent_at) == (ArchiveStatus.ASKED, None)
    assert [row[:2] for row in owed(file)] == [(followups.ARCHIVE_APPROVE, posts.CS_MANAGER)]
    with pytest.raises(ValidationError):
        archive.hand_out(file, by=desk, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        ArchiveLoan.objects.filter(pk=loan.pk).update(status="out", lent_by=desk, lent_at=now)
    with pytest.raises(ValidationError, match="自己"):
        archive.approve_loan(file, by=desk, now=now)
    archive.approve_loan(file, by=manager, now=now)
    archive.hand_out(file, by=desk, now=now)
    assert file.loans.get().approved_by == manager
    assert owed(file) == [(followups.ARCHIVE_LOAN, posts.FRONT_DESK, now + timedelta(days=4))]


@pytest.mark.clause("ARC-1")
def test_personal_file_never_leaves(a_file, lend_file):
    file = a_file(secrecy="personal")
    with pytest.raises(ValidationError, match="不外借"):
        lend_file(file, days=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ArchiveFile.objects.filter(pk=file.pk).update(status="out")


def test_refused_and_withdrawn_loans_leave_the_file(a_file, lend_file, desk, manager, now):
    file = a_file()
    lend_file(file, days=9)
    archive.refuse_loan(file, reason="太久", by=manager, now=now)
    lend_file(file, days=9)
    archive.withdraw_loan(file, by=desk, now=now)
    assert (file.status, owed(file)) == (ArchiveStatus.ON_FILE, [])
    assert sorted(file.loans.values_list("status", flat=True)) == ["refused", "withdrawn"]


@pytest.mark.clause("ARC-1")
@pytest.mark.parametrize(
    ("keep_until", "words"), [(None, "长期保存"), (date(2026, 11, 23), "没到期")]
)
def test_file_still_to_be_kept_is_not_destroyed(a_file, desk, now, keep_until, words):
    file = a_file(keep_until=keep_until)
    with pytest.raises(ValidationError, match=words):
        archive.ask_destruction(file, reason="旧", by=desk, now=now)
    file.refresh_from_db()
    assert (file.status, owed(file)) == (ArchiveStatus.ON_FILE, [])


@pytest.mark.clause("ARC-1")
def test_file_whose_retention_ended_is_owed_a_decision_once(a_file, now):
    over = a_file(keep_until=date(2026, 11, 22))
    a_file(keep_until=date(2026, 11, 23), volume="2")
    a_file(volume="3")
    for _twice in range(2):
        followups.open_due(now)
    row = FollowUp.objects.open().get(kind=followups.ARCHIVE_EXPIRED)
    assert (row.subject, row.owner_post) == (over, posts.FRONT_DESK)
    assert row.due_at == now + timedelta(days=30)


@pytest.mark.clause("ARC-1")
def test_keeping_a_file_longer_settles_its_retention(a_file, desk, now):
    file = a_file(keep_until=date(2026, 11, 22))
    followups.open_due(now)
    with pytest.raises(ValidationError) as refused:
        archive.keep_longer(file, until=now.date(), reason="诉讼", by=desk, now=now)
    assert list(refused.value.message_dict) == ["until"]
    with pytest.raises(ValidationError, match="为什么"):
        archive.keep_longer(file, until=None, reason=" ", by=desk, now=now)
    archive.keep_longer(file, until=date(2031, 1, 1), reason="诉讼", by=desk, now=now)
    file.refresh_from_db()
    assert (file.keep_until, owed(file)) == (date(2031, 1, 1), [])
    followups.open_due(now)
    assert owed(file) == []


@pytest.mark.clause("ARC-1")
def test_refused_destruction_owes_the_decision_again(a_file, desk, manager, now):
    file = a_file(keep_until=date(2026, 11, 22))
    followups.open_due(now)
    archive.ask_destruction(file, reason="期满", by=desk, now=now)
    assert [row[0] for row in owed(file)] == [followups.ARCHIVE_DESTROY]
    followups.open_due(now)
    archive.refuse_destruction(file, reason="还有诉讼", by=manager, now=now)
    followups.open_due(now)
    assert [row[0] for row in owed(file)] == [followups.ARCHIVE_EXPIRED]


def test_file_is_not_filed_on_a_later_day(a_file, now):
    with pytest.raises(ValidationError) as refused:
        a_file(filed_on=now.date() + timedelta(days=1))
    assert list(refused.value.message_dict) == ["filed_on"]


@pytest.mark.clause("ARC-1")
def test_destruction_is_approved_by_somebody_else(a_file, manager, desk, now):
    file = a_file(keep_until=date(2026, 11, 22))
    archive.ask_destruction(file, reason="期满", by=desk, now=now)
    assert [row[:2] for row in owed(file)] == [(followups.ARCHIVE_DESTROY, posts.CS_MANAGER)]
    with pytest.raises(ValidationError, match="自己"):
        archive.approve_destruction(file, by=desk, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        ArchiveFile.objects.filter(pk=file.pk).update(
            status="destroyed", destroyed_at=now, destroy_approved_by=desk
        )
    archive.approve_destruction(file, by=manager, now=now)
    assert (file.status, owed(file)) == (ArchiveStatus.DESTROYED, [])


def test_refused_destruction_puts_the_file_back(a_file, manager, desk, now):
    file = a_file(keep_until=date(2026, 11, 22))
    archive.ask_destruction(file, reason="期满", by=desk, now=now)
    archive.refuse_destruction(file, reason="还有诉讼", by=manager, now=now)
    assert (file.status, file.destroy_asked_by, owed(file)) == (ArchiveStatus.ON_FILE, None, [])


def test_index_grows_and_takes_no_paper_from_the_future(a_file, desk, now):
    file = a_file()
    item = {"paper": "renovation", "title": "装修申请", "by": desk, "now": now}
    archive.add_item(file, filed_on=now.date(), pages=3, **item)
    assert [str(line) for line in file.items.all()] == ["装修 装修申请"]
    with pytest.raises(ValidationError, match="不能晚于今天"):
        archive.add_item(file, filed_on=now.date() + timedelta(days=1), **item)


def test_household_has_one_file_of_a_volume(a_file):
    a_file()
    with pytest.raises(ValidationError, match="同一卷号"):
        a_file()
    assert a_file(volume="2").pk
