"""Lists and pages: what they ask of the database, and that the menu and the workflows lead on."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.posts import BY_CODE
from office import followups
from office.actions import tasks
from office.followups import KINDS
from office.models import DailyLog, MonthlySummary
from office.workflows import STEPS, workflows
from rulebook.models import SOP
from tests.conftest import at
from tests.office.conftest import ask, teach


def make(name, count, *, estate, manager, assistant, desk, now):
    for number in range(count):
        if name == "task_list":
            tasks.set_task(estate=estate, title="x", assignee=assistant, client_key=uuid4(),
                           due_at=now + timedelta(days=1), by=manager, now=now)  # fmt: skip
        elif name == "purchase_list":
            ask(estate, desk, now)
        elif name == "session_list":
            teach(estate, assistant, now, desk)
        elif name in ("log_list", "check_list"):
            followups.open_daily((now - timedelta(days=7 * number)).date(), now=now)
        elif name == "summary_list":
            followups.begin_summary(
                MonthlySummary(estate=estate, month=now.date().replace(day=1, month=number + 1),
                               opened_at=now), now=now)  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["task_list", "log_list", "check_list", "summary_list", "purchase_list", "session_list"],
)
def test_list_asks_the_same_for_one_row_and_for_three(
    as_, estate, manager, assistant, desk, butler, now, name
):
    client = as_(assistant)
    people = {"estate": estate, "manager": manager, "assistant": assistant, "desk": desk}
    counts = []
    for rows in (1, 3):
        make(name, rows, now=now + timedelta(days=28 * (rows - 1)), **people)
        client.get(reverse(f"office:{name}"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(reverse(f"office:{name}"))
        assert answer.status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 10


def test_second_page_goes_on(as_, estate, desk, manager, now):
    for _each in range(27):
        ask(estate, desk, now)
    client = as_(desk)
    first = client.get(reverse("office:purchase_list")).content.decode()
    second = client.get(reverse("office:purchase_list") + "?page=2").content.decode()
    assert (first.count("CG20261123"), second.count("CG20261123")) == (25, 2)
    assert "page=2" in first


@pytest.mark.clause("MGT-4")
def test_workflows_page_shows_every_procedure_with_its_steps(as_, desk):
    assert set(STEPS) == set(SOP.objects.values_list("code", flat=True))
    page = as_(desk).get(reverse("office:workflows")).content.decode()
    for flow in workflows():
        assert flow.sop.name in page
        assert flow.steps
        for words, url in flow.steps:
            assert str(words) in page
            assert not url or f'href="{url}"' in page


@pytest.mark.clause("MGT-4")
def test_workflows_lead_to_the_pages_that_are_built(db):
    built = {flow.sop.code for flow in workflows() if any(url for _words, url in flow.steps)}
    assert {"repairs", "help", "complaints", "visits", "conduct", "service_requests"} <= built


def test_menu_shows_the_office_to_the_department(as_, desk):
    page = as_(desk).get(reverse("office:task_list")).content.decode()
    assert 'href="/office/"' in page


def test_every_kind_has_words_for_what():
    for kind in KINDS:
        assert kind.title % {"what": "x", "place": ""}


def test_opening_again_asks_little(opened, now, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        followups.open_due(now + timedelta(minutes=1))


def test_logs_of_another_estate_are_not_seen(log, estate, other_estate, now):
    from tests.conftest import hire  # noqa: PLC0415

    stranger = hire("assistant9", "外助", "cs_assistant", estates=[other_estate])
    assert "office.read_logs" in BY_CODE[stranger.post].permissions
    followups.open_due(at("2026-11-23 16:00"))
    assert [each.estate for each in DailyLog.objects.visible_to(stranger)] == [other_estate]
