"""Every figure of a month opens as a list of exactly that many rows (issue 4, must hold)."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from complaints.models import Complaint
from followups.models import FollowUp
from office.actions import logs
from office.figures import FIGURES, MONTHLY, TABLES, count, filled
from office.periods import month_span
from repairs import actions as repairs
from repairs.models import Repair
from repairs.statuses import Status
from tests.conftest import at
from tests.office.conftest import SUMMED, examine, teach
from tests.repairs.factories import Crew, write_slip
from visits.models import Visit, VisitStatus

OCTOBER = date(2026, 10, 1)


@pytest.fixture
def october(estate, unit, desk, dispatcher, repairer, engmanager, butler, assistant, night):
    """A month with some of everything, two days of September and one of November beside it."""
    crew = Crew(estate, unit, desk, dispatcher, repairer, engmanager)
    day = at("2026-10-12 09:00")
    for offset in range(3):
        crew.slip(Status.RETURNED, now=day + timedelta(days=offset))
    done = crew.slip(Status.RETURNED, now=day + timedelta(hours=2))
    repairs.call_back(done, result="solved", satisfaction="satisfied", note="", by=butler,
                      now=day + timedelta(hours=5))  # fmt: skip
    write_slip(estate, by=desk, now=at("2026-09-30 23:59"))
    write_slip(estate, by=desk, now=at("2026-10-31 23:59"), priority="emergency")
    write_slip(estate, by=desk, now=at("2026-11-01 00:00"))
    for number, (grade, cause) in enumerate((("minor", "duty"), ("major", "duty"), ("", "")), 1):
        Complaint.objects.create(
            estate=estate,
            number=f"TS2026101{number}-001",
            client_key=uuid4(),
            complained_at=day,
            entered_at=day,
            content="吵",
            registered_by=desk,
            butler=butler,
            unit=unit,
            grade=grade,
            validity="valid" if grade else "",
            cause=cause,
            status="processing" if grade else "registered",
            promised_at=day + timedelta(days=1),
            handled_at=day + timedelta(hours=number * 20),
        )
    for number, status in enumerate((VisitStatus.VISITED, VisitStatus.PLANNED)):
        Visit.objects.create(
            estate=estate,
            unit=unit,
            butler=butler,
            period=f"2026-10-{number}",
            status=status,
            planned_for=day.date(),
            opened_at=day,
            **(
                {"visited_on": day.date(), "happened_at": day, "recorded_by": butler}
                if status == VisitStatus.VISITED
                else {}
            ),
        )
    session = teach(estate, assistant, day, desk, night)
    examine(session, assistant, day, desk1=90, night1=40)


@pytest.mark.clause("SUM-1")
def test_figures_of_the_month(october, estate, now):
    values = count(MONTHLY, estate, month_span(OCTOBER, now))
    assert values["repairs.reported"] == 5
    assert values["repairs.urgent"] == 1
    assert values["repairs.finished"] == 4
    assert values["repairs.callback_done"] == 1
    assert values["repairs.satisfied"] == values["repairs.answered"] == 1
    assert values["clock.dispatch.owed"] == 5
    assert values["clock.dispatch.kept"] == 4
    assert values["clock.dispatch.missed"] == 1  # the last one was never passed on
    assert values["complaints.received"] == 3
    assert values["complaints.grade.minor"] == values["complaints.grade.major"] == 1
    assert values["complaints.cause.duty"] == 2
    assert values["complaints.on_time"] == 1
    assert values["complaints.late"] == 2
    assert (values["visits.planned"], values["visits.met"], values["visits.unmet"]) == (2, 1, 1)
    assert (values["training.present"], values["training.passed"]) == (2, 1)
    assert values["post.front_desk.missed"] >= 1
    shares = {
        str(row.label): row.share
        for table, rows in filled(TABLES, values)
        for row in rows
        if table.code == "clocks"
    }
    assert shares["转单"] == 80.0


@pytest.mark.clause("SUM-1")
def test_every_figure_equals_the_list_it_opens(as_, october, summary, estate, assistant):
    """Clicking through: each number on the page is the count of the list behind its link."""
    client = as_(assistant)
    page = client.get(reverse("office:summary_detail", args=[summary.pk])).content.decode()
    links = re.findall(r'<a class="office-number" href="([^"]+)">(\d+)</a>', page)
    assert len(links) > 40
    assert sum(int(number) for _url, number in links) > 30
    for url, number in links:
        opened = client.get(url)
        answer = opened.content.decode()
        assert f'data-total="{number}"' in answer, url
        assert answer.count('class="list-group-item"') == min(int(number), 25), url


@pytest.mark.clause("SUM-1")
def test_reported_figures_equal_their_lists_too(as_, october, summary, assistant, now):
    logs.report_summary(summary, by=assistant, now=now, **SUMMED)
    for key in MONTHLY:
        rows = FIGURES[key].rows(summary.estate, month_span(OCTOBER, summary.reported_at))
        assert rows.count() == summary.figures[key], key


def test_what_is_done_after_the_report_does_not_change_its_lists(october, summary, assistant, now):
    logs.report_summary(summary, by=assistant, now=now, **SUMMED)
    late = FollowUp.objects.filter(kind="repairs.dispatch", done_at=None).order_by("pk")[1]
    repairs.dispatch(late.subject, by=assistant, now=now + timedelta(hours=1))
    span = month_span(OCTOBER, summary.reported_at)
    for key in ("clock.dispatch.missed", "repairs.open", "complaints.open"):
        assert FIGURES[key].rows(summary.estate, span).count() == summary.figures[key]


def test_list_says_when_records_changed_after_the_report(as_, october, summary, assistant, now):
    logs.report_summary(summary, by=assistant, now=now, **SUMMED)
    Repair.objects.filter(priority="emergency").update(reported_at=at("2026-09-01 09:00"))
    url = reverse("office:summary_figure", args=[summary.pk, "repairs.reported"])
    page = as_(assistant).get(url).content.decode()
    assert "定下时是 5" in page
    assert 'data-total="4"' in page


def test_figures_of_another_estate_are_not_counted(october, other_estate, now):
    values = count(MONTHLY, other_estate, month_span(OCTOBER, now))
    assert set(values.values()) == {0}


def test_unknown_figure_is_404(as_, summary, assistant):
    url = reverse("office:summary_figure", args=[summary.pk, "no.such"])
    assert as_(assistant).get(url).status_code == 404


def test_counting_asks_once_per_kind_of_rows(october, estate, now, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        count(MONTHLY, estate, month_span(OCTOBER, now))
