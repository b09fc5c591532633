"""Every figure of the log and of the month opens as a list of exactly what was counted."""

import re
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts import posts
from appraisal.actions import lines, rates, sheets
from complaints.models import Complaint
from contacts import actions as contacts
from contacts.models import Contact
from estates.models import Unit
from followups.actions import open_followup
from followups.kinds import all_kinds
from followups.models import FollowUp
from incidents.models import Incident
from office.actions import logs
from office.figures import count, filled, members
from office.models import Attendance
from office.periods import month_span
from office.tables import HANDOVERS, monthly, monthly_tables
from repairs import actions as repairs
from repairs.models import Repair
from repairs.statuses import Status
from tests.conftest import at, hire
from tests.office.conftest import SUMMED, WRITTEN, examine, teach
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
    call = contacts.start(estate=estate, client_key=uuid4(), by=desk, now=day)
    contacts.finish(call, outcome="answered", answer="已说明", by=desk, now=day)
    Incident.objects.create(estate=estate, category="lift", where="3 栋", what="困人",
                            happened_at=day, reported_at=day, reported_by=desk,
                            client_key=uuid4())  # fmt: skip
    Unit.objects.create(estate=estate, building=unit.building, room="9", code="3-9",
                        occupancy="unsold")  # fmt: skip
    open_followup(session, "shifts.receive", now=day, owner_post="front_desk", estate=estate,
                  params={"what": "早班"}, url="/", due_at=day + timedelta(minutes=15))  # fmt: skip


@pytest.fixture
def appraised(october, estate, butler, assistant, manager, gm):
    """Sheets of a butler with one deduction, of the foreman and of the manager; and the rate."""
    day = at("2026-10-13 17:00")
    foreman = hire("foreman", "陈领", posts.ENV_FOREMAN, superior=manager, estates=[estate])
    for who, by in ((butler, assistant), (foreman, manager), (manager, gm)):
        kind = "weekly" if who == manager else "daily"
        sheet = sheets.open_sheet(who, kind=kind, day=day.date(), by=by, now=day)
        if who == butler:
            lines.add_deduction(sheet, group="job", grade="minor", sop="repairs", clause="REP-6",
                                fact="未按时回访", happened_at=day, reason="", by=by,
                                now=day)  # fmt: skip
        sheets.submit(sheet, by=by, now=day)
    rates.enter_rate(estate=estate, month=OCTOBER, receivable=Decimal(1000),
                      received=Decimal(930), by=assistant, now=at("2026-11-02 09:00"))  # fmt: skip


def numbers(estate, now):
    return count(monthly(), estate, month_span(OCTOBER, now))


def clicked_through(client, page):
    """Every number of a page, with the total of the list behind its link: [(url, shown, listed)]."""
    found = []
    text = client.get(page).content.decode()
    links = re.findall(
        r'<a class="office-(?:number|figure)" href="([^"]+)">(?:<strong>)?([^<]+)<', text
    )
    for url, shown in links:
        answer = client.get(url).content.decode()
        total = int(re.search(r'data-total="(\d+)"', answer).group(1))
        assert answer.count('<div class="list-group-item">') == min(total, 25), url
        found.append((url, shown, total))
    return found


@pytest.mark.clause("SUM-1")
def test_figures_of_the_month(appraised, estate, now):
    values = numbers(estate, now)
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
    assert values["complaints.open"] == 3
    assert (values["visits.planned"], values["visits.met"], values["visits.unmet"]) == (2, 1, 1)
    assert (values["contacts.taken"], values["help.given"]) == (6, 1)
    assert values["incidents.raised"] == 1
    assert (values["units.all"], values["units.occupied"], values["units.unsold"]) == (2, 1, 1)
    assert (values["handover.receive.owed"], values["handover.receive.missed"]) == (1, 1)
    assert (values["training.present"], values["training.passed"]) == (2, 1)
    assert values["training.hours"] == 4
    assert values["post.front_desk.missed"] >= 1
    assert (values["appraisal.sheets"], values["appraisal.daily"]) == (2, 2)  # not the manager's
    assert values["appraisal.minor"] == 1
    assert values["appraisal.mean"] < 100
    assert (values["fees.receivable"], values["fees.received"]) == (1000, 930)


