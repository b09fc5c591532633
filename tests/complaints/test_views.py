"""The pages: list, figures, steps, paper, scope and what each costs."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse

from complaints import actions
from complaints.analysis import month_figures, owe_analyses, write_analysis
from complaints.followups import ANALYSIS
from complaints.models import Analysis, Complaint
from complaints.permissions import VERBS
from complaints.statuses import Status
from followups.models import FollowUp
from repairs import actions as repairs
from spreadsheets.reader import read_sheets
from tests.conftest import at
from tests.repairs.factories import Crew

LIST = "/complaints/"
MONTH = at("2026-11-01 00:00").date()


def page(client, complaint, name="complaint_detail", **asked):
    return client.get(reverse(f"complaints:{name}", args=[complaint.pk]), asked)


def numbers(answer):
    return [complaint.number for complaint in answer.context["complaints"]]


@pytest.fixture
def clock(time_machine, now):
    time_machine.move_to(now, tick=False)
    return time_machine


@pytest.mark.parametrize("status", list(Status))
def test_detail_of_every_state_opens_for_every_post(house, now, clock, as_, status):
    complaint = house.at(status, now)
    for staff in (house.desk, house.butler, house.assistant, house.manager, house.gm):
        answer = page(as_(staff), complaint)
        assert answer.status_code == 200
        assert complaint.number in answer.content.decode()
        assert [step.number for step in answer.context["way"]] == list(range(1, 8))


def test_way_goes_back_to_step_three_after_dissatisfaction(house, now, as_):
    complaint = house.replied(now)
    house.ask(complaint, "dissatisfied", now)
    way = page(as_(house.desk), complaint).context["way"]
    assert [step.number for step in way if step.is_now] == [3]
    assert [step.number for step in way if step.done_at] == [1, 2]


def test_detail_costs_at_most_16_queries_whatever_the_rows(
    house, now, as_, django_assert_max_num_queries
):
    plain, rich = house.replied(now), house.passed_on(now)
    actions.receive(rich, by=house.engmanager, now=now)
    for number in range(3):
        actions.note(rich, text=f"备注{number}", is_correction=True, by=house.desk, now=now)
        house.write(now - timedelta(days=number), complained_at=now - timedelta(days=9),
                    late_entry_reason="停电")  # fmt: skip
    actions.ask_extension(
        rich, reason="等", new_promise=now + timedelta(days=9), by=house.assistant, now=now
    )
    client = as_(house.manager)
    page(client, plain)
    for complaint in (plain, rich):
        with django_assert_max_num_queries(16):
            assert page(client, complaint).status_code == 200


@pytest.mark.parametrize("asked", [{}, {"status": "all", "q": "椅子"}, {"flag": "repeats"}])
def test_list_costs_at_most_10_queries_whatever_the_rows(
    house, now, as_, django_assert_max_num_queries, asked
):
    house.write(now)
    client = as_(house.desk)
    client.get(LIST, asked)
    with django_assert_max_num_queries(10) as one:
        client.get(LIST, asked)
    for _ in range(2):
        house.replied(now)
    with django_assert_max_num_queries(10) as three:
        client.get(LIST, asked)
    assert len(one) == len(three)


def test_list_pages_without_gap_or_repeat(house, now, as_):
    for _ in range(30):
        house.write(now)
    client = as_(house.desk)
    first = client.get(LIST)
    rest = client.get(LIST + first.context["older"])
    assert len(numbers(first)) == 25
    assert len({*numbers(first), *numbers(rest)}) == 30
    assert rest.context["older"] == ""


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, "light grave"),
        ({"status": "all"}, "light grave done"),
        ({"status": "closed"}, "done"),
        ({"grade": "critical"}, "grave"),
        ({"category": "fees"}, "grave"),
        ({"q": "多收"}, "grave"),
        ({"q": "1234"}, "light grave done"),
        ({"q": "TS20261123-001"}, "light"),
        ({"q": "没有这回事"}, ""),
        ({"month": "2026-11"}, "light grave"),
        ({"month": "2026-10"}, ""),
        ({"flag": "closed", "status": "all"}, "done"),
        ({"validity": "none"}, ""),
        ({"cause": "cooperation", "status": "all"}, "done"),
    ],
)
def test_list_filters(house, now, as_, asked, found):
    by_name = {
        "light": house.accepted(now),
        "grave": house.accepted(now, "critical", content="停车费多收", category="fees"),
        "done": house.closed(now),
    }
    got = numbers(as_(house.desk).get(LIST, asked))
    assert sorted(got) == sorted(by_name[name].number for name in found.split())


@pytest.mark.parametrize(
    "asked",
    [
        {"after": "x.y"}, {"after": "9" * 50 + ".1"}, {"status": "nonsense"}, {"month": "2026-99"},
        {"month": "0001-01"}, {"estate": "' or 1=1"}, {"flag": "x"}, {"q": "%"}, {"q": "x" * 900},
        {"department": "gm"}, {"q": "\0"},
    ],
)  # fmt: skip
def test_list_survives_odd_addresses(house, now, as_, asked):
    house.write(now)
    assert as_(house.desk).get(LIST, asked).status_code == 200


def test_watch_list_is_the_area_and_for_assistants_all(house, now, as_, butler2):
    mine = house.write(now)
    house.write(now, unit=None, resident=None, contact_phone="13900000000", by=house.desk)
    assert numbers(as_(house.butler).get("/complaints/watched/")) == [mine.number]
    assert len(numbers(as_(house.assistant).get("/complaints/watched/"))) == 2
    assert numbers(as_(butler2).get("/complaints/watched/")) == []


# --- scope and role ---------------------------------------------------------------------------

ADDRESSES = (
    "complaint_list", "watch_list", "complaint_export", "complaint_add", "complaint_from_repair",
    "analysis", "analysis_export", "complaint_detail", "complaint_print",
)  # fmt: skip
SEES_ALL = {
    "complaint_list": 200, "watch_list": 200, "complaint_add": 200, "complaint_detail": 200,
    "complaint_print": 200, "complaint_from_repair": 200,
}  # fmt: skip
LEADS = SEES_ALL | {"complaint_export": 200, "analysis": 200, "analysis_export": 200}
DEPARTMENT = {"complaint_list": 200, "watch_list": 200, "complaint_detail": 404}
ACCESS = {
    "desk": SEES_ALL,
    "butler": SEES_ALL,
    "butler2": SEES_ALL
    | {"complaint_detail": 404, "complaint_print": 404, "complaint_from_repair": 404},
    "assistant": LEADS,
    "manager": LEADS,
    "gm": {key: 200 for key in LEADS if key not in ("complaint_add", "complaint_from_repair")},
    "engmanager": DEPARTMENT,
    "foreman": DEPARTMENT,
    "affairs": DEPARTMENT,
    "dispatcher": {},
    "repairer": {},
    "sysadmin": {},
    "outsider": SEES_ALL
    | {"complaint_detail": 404, "complaint_print": 404, "complaint_from_repair": 404},
}


@pytest.mark.parametrize("who", ACCESS)
def test_each_address_answers_each_post(who, house, now, as_, request, foreman, affairs, butler2):
    staff = request.getfixturevalue(who)
    complaint = house.write(now)
    slip = Crew(house.estate, house.unit, house.desk, None, None, None).slip(now=now)
    client = as_(staff)
    for name in ADDRESSES:
        of = {"complaint_detail": [complaint.pk], "complaint_print": [complaint.pk],
              "complaint_from_repair": [slip.pk]}.get(name, [])  # fmt: skip
        wanted = ACCESS[who].get(name, 403)
        got = client.get(reverse(f"complaints:{name}", args=of)).status_code
        assert (name, got) == (name, wanted)


@pytest.mark.parametrize("verb", [verb.key for verb in VERBS])
def test_doors_of_verbs_keep_scope_and_role(house, now, as_, outsider, sysadmin, repairer, verb):
    complaint = house.write(now)
    where = reverse(f"complaints:complaint_{verb}", args=[complaint.pk])
    before = Complaint.objects.values().get(pk=complaint.pk)
    assert as_(outsider).post(where).status_code in (403, 404)
    for staff in (sysadmin, repairer):
        assert as_(staff).post(where).status_code == 403
    assert Complaint.objects.values().get(pk=complaint.pk) == before


def test_department_sees_only_what_was_passed_on_to_it(house, now, as_, foreman):
    complaint = house.passed_on(now)
    house.write(now)
    assert numbers(as_(house.engmanager).get(LIST)) == [complaint.number]
    assert page(as_(house.engmanager), complaint).status_code == 200
    assert page(as_(foreman), complaint).status_code == 404
    shown = page(as_(house.engmanager), complaint).content.decode()
    assert "13912341234" not in shown
    assert "139****1234" in shown


# --- steps ------------------------------------------------------------------------------------


def post(client, complaint, verb, **fields):
    return client.post(reverse(f"complaints:complaint_{verb}", args=[complaint.pk]), fields)


def test_step_by_the_page_and_stale_page_is_409_with_what_was_typed(house, now, as_, clock):
    complaint = house.write(now)
    client = as_(house.desk)
    typed = {"grade": "major", "validity": "valid", "category": "order", "version": 1}
    assert post(client, complaint, "accept", **typed).status_code == 302
    complaint.refresh_from_db()
    assert (complaint.grade, complaint.category) == ("major", "order")
    answer = post(client, complaint, "first_reply", method="phone", words="收到了的原话", version=1)
    assert answer.status_code == 409
    assert "收到了的原话" in answer.content.decode()
    answer = post(client, complaint, "first_reply", method="phone", words="", version=2)
    assert answer.status_code == 422


def test_callback_by_the_page_reopens_and_second_press_is_no_conflict(house, now, as_, clock):
    complaint = house.replied(now)
    fields = {
        "outcome": "dissatisfied", "method": "phone", "note": "还吵", "client_key": uuid4(),
        "version": complaint.version,
    }  # fmt: skip
    client = as_(house.desk)
    assert post(client, complaint, "call_back", **fields).status_code == 302
    assert post(client, complaint, "call_back", **fields).status_code == 302
    complaint.refresh_from_db()
    assert (complaint.reopenings, complaint.status) == (1, Status.PROCESSING)


@pytest.mark.parametrize("verb", [verb.key for verb in VERBS])
def test_form_of_every_step_opens(house, now, as_, verb):
    complaint = house.accepted(now, "critical")
    staff = next(
        person
        for person in (house.desk, house.manager, house.gm, house.butler)
        if not VERBS_BY_KEY[verb].permission or person.has_perm(VERBS_BY_KEY[verb].permission)
    )
    assert page(as_(staff), complaint, f"complaint_{verb}").status_code == 200


VERBS_BY_KEY = {verb.key: verb for verb in VERBS}


def test_complaint_is_written_on_its_page(house, now, as_, clock, estate):
    answer = as_(house.desk).post(
        "/complaints/add/",
        {"client_key": uuid4(), "estate": estate.pk, "room": "3-2-1102", "content": "太吵",
         "category": "order", "source": "letter"},
    )  # fmt: skip
    assert answer.status_code == 302
    complaint = Complaint.objects.get()
    assert (complaint.unit, complaint.source) == (house.unit, "letter")
    unknown = as_(house.desk).post(
        "/complaints/add/",
        {"client_key": uuid4(), "estate": estate.pk, "room": "9-9-9999", "content": "太吵"},
    )
    assert unknown.status_code == 422
    assert "没有找到" in unknown.content.decode()


def test_intake_ends_as_a_complaint_and_the_desk_leads_to_it(house, now, as_, clock):
    client = as_(house.desk)
    typed = {
        "client_key": uuid4(), "do": "finish", "outcome": "complaint", "source": "phone",
        "unit": house.unit.pk, "resident": house.resident.pk, "content": "保洁三天没拖地",
    }  # fmt: skip
    for _ in range(2):
        answer = client.post("/intake/", typed, headers={"HX-Request": "true"})
        assert answer.status_code == 200
    complaint = Complaint.objects.get()
    assert (complaint.content, complaint.unit) == ("保洁三天没拖地", house.unit)
    assert (complaint.resident, complaint.contact.outcome) == (house.resident, "complaint")
    where = reverse("complaints:complaint_detail", args=[complaint.pk])
    today = client.get("/today/").content.decode()
    assert where in today
    assert "定级" in as_(house.assistant).get("/today/").content.decode()
    assert where in client.get(f"/unit/{house.unit.pk}/").content.decode()


def test_failed_repair_offers_a_complaint(house, now, as_, clock):
    crew = Crew(house.estate, house.unit, house.desk, house.dispatcher, house.repairer,
                house.engmanager)  # fmt: skip
    slip = crew.slip("returned", now=now)
    repairs.call_back(slip, result="unsolved", note="还漏", by=house.desk, now=now)
    where = reverse("complaints:complaint_from_repair", args=[slip.pk])
    client = as_(house.desk)
    assert where in client.get(reverse("repairs:repair_detail", args=[slip.pk])).content.decode()
    answer = client.post(
        where, {"client_key": uuid4(), "content": "还漏", "category": "repair", "source": "phone"}
    )
    assert answer.status_code == 302
    assert Complaint.objects.get().origin == slip


# --- month ------------------------------------------------------------------------------------


@pytest.fixture
def november(house, now):
    house.closed(now)
    house.passed_on(now, "major")
    house.accepted(now, "minor", "invalid")
    house.accepted(now, "critical")
    house.write(now)
    late = house.accepted(now - timedelta(days=3), "minor")
    actions.finish(late, measures="晚了", by=house.assistant, now=now)
    again = house.replied(now)
    house.ask(again, "dissatisfied", now)
    house.closed(at("2026-10-31 23:59"))
    return house


@pytest.mark.clause("CMP-6")
def test_every_figure_opens_a_list_of_as_many(november, now, as_, clock):
    client = as_(november.assistant)
    figures = client.get("/complaints/analysis/").context["figures"]
    cells = [figures.total, *(cell for table in figures.tables for cell in table.figures)]
    cells += [cell for share in figures.shares for cell in (share.part, share.whole)]
    assert figures.total.count == 7
    counts = {str(cell.label): cell.count for cell in cells}
    assert (counts["重大"], counts["无效"], counts["工程部"], counts["超时"]) == (1, 1, 1, 1)
    assert (counts["重复投诉"], counts["重开过"], counts["部门配合"]) == (7, 1, 1)
    for cell in cells:
        assert (str(cell.label), len(numbers(client.get(cell.url)))) == (
            str(cell.label), cell.count,
        )  # fmt: skip
    shares = {str(share.label): (share.part.count, share.whole.count) for share in figures.shares}
    assert shares == {"处理率": (2, 5), "及时率": (1, 2), "满意率": (1, 2)}


def test_analysis_costs_the_same_for_more_rows(november, as_, clock, django_assert_max_num_queries):
    client = as_(november.assistant)
    client.get("/complaints/analysis/")
    with django_assert_max_num_queries(12):
        client.get("/complaints/analysis/")


def test_analysis_of_a_foreign_estate_is_404(house, as_, other_estate):
    client = as_(house.assistant)
    assert client.get("/complaints/analysis/", {"estate": other_estate.pk}).status_code == 404
    assert client.get("/complaints/analysis/", {"month": "x"}).status_code == 200


@pytest.mark.clause("CMP-6")
def test_assistant_owes_the_analysis_of_last_month(november, now, inbox):
    first = at("2026-12-01 00:05")
    owe_analyses(first)
    owe_analyses(first)
    analysis = Analysis.objects.get()
    row = FollowUp.objects.open().about(analysis).get()
    assert (row.kind, row.owner_post) == (ANALYSIS, "cs_assistant")
    assert row.due_at == at("2026-12-06 00:00")  # the end of the fifth
    write_analysis(
        november.estate, month=MONTH, words="夜间噪音多", by=november.assistant, now=first
    )
    assert not FollowUp.objects.open().about(analysis).exists()


def test_workbooks_hold_what_the_page_shows(november, as_, clock):
    client = as_(november.assistant)
    ledger = client.get("/complaints/export/", {"status": "all", "month": "2026-11"})
    assert len(read_sheets(BytesIO(b"".join(ledger.streaming_content)))[0].rows) == 8
    month = client.get("/complaints/analysis/export/", {"month": "2026-11"})
    rows = read_sheets(BytesIO(b"".join(month.streaming_content)))[0].rows
    assert "7" in [str(cell).removesuffix(".0") for cell in rows[1]]


def test_month_counts_only_what_one_may_see(november, outsider, now):
    assert month_figures(outsider, estate=november.estate, month=MONTH, now=now).total.count == 0


# --- paper ------------------------------------------------------------------------------------

ON_PAPER = (
    "编号", "投诉日期时间", "投诉方式", "房号", "投诉人", "联系电话", "事发时间", "事发地点",
    "被投诉人或部门", "投诉内容", "业户要求", "投诉类别", "投诉等级", "是否有效", "受理人",
    "首次回复时间", "转交部门", "转交时间", "接收人", "承诺时限", "调查情况", "原因分析", "处理措施",
    "处理人", "完成时间", "回复业户时间", "回复方式", "业户反馈", "回访记录", "业户签名", "责任认定",
    "纠正措施", "预防措施", "经理意见", "总经理意见", "结案时间",
)  # fmt: skip


def test_paper_has_every_field_of_the_form(house, now, as_):
    for complaint in (house.write(now), house.closed(now, "critical")):
        shown = page(as_(house.desk), complaint, "complaint_print").content.decode()
        assert [field for field in ON_PAPER if field not in shown] == []
        assert complaint.number in shown
    assert "公司负责到底" in shown
    assert "☑重大" in shown
