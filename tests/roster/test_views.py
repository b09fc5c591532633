"""The pages of the roster as a planner meets them."""

from datetime import date

import pytest
from django.urls import reverse

from roster.models import Roster, Status

pytestmark = pytest.mark.django_db
ADD = "/roster/add/"


@pytest.fixture
def qualified(desk, night):
    for staff in (desk, night):
        staff.qualified_on = date(2026, 1, 1)
        staff.save()


@pytest.mark.parametrize(
    ("pattern", "shifts"),
    [("two", {"day", "night"}), ("three", {"small_hours", "morning", "afternoon"})],
)
def test_a_new_month_is_drafted_from_the_template_that_was_chosen(as_, assistant, pattern, shifts):
    html = as_(assistant).get(ADD, {"pattern": pattern}).content.decode()
    assert f'<input type="hidden" name="pattern" value="{pattern}">' in html
    assert f'href="?pattern={pattern}" aria-current="true"' in html
    assert all(f"id_{code}" in html for code in shifts)


@pytest.mark.clause("DUT-4")
def test_a_month_is_drafted_and_published_on_the_page(
    as_, estate, assistant, desk, night, qualified
):
    client = as_(assistant)
    form = {"estate": estate.pk, "month": "2026-12", "pattern": "two"}
    made = client.post(ADD, form | {"day": [desk.pk], "night": [night.pk]})
    assert made.status_code == 302
    roster = Roster.objects.get()
    assert roster.duties.count() == 62
    assert client.post(reverse("roster:roster_publish", args=[roster.pk])).status_code == 302
    roster.refresh_from_db()
    assert roster.status == Status.PUBLISHED


@pytest.mark.clause("TRN-1")
def test_an_unqualified_choice_is_refused_on_the_page(as_, estate, assistant, desk2):
    form = {"estate": estate.pk, "month": "2026-12", "pattern": "two", "day": [desk2.pk]}
    answer = as_(assistant).post(ADD, form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "还没有考核合格, 暂时排不上班" in page
    assert "李倩 (客服中心)" in page
    assert f'value="{desk2.pk}"' not in page  # not offered at all
    assert not Roster.objects.exists()


@pytest.mark.clause("DUT-4")
def test_an_empty_cell_leads_to_the_form_filled_for_it(as_, estate, assistant, desk, qualified):
    client = as_(assistant)
    form = {"estate": estate.pk, "month": "2026-12", "pattern": "two", "day": [desk.pk]}
    page = client.get(client.post(ADD, form).url).content.decode()
    link = "?day=2026-12-31&amp;shift=night#assign-title"
    assert f'href="{link}"' in page
    filled = client.get(Roster.objects.get().get_absolute_url() + "?day=2026-12-31&shift=night")
    assert filled.context["form"]["day"].value() == "2026-12-31"
    assert '<option value="night" selected>' in filled.content.decode()
