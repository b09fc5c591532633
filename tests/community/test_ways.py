"""At every state the page says what the next step is and whose it is."""

import pytest

from community.actions import fieldwork, measures, surveys
from community.models import Measure, Questionnaire
from community.statuses import SurveyStatus
from community.ways import way_of
from followups.models import FollowUp
from tests.community.conftest import give

STEPS = {
    SurveyStatus.PLANNED: (1, "周敏"),
    SurveyStatus.SUBMITTED: (2, "物业总经理"),
    SurveyStatus.APPROVED: (3, "周敏"),
    SurveyStatus.FIELD: (4, "各楼管家发放回收"),
    SurveyStatus.COUNTED: (5, "周敏"),
    SurveyStatus.REPORTED: (6, "周敏"),
}


@pytest.mark.clause("SUR-1")
@pytest.mark.parametrize("status", STEPS)
def test_way_of_a_survey_names_the_next_step_and_whose_it_is(homes, survey_at, manager, status):
    homes(2)
    survey = survey_at(status)
    owed = list(FollowUp.objects.open().about(survey).select_related("owner").order_by("due_at"))
    way = way_of(survey, owed)
    number, who = STEPS[status]
    assert [step.number for step in way if step.is_done] == list(range(1, number))
    assert [(step.number, str(step.who).replace(manager.name, "周敏")) for step in way if step.is_now] == [(number, who)]  # fmt: skip


def test_cancelled_survey_has_no_next_step(survey_at, manager, now):
    survey = survey_at(SurveyStatus.SUBMITTED)
    surveys.cancel(survey, by=manager, now=now, reason="台风")
    assert way_of(survey, []) == []


@pytest.mark.clause("SUR-2")
def test_butler_reads_on_the_survey_what_he_still_carries_out(
    homes, survey_at, as_, butler, gm, now
):
    homes(3)
    survey = survey_at(SurveyStatus.FIELD)
    page = as_(butler).get(f"/surveys/{survey.pk}/").content.decode()
    assert "还有 3 份没发" in page
    rows = list(Questionnaire.objects.select_related("unit", "survey"))
    fieldwork.mark_sent(survey, [row.pk for row in rows], by=butler, now=now)
    page = as_(butler).get(f"/surveys/{survey.pk}/").content.decode()
    assert "没发</span>" not in page
    assert "还有 3 份没收回" in page
    assert "没收回" not in as_(gm).get(f"/surveys/{survey.pk}/").content.decode()


@pytest.mark.clause("SUR-1")
def test_low_topic_is_offered_as_a_measure_to_hand_out(homes, survey_at, as_, manager, gm, now):
    homes(1)
    survey = survey_at(SurveyStatus.FIELD)
    give(Questionnaire.objects.select_related("unit", "survey").get(), 1, by=manager, now=now)
    fieldwork.count(survey, by=manager, now=now, shortfall="只有一户")
    page = as_(manager).get(f"/surveys/{survey.pk}/").content.decode()
    assert f'href="/surveys/{survey.pk}/give_measure/?topic=order"' in page
    assert "“秩序”满意率 0.0%, 低于目标 90%" in page
    assert "还没派整改" not in as_(gm).get(f"/surveys/{survey.pk}/").content.decode()
    form = as_(manager).get(f"/surveys/{survey.pk}/give_measure/?topic=order").content.decode()
    assert '<option value="order" selected>' in form
    Measure.objects.create(
        survey=survey, topic="order", problem="乱停", what="划线", owner=manager,
        due_on=survey.ends_on, given_by=manager, given_at=now,
    )  # fmt: skip
    assert "“秩序”满意率" not in as_(manager).get(f"/surveys/{survey.pk}/").content.decode()


def test_survey_without_a_purpose_and_a_measure_to_confirm_are_said_on_its_page(
    homes, survey_at, as_, manager, desk, now
):
    homes(1)
    planned = survey_at(SurveyStatus.PLANNED, purpose="")
    page = as_(manager).get(f"/surveys/{planned.pk}/").content.decode()
    assert "还没写目的" in page
    assert f'href="/surveys/{planned.pk}/edit/"' in page
    survey = survey_at(SurveyStatus.REPORTED)
    measure = measures.give(
        survey, topic="order", problem="乱停", what="划线", owner=desk, due_on=survey.ends_on,
        by=manager, now=now,
    )  # fmt: skip
    assert "等您核实" not in as_(manager).get(f"/surveys/{survey.pk}/").content.decode()
    measures.finish(measure, by=desk, now=now, result="划了")
    assert (
        "整改“划线”已完成, 等您核实" in as_(manager).get(f"/surveys/{survey.pk}/").content.decode()
    )
    assert "等您核实" not in as_(desk).get(f"/surveys/{survey.pk}/").content.decode()
