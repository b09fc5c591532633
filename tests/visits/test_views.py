"""The pages: lists, the record at the door and from the outbox, call-backs, paper, the worker."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from django.utils.html import escape
from PIL import Image

from contacts import actions as contacts
from estates.models import Residence, Resident, Unit
from history.models import Entry
from repairs import actions as repairs
from repairs.statuses import Status
from tests.repairs.factories import Crew
from tests.visits.factories import add_units, owed_callback, picture_file, plan_one
from visits import actions, watermark
from visits.attached import words_of
from visits.models import Addendum, ResidentChange, Visit, VisitPhoto, VisitStatus
from visits.watermark import stamped

HX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def crew(estate, unit, resident, desk, butler, dispatcher, repairer, engmanager):
    return Crew(estate, unit, desk, dispatcher, repairer, engmanager)


def record_of(visit):
    return f"/visits/{visit.pk}/record/"


def sent(**more):
    return {"outcome": "met", "client_key": str(uuid4())} | more


def test_list_shows_the_plan_the_nearest_first(as_, butler, building, now):
    one, two = add_units(building, 2)
    plan_one(one, butler, now=now, days=9)
    plan_one(two, butler, now=now, days=2)
    page = as_(butler).get("/visits/").content.decode()
    assert page.index(two.code) < page.index(one.code)


def test_next_list_names_households_without_a_plan(as_, butler, visit, building):
    (other,) = add_units(building, 1)
    page = as_(butler).get("/visits/?tab=next").content.decode()
    assert other.code in page
    assert visit.unit.code not in page


def test_plain_post_records_and_shows_the_visit(as_, butler, visit):
    answer = as_(butler).post(record_of(visit), sent(suggestion="灯太暗"))
    assert answer.headers["Location"] == f"/visits/{visit.pk}/"
    page = as_(butler).get(f"/visits/{visit.pk}/").content.decode()
    assert "灯太暗" in page
    assert escape(f"/intake/?unit={visit.unit_id}&text=") in page


def test_met_household_proposes_and_leads_to_a_filled_intake(as_, butler, desk, visit, resident):
    data = sent(resident=resident.pk, new_phone="139 0005 1234", suggestion="水管漏")
    as_(butler).post(record_of(visit), data)
    assert ResidentChange.objects.get().after == "13900051234"
    link = f"/intake/?unit={visit.unit_id}&resident={resident.pk}&text=%E6%B0%B4%E7%AE%A1%E6%BC%8F"
    page = as_(butler).get(f"/visits/{visit.pk}/").content.decode()
    assert escape(link) in page
    form = as_(butler).get(link).context["form"]
    values = {name: form[name].value() for name in ("unit", "resident", "content", "who")}
    assert values == {
        "unit": visit.unit_id, "resident": resident.pk, "content": "水管漏",
        "who": "3-2-1102 王秀梅",
    }  # fmt: skip


@pytest.mark.clause("VIS-1")
def test_household_shows_when_it_was_visited_and_what_was_said(as_, butler, visit):
    as_(butler).post(record_of(visit), sent(suggestion="希望补种绿植", satisfaction="satisfied"))
    page = as_(butler).get(f"/unit/{visit.unit_id}/").content.decode()
    assert f'href="/visits/{visit.pk}/"' in page
    assert "希望补种绿植" in page


def test_suggestion_becomes_a_complaint_with_unit_person_and_words(as_, butler, visit, resident):
    as_(butler).post(record_of(visit), sent(resident=resident.pk, suggestion="楼道没人扫"))
    page = as_(butler).get(f"/visits/{visit.pk}/")
    link = page.context["complain"]
    assert escape(link) in page.content.decode()
    form = as_(butler).get(link).context["form"]
    names = ("room", "contact_name", "contact_phone", "content")
    assert [form[name].value() for name in names] == [
        "3-2-1102", "王秀梅", resident.phone, "楼道没人扫",
    ]  # fmt: skip


def test_note_of_a_missed_visit_is_kept_with_its_new_date(as_, butler, visit):
    day = timezone.localdate() + timedelta(days=4)
    data = sent(outcome="missed", new_date=day.isoformat(), note="门上留了条")
    as_(butler).post(record_of(visit), data)
    attempt = visit.tries.get()
    assert (attempt.note, attempt.new_date) == ("门上留了条", day)
    assert "门上留了条" in as_(butler).get(f"/visits/{visit.pk}/print/").content.decode()


def test_planned_visit_is_printed_with_empty_boxes_for_the_hand(as_, butler, visit):
    page = as_(butler).get(f"/visits/{visit.pk}/print/").content.decode()
    for box in ("☐见到", "☐不在家", "☐拒访", "☐满意", "☐基本满意", "☐不满意", "☑例行"):
        assert box in page


def test_intake_opens_as_a_complaint(as_, desk, unit):
    answer = as_(desk).get(f"/intake/?unit={unit.pk}&as=complaint&text=太吵")
    assert answer.context["form"]["outcome"].value() == "complaint"
    assert 'value="complaint" checked' in answer.content.decode()


def test_intake_takes_no_person_of_another_household(as_, desk, unit, estate):
    stranger = Resident.objects.create(estate=estate, name="别家人")
    form = as_(desk).get(f"/intake/?unit={unit.pk}&resident={stranger.pk}").context["form"]
    assert form["resident"].value() is None


def test_outbox_post_answers_where_to_go_and_is_idempotent(as_, butler, visit):
    data = sent(kept="on", account=butler.pk, happened_at="2020-01-01T00:00:00Z")
    for _again in range(4):
        answer = as_(butler).post(record_of(visit), data | {"photos": picture_file()}, **HX)
        assert answer.status_code == 204
        assert answer.headers["HX-Redirect"] == f"/visits/{visit.pk}/"
    assert Visit.objects.get(pk=visit.pk).status == VisitStatus.VISITED
    assert VisitPhoto.objects.count() == 1
    assert not Addendum.objects.exists()


def test_record_of_another_account_is_not_taken(as_, butler, assistant, visit):
    answer = as_(assistant).post(record_of(visit), sent(kept="on", account=butler.pk), **HX)
    assert answer.status_code == 409
    assert Visit.objects.get(pk=visit.pk).status == VisitStatus.PLANNED


def test_record_that_waited_and_cannot_be_read_is_kept_word_for_word(as_, butler, visit):
    data = sent(outcome="nonsense", suggestion="写了很多", kept="on")
    assert as_(butler).post(record_of(visit), data, **HX).status_code == 204
    assert Addendum.objects.get().detail["suggestion"] == "写了很多"


def test_number_that_is_none_is_asked_about_at_the_door_but_not_lost_on_a_phone(
    as_, butler, visit, resident
):
    """The page says so while the resident can still be asked; the desk decides on a kept one."""
    wrong = sent(resident=resident.pk, new_phone="1380013800")
    answer = as_(butler).post(record_of(visit), wrong)
    assert answer.status_code == 422
    assert "1380013800" in answer.content.decode()
    assert Visit.objects.get(pk=visit.pk).status == VisitStatus.PLANNED
    as_(butler).post(record_of(visit), wrong | {"kept": "on"}, **HX)
    assert ResidentChange.objects.get().after == "1380013800"


def test_late_visit_is_told_in_words_and_its_private_part_to_whom_it_concerns(
    resident,
):
    raw = {"outcome": "met", "satisfaction": "fair", "resident": str(resident.pk),
           "new_phone": "13800009999", "note": "门上留条"}  # fmt: skip
    said = "见到 · 基本满意 · 受访业户 王秀梅 · 备注 门上留条"
    assert words_of(raw, may_reveal=False) == said
    assert words_of(raw, may_reveal=True) == said + " · 电话改为 13800009999"


def test_page_is_refused_in_words_and_keeps_what_was_typed(as_, butler, visit):
    answer = as_(butler).post(record_of(visit), {"client_key": str(uuid4()), "content": "写了"})
    assert answer.status_code == 422
    assert "写了" in answer.content.decode()
    actions.record(visit, outcome="met", client_key=uuid4(), by=butler, now=timezone.now())
    answer = as_(butler).post(record_of(visit), sent(content="还在"))
    assert answer.status_code == 409
    assert "还在" in answer.content.decode()


def test_bad_photo_never_loses_the_record(as_, butler, visit):
    bad = picture_file()
    bad.file.truncate(200)
    as_(butler).post(record_of(visit), sent(photos=bad))
    assert Visit.objects.get(pk=visit.pk).status == VisitStatus.VISITED
    assert not VisitPhoto.objects.exists()


def test_photo_is_watermarked_and_its_original_kept(as_, butler, visit):
    as_(butler).post(record_of(visit), sent(photos=picture_file()))
    photo = VisitPhoto.objects.get()
    with Image.open(photo.file) as shown, Image.open(photo.original) as bare:
        assert shown.size == bare.size
        assert shown.getpixel((790, 598)) != bare.getpixel((790, 598))
        assert bare.getpixel((790, 598))[0] in range(118, 123)
    address = f"/visits/{visit.pk}/photos/{photo.pk}/"
    for query in ("", "?thumb", "?original"):
        answer = as_(butler).get(address + query)
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert b"".join(answer)[:2] == b"\xff\xd8"


def test_watermark_without_a_chinese_font_spells_the_name(monkeypatch):
    monkeypatch.setattr("visits.watermark.FONTS", ())
    watermark.chinese_font.cache_clear()
    try:
        assert stamped(picture_file().read(), "3-2-1102 刘洋")[:2] == b"\xff\xd8"
    finally:
        watermark.chinese_font.cache_clear()


def test_desk_confirms_on_the_page(as_, butler, desk, visit, resident):
    as_(butler).post(record_of(visit), sent(resident=resident.pk, new_phone="13900051234"))
    change = ResidentChange.objects.get()
    client = as_(desk)
    assert "13900051234" in client.get("/visits/changes/").content.decode()
    answer = client.post(f"/visits/changes/{change.pk}/", {"do": "reject"})
    assert answer.status_code == 422
    client.post(f"/visits/changes/{change.pk}/", {"do": "confirm"})
    resident.refresh_from_db()
    assert resident.phone == "13900051234"


def test_extra_visit_and_review_by_the_assistant(as_, butler, assistant, unit, resident):
    today = timezone.localdate().isoformat()
    as_(butler).post("/visits/plan/", {"room": unit.code, "kind": "key", "planned_for": today})
    visit = Visit.objects.get()
    as_(butler).post(record_of(visit), sent())
    as_(assistant).post(f"/visits/{visit.pk}/review/", {"text": "好"})
    visit.refresh_from_db()
    assert (visit.status, visit.reviewed_by) == (VisitStatus.CLOSED, assistant)


def test_record_written_on_paper_first_has_its_own_time(
    as_, butler, desk, desk2, estate, visit, now
):
    when = timezone.localtime() - timedelta(days=2)
    typed = sent(took_place_at=f"{when:%Y-%m-%dT%H:%M}", content="纸上记的")
    as_(butler).post(record_of(visit), typed)
    visit.refresh_from_db()
    assert (visit.visited_on, visit.was_late_entry) == (when.date(), True)
    callback = owed_callback(estate, by=desk, now=now)
    data = sent(outcome="fair", took_place_at=typed["took_place_at"], method="letter")
    as_(desk2).post(f"/callbacks/{callback.pk}/", data)
    callback.refresh_from_db()
    assert (callback.called_at.date(), callback.method) == (when.date(), "letter")


@pytest.mark.parametrize("days", [1, -90])
def test_record_on_paper_is_neither_of_tomorrow_nor_of_last_season(as_, butler, visit, days):
    when = timezone.localtime() + timedelta(days=days)
    answer = as_(butler).post(record_of(visit), sent(took_place_at=f"{when:%Y-%m-%dT%H:%M}"))
    assert answer.status_code == 422
    assert Visit.objects.get(pk=visit.pk).status == VisitStatus.PLANNED


def test_butler_sees_whom_to_ask_for_and_calls_by_one_tap(as_, butler, visit, resident):
    assert "王**" in as_(butler).get("/visits/").content.decode()
    page = as_(butler).get(record_of(visit)).content.decode()
    assert f'href="tel:{resident.phone}"' in page
    assert "王秀梅" in page


def test_late_answer_is_shown_beside_the_one_that_counts(as_, desk, desk2, assistant, estate, now):
    callback = owed_callback(estate, by=desk, now=now)
    address = f"/callbacks/{callback.pk}/"
    as_(assistant).post(address, sent(outcome="satisfied"))
    for data in (
        sent(outcome="fair", weak_points="来得慢", kept="on"),
        sent(outcome="x", kept="on"),
    ):
        assert as_(desk2).post(address, data, **HX).status_code == 204
    page = as_(assistant).get(address).content.decode()
    assert "后到的记录" in page
    assert "来得慢" in page


@pytest.mark.clause("VIS-2", "VIS-5")
def test_call_backs_of_every_room_are_in_one_list(as_, crew, desk, desk2, estate, unit, now):
    crew.slip(Status.RETURNED, now=now)
    owed_callback(estate, by=desk, now=now, unit=unit)
    contact = contacts.start(uuid4(), estate=estate, by=desk, now=now, phone="13911112222")
    contacts.owe_call_back(contact, by=desk, now=now)
    answer = as_(desk2).get("/callbacks/")
    kinds = {row.kind for row in answer.context["rows"]}
    assert kinds == {"repairs.callback", "visits.callback", "contacts.call_back"}
    assert answer.context["total"] == 3
    only = as_(desk2).get("/callbacks/?kind=visits.callback")
    assert [row.kind for row in only.context["rows"]] == ["visits.callback"]


def test_list_offers_no_call_to_who_handled_it(as_, desk, desk2, estate, now):
    callback = owed_callback(estate, by=desk, now=now)
    assert f'href="/callbacks/{callback.pk}/"' not in as_(desk).get("/callbacks/").content.decode()
    assert f'href="/callbacks/{callback.pk}/"' in as_(desk2).get("/callbacks/").content.decode()


def test_call_back_page_records_answer_and_tries(as_, desk, desk2, estate, now):
    callback = owed_callback(estate, by=desk, now=now)
    address = f"/callbacks/{callback.pk}/"
    client = as_(desk2)
    assert client.post(address, {"client_key": str(uuid4())}).status_code == 422
    client.post(address, {"client_key": str(uuid4()), "outcome": "no_answer"})
    data = {"client_key": str(uuid4()), "outcome": "fair", "weak_points": "来得慢"}
    client.post(address, data | {"kept": "on"}, **HX)
    callback.refresh_from_db()
    assert (callback.satisfaction, callback.weak_points, callback.tries.count()) == (
        "fair", "来得慢", 1,
    )  # fmt: skip


def test_repair_call_back_that_waited_is_attached_once(as_, crew, butler, desk, now):
    """The slip went on meanwhile: accepted and kept in its history, however often it is sent."""
    repair = crew.slip(Status.RETURNED, now=now)
    repairs.call_back(repair, result="solved", satisfaction="satisfied", by=desk, now=now)
    for outcome, event in (("unsolved:", "callback"), ("no_answer:", "no_answer")):
        data = {"outcome": outcome, "method": "phone", "client_key": str(uuid4()), "kept": "on",
                "note": "还在滴水", "account": butler.pk}  # fmt: skip
        for _again in range(3):
            answer = as_(butler).post(f"/repairs/{repair.pk}/callback/", data, **HX)
            assert answer.status_code == 200
            assert answer.headers["HX-Redirect"]
        assert Entry.objects.filter(event=f"repair.{event}_attached").count() == 1
    repair.refresh_from_db()
    assert repair.satisfaction == "satisfied"
    assert "后到的回访记录" in as_(desk).get(f"/repairs/{repair.pk}/").content.decode()


def test_repair_call_back_from_the_outbox_counts_once(as_, crew, butler, now):
    repair = crew.slip(Status.RETURNED, now=now)
    tried = {"outcome": "no_answer:", "method": "phone", "client_key": str(uuid4()), "kept": "on"}
    done = tried | {"outcome": "solved:fair", "client_key": str(uuid4())}
    for data in (tried, tried, done, done, tried):
        assert as_(butler).post(f"/repairs/{repair.pk}/callback/", data, **HX).status_code == 200
    repair.refresh_from_db()
    assert (repair.status, repair.satisfaction) == (Status.CALLED_BACK, "fair")
    assert repair.call_tries.count() == 1


@pytest.mark.clause("VIS-5")
def test_third_try_of_a_slip_leaves_a_message_and_then_it_may_end(as_, crew, butler, now):
    repair = crew.slip(Status.RETURNED, now=now)
    client, address = as_(butler), f"/repairs/{repair.pk}/callback/"
    for outcome, last in (
        ("no_answer:", "没打通"),
        ("no_answer:", "没打通"),
        ("message:", "没打通, 已发消息"),
        ("unreachable:", "多次没打通, 结束回访"),
    ):
        form = client.get(address).context["form"]
        assert form.fields["outcome"].widget.choices[-1] == (outcome, last)
        client.post(address, {"outcome": outcome, "method": "phone", "client_key": uuid4(),
                              "message": form["message"].value()})  # fmt: skip
    repair.refresh_from_db()
    assert (repair.callback_result, repair.status) == ("unreachable", Status.CALLED_BACK)
    words = repair.call_tries.last().message
    assert repair.number in words
    assert words in client.get(f"/repairs/{repair.pk}/").content.decode()


@pytest.mark.parametrize("about", ["repair", "drawn"])
def test_call_back_form_is_printed(as_, crew, desk2, desk, estate, now, about):
    subject = (
        crew.slip(Status.CALLED_BACK, now=now)
        if about == "repair"
        else owed_callback(estate, by=desk, now=now)
    )
    page = as_(desk2).get(f"/callbacks/print/{about}/{subject.pk}/").content.decode()
    assert "回访记录表" in page
    assert "a4-portrait" in page
    assert as_(desk2).get(f"/callbacks/print/nothing/{subject.pk}/").status_code == 404


def test_visit_form_is_printed(as_, butler, visit):
    actions.record(visit, outcome="met", client_key=uuid4(), by=butler, now=timezone.now(),
                   content="送日历", measure="加灯", finish_by=date(2026, 12, 1))  # fmt: skip
    page = as_(butler).get(f"/visits/{visit.pk}/print/").content.decode()
    for word in ("走访记录表", "a4-portrait", "送日历", "加灯", "业户签名", "主管审核", "☑见到"):
        assert word in page


def test_worker_comes_from_the_root_without_login(client):
    answer = client.get("/sw.js")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer.headers["Cache-Control"]
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "__RELEASE__" not in answer.content.decode()
    assert client.get("/offline/").status_code == 200


@pytest.mark.parametrize("tab", ["plan", "next", "done", "suggestions", "review"])
@pytest.mark.parametrize("count", [1, 3])
def test_visit_lists_cost_the_same_however_long(
    as_, butler, building, now, tab, count, django_assert_max_num_queries
):
    for unit in add_units(building, count):
        if tab == "next":
            continue
        visit = plan_one(unit, butler, now=now)
        if tab != "plan":
            actions.record(visit, outcome="met", client_key=uuid4(), by=butler, now=now,
                           suggestion="灯太暗")  # fmt: skip
    client = as_(butler)
    with django_assert_max_num_queries(11):
        answer = client.get(f"/visits/?tab={tab}")
    assert len(answer.context["rows"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_other_pages_stay_within_their_queries(
    as_, butler, desk, desk2, assistant, building, estate, now, count,
    django_assert_max_num_queries,
):  # fmt: skip
    for unit in add_units(building, count):
        visit = plan_one(unit, butler, now=now)
        person = Resident.objects.create(estate=estate, name="王秀梅", phone="13912341234")
        Residence.objects.create(resident=person, unit=unit)
        actions.record(visit, outcome="met", client_key=uuid4(), by=butler, now=now)
        actions.propose_change(
            visit, resident=person, field="phone", after="13900051234", by=butler, now=now
        )
        callback = owed_callback(estate, by=desk, now=now, unit=unit)
    waiting = plan_one(Unit.objects.order_by("pk").first(), butler, now=now)
    for staff, address, most in (
        (desk2, "/callbacks/", 10),
        (desk2, f"/callbacks/{callback.pk}/", 15),
        (desk2, "/visits/changes/", 9),
        (assistant, "/callbacks/callers/", 14),
        (assistant, "/visits/coverage/", 12),
        (butler, record_of(waiting), 13),
        (butler, f"/visits/{visit.pk}/", 13),
    ):
        client = as_(staff)
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200
