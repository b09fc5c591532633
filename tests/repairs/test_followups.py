"""What time alone makes due: promised days that passed, and slips open too long."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from followups.kinds import kind
from followups.models import FollowUp
from repairs import actions, followups
from repairs.statuses import Status
from tests.conftest import at

LATE = {followups.REVIEW_LATE, followups.THREE_DAYS}


def late_rows():
    return [
        (row.kind, row.owner_post)
        for row in FollowUp.objects.open().filter(kind__in=LATE).order_by("pk")
    ]


@pytest.mark.clause("MAN-8")
def test_a_promised_day_that_passed_is_reviewed_by_the_engineering_manager(crew, engmanager, now):
    repair = crew.slip(Status.IN_PROGRESS, now=now)  # promised for today 18:00
    followups.open_due(at("2026-11-23 23:59"))
    assert late_rows() == []
    for _ in range(2):
        followups.open_due(at("2026-11-24 00:01"))
    assert late_rows() == [(followups.REVIEW_LATE, "eng_manager")]
    actions.review_late(repair, note="明早派两人", by=engmanager, now=at("2026-11-24 08:00"))
    followups.open_due(at("2026-11-24 09:00"))
    assert late_rows() == []


def test_open_for_more_than_three_days_reaches_the_general_manager(crew, gm, engmanager, now):
    repair = crew.slip(Status.WAITING_PARTS, now=now, promised_at=now + timedelta(days=9))
    followups.open_due(now + timedelta(days=3))
    assert late_rows() == []
    followups.open_due(now + timedelta(days=3, minutes=1))
    assert late_rows() == [(followups.THREE_DAYS, "general_manager")]
    with pytest.raises(ValidationError):
        actions.review_late(repair, note="在催", by=engmanager, now=now + timedelta(days=4))
    actions.review_late(repair, note="知道了", by=gm, now=now + timedelta(days=4))
    assert late_rows() == []


@pytest.mark.parametrize(
    "status", [Status.FINISHED, Status.RETURNED, Status.ARCHIVED, Status.CANCELLED]
)
def test_finished_or_ended_slips_are_never_late(crew, now, status):
    crew.slip(status, now=now)
    followups.open_due(now + timedelta(days=10))
    assert late_rows() == []


def test_finishing_ends_the_reviews(crew, now):
    repair = crew.slip(Status.ARRIVED, now=now)
    followups.open_due(now + timedelta(days=4))
    assert len(late_rows()) == 2
    actions.finish(repair, work_done="换好", by=crew.repairer, now=now + timedelta(days=4))
    assert late_rows() == []


def test_open_due_looks_at_late_slips_by_their_index(crew, now, django_assert_max_num_queries):
    for _ in range(3):
        crew.slip(Status.DISPATCHED, now=now)
    followups.open_due(now + timedelta(days=4))
    with django_assert_max_num_queries(4):
        followups.open_due(now + timedelta(days=4))


def test_every_kind_has_its_words(db):
    for each in followups.KINDS:
        assert kind(each.key) is each
        assert each.title % {"place": "3-2-1102", "what": "漏水"}
