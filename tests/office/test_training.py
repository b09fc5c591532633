"""TRN-1: nobody on post without having passed. TRN-3: the handbook of the project."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from followups.models import FollowUp
from history.models import Entry
from office import followups
from office.actions import plans, training
from office.evidence import evidence
from office.models import Attendance, TrainingPlan
from office.models.training import TrainingKind
from office.qualification import standings
from office.statuses import (
    PLAN_MOVES,
    SESSION_MOVES,
    STANDING_MOVES,
    PlanStatus,
    SessionStatus,
    Standing,
)
from office.subjects import HANDBOOK
from tests.conftest import at
from tests.office.conftest import examine, teach


def qualified_on(staff):
    staff.refresh_from_db()
    return staff.qualified_on


def row_of(session, staff):
    return Attendance.objects.select_related("session", "staff").get(session=session, staff=staff)


@pytest.mark.clause("TRN-1")
def test_passing_the_induction_marks_qualified_and_failing_does_not(
    session, assistant, desk, butler, now
):
    assert qualified_on(desk) is None
    examine(session, assistant, now, desk1=60, butler1=59)
    assert qualified_on(desk) == date(2026, 11, 23)
    assert qualified_on(butler) is None
    assert row_of(session, butler).status == Standing.RESIT
    assert Entry.objects.about(desk).filter(event="staff.qualified").count() == 1


@pytest.mark.clause("TRN-1")
@pytest.mark.parametrize(
    ("score", "standing", "day"),
    [(75, Standing.PASSED_RESIT, date(2026, 11, 30)), (30, Standing.FAILED, None)],
)
def test_one_resit_decides(session, assistant, butler, now, score, standing, day):
    examine(session, assistant, now, desk1=60, butler1=59)
    row = row_of(session, butler)
    owed = FollowUp.objects.open().about(row).get()
    assert owed.due_at == at("2026-11-30 18:00")
    later = now + timedelta(days=7)
    training.record_resit(row, by=assistant, now=later, resit_on=later.date(), score=Decimal(score))
    assert row.status == standing
    assert qualified_on(butler) == day
    with pytest.raises(ValidationError):  # there is no second one
        training.record_resit(
            row, by=assistant, now=later, resit_on=later.date(), score=Decimal(90)
        )


@pytest.mark.clause("TRN-1")
def test_resit_after_the_days_is_refused_and_counts_as_failed(session, assistant, butler, now):
    examine(session, assistant, now, desk1=60, butler1=59)
    row, late = row_of(session, butler), now + timedelta(days=8)
    with pytest.raises(ValidationError) as refused:
        training.record_resit(row, by=assistant, now=late, resit_on=late.date(), score=Decimal(90))
    assert "resit_on" in refused.value.error_dict
    with pytest.raises(ValidationError, match="还可以补考"):
        training.miss_resit(row, by=assistant, now=now + timedelta(days=7))
    training.miss_resit(row, by=assistant, now=late)
    assert row.status == Standing.FAILED


@pytest.mark.clause("TRN-1")
def test_failing_takes_the_mark_away_until_an_exam_is_passed(estate, assistant, desk, now):
    desk.qualified_on = date(2025, 1, 1)
    desk.save()
    session = teach(estate, assistant, now, desk, kind=TrainingKind.IN_SERVICE)
    examine(session, assistant, now, desk1=10)
    assert qualified_on(desk) == date(2025, 1, 1)  # the resit is still to come
    training.record_resit(row_of(session, desk), by=assistant, now=now, resit_on=now.date(),
                          score=Decimal(20))  # fmt: skip
    assert qualified_on(desk) is None
    again = teach(estate, assistant, now, desk, kind=TrainingKind.IN_SERVICE)
    examine(again, assistant, now, desk1=80)
    assert qualified_on(desk) == now.date()


@pytest.mark.clause("TRN-1")
def test_in_service_training_alone_does_not_qualify_a_new_person(estate, assistant, desk, now):
    session = teach(estate, assistant, now, desk, kind=TrainingKind.IN_SERVICE)
    examine(session, assistant, now, desk1=90)
    assert qualified_on(desk) is None


@pytest.mark.clause("TRN-1")
def test_who_did_not_sign_in_was_absent_and_has_no_exam(session, assistant, desk, butler, now):
    training.sign_in(session, by=desk, now=now)
    training.hold(session, by=assistant, now=now)
    assert row_of(session, butler).status == Standing.ABSENT
    marks = {row_of(session, desk).pk: Decimal(90)}
    training.grade(session, by=assistant, now=now, graded_on=now.date(), scores=marks)
    assert qualified_on(butler) is None


def test_sign_in_is_by_oneself_once_and_on_the_day(session, assistant, desk, desk2, butler, now):
    with pytest.raises(ValidationError, match="当天"):
        training.sign_in(session, by=desk, now=now - timedelta(days=1))
    with pytest.raises(ValidationError, match="本人"):
        training.sign_in(session, by=desk, now=now, staff=butler)
    with pytest.raises(ValidationError, match="不在参加人里"):
        training.sign_in(session, by=desk2, now=now)
    training.sign_in(session, by=desk, now=now)
    with pytest.raises(ValidationError, match="已经签到"):
        training.sign_in(session, by=desk, now=now)
    noted = training.sign_in(session, by=assistant, now=now, staff=butler)
    assert (noted.staff, noted.signed_by) == (butler, assistant)


@pytest.mark.clause("TRN-1")
def test_induction_without_exam_is_refused(estate, assistant, desk, now):
    with pytest.raises(ValidationError) as refused:
        teach(estate, assistant, now, desk, exam="none")
    assert "exam" in refused.value.error_dict


def test_training_of_another_estate_or_department_is_refused(
    estate, assistant, outsider, repairer, now
):
    for stranger in (outsider, repairer):
        with pytest.raises(ValidationError, match=stranger.name):
            teach(estate, assistant, now, stranger)


def test_marks_missing_or_out_of_range_are_refused(session, assistant, desk, now):
    training.sign_in(session, by=desk, now=now)
    training.hold(session, by=assistant, now=now)
    for marks in ({}, {row_of(session, desk).pk: Decimal(101)}):
        with pytest.raises(ValidationError):
            training.grade(session, by=assistant, now=now, graded_on=now.date(), scores=marks)


def test_archive_waits_for_every_result(session, assistant, butler, now):
    examine(session, assistant, now, desk1=60, butler1=59)
    with pytest.raises(ValidationError, match="刘洋"):
        training.archive(session, by=assistant, now=now)
    training.record_resit(row_of(session, butler), by=assistant, now=now, resit_on=now.date(),
                          score=Decimal(70))  # fmt: skip
    training.archive(session, by=assistant, now=now)
    assert session.status == SessionStatus.ARCHIVED


@pytest.mark.clause("TRN-1")
def test_plan_of_next_year_is_owed_by_15_december_and_approved_by_the_manager(
    assistant, manager, estate
):
    followups.open_plan(date(2026, 11, 30), now=at("2026-11-30 09:00"))
    assert not TrainingPlan.objects.exists()
    for _again in range(2):
        followups.open_plan(date(2026, 12, 1), now=at("2026-12-01 00:05"))
    plan = TrainingPlan.objects.get()
    now = at("2026-12-10 09:00")
    owed = FollowUp.objects.open().about(plan).get()
    assert (plan.year, owed.owner_post, owed.due_at) == (
        2027, "cs_assistant", at("2026-12-15 18:00"),
    )  # fmt: skip
    plans.submit_plan(plan, by=assistant, now=now)
    assert FollowUp.objects.open().about(plan).get().owner_post == "cs_manager"
    with pytest.raises(ValidationError, match="上级"):
        plans.approve_plan(plan, by=assistant, now=now)
    plans.approve_plan(plan, by=manager, now=now)
    assert plan.status == PlanStatus.APPROVED


@pytest.mark.clause("TRN-3")
def test_plan_without_the_handbook_of_the_project_is_refused(plan, assistant, now):
    item = plan.items.get()
    assert item.subject == HANDBOOK  # every plan begins with it
    plans.remove_item(plan, by=assistant, now=now, item=item)
    with pytest.raises(ValidationError, match="项目部门运作手册"):
        plans.submit_plan(plan, by=assistant, now=now)
    plans.add_item(plan, by=assistant, now=now, month=2, subject=HANDBOOK, audience="前台",
                      hours=Decimal(4))  # fmt: skip
    plans.submit_plan(plan, by=assistant, now=now)


@pytest.mark.clause("TRN-3")
def test_people_page_says_who_knows_the_handbook(as_, session, assistant, desk, desk2, now):
    examine(session, assistant, now, desk1=60, butler1=59)
    assert training.has_passed(desk, HANDBOOK)
    known = {each.staff.username: each.knows_handbook for each in standings(assistant, now)[0]}
    assert (known["desk1"], known["desk2"], known["butler1"]) == (True, False, False)
    page = as_(assistant).get(reverse("office:people")).content.decode()
    assert page.count("项目部门运作手册已考过") == 1
    assert page.count("项目部门运作手册还没考") == 1


def test_archiving_is_offered_once_everybody_has_a_result(as_, session, assistant, butler, now):
    examine(session, assistant, now, desk1=60, butler1=59)
    client, url = as_(assistant), reverse("office:session_detail", args=[session.pk])
    assert f"{url}archive/" not in client.get(url).content.decode()
    training.record_resit(row_of(session, butler), by=assistant, now=now, resit_on=now.date(),
                          score=Decimal(70))  # fmt: skip
    assert f"{url}archive/" in client.get(url).content.decode()


@pytest.fixture
def approved(plan, assistant, manager, now):
    """The plan of 2027, with the handbook in January."""
    plans.submit_plan(plan, by=assistant, now=now)
    return plans.approve_plan(plan, by=manager, now=now)


def to_arrange(item):
    return FollowUp.objects.open().about(item).filter(kind="office.arrange_training")


@pytest.mark.clause("TRN-1")
def test_what_the_plan_has_for_the_month_is_owed_until_it_is_arranged(
    approved, estate, assistant, desk
):
    item = approved.items.get()
    followups.open_due(at("2026-12-31 23:59"))
    assert not to_arrange(item).exists()
    january = at("2027-01-04 09:00")
    for minutes in range(2):
        followups.open_due(january + timedelta(minutes=minutes))
    row = to_arrange(item).get()
    assert (row.owner_post, row.due_at) == ("cs_assistant", at("2027-01-31 18:00"))
    session = teach(estate, assistant, january, desk, item=item)
    assert not to_arrange(item).exists()
    followups.open_due(january + timedelta(hours=1))
    assert not to_arrange(item).exists()
    training.cancel_session(session, by=assistant, now=january, reason="讲师生病")
    followups.open_due(january + timedelta(hours=2))
    assert to_arrange(item).exists()


def test_line_of_a_plan_that_is_not_approved_is_not_arranged(plan, estate, assistant, desk, now):
    with pytest.raises(ValidationError, match="批准") as refused:
        teach(estate, assistant, now, desk, item=plan.items.get())
    assert "item" in refused.value.error_dict


def test_plan_page_leads_to_arranging_its_lines(as_, approved, estate, assistant, gm, desk):
    item, client = approved.items.get(), as_(assistant)
    url = reverse("office:plan_detail", args=[approved.pk])
    link = f"{reverse('office:session_add')}?item={item.pk}"
    assert f'href="{link}"' in client.get(url).content.decode()
    form = client.get(link).context["form"]
    assert (form["subject"].value(), form["hours"].value()) == (HANDBOOK, item.hours)
    data = {
        "client_key": uuid4(), "estate": estate.pk, "item": item.pk, "subject": HANDBOOK,
        "kind": "in_service", "starts_at": "2027-01-12T14:00", "hours": "4", "trainer": "周经理",
        "exam": "written", "participants": [desk.pk],
    }  # fmt: skip
    assert client.post(reverse("office:session_add"), data).status_code == 302
    assert item.sessions.get().attendances.get().staff == desk
    assert "2027-01-12" in client.get(url).content.decode()
    assert f'href="{link}"' not in as_(gm).get(url).content.decode()


def test_hours_of_the_month(session, assistant, desk, desk2, now):
    examine(session, assistant, now, desk1=60, butler1=59)
    found, needed = standings(assistant, now)
    hours = {each.staff.username: (each.hours, each.has_enough) for each in found}
    assert needed == 4
    assert hours["desk1"] == (2, False)
    assert hours["desk2"] == (0, False)


def test_moves_name_every_state():
    assert set(PLAN_MOVES) == set(PlanStatus)
    assert set(SESSION_MOVES) == set(SessionStatus)
    assert set(STANDING_MOVES) == set(Standing)


def test_participant_sees_his_training_and_no_marks_of_others(
    as_, session, assistant, desk, desk2, butler, now
):
    examine(session, assistant, now, desk1=91, butler1=43)
    url = reverse("office:session_detail", args=[session.pk])
    page = as_(desk).get(url).content.decode()
    assert "成绩 91" in page
    assert "成绩 43" not in page
    assert as_(desk2).get(url).status_code == 404


@pytest.mark.clause("TRN-1")
def test_training_page_signs_in_and_grades(as_, session, assistant, desk):
    session.starts_at = timezone.now() - timedelta(days=30)
    session.save()
    exam = timezone.localdate() - timedelta(days=3)
    url = reverse("office:session_detail", args=[session.pk])
    assert as_(desk).post(f"{url}sign/", {"version": 1}).status_code == 302
    client = as_(assistant)
    assert client.post(f"{url}hold/", {"version": 1}).status_code == 302
    row = row_of(session, desk)
    data = {"version": 2, "graded_on": f"{exam:%Y-%m-%d}", f"score_{row.pk}": "88"}
    assert client.post(f"{url}grade/", data).status_code == 302
    assert qualified_on(desk) == exam


@pytest.mark.clause("TRN-2")
def test_failed_exams_and_late_papers_are_evidence(session, assistant, butler, desk, estate, now):
    examine(session, assistant, now, desk1=90, butler1=10)
    training.record_resit(row_of(session, butler), by=assistant, now=now, resit_on=now.date(),
                          score=Decimal(10))  # fmt: skip
    followups.open_due(now)
    span = (now - timedelta(days=20), now + timedelta(days=7))
    (exam,) = evidence(butler, *span)
    assert (exam.rule, exam.clause, exam.url) == ("exam", "TRN-2", session.get_absolute_url())
    late = evidence(assistant, *span)
    assert "missed" in {each.rule for each in late}
    assert len({each.key for each in late}) == len(late)
    assert evidence(desk, *span) == []
