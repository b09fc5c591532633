"""A survey at any point of its life, made by the real actions."""

from datetime import date, timedelta

import pytest

from community.actions import fieldwork, returns, surveys
from community.models import Questionnaire
from community.models.questionnaires import Channel
from community.statuses import SurveyStatus
from estates.models import Building, Unit

PLAN = {
    "title": "2026年秋季意见征询",
    "purpose": "了解业户对服务的意见",
    "audience": "已入住户",
    "starts_on": date(2026, 11, 23),
    "ends_on": date(2026, 11, 30),
    "share": 100,
}


@pytest.fixture
def homes(estate, building):
    """``homes(5)``: five occupied units in building 3, two vacant ones beside them."""

    def build(count, place=building):
        for n in range(count):
            Unit.objects.create(
                estate=estate, building=place, stair="1", room=f"{n + 101}",
                code=f"{place.code}-1-{n + 101}",
            )  # fmt: skip
        for n in range(2):
            Unit.objects.create(
                estate=estate, building=place, stair="9", room=f"90{n}", occupancy="unsold",
                code=f"{place.code}-9-90{n}",
            )  # fmt: skip

    return build


@pytest.fixture
def tower(estate):
    return Building.objects.create(estate=estate, code="5")


@pytest.fixture
def survey_at(estate, manager, gm, now):
    """``survey_at(SurveyStatus.FIELD)``: brought there step by step, all at ``now``."""

    def make(status=SurveyStatus.PLANNED, **fields):
        survey = surveys.plan(estate=estate, by=manager, now=now, **(PLAN | fields))
        later = now + timedelta(days=8)
        steps = (
            (SurveyStatus.SUBMITTED, lambda: surveys.submit(survey, by=manager, now=now)),
            (SurveyStatus.APPROVED, lambda: surveys.approve(survey, by=gm, now=now)),
            (SurveyStatus.FIELD, lambda: fieldwork.distribute(survey, by=manager, now=now, seed=7)),
            (SurveyStatus.COUNTED, lambda: close(survey, later)),
            (SurveyStatus.REPORTED, lambda: surveys.report(survey, by=manager, now=later, analysis="见图")),
        )  # fmt: skip
        for reached, step in steps:
            if survey.status == status:
                break
            step()
            assert survey.status == reached
        survey.refresh_from_db()
        return survey

    def close(survey, later):
        for form in Questionnaire.objects.filter(survey=survey).select_related("unit"):
            give(form, 5, by=manager, now=now)
        fieldwork.count(survey, by=manager, now=later)

    return make


def give(form, score, *, by, now, suggestion="", channel=Channel.PAPER):
    """A household that answers every question alike."""
    rated = form.survey.questions.filter(is_free=False).values_list("pk", flat=True)
    return returns.give_back(
        form, scores=dict.fromkeys(rated, score), texts={}, opinion="", suggestion=suggestion,
        channel=channel, by=by, now=now,
    )  # fmt: skip


@pytest.fixture
def the_form(homes, survey_at):
    """One household's form of a running survey."""
    homes(1)
    survey = survey_at(SurveyStatus.FIELD)
    return Questionnaire.objects.select_related("survey__estate", "unit__building").get(
        survey=survey
    )