@pytest.mark.clause("SUM-1")
def test_shares_are_told_of_the_right_whole(appraised, estate, now):
    shares = {
        (table.code, row.cells[0].key): row.share
        for table, rows in filled(monthly_tables(), numbers(estate, now))
        for row in rows
    }
    assert shares["clocks", "clock.dispatch.owed"] == 80.0
    assert shares["repairs", "repairs.callback_done"] == 25.0
    assert shares["complaints", "complaints.on_time"] == 33.3
    assert shares["visits", "visits.met"] == 50.0
    assert shares["units", "units.unsold"] == 50.0
    assert shares["fees", "fees.received"] == 93.0


@pytest.mark.clause("SUM-1")
def test_summary_has_every_table_of_the_form(as_, appraised, summary, assistant):
    page = as_(assistant).get(reverse("office:summary_detail", args=[summary.pk])).content.decode()
    titles = ("报修及时率", "回访", "投诉", "走访覆盖", "收费率", "空置", "考评", "交接班", "培训")
    assert [title for title in titles if title not in page] == []


@pytest.mark.clause("SUM-1")
@pytest.mark.parametrize("who", ["assistant", "manager", "gm"])
def test_every_figure_equals_the_list_it_opens(request, as_, appraised, summary, who):
    """Clicking through: each number on the page is the count of the list behind its link."""
    client = as_(request.getfixturevalue(who))
    clicked = clicked_through(client, reverse("office:summary_detail", args=[summary.pk]))
    counting = [each for each in clicked if not re.search("hours|mean|fees", each[0])]
    assert len(counting) > 60
    assert sum(total for _url, _shown, total in counting) > 40
    assert [each for each in counting if int(each[1]) != each[2]] == []


@pytest.mark.clause("SUM-1")
def test_a_sum_or_a_mean_stands_above_the_list_it_opens(as_, appraised, summary, assistant):
    client = as_(assistant)
    clicked = clicked_through(client, reverse("office:summary_detail", args=[summary.pk]))
    measured = [each for each in clicked if re.search("hours|mean|fees", each[0])]
    assert len(measured) == 4
    for url, shown, _total in measured:
        page = client.get(url).content.decode()
        assert shown == "—" or re.search(rf"<strong>[^<]* {re.escape(shown)}</strong>", page), url


@pytest.mark.clause("SUM-1")
@pytest.mark.parametrize("who", ["assistant", "manager", "gm"])
def test_every_record_listed_behind_a_figure_opens(request, as_, appraised, summary, who):
    client = as_(request.getfixturevalue(who))
    links = set()
    for key in (each.key for each in monthly()):
        url = reverse("office:summary_figure", args=[summary.pk, key])
        page = client.get(url).content.decode()
        links |= set(re.findall(r'<a href="([^"]+)"><strong>', page))
    assert len(links) > 15
    assert {url: status for url in links if (status := client.get(url).status_code) != 200} == {}


def test_sheets_that_the_assistant_may_not_see_are_listed_without_link(
    as_, appraised, summary, assistant
):
    url = reverse("office:summary_figure", args=[summary.pk, "appraisal.sheets"])
    page = as_(assistant).get(url).content.decode()
    assert "陈领" in page
    assert "刘洋" in page
    assert len(re.findall(r'<a href="/appraisal/\d+/', page)) == 1


@pytest.mark.clause("SUM-1")
def test_reported_figures_stay_what_their_lists_show_whatever_is_done_later(
    as_, appraised, summary, assistant, now
):
    logs.report_summary(summary, by=assistant, now=now, **SUMMED)
    kept = dict(summary.figures)
    later = now + timedelta(days=9)
    Repair.objects.update(reported_at=later, finished_at=later, called_back_at=later)
    Complaint.objects.update(grade="critical", cause="external", complained_at=later)
    FollowUp.objects.update(done_at=later)
    Visit.objects.update(status=VisitStatus.CANCELLED)
    Unit.objects.update(occupancy="let")
    Contact.objects.update(started_at=later)
    Attendance.objects.update(status="passed")
    client = as_(assistant)
    clicked = clicked_through(client, reverse("office:summary_detail", args=[summary.pk]))
    assert len(clicked) > 60
    for url, shown, listed in clicked:
        key = url.rstrip("/").rpartition("/")[2]
        if not re.search("hours|mean|fees", key):
            assert (int(shown), listed) == (kept[key], kept[key]), key


