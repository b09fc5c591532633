"""TRN-1: who may be on post; who is to be trained for it; who must be taken off the roster."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Staff
from followups.models import FollowUp
from office import followups
from office.actions import training
from office.models import Attendance
from office.models.training import TrainingKind
from roster import actions as roster_actions
from tests.office.conftest import examine, teach


def row_of(session, staff):
    return Attendance.objects.select_related("session", "staff").get(session=session, staff=staff)


@pytest.mark.clause("TRN-1")
def test_roster_takes_only_who_passed(
    session, estate, assistant, manager, desk, butler, desk2, now
):
    """From the sign-in to the roster: passed, failed and resat, never trained."""
    examine(session, assistant, now, desk1=60, butler1=59)
    december = date(2026, 12, 1)
    roster = roster_actions.draft(estate, month=december, pattern="two",
                                  turns={"day": [Staff.objects.get(pk=desk.pk)]}, by=manager,
                                  now=now)  # fmt: skip

    def put(staff, day):
        staff.refresh_from_db()
        return roster_actions.assign(roster, day=day, shift="day", staff=staff, by=manager, now=now)

    for nobody in (butler, desk2):
        with pytest.raises(ValidationError, match="考核合格") as refused:
            put(nobody, december)
        assert refused.value.code == "unqualified"
    again = teach(estate, assistant, now, desk2)
    examine(again, assistant, now, desk2=30)
    training.record_resit(row_of(again, desk2), by=assistant, now=now, resit_on=now.date(),
                          score=Decimal(88))  # fmt: skip
    assert put(desk2, december).staff == desk2
    training.record_resit(row_of(session, butler), by=assistant, now=now, resit_on=now.date(),
                          score=Decimal(20))  # fmt: skip
    with pytest.raises(ValidationError, match="考核合格"):
        put(butler, december)


def to_induct(staff):
    return FollowUp.objects.open().about(staff).filter(kind="office.induct")


@pytest.mark.clause("TRN-1")
def test_new_person_is_to_be_trained_within_the_days_of_the_rulebook(
    as_, estate, assistant, manager, desk, now
):
    for minutes in range(2):
        followups.open_due(now + timedelta(minutes=minutes))
    row = to_induct(desk).get()
    assert (row.owner_post, row.due_at) == ("cs_assistant", now + timedelta(days=7))
    assert not to_induct(manager).exists()  # who leads the training answers for the others
    form = as_(assistant).get(row.url).context["form"]
    assert (form["kind"].value(), form["participants"].value()) == ("induction", [desk.pk])
    session = teach(estate, assistant, now, desk)
    examine(session, assistant, now, desk1=70)
    assert not to_induct(desk).exists()


@pytest.mark.clause("TRN-1")
def test_induction_is_owed_no_more_when_the_record_says_qualified_or_he_left(
    estate, assistant, desk, desk2, now
):
    followups.open_due(now)
    Staff.objects.filter(pk=desk.pk).update(qualified_on=now.date())
    Staff.objects.filter(pk=desk2.pk).update(is_active=False)
    followups.open_due(now + timedelta(minutes=1))
    assert not to_induct(desk).exists()
    assert not to_induct(desk2).exists()
    assert FollowUp.objects.about(desk).get(kind="office.induct").done_at
    assert FollowUp.objects.about(desk2).get(kind="office.induct").cancelled_at


@pytest.mark.clause("TRN-1")
def test_who_failed_is_to_be_trained_anew(estate, assistant, desk, now):
    desk.qualified_on = date(2025, 1, 1)
    desk.save()
    session = teach(estate, assistant, now, desk, kind=TrainingKind.IN_SERVICE)
    examine(session, assistant, now, desk1=10)
    training.record_resit(row_of(session, desk), by=assistant, now=now, resit_on=now.date(),
                          score=Decimal(20))  # fmt: skip
    followups.open_due(now)
    assert to_induct(desk).exists()


def to_replace(staff):
    return FollowUp.objects.open().about(staff).filter(kind="office.replace_on_roster")


@pytest.fixture
def published(estate, desk, desk2, night, manager, now):
    """December: by day the desk and nobody else, by night the night post."""
    Staff.objects.filter(pk__in=[desk.pk, desk2.pk, night.pk]).update(qualified_on=date(2025, 1, 1))
    people = {who.username: who for who in Staff.objects.all()}
    roster = roster_actions.draft(
        estate, month=date(2026, 12, 1), pattern="two", by=manager, now=now,
        turns={"day": [people["desk1"]], "night": [people["night1"]]},
    )  # fmt: skip
    return roster_actions.publish(roster, by=manager, now=now)


@pytest.mark.clause("TRN-1")
def test_who_fails_while_on_the_roster_is_to_be_replaced_before_his_next_turn(
    published, estate, assistant, desk, now
):
    followups.open_due(now)
    assert not to_replace(desk).exists()
    session = teach(estate, assistant, now, desk, kind=TrainingKind.IN_SERVICE)
    examine(session, assistant, now, desk1=10)
    training.record_resit(row_of(session, desk), by=assistant, now=now, resit_on=now.date(),
                          score=Decimal(20))  # fmt: skip
    for minutes in range(2):
        followups.open_due(now + timedelta(minutes=minutes))
    row = to_replace(desk).get()
    first = published.duties.filter(staff=desk).earliest("starts_at")
    assert (row.owner_post, row.due_at) == ("cs_assistant", first.starts_at)
    assert row.url == published.get_absolute_url()
    published.duties.filter(staff=desk).update(staff=Staff.objects.get(username="desk2"))
    followups.open_due(now + timedelta(minutes=3))
    assert not to_replace(desk).exists()


@pytest.mark.clause("TRN-1")
def test_who_passes_again_keeps_his_turns(published, estate, assistant, desk, now):
    Staff.objects.filter(pk=desk.pk).update(qualified_on=None)
    followups.open_due(now)
    assert to_replace(desk).exists()
    examine(teach(estate, assistant, now, desk), assistant, now, desk1=90)
    followups.open_due(now + timedelta(minutes=1))
    assert not to_replace(desk).exists()
