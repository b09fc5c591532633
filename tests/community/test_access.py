"""Who may open what: every page by every post, and nothing of another estate."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from community.actions import events, measures, plans, suggestions
from community.models import Questionnaire
from community.statuses import SurveyStatus

VIEW = {"gm", "manager", "assistant", "desk", "night", "butler"}
ENTER = VIEW - {"gm"}
PLAN = {"manager"}
EVERYBODY = VIEW | {"engmanager", "dispatcher", "repairer", "sysadmin"}


@pytest.fixture
def records(homes, survey_at, estate, unit, manager, butler, repairer, assistant, now):
    """One of each, in building 3, which is the butler's."""
    homes(1)
    survey = survey_at(SurveyStatus.COUNTED)
    field = survey_at(SurveyStatus.FIELD)
    plan = plans.begin(estate=estate, year=2027, half=1, by=assistant, now=now)
    return {
        "survey": field.pk,
        "form": Questionnaire.objects.filter(survey=field, unit__building=unit.building).first().pk,
        "measure": measures.give(
            survey, topic="repair", problem="慢", what="加人", owner=repairer,
            due_on=date(2026, 12, 20), by=manager, now=now,
        ).pk,
        "plan": plan.pk,
        "event": events.add(
            estate=estate, plan=None, theme="义诊", starts_at=now + timedelta(days=30), owner=butler,
            by=assistant, now=now,
        ).pk,
        "suggestion": suggestions.take(
            estate=estate, content="加座椅", origin="call", unit=unit, said_at=now, by=manager,
            now=now,
        ).pk,
    }  # fmt: skip


PAGES = [
    ("survey_list", "", VIEW),
    ("survey_add", "", PLAN),
    ("survey_detail", "survey", VIEW),
    ("survey_edit", "survey", PLAN),
    ("survey_questions", "survey", PLAN),
    ("form_list", "survey", ENTER),
    ("forms_print", "survey", ENTER),
    ("links_export", "survey", PLAN),
    ("links_print", "survey", PLAN),
    ("form_entry", "survey", ENTER),
    ("survey_figures", "survey", VIEW),
    ("report_print", "survey", VIEW),
    ("report_export", "survey", VIEW),
    ("form_link", "form", ENTER),
    ("event_list", "", VIEW),
    ("event_add", "", ENTER),
    ("event_detail", "event", VIEW),
    ("event_print", "event", VIEW),
    ("event_edit", "event", ENTER),
    ("event_photos", "event", ENTER),
    ("plan_add", "", ENTER),
    ("plan_detail", "plan", VIEW),
    ("suggestion_list", "", VIEW),
    ("suggestion_add", "", ENTER),
    ("suggestion_detail", "suggestion", VIEW),
    ("survey_count", "survey", PLAN),
    ("survey_cancel", "survey", PLAN),
    ("survey_approve", "survey", {"gm"}),
    ("event_approve", "event", {"gm"}),
    ("event_submit", "event", ENTER),
    ("event_postpone", "event", ENTER),
    ("event_archive", "event", PLAN),
    ("plan_add_wish", "plan", ENTER),
    ("plan_approve", "plan", {"gm"}),
    ("suggestion_answer", "suggestion", ENTER),
]
POSTS = sorted(EVERYBODY)


@pytest.mark.parametrize("post", POSTS)
def test_each_post_opens_exactly_its_pages(post, records, as_, request, now, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)  # links end with their survey
    client = as_(request.getfixturevalue(post))
    found = {
        name
        for name, key, _who in PAGES
        if client.get(reverse(f"community:{name}", args=[records[key]] if key else [])).status_code
        == 200
    }
    assert found == {name for name, _key, who in PAGES if post in who}


def test_page_of_another_estate_is_not_found(records, as_, outsider):
    client = as_(outsider)
    for name, key, _who in PAGES:
        if key:
            answer = client.get(reverse(f"community:{name}", args=[records[key]]))
            assert answer.status_code in (403, 404), name
    for name in ("survey_list", "event_list", "suggestion_list"):
        page = client.get(reverse(f"community:{name}")).content.decode()
        assert "义诊" not in page
        assert "加座椅" not in page
        assert "意见征询</strong>" not in page


def test_measure_is_open_to_its_owner_of_another_department_only(records, as_, repairer, repairer2):
    path = f"/measures/{records['measure']}/"
    assert as_(repairer).get(path).status_code == 200
    assert as_(repairer2).get(path).status_code == 404
    as_(repairer).post(f"{path}finish/", {"result": "已加人"})
    assert "待核实" in as_(repairer).get(path).content.decode()


def test_butler_of_another_area_gets_no_link(records, as_, butler2):
    assert as_(butler2).get(f"/surveys/forms/{records['form']}/link/").status_code == 404
    page = as_(butler2).get(f"/surveys/{records['survey']}/forms/").content.decode()
    assert "3-1-101" not in page


def test_repairer_may_not_take_a_step_of_a_survey(records, as_, repairer):
    answer = as_(repairer).post(f"/surveys/{records['survey']}/cancel/", {"reason": "x"})
    assert answer.status_code == 403
