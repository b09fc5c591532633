"""What the rooms below hand out as evidence, as an inspector gets it offered on a draft."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.contrib.contenttypes.models import ContentType

from accounts import posts
from appraisal.actions import offers
from appraisal.rules import BY_KEY
from office.models import Attendance, TrainingSession
from roster.models import Duty, Roster
from shifts.models import Handover
from tests.conftest import at
from visits.models import Callback

SUNDAY = date(2026, 11, 22)
TURN = {"day": SUNDAY, "shift": "day", "starts_at": at("2026-11-22 08:00"),
        "ends_at": at("2026-11-22 17:30")}  # fmt: skip


@pytest.fixture
def offered(sheet_of, manager, now):
    """``offered(desk)``: (rule, item, [what]) of everything on offer about this person."""

    def ask(staff):
        found = offers.offers_for(sheet_of(staff, by=manager), now=now)
        assert all(each.rule.key in BY_KEY for each in found)
        return [
            (each.rule.key, each.item, [str(one.label) for one in each.evidence]) for each in found
        ]

    return ask


@pytest.fixture
def turn(desk, desk2, manager, estate, now):
    """Sunday's day shift was 张敏's by the published roster."""
    roster = Roster.objects.create(
        estate=estate, month=date(2026, 11, 1), pattern="two", status="published",
        drafted_by=manager, drafted_at=now, published_at=now,
    )  # fmt: skip
    return Duty.objects.create(roster=roster, post=posts.FRONT_DESK, staff=desk, **TURN)


def handover(estate, now, **more):
    return Handover.objects.create(estate=estate, seat="desk", drafted_at=now, **TURN | more)


@pytest.mark.clause("DUT-1", "DUT-4", "APP-11")
def test_a_missing_handover_is_offered_about_whoever_had_the_turn(
    turn, offered, desk, desk2, estate, now
):
    assert offered(desk) == []  # no sheet was begun: the shifts room begins one, and tells
    handover(estate, now)
    assert offered(desk) == [
        ("handover", "handover_quality", ["没有交班: 11-22 白班"]),
    ]
    assert offered(desk2) == []


@pytest.mark.clause("DUT-4")
@pytest.mark.parametrize(("minutes", "count"), [(29, 0), (31, 1)])
def test_a_handover_is_late_after_half_an_hour(minutes, count, offered, desk, estate, now):
    given = TURN["ends_at"] + timedelta(minutes=minutes)
    handover(estate, now, status="waiting", giver=desk, given_at=given)
    assert len(offered(desk)) == count


@pytest.mark.clause("TRN-2", "APP-12")
@pytest.mark.parametrize("status", ["failed", "absent"])
def test_a_failed_or_missed_training_is_offered(status, offered, desk, desk2, manager, estate, now):
    session = TrainingSession.objects.create(
        estate=estate, client_key=uuid4(), title="报修流程", starts_at=now - timedelta(days=3),
        pass_mark=60, planned_by=manager, planned_at=now - timedelta(days=9), hours=2,
    )  # fmt: skip
    Attendance.objects.create(
        session=session, staff=desk, status=status, ended_on=now.date() - timedelta(days=2),
        signed_at=now - timedelta(days=3), score=40,
    )  # fmt: skip
    ((rule, item, labels),) = offered(desk)
    assert (rule, item) == ("exam", "training_quality")
    assert "报修流程" in labels[0]
    assert offered(desk2) == []


@pytest.mark.clause("VIS-2")
def test_a_dissatisfied_call_back_is_offered_about_whoever_handled_it(
    offered, desk, desk2, estate, now
):
    row = Callback.objects.create(
        estate=estate, topic="help", content_type=ContentType.objects.get_for_model(estate),
        object_id=estate.pk, subject_label="LD-1", what="钥匙忘带", state="done",
        opened_at=now - timedelta(days=2), called_at=now - timedelta(days=1), called_by=desk2,
        satisfaction="dissatisfied",
    )  # fmt: skip
    row.handled_by.add(desk)
    assert offered(desk) == [("help", "job_quality", ["回访不满意: LD-1 钥匙忘带"])]
    assert offered(desk2) == []
