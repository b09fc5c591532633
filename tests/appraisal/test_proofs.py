"""Evidence by hand: the records that may be picked, and pages pasted by their address."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appraisal.actions import offers, sheets
from appraisal.models import Appeal, Deduction
from appraisal.records import records_of
from complaints import actions as complaints
from followups.actions import meet, open_followup
from repairs.models import Photo, Repair
from shifts.models import Handover
from tests.repairs.factories import write_slip
from visits.models import Callback, Visit, VisitPhoto


@pytest.fixture
def slip(estate, unit, desk, butler, now):
    return write_slip(estate, by=desk, now=now - timedelta(hours=5), unit=unit)


@pytest.fixture
def sheet(sheet_of, butler, assistant):
    return sheet_of(butler, by=assistant)


def deducting(**more):
    return {"rule": "repair_callback", "fact": "未按时回访", "grade": "minor",
            "happened_at": "2026-11-23T08:00"} | more  # fmt: skip


def kinds(found):
    return [(str(each.kind), each.label) for each in found]


@pytest.mark.clause("APP-10")
def test_every_room_says_what_the_person_did_and_owed(
    sheet, slip, butler, butler2, desk, assistant, unit, estate, resident, now
):
    Repair.objects.filter(pk=slip.pk).update(
        called_back_at=now - timedelta(hours=1), called_back_by=butler, satisfaction="satisfied"
    )
    Photo.objects.create(repair=slip, file="x.jpg", width=1, height=1, client_key=uuid4(),
                         added_at=now - timedelta(hours=2), added_by=butler)  # fmt: skip
    complaints.register(uuid4(), estate=estate, by=desk, now=now - timedelta(hours=3), unit=unit,
                        resident=resident, content="楼上拖椅子")  # fmt: skip
    visit = Visit.objects.create(
        estate=estate, unit=unit, period="x", status="visited", butler=butler, opened_at=now,
        planned_for=now.date(), visited_on=now.date(), happened_at=now - timedelta(hours=4),
        received_at=now, recorded_by=butler,
    )  # fmt: skip
    VisitPhoto.objects.create(visit=visit, file="a.jpg", original="b.jpg", client_key=uuid4(),
                              added_at=now - timedelta(minutes=230), added_by=butler)  # fmt: skip
    Callback.objects.create(
        estate=estate, topic="help", content_type=ContentType.objects.get_for_model(estate),
        object_id=estate.pk, subject_label="LD-1", what="钥匙忘带", state="done", unit=unit,
        opened_at=now, called_at=now - timedelta(minutes=90), called_by=butler,
        satisfaction="satisfied",
    )  # fmt: skip
    Handover.objects.create(
        estate=estate, seat="butler", owner=butler, day=now.date(), shift="day", drafted_at=now,
        starts_at=now - timedelta(hours=9), ends_at=now - timedelta(minutes=30), status="waiting",
        giver=butler, given_at=now - timedelta(minutes=20),
    )  # fmt: skip
    found = records_of(sheet, to=assistant, now=now)
    assert {str(each.kind) for each in found} >= {
        "工单", "照片", "投诉", "走访", "回访", "交接班",
    }  # fmt: skip
    assert len({each.key for each in found}) == len(found)
    assert [each.at for each in found] == sorted((each.at for each in found), reverse=True)
    mine = kinds(found)
    assert ("回访", f"{slip.number} 3-2-1102 厨房水龙头漏水 (满意)") in mine
    assert ("照片", f"{slip.number} 3-2-1102 厨房水龙头漏水") in mine
    assert ("回访", "LD-1 钥匙忘带 (满意)") in mine
    other = sheets.open_sheet(butler2, kind="daily", day=now.date(), by=assistant, now=now)
    assert kinds(records_of(other, to=assistant, now=now)) == []


def owe(resident, butler, estate, now, hours, what):
    return open_followup(
        resident, f"repairs.{what}", now=now - timedelta(days=2), owner=butler,
        owner_post=butler.post, estate=estate, due_at=now - timedelta(hours=hours),
        params={"place": "3-2-1102", "what": what}, url=f"/repairs/{hours}/",
    )  # fmt: skip


def test_follow_ups_kept_and_missed_are_there_and_say_which(
    sheet, butler, assistant, estate, resident, now
):
    owe(resident, butler, estate, now, 3, "callback")
    owe(resident, butler, estate, now, 2, "onsite")
    meet(resident, "repairs.onsite", by=butler, now=now - timedelta(hours=3))
    said = [each.label for each in records_of(sheet, to=assistant, now=now)]
    assert ["(按时完成)" in said[0], "(到现在没有完成)" in said[1], len(said)] == [True, True, 2]


def test_what_lies_in_the_period_of_the_sheet_comes_first(
    sheet, butler, assistant, estate, resident, now
):
    owe(resident, butler, estate, now, 1, "callback")
    owe(resident, butler, estate, now, 24, "onsite")
    yesterdays = sheets.open_sheet(
        butler, kind="daily", day=now.date() - timedelta(days=1), by=assistant, now=now
    )
    assert [each.url for each in records_of(sheet, to=assistant, now=now)] == [
        "/repairs/1/", "/repairs/24/",
    ]  # fmt: skip
    assert [each.url for each in records_of(yesterdays, to=assistant, now=now)] == ["/repairs/24/"]


def test_picking_takes_no_more_questions_for_many_records(
    sheet, slip, estate, unit, desk, assistant, now
):
    with CaptureQueriesContext(connection) as one:
        records_of(sheet, to=assistant, now=now)
    for _count in range(3):
        write_slip(estate, by=desk, now=now - timedelta(hours=2), unit=unit)
    with CaptureQueriesContext(connection) as more:
        assert len(records_of(sheet, to=assistant, now=now)) >= 4
    assert len(more) == len(one)


def test_only_what_the_reader_may_open_is_offered(sheet, slip, butler, outsider, now):
    assert kinds(records_of(sheet, to=outsider, now=now)) == []
    assert kinds(records_of(sheet, to=butler, now=now))


@pytest.fixture
def post(sheet, assistant, as_, now):
    """``post(records=[…], url=…)``: the form of a deduction, sent at ``now``."""

    def send(**more):
        with time_machine.travel(now, tick=False):
            return as_(assistant).post(f"/appraisal/{sheet.pk}/deduct/", deducting(**more))

    return send


@pytest.mark.clause("APP-9")
def test_several_records_are_picked_with_one_deduction(
    post, sheet, slip, butler, assistant, estate, resident, now, as_
):
    owe(resident, butler, estate, now, 2, "callback")
    found = records_of(sheet, to=assistant, now=now)
    with time_machine.travel(now, tick=False):
        page = as_(assistant).get(f"/appraisal/{sheet.pk}/records/").content.decode()
    assert page.count("data-record>") == len(found) >= 2
    keys = [found[0].key, f"repair:{slip.pk}"]
    assert post(records=keys).status_code == 302
    rows = Deduction.objects.get().evidence.order_by("pk")
    assert [(row.url, row.label) for row in rows] == [
        ("/repairs/2/", f"跟进 {found[0].label}"),
        (f"/repairs/{slip.pk}/", f"工单 {slip.number} 3-2-1102 厨房水龙头漏水 (待派单)"),
    ]
    assert {row.added_by for row in rows} == {assistant}


@pytest.mark.parametrize(
    "form",
    ["{}", " {} ", "http://testserver{}", "https://yamei.example{}", "{}?tab=history#calls"],
)
def test_a_pasted_page_of_ours_is_kept_as_its_path_with_its_name(form, post, slip, settings):
    settings.PUBLIC_URL = "https://yamei.example"
    assert post(url=form.format(f"/repairs/{slip.pk}/")).status_code == 302
    row = Deduction.objects.get().evidence.get()
    assert (row.url, row.label) == (
        f"/repairs/{slip.pk}/", f"工单 {slip.number} 3-2-1102 厨房水龙头漏水",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("/repairs/987654/", "打不开"),
        ("/no/such/page/", "不是一条记录"),
        ("/repairs/", "不是一条记录"),  # a list changes from day to day
        ("/appraisal/months/2026-10/review/", "不是一条记录"),  # a step
        ("/inbox/1/open/", "不是一条记录"),
        ("https://elsewhere.example/repairs/1/", "只收本系统"),
        ("//elsewhere.example/", "只收本系统"),
        ("repairs/1/", "只收本系统"),
        ("javascript:alert(1)", "只收本系统"),
        ("http://[", "只收本系统"),
    ],
)
def test_an_address_that_does_not_open_is_refused_and_everything_typed_is_kept(
    url, words, post, sheet, slip
):
    answer = post(url=url, records=[f"repair:{slip.pk}"])
    assert answer.status_code == 422
    text = answer.content.decode()
    for kept in (words, "未按时回访", f'value="repair:{slip.pk}" checked'):
        assert kept in text
    assert not Deduction.objects.exists()


def test_a_page_of_another_estate_is_no_proof(post, other_estate, outsider, now):
    theirs = write_slip(other_estate, by=outsider, now=now)
    assert post(url=f"/repairs/{theirs.pk}/").status_code == 422
    assert not Deduction.objects.exists()


def test_a_record_that_is_not_in_the_list_is_refused(post, slip):
    answer = post(records=["repair:987654"])
    assert answer.status_code == 422
    assert "已经不在列表里" in answer.content.decode()
    assert not Deduction.objects.exists()


def test_records_are_added_to_a_line_of_the_draft_each_once(
    sheet, slip, deduct, assistant, as_, now
):
    line = deduct(sheet)
    path = f"/appraisal/{sheet.pk}/lines/{line.pk}/evidence/"
    with time_machine.travel(now, tick=False):
        client = as_(assistant)
        for _again in range(2):
            client.post(path, {"records": [f"repair:{slip.pk}"]})
        assert client.post(path, {}).status_code == 422
    assert line.evidence.get().url == f"/repairs/{slip.pk}/"


@pytest.mark.clause("APP-1")
def test_an_appeal_picks_from_what_the_person_himself_may_open(handed_in, slip, butler, as_, now):
    sheets.see(handed_in, by=butler, now=now)
    line = handed_in.deductions.first()
    terms = {"text": "已回访", "lines": [line.pk]}
    with time_machine.travel(now, tick=False):
        client = as_(butler)
        refused = client.post(
            f"/appraisal/{handed_in.pk}/appeal/", terms | {"url": "/repairs/987654/"}
        )
        assert refused.status_code == 422
        assert not Appeal.objects.exists()
        client.post(
            f"/appraisal/{handed_in.pk}/appeal/",
            terms | {"records": [f"repair:{slip.pk}"], "label": "通话录音"},
        )
    assert [row.label.split()[0] for row in Appeal.objects.get().evidence.all()] == [
        "工单", "通话录音",
    ]  # fmt: skip


@pytest.mark.clause("APP-9")
def test_what_came_after_the_days_of_a_sheet_belongs_to_a_later_one(
    butler, assistant, estate, resident, sheet_of, deduct, now
):
    owe(resident, butler, estate, now, 2, "callback")  # due today
    yesterday = sheet_of(butler, by=assistant, day=now.date() - timedelta(days=1))
    assert offers.offers_for(yesterday, now=now) == []
    assert records_of(yesterday, to=assistant, now=now) == []
    with pytest.raises(ValidationError, match="考评期间之后"):
        deduct(yesterday, happened_at=now - timedelta(hours=2))
    deduct(yesterday, happened_at=now - timedelta(hours=20))
    assert len(offers.offers_for(sheet_of(butler, by=assistant), now=now)) == 1
