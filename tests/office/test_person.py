"""A person's trainings on one page: when, what mark, which resit, and so why he may be on post."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import posts
from office.actions import training
from tests.conftest import hire
from tests.office.conftest import examine, teach


def page_of(person):
    return reverse("office:person_detail", args=[person.pk])


@pytest.mark.clause("TRN-1", "TRN-2")
def test_page_says_marks_resit_and_result(as_, session, assistant, butler, desk, now):
    examine(session, assistant, now, desk1=88, butler1=59)
    waiting = as_(assistant).get(page_of(butler)).content.decode()
    assert "11-30 前" in waiting
    assert "未合格" in waiting
    training.record_resit(
        session.attendances.get(staff=butler), by=assistant, now=now + timedelta(days=2),
        resit_on=(now + timedelta(days=2)).date(), score=Decimal(71),
    )  # fmt: skip
    page = as_(assistant).get(page_of(butler)).content.decode()
    for label, said in (("成绩", "59"), ("补考", "71"), ("合格线", "60")):
        assert f'data-label="{label}">{said}<' in page
    assert "补考合格" in page
    assert "2026-11-25 合格上岗" in page
    assert session.get_absolute_url() in page
    listed = as_(assistant).get(reverse("office:people")).content.decode()
    assert page_of(butler) in listed


def test_page_is_for_who_leads_the_training_of_that_estate(
    as_, desk, assistant, other_estate, session
):
    assert as_(desk).get(page_of(desk)).status_code == 403
    stranger = hire("stranger", "外人", posts.FRONT_DESK, estates=[other_estate])
    assert as_(assistant).get(page_of(stranger)).status_code == 404


def test_three_trainings_cost_what_one_costs(as_, session, assistant, desk, estate, now):
    client = as_(assistant)
    asked = []
    for _turn in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(page_of(desk)).content.decode()
        asked.append((page.count('class="c-number"'), len(queries)))
        for hours in (1, 2):
            teach(estate, assistant, now + timedelta(hours=hours), desk)
    (one, few), (three, more) = asked
    assert (one, three) == (1, 3)
    assert more <= few
