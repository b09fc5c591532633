from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import posts
from estates.models import Unit
from followups.models import FollowUp
from history.models import Entry
from registers import followups
from registers.actions import papers
from registers.models import ArchiveFile, FilingPapers
from registers.models.papers import PapersStatus


def owed(record):
    return [(row.kind, row.owner_post, row.due_at) for row in FollowUp.objects.open().about(record)]


@pytest.mark.clause("ARC-1")
def test_papers_are_owed_to_the_archive_a_day_after_the_formality(some_papers, now):
    formality = now - timedelta(hours=3)
    bundle = some_papers(formality_at=formality)
    assert owed(bundle) == [
        (followups.ARCHIVE_ENTER, posts.FRONT_DESK, formality + timedelta(hours=24))
    ]


@pytest.mark.clause("ARC-1")
def test_filing_into_a_file_adds_to_its_index_and_meets_what_is_owed(
    some_papers, a_file, desk, now
):
    bundle, file = some_papers(pages=3), a_file()
    papers.enter(bundle, file=file, by=desk, now=now)
    assert (bundle.status, bundle.file, bundle.filed_by) == (PapersStatus.FILED, file, desk)
    item = file.items.get()
    assert (item.paper, item.title, item.pages, item.filed_by) == (
        "renovation", "装修申请表", 3, desk,
    )  # fmt: skip
    assert owed(bundle) == []
    assert Entry.objects.about(bundle).first().event == "papers.filed"


@pytest.mark.clause("ARC-1")
def test_filing_begins_a_new_volume_where_the_household_has_none(some_papers, desk, now):
    bundle = some_papers()
    with pytest.raises(ValidationError) as refused:
        papers.enter(bundle, by=desk, now=now)
    assert set(refused.value.message_dict) == {"volume", "cabinet"}
    assert not ArchiveFile.objects.exists()
    papers.enter(bundle, volume="1", cabinet="D7", by=desk, now=now)
    file = ArchiveFile.objects.get()
    assert (file.unit, file.cabinet, file.keeper) == (bundle.unit, "D7", desk.name)
    assert file.items.count() == 1


def test_papers_never_go_into_a_file_that_is_out_or_of_another_home(
    some_papers, a_file, lend_file, desk, now, unit
):
    bundle, out = some_papers(), a_file()
    lend_file(out)
    with pytest.raises(ValidationError, match="借出"):
        papers.enter(bundle, file=out, by=desk, now=now)
    other = Unit.objects.create(
        estate=unit.estate, building=unit.building, code="3-2-1103", floor=11
    )
    with pytest.raises(ValidationError, match="不是这一户"):
        papers.enter(bundle, file=a_file(unit=other), by=desk, now=now)
    bundle.refresh_from_db()
    assert (bundle.status, len(owed(bundle))) == (PapersStatus.WAITING, 1)


def test_papers_are_filed_once(some_papers, a_file, desk, desk2, now):
    bundle, file = some_papers(), a_file()
    mine = FilingPapers.objects.get(pk=bundle.pk)
    papers.enter(bundle, file=file, by=desk, now=now)
    with pytest.raises(ValidationError, match="张敏") as refused:
        papers.enter(mine, file=file, by=desk2, now=now)
    assert refused.value.code == "stale"
    assert file.items.count() == 1


def test_papers_given_back_need_a_reason_and_are_owed_no_more(some_papers, desk, now):
    bundle = some_papers()
    with pytest.raises(ValidationError, match="不归档"):
        papers.drop(bundle, reason=" ", by=desk, now=now)
    papers.drop(bundle, reason="业户取回", by=desk, now=now)
    assert (bundle.status, owed(bundle)) == (PapersStatus.DROPPED, [])


def test_formality_of_the_future_is_refused(some_papers, now):
    with pytest.raises(ValidationError) as refused:
        some_papers(formality_at=now + timedelta(minutes=1))
    assert list(refused.value.message_dict) == ["formality_at"]


def test_database_refuses_papers_filed_nowhere(some_papers, now, desk):
    bundle = some_papers()
    with pytest.raises(IntegrityError), transaction.atomic():
        FilingPapers.objects.filter(pk=bundle.pk).update(
            status="filed", filed_at=now, filed_by=desk
        )
