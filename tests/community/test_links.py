"""Every personal link at once, for who distributes: a workbook and slips to cut (SUR-1)."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError

from community.actions import fieldwork
from community.models import Questionnaire
from community.statuses import SurveyStatus
from community.tokens import address_of
from estates.models import Residence, Resident
from history.models import Entry
from spreadsheets.reader import read_sheets
from tests.community.conftest import give


@pytest.fixture
def survey(homes, survey_at):
    homes(3)
    return survey_at(SurveyStatus.FIELD)


@pytest.fixture
def in_the_field(monkeypatch, survey, now):
    """The clock of the pages stands at the survey's first day."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def forms_of(survey):
    return list(
        Questionnaire.objects.filter(survey=survey)
        .select_related("unit", "survey")
        .order_by("unit__code")
    )


def taken(survey):
    rows = Entry.objects.about(survey).filter(event__startswith="survey.links_")
    return [(row.by_name, row.event, row.detail["links"]) for row in rows]


@pytest.mark.clause("SUR-1")
def test_workbook_holds_room_name_link_and_last_day_and_its_taking_is_kept(
    as_, manager, survey, estate, in_the_field
):
    first, second, third = forms_of(survey)
    owner = Resident.objects.create(estate=estate, name="房东")
    tenant = Resident.objects.create(estate=estate, name="租客")
    for resident, relation in ((owner, "owner"), (tenant, "tenant")):
        Residence.objects.create(unit=first.unit, resident=resident, relation=relation)
    Residence.objects.create(unit=second.unit, resident=owner, relation="owner")
    give(third, 5, by=manager, now=survey.opened_at)
    answer = as_(manager).get(f"/surveys/{survey.pk}/links/export/")
    rows = read_sheets(BytesIO(b"".join(answer.streaming_content)))[0].rows
    assert [row[:3] for row in rows[1:]] == [
        [first.unit.code, "租客", address_of(first)],
        [second.unit.code, "房东", address_of(second)],
    ]
    assert f"{rows[1][3]:%Y-%m-%d}" == f"{survey.ends_on:%Y-%m-%d}"
    assert taken(survey) == [(manager.name, "survey.links_exported", 2)]


@pytest.mark.clause("SUR-1")
def test_slips_hold_a_code_for_every_household_and_their_taking_is_kept(
    as_, manager, survey, in_the_field
):
    page = as_(manager).get(f"/surveys/{survey.pk}/links/print/").content.decode()
    assert page.count('class="link-slip"') == page.count("data:image/svg+xml") == 3
    assert forms_of(survey)[0].unit.spoken in page
    assert taken(survey) == [(manager.name, "survey.links_printed", 3)]
    assert "打印扫码条</strong>" in as_(manager).get(f"/surveys/{survey.pk}/").content.decode()


def test_taking_links_costs_the_same_whatever_the_households(
    as_, manager, survey, homes, tower, in_the_field, django_assert_max_num_queries
):
    client = as_(manager)
    for page in ("export", "print"):
        with django_assert_max_num_queries(12):
            client.get(f"/surveys/{survey.pk}/links/{page}/")


def test_links_of_a_survey_that_ended_are_given_to_nobody(survey, manager, now):
    with pytest.raises(ValidationError, match="链接都失效了"):
        fieldwork.take_links(survey, how="printed", by=manager, now=now + timedelta(days=30))
    assert taken(survey) == []


def test_page_of_a_survey_that_ended_says_so(as_, manager, survey, monkeypatch, now):
    later = now + timedelta(days=30)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    answer = as_(manager).get(f"/surveys/{survey.pk}/links/print/", follow=True)
    assert "链接都失效了" in answer.content.decode()