@pytest.mark.clause("LOG-1")
def test_log_figures_equal_their_lists_before_and_after_it_is_submitted(
    as_, log, estate, unit, desk, butler, assistant, now
):
    write_slip(estate, by=desk, now=now - timedelta(minutes=5))
    call = contacts.start(estate=estate, client_key=uuid4(), by=desk, now=now)
    contacts.finish(call, outcome="helped", answer="已扶起", by=desk, now=now)
    client, page = as_(assistant), reverse("office:log_detail", args=[log.pk])
    drafted = clicked_through(client, page)
    assert len(drafted) == len(logs.figures_of(log))
    assert [each for each in drafted if int(each[1]) != each[2]] == []
    logs.submit_log(log, by=assistant, now=now, **WRITTEN)
    write_slip(estate, by=desk, now=now + timedelta(hours=1))
    assert clicked_through(client, page) == drafted


def test_figures_of_another_estate_are_not_counted(appraised, other_estate, now):
    values = numbers(other_estate, now)
    assert {number for number in values.values() if number} == set()


def test_unknown_figure_is_404(as_, summary, assistant):
    url = reverse("office:summary_figure", args=[summary.pk, "no.such"])
    assert as_(assistant).get(url).status_code == 404


def test_counting_and_keeping_ask_once_each(appraised, estate, now, django_assert_num_queries):
    span = month_span(OCTOBER, now)
    with django_assert_num_queries(1):
        values = count(monthly(), estate, span)
    with django_assert_num_queries(1):
        rows = members(monthly(), estate, span)
    for figure in monthly():
        if figure.counts_rows:
            assert len(rows[figure.key]) == values[figure.key] == (
                figure.rows(estate, span).count()
            )  # fmt: skip


def test_handover_kinds_are_those_that_shifts_declare():
    assert {kind for kind, _label in HANDOVERS} <= {each.key for each in all_kinds()}


@pytest.mark.parametrize(("name", "most"), [("summary_detail", 15), ("summary_print", 15),
                                            ("summary_export", 15), ("log_detail", 15)])  # fmt: skip
def test_pages_ask_little_however_much_there_is(
    as_, appraised, summary, log, assistant, name, most, django_assert_max_num_queries
):
    client = as_(assistant)
    url = reverse(f"office:{name}", args=[log.pk if name.startswith("log") else summary.pk])
    client.get(url)
    with django_assert_max_num_queries(most):
        client.get(url)


@pytest.mark.parametrize("key", ["repairs.reported", "post.front_desk.owed", "appraisal.sheets"])
def test_list_behind_a_figure_asks_little(
    as_, appraised, summary, assistant, key, django_assert_max_num_queries
):
    client = as_(assistant)
    url = reverse("office:summary_figure", args=[summary.pk, key])
    client.get(url)
    with django_assert_max_num_queries(10):
        client.get(url)


def test_reporting_asks_little(appraised, summary, assistant, now, django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        logs.report_summary(summary, by=assistant, now=now, **SUMMED)


@pytest.mark.clause("SUM-1", "REP-8")
def test_share_below_its_target_says_so(october, as_, assistant, estate, now):
    summary = logs.open_summary(estate=estate, month=OCTOBER, by=assistant, now=now)
    page = as_(assistant).get(summary.get_absolute_url()).content.decode()
    assert page.count("目标 98%") == 3  # arriving, finishing, the fees
    assert page.count("目标 100%") == 1
    (row,) = re.findall(r"<tr><th scope=\"row\">完工后已回访</th>.*?</tr>", page)
    assert 'class="text-danger fw-bold">25.0%<' in row
