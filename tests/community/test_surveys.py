"""The life of a survey, who may take which step, and what it makes people owe (SUR-1, SUR-2)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from community import followups
from community.actions import fieldwork, measures, surveys
from community.due import open_due
from community.models import HandOut, Questionnaire, Survey
from community.statuses import SURVEY_MOVES, SurveyStatus
from estates.models import Area, Unit
from followups.models import FollowUp
from history.models import Entry
from rulebook.actions import change_number
from tests.community.conftest import PLAN, give
from tests.conftest import at

S = SurveyStatus


def owed(subject):
    return set(FollowUp.objects.open().about(subject).values_list("kind", flat=True))


@pytest.mark.clause("SUR-1")
def test_survey_goes_from_plan_to_file_and_owes_each_step(homes, survey_at, manager, gm, now):
    homes(4)
    survey = survey_at(S.PLANNED)
    assert owed(survey) == {followups.PLAN_SURVEY}
    surveys.submit(survey, by=manager, now=now)
    assert owed(survey) == {followups.APPROVE_SURVEY}
    assert FollowUp.objects.open().about(survey).get().owner_post == "general_manager"
    surveys.approve(survey, by=gm, now=now)
    assert owed(survey) == {followups.OPEN_SURVEY}
    assert fieldwork.distribute(survey, by=manager, now=now) == 4  # the vacant ones get none
    assert owed(survey) == {followups.COUNT}
    for form in Questionnaire.objects.filter(survey=survey):
        give(form, 4, by=manager, now=now)
    after = at("2026-12-01 09:00")
    fieldwork.count(survey, by=manager, now=after)
    assert owed(survey) == {followups.REPORT}
    surveys.report(survey, by=manager, now=after, analysis="都满意")
    assert owed(survey) == {followups.PUBLICISE}
    surveys.publicise(survey, by=manager, now=after, where="公告栏")
    assert owed(survey) == {followups.FILE_SURVEY}
    surveys.archive(survey, by=manager, now=after)
    assert owed(survey) == set()
    assert Survey.objects.get().status == S.ARCHIVED
    events = list(Entry.objects.about(survey).values_list("event", flat=True))[::-1]
    assert events == [
        "survey.planned", "survey.submitted", "survey.approved", "survey.distributed",
        "survey.counted", "survey.reported", "survey.publicised", "survey.archived",
    ]  # fmt: skip


def test_every_state_is_in_the_map():
    assert set(SURVEY_MOVES) == set(S)
    assert all(set(targets) <= set(S) for targets in SURVEY_MOVES.values())


def test_step_out_of_order_is_refused(survey_at, manager, now):
    survey = survey_at(S.PLANNED)
    with pytest.raises(ValidationError, match="策划中"):
        fieldwork.distribute(survey, by=manager, now=now)


@pytest.mark.clause("SUR-1")
def test_planner_may_not_approve_his_own_survey(survey_at, manager, now):
    survey = survey_at(S.SUBMITTED)
    with pytest.raises(ValidationError, match="不能批准自己的方案"):
        surveys.approve(survey, by=manager, now=now)


def test_second_colleague_hears_who_was_faster(survey_at, gm, now):
    survey = survey_at(S.SUBMITTED)
    stale = Survey.objects.get(pk=survey.pk)
    surveys.approve(survey, by=gm, now=now)
    with pytest.raises(ValidationError) as refusal:
        surveys.send_back(stale, by=gm, now=now, opinion="晚了")
    assert refusal.value.code == "stale"
    assert "郑总" in refusal.value.messages[0]


@pytest.mark.clause("SUR-1")
@pytest.mark.parametrize(("share", "is_enough"), [(89, False), (90, True)])
def test_share_of_households_has_to_reach_the_rulebook(survey_at, manager, now, share, is_enough):
    survey = survey_at(S.PLANNED, share=share)
    if is_enough:
        surveys.submit(survey, by=manager, now=now)
    else:
        with pytest.raises(ValidationError, match="90%"):
            surveys.submit(survey, by=manager, now=now)


def test_draw_is_rounded_up_and_can_be_repeated(homes, survey_at, manager, gm, now, estate):
    homes(11)
    drawn = []
    for _n in range(2):
        survey = survey_at(S.APPROVED, share=90)
        fieldwork.distribute(survey, by=manager, now=now, seed=42)
        drawn.append(
            set(Questionnaire.objects.filter(survey=survey).values_list("unit", flat=True))
        )
    assert len(drawn[0]) == 10  # 9.9 rounded up
    assert drawn[0] == drawn[1]
    survey.refresh_from_db()
    assert (survey.seed, survey.occupied) == (42, 11)


@pytest.mark.clause("SUR-2")
def test_butler_owes_the_forms_of_his_buildings_and_the_desk_the_others(
    homes, tower, survey_at, butler, now
):
    homes(2)
    homes(2, tower)
    survey = survey_at(S.FIELD)
    rows = {row.building.code: row for row in HandOut.objects.filter(survey=survey)}
    mine = FollowUp.objects.open().about(rows["3"])
    assert {row.kind for row in mine} == {followups.HAND_OUT, followups.COLLECT}
    assert {row.owner for row in mine} == {butler}
    assert {row.owner_post for row in FollowUp.objects.open().about(rows["5"])} == {"front_desk"}


@pytest.mark.clause("SUR-2")
def test_hand_out_is_met_by_the_last_form_and_collecting_by_four_fifths(
    homes, survey_at, butler, now
):
    homes(5)
    survey = survey_at(S.FIELD)
    row = HandOut.objects.get(survey=survey)
    pks = list(
        Questionnaire.objects.filter(survey=survey).order_by("pk").values_list("pk", flat=True)
    )
    assert fieldwork.mark_sent(survey, pks[:4], by=butler, now=now) == 4
    assert followups.HAND_OUT in owed(row)
    fieldwork.mark_sent(survey, pks, by=butler, now=now)
    assert followups.HAND_OUT not in owed(row)
    rows = list(Questionnaire.objects.filter(survey=survey).select_related("unit"))
    for form in rows[:3]:
        give(form, 5, by=butler, now=now)
    assert followups.COLLECT in owed(row)
    give(rows[3], 5, by=butler, now=now)  # 4 of 5 are the 80 % of the rulebook
    assert followups.COLLECT not in owed(row)


def test_butler_hands_out_only_in_his_own_area(homes, tower, survey_at, butler, now):
    homes(1, tower)
    survey = survey_at(S.FIELD)
    pks = Questionnaire.objects.values_list("pk", flat=True)
    assert fieldwork.mark_sent(survey, pks, by=butler, now=now) == 0


@pytest.mark.clause("SUR-1")
def test_counting_below_the_shares_needs_a_reason(homes, survey_at, manager, now):
    homes(5)
    survey = survey_at(S.FIELD)
    rows = list(Questionnaire.objects.filter(survey=survey).select_related("unit"))
    fieldwork.mark_sent(survey, [row.pk for row in rows], by=manager, now=now)
    for row in rows[:3]:
        give(row, 5, by=manager, now=now)
    after = at("2026-12-01 09:00")
    with pytest.raises(ValidationError, match=r"回收率 60\.0% 低于 80%"):
        fieldwork.count(survey, by=manager, now=after)
    fieldwork.count(survey, by=manager, now=after, shortfall="两户出国")
    assert survey.shortfall == "两户出国"


def test_counting_before_the_last_day_needs_a_reason(homes, survey_at, manager, now):
    homes(1)
    survey = survey_at(S.FIELD)
    give(Questionnaire.objects.get(survey=survey), 5, by=manager, now=now)
    with pytest.raises(ValidationError, match="还没到截止日期 2026-11-30"):
        fieldwork.count(survey, by=manager, now=now)


def test_counting_nothing_is_refused(homes, survey_at, manager, now):
    homes(1)
    survey = survey_at(S.FIELD)
    with pytest.raises(ValidationError, match="一份问卷都没有收回"):
        fieldwork.count(survey, by=manager, now=at("2026-12-01 09:00"), shortfall="没人填")


@pytest.mark.clause("SUR-1")
def test_low_topic_needs_a_measure_before_it_is_publicised(
    homes, survey_at, manager, repairer, now
):
    homes(1)
    survey = survey_at(S.FIELD)
    give(Questionnaire.objects.get(survey=survey), 1, by=manager, now=now)
    after = at("2026-12-01 09:00")
    fieldwork.count(survey, by=manager, now=after)
    surveys.report(survey, by=manager, now=after, analysis="都不满意")
    with pytest.raises(ValidationError, match="维修"):
        surveys.publicise(survey, by=manager, now=after, where="公告栏")
    given = [
        measures.give(survey, topic=topic, problem="慢", what="加人", owner=repairer,
                      due_on=date(2026, 12, 20), by=manager, now=after)
        for topic in survey.questions.values_list("topic", flat=True)
    ]  # fmt: skip
    row = FollowUp.objects.open().about(given[0]).get()
    assert (row.kind, row.owner, row.due_at) == (
        followups.MEASURE, repairer, at("2026-12-21 00:00"),
    )  # fmt: skip
    surveys.publicise(survey, by=manager, now=after, where="公告栏")
    with pytest.raises(ValidationError, match="还有 7 项整改没完成"):
        surveys.archive(survey, by=manager, now=after)
    for measure in given:
        measures.finish(measure, by=repairer, now=after, result="已加两人")
    row = FollowUp.objects.open().about(given[0]).get()
    assert (row.kind, row.owner) == (followups.CONFIRM_MEASURE, manager)
    with pytest.raises(ValidationError, match="还有 7 项整改没完成或没核实"):
        surveys.archive(survey, by=manager, now=after)
    for measure in given:
        measures.confirm(measure, by=manager, now=after, finding="问过三户, 快了")
    surveys.archive(survey, by=manager, now=after)
    assert not FollowUp.objects.open().about(given[0]).exists()


@pytest.fixture
def measure_of(survey_at, homes, manager, now):
    """``measure_of(desk)``: a measure of a reported survey that this colleague owes."""

    def give_one(owner):
        homes(1)
        return measures.give(
            survey_at(S.REPORTED), topic="repair", problem="慢", what="加人", owner=owner,
            due_on=date(2026, 12, 20), by=manager, now=now,
        )  # fmt: skip

    return give_one


@pytest.mark.clause("SUR-1")
def test_measure_is_confirmed_by_somebody_else_and_the_managers_own_by_the_general_manager(
    measure_of, manager, gm, now
):
    measure = measure_of(manager)
    measures.finish(measure, by=manager, now=now, result="做了")
    row = FollowUp.objects.open().about(measure).get()
    assert (row.kind, row.owner, row.owner_post) == (
        followups.CONFIRM_MEASURE, None, "general_manager",
    )  # fmt: skip
    with pytest.raises(ValidationError, match="责任人不能核实自己的整改"):
        measures.confirm(measure, by=manager, now=now, finding="好")
    measures.confirm(measure, by=gm, now=now, finding="去看过")
    assert (measure.status, measure.confirmed_by, measure.finding) == ("confirmed", gm, "去看过")
    assert not FollowUp.objects.open().about(measure).exists()


@pytest.mark.clause("SUR-1")
def test_measure_that_was_not_done_goes_back_to_its_owner_with_a_new_day(
    measure_of, manager, desk, now
):
    measure = measure_of(desk)
    measures.finish(measure, by=desk, now=now, result="做了")
    with pytest.raises(ValidationError, match="责任人不能核实"):
        measures.reopen(measure, by=desk, now=now, reason="x", due_on=date(2026, 12, 24))
    with pytest.raises(ValidationError, match="今天或以后"):
        measures.reopen(measure, by=manager, now=now, reason="没做到", due_on=date(2026, 11, 1))
    measures.reopen(measure, by=manager, now=now, reason="没做到", due_on=date(2026, 12, 24))
    row = FollowUp.objects.open().about(measure).get()
    assert (row.kind, row.owner, row.due_at) == (followups.MEASURE, desk, at("2026-12-25 00:00"))


def test_steps_of_a_measure_are_offered_to_who_may_take_them(measure_of, as_, manager, desk, now):
    measure = measure_of(desk)
    path = f"/measures/{measure.pk}/"
    assert f'action="{path}finish/"' in as_(desk).get(path).content.decode()
    assert f'action="{path}confirm/"' not in as_(manager).get(path).content.decode()
    measures.finish(measure, by=desk, now=now, result="做了")
    assert f'action="{path}confirm/"' not in as_(desk).get(path).content.decode()
    assert f'action="{path}confirm/"' in as_(manager).get(path).content.decode()
    assert as_(desk).post(f"{path}confirm/", {"finding": "好"}).status_code == 422


def test_measure_is_finished_by_its_owner_or_the_manager(
    survey_at, homes, manager, repairer, desk, now
):
    homes(1)
    survey = survey_at(S.REPORTED)
    measure = measures.give(
        survey, topic="repair", problem="慢", what="加人", owner=repairer, due_on=date(2026, 12, 20),
        by=manager, now=now,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="由小孙负责"):
        measures.finish(measure, by=desk, now=now, result="x")
    measures.hand_over(measure, owner=desk, by=manager, now=now)
    assert FollowUp.objects.open().about(measure).get().owner == desk
    measures.finish(measure, by=desk, now=now, result="已办")


@pytest.mark.parametrize("bad", ["outsider", "past"])
def test_measure_for_a_stranger_or_a_past_day_is_refused(
    survey_at, homes, manager, outsider, repairer, now, bad
):
    homes(1)
    survey = survey_at(S.COUNTED)
    owner = outsider if bad == "outsider" else repairer
    day = date(2026, 12, 20) if bad == "outsider" else date(2026, 11, 1)
    with pytest.raises(ValidationError):
        measures.give(survey, topic="repair", problem="慢", what="加人", owner=owner, due_on=day,
                      by=manager, now=now)  # fmt: skip
    assert not survey.measures.exists()


def test_cancelled_survey_owes_nothing(homes, survey_at, manager, now):
    homes(1)
    survey = survey_at(S.FIELD)
    surveys.cancel(survey, by=manager, now=now, reason="台风")
    assert not FollowUp.objects.open().filter(kind__startswith="community.").exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"ends_on": date(2026, 11, 1)},
        {"starts_on": date(2026, 12, 5), "ends_on": date(2026, 12, 4)},
    ],
)
def test_plan_with_impossible_dates_is_refused(estate, manager, now, fields):
    with pytest.raises(ValidationError):
        surveys.plan(estate=estate, by=manager, now=now, **(PLAN | fields))
    assert not Survey.objects.exists()


def test_questions_need_one_with_levels(survey_at, manager, now):
    survey = survey_at(S.PLANNED)
    with pytest.raises(ValidationError, match="五级"):
        surveys.set_questions(survey, [("other", "想说什么", True)], by=manager, now=now)
    assert survey.questions.count() == 7


@pytest.mark.clause("SUR-1")
def test_may_and_november_open_one_survey_an_estate_for_the_manager(estate, manager, unit):
    for moment in ("2026-04-30 10:00", "2026-05-01 08:00", "2026-05-02 08:00", "2026-11-01 08:00"):
        open_due(at(moment))
    assert list(Survey.objects.order_by("term").values_list("term", flat=True)) == [
        "2026-05", "2026-11",
    ]  # fmt: skip
    row = FollowUp.objects.open().about(Survey.objects.get(term="2026-05")).get()
    assert (row.kind, row.owner_post) == (followups.PLAN_SURVEY, "cs_manager")
    assert Survey.objects.get(term="2026-05").questions.count() == 7


def test_survey_planned_by_hand_leaves_the_month_nothing_to_open(survey_at, now):
    survey = survey_at(S.PLANNED)
    assert survey.term == "2026-11"
    open_due(now + timedelta(days=1))
    assert Survey.objects.count() == 1


def test_areas_without_butler_and_units_of_other_estates_stay_out(
    other_estate, homes, survey_at, now
):
    from estates.models import Building  # noqa: PLC0415

    far = Building.objects.create(estate=other_estate, code="1")
    Unit.objects.create(estate=other_estate, building=far, room="1", code="1-1")
    homes(2)
    survey = survey_at(S.FIELD)
    assert survey.occupied == 2
    assert not Area.objects.exists()


@pytest.mark.clause("SUR-1")
def test_one_survey_a_year_leaves_november_out_when_the_rulebook_says_so(estate, manager):
    change_number("surveys.per_year", value=Decimal(1), note="公司规定每年一次", seen_version=0,
                  by=manager, now=at("2026-01-01 00:00"))  # fmt: skip
    open_due(at("2026-05-02 08:00"))
    open_due(at("2026-11-02 08:00"))
    assert list(Survey.objects.values_list("term", flat=True)) == ["2026-05"]
