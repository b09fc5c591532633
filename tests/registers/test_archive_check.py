"""The month's look through the archive (ARC-1)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import posts
from followups.models import FollowUp
from registers import followups
from registers.actions.counting import check_archive, settle_difference, shelves
from registers.models import ArchiveCheck, ArchiveCheckLine
from tests.conftest import at

SAID = {"tidied": "按房号重排", "backup": "拷到移动硬盘"}


def owed(record):
    return [(row.kind, row.owner_post, row.due_at) for row in FollowUp.objects.open().about(record)]


@pytest.fixture
def check(a_file, now):
    a_file()
    a_file(volume="2", cabinet="D2")
    followups.open_due(now)
    return ArchiveCheck.objects.get()


@pytest.mark.clause("ARC-1")
def test_scan_owes_one_check_a_month_where_files_are_kept(check, estate, now):
    followups.open_due(now)
    assert ArchiveCheck.objects.get().estate == estate
    assert owed(check) == [(followups.ARCHIVE_TIDY, posts.FRONT_DESK, at("2026-11-29 00:00"))]
    followups.open_due(at("2026-12-01 08:00"))
    assert ArchiveCheck.objects.count() == 2


@pytest.mark.clause("ARC-1")
def test_check_says_what_was_tidied_and_where_the_copy_is(check, desk, now):
    for missing in SAID:
        with pytest.raises(ValidationError) as refused:
            check_archive(check, found={}, **SAID | {missing: " "}, by=desk, now=now)
        assert list(refused.value.message_dict) == [missing]
    check_archive(check, found={}, **SAID, by=desk, now=now)
    assert (check.expected, check.found, check.backup, owed(check)) == (2, 2, "拷到移动硬盘", [])
    with pytest.raises(ValidationError, match="张敏已经盘点过"):
        check_archive(check, found={}, **SAID, by=desk, now=now)


@pytest.mark.clause("ARC-1")
def test_missing_file_needs_a_reason_and_goes_to_the_assistant(check, desk, assistant, now):
    with pytest.raises(ValidationError, match="差在哪里"):
        check_archive(check, found={"D2": 0}, **SAID, by=desk, now=now)
    check_archive(check, found={"D2": 0}, **SAID, reason="卷不在", by=desk, now=now)
    assert list(ArchiveCheckLine.objects.values_list("cabinet", "expected", "found")) == [
        ("D2", 1, 0)
    ]
    assert [row[:2] for row in owed(check)] == [(followups.ARCHIVE_DIFFERENCE, posts.CS_ASSISTANT)]
    settle_difference(check, note="在会议室", by=assistant, now=now)
    check.refresh_from_db()
    assert (check.reason, check.result, owed(check)) == ("卷不在", "在会议室", [])
    assert (check.settled_by, check.settled_at) == (assistant, now)


@pytest.mark.clause("ARC-1")
def test_long_reason_leaves_the_result_whole(check, desk, assistant, now):
    check_archive(check, found={"D2": 0}, **SAID, reason="卷" * 300, by=desk, now=now)
    settle_difference(check, note="果" * 200, by=assistant, now=now)
    check.refresh_from_db()
    assert (check.reason, check.result) == ("卷" * 300, "果" * 200)


def test_file_that_is_lent_is_not_expected_in_its_cabinet(
    a_file, lend_file, estate, django_assert_num_queries
):
    lend_file(a_file())
    a_file(volume="2")
    with django_assert_num_queries(1):
        assert [(row.cabinet, row.expected, row.out) for row in shelves(estate)] == [("D1", 1, 1)]


def test_database_refuses_a_check_without_a_backup(check, desk, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        ArchiveCheck.objects.filter(pk=check.pk).update(
            counted_at=now, counted_by=desk, found=2, tidied="已整齐"
        )
