"""TRN-1: who may be on post; who is to be trained for it; who must be taken off the roster."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Staff
from followups.models import FollowUp
from office import followups
from office.actions import training
from office.actions.qualifying import record_staff
from office.models import Attendance, StaffRecord
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


@pytest.fixture
def begun(estate, now):
    """An estate whose people were recorded some time ago."""
    return StaffRecord.objects.create(estate=estate, opened_at=now, recorded_at=now)


@pytest.fixture
def record(estate, assistant, desk, desk2, butler, now):
    """The first scan of a fresh installation: nobody has a day since when he is qualified."""
    followups.open_due(now)
    return StaffRecord.objects.get(estate=estate)


def test_a_fresh_estate_owes_one_record_and_nobody_an_induction(record, desk, desk2, now):
    followups.open_due(now + timedelta(minutes=1))
    row = FollowUp.objects.open().get(kind="office.record_staff")
    assert (row.owner_post, row.subject) == ("cs_assistant", record)
    assert row.due_at > now + timedelta(days=1)
    assert not FollowUp.objects.filter(kind="office.induct").exists()


@pytest.mark.clause("TRN-1")
def test_many_are_recorded_at_once_and_who_is_left_is_to_be_trained(
    as_, record, assistant, desk, desk2, butler, now
):
    client, url = as_(assistant), record.get_absolute_url()
    assert url in client.get("/office/training/people/").content.decode()
    page = client.get(url).content.decode()
    assert page.count('name="people"') == 5  # the manager and the assistant as well
    form = {"people": [desk.pk, desk2.pk], "qualified_on": "2024-03-01"}
    assert client.post(url, form).status_code == 302
    assert set(Staff.objects.filter(qualified_on=date(2024, 3, 1))) == {desk, desk2}
    assert not to_induct(butler).exists()  # the rest may have another day
    assert client.post(url, {"all": "1"}).status_code == 302
    assert to_induct(butler).exists()
    assert not FollowUp.objects.open().filter(kind="office.record_staff").exists()
    assert client.post(url, form).status_code == 409
    assert url not in client.get("/office/training/people/").content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"people": "desk"}, "写明从哪天起合格上岗"),
        ({"qualified_on": "2024-03-01"}, "勾上已经考核合格的人"),
        ({"people": "desk", "qualified_on": "2099-01-01"}, "不能晚于今天"),
    ],
)
def test_a_record_without_people_or_day_is_refused_in_words(
    as_, record, assistant, desk, typed, words
):
    data = typed | ({"people": [desk.pk]} if "people" in typed else {})
    answer = as_(assistant).post(record.get_absolute_url(), data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Staff.objects.filter(qualified_on__isnull=False).exists()


def test_who_failed_an_exam_cannot_be_recorded_as_qualified(record, estate, assistant, desk, now):
    session = teach(estate, assistant, now, desk)
    examine(session, assistant, now, desk1=10)
    training.record_resit(row_of(session, desk), by=assistant, now=now, resit_on=now.date(),
                          score=Decimal(20))  # fmt: skip
    marked = record_staff(record, people=[desk], qualified_on=now.date(), is_all=False,
                          by=assistant, now=now)  # fmt: skip
    assert marked == 0
    followups.open_due(now)
    assert to_induct(desk).exists()


@pytest.mark.parametrize("qualified", [True, False])
def test_an_estate_whose_people_are_all_qualified_has_begun(
    estate, assistant, desk, desk2, now, qualified
):
    Staff.objects.update(qualified_on=now.date())
    followups.open_due(now)
    assert not FollowUp.objects.filter(kind="office.record_staff").exists()
    Staff.objects.filter(pk=desk2.pk).update(qualified_on=now.date() if qualified else None)
    followups.open_due(now + timedelta(minutes=1))
    assert to_induct(desk2).exists() is not qualified


def test_a_record_ends_by_itself_when_nobody_is_left_on_it(record, now):
    Staff.objects.update(qualified_on=now.date())
    followups.open_due(now + timedelta(minutes=1))
    record.refresh_from_db()
    assert record.recorded_at
    assert not FollowUp.objects.open().filter(kind="office.record_staff").exists()


@pytest.mark.clause("TRN-1")
def test_new_person_is_to_be_trained_within_the_days_of_the_rulebook(
    as_, begun, estate, assistant, manager, desk, now
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
    begun, estate, assistant, desk, desk2, now
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
