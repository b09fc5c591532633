"""Logging a call: what the form accepts, keeps and refuses, and what it costs."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact, Outcome
from estates.lookup import index_place, index_resident, index_unit
from estates.models import Building, PublicPlace, Relation, Residence, Resident, Unit
from followups.models import FollowUp
from repairs.models import Category, Phrase, Priority, Repair
from repairs.statuses import Status


@pytest.fixture
def known(unit, resident):
    index_unit(unit)
    index_resident(resident)
    return resident


@pytest.fixture
def call(as_, desk, time_machine, now):
    """``call(content="…")`` posts the form as the front desk does, one key per page."""
    time_machine.move_to(now, tick=False)
    client = as_(desk)

    def post(headers=None, **fields):
        data = {"client_key": uuid4(), "do": "dispatch", "source": "phone"} | fields
        return client.post("/intake/", data, headers=headers or {"HX-Request": "true"})

    return post


def test_call_of_known_resident_is_registered_and_dispatched(call, known, unit):
    answer = call(unit=unit.pk, resident=known.pk, content="厨房水龙头漏水", category="water")
    assert answer.status_code == 200
    repair = Repair.objects.get()
    assert repair.status == Status.DISPATCHED
    assert (repair.unit, repair.resident, repair.content) == (unit, known, "厨房水龙头漏水")
    assert repair.contact_phone == "13912341234"
    assert repair.number in answer.headers["HX-Trigger"].encode().decode("unicode_escape")


def statements(captured):
    """Without the savepoints around nested actions, which ask the database nothing."""
    return [q["sql"] for q in captured if "SAVEPOINT" not in q["sql"]]


@pytest.mark.parametrize("is_begun", [False, True])
def test_saving_a_call_costs_at_most_25_queries(
    call, as_, desk, known, unit, butler, dispatcher, is_begun
):
    call(unit=unit.pk, content="先有一单")
    key = uuid4()
    typed = {"client_key": key, "unit": unit.pk, "resident": known.pk, "content": "厨房水龙头漏水"}
    if is_begun:
        as_(desk).post("/intake/draft/", typed)
    with CaptureQueriesContext(connection) as captured:
        call(**typed)
    assert len(statements(captured)) <= 25, "\n".join(s[:150] for s in statements(captured))
    assert Repair.objects.filter(status=Status.DISPATCHED).count() == 2


@pytest.mark.clause("REP-1")
def test_phone_and_text_alone_are_enough(call):
    assert call(contact_phone="138 7777 0000", content="电梯困人").status_code == 200
    repair = Repair.objects.get()
    assert (repair.unit, repair.resident, repair.contact_phone) == (None, None, "13877770000")


def test_number_typed_into_the_lookup_box_is_the_callers(call):
    assert call(who="13877770000", content="没水").status_code == 200
    assert Repair.objects.get().contact_phone == "13877770000"


def test_room_typed_without_a_pick_is_found(call, known, unit):
    assert call(who="3栋2单元1102", content="没水").status_code == 200
    assert Repair.objects.get().unit == unit


def test_name_of_two_households_asks_which(call, known, estate, building):
    second = Unit.objects.create(
        estate=estate, building=building, stair="1", room="0101", code="3-1-0101"
    )
    namesake = Resident.objects.create(estate=estate, name="王秀梅", phone="13900001111")
    Residence.objects.create(resident=namesake, unit=second, relation=Relation.OWNER)
    index_resident(namesake)
    answer = call(who="王秀梅", content="没水")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "3-2-1102" in page
    assert "3-1-0101" in page
    assert not Repair.objects.exists()


def test_public_place_needs_no_caller(call, estate):
    gate = PublicPlace.objects.create(estate=estate, kind="gate", name="东门门禁")
    index_place(gate)
    assert call(who="东门门禁", content="门禁刷不开").status_code == 200
    assert Repair.objects.get().place == gate


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"contact_phone": "13877770000"}, "写一句报修内容, 或选一条常用语"),
        ({"content": "漏水"}, "写房号, 公共部位或来电号码, 有一个就够"),
        ({"content": "漏水", "contact_phone": "123"}, "电话应为 11 位手机号"),
        ({"content": "漏水", "who": "999999"}, "可以只记电话先受理"),
        (
            {"content": "漏水", "contact_phone": "13877770000", "appointment_at": "今天14点"},
            "预约时间 14:00 已经过了",
        ),
        ({"content": "漏" * 2001, "contact_phone": "13877770000"}, "现在有 2001 字"),
        (
            {"content": "漏", "contact_phone": "13877770000", "reported_at": "上午"},
            "看不懂这个时间",
        ),
    ],
)
def test_refused_form_says_how_and_keeps_what_was_typed(call, fields, said):
    answer = call(**{"where": "主卧阳台", **fields})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "主卧阳台" in page
    assert not Repair.objects.exists()
    assert not Contact.objects.filter(outcome=Outcome.REPAIR).exists()


@pytest.mark.parametrize("text", ["漏水\x00", "😀 厨房漏水", "Ａ栋漏水１２３"])
def test_strange_signs_are_taken(call, text):
    assert call(content=text, contact_phone="１３８７７７７００００").status_code == 200
    assert "\x00" not in Repair.objects.get().content


def test_megabyte_of_text_is_refused_in_words(call):
    answer = call(content="水" * 350_000, contact_phone="13877770000")
    assert answer.status_code == 422
    assert "最多 2000 字" in answer.content.decode()


def test_double_press_makes_one_slip(call):
    key = uuid4()
    for _press in range(2):
        answer = call(client_key=key, content="没水", contact_phone="13877770000")
        assert answer.status_code == 200
    assert Repair.objects.count() == 1


@pytest.mark.clause("REP-3")
def test_dispatch_clock_counts_from_the_first_key(call, known, unit, now, time_machine):
    first_key = now.isoformat()
    time_machine.shift(120)
    call(unit=unit.pk, content="没水", started_at=first_key, do="save")
    owed = FollowUp.objects.get(kind="repairs.dispatch")
    assert owed.started_at == now
    assert (owed.due_at - now).total_seconds() == 300


def test_save_only_leaves_the_slip_to_dispatch(call, known, unit):
    call(unit=unit.pk, content="没水", do="save")
    assert Repair.objects.get().status == Status.TO_DISPATCH


def test_question_answered_makes_no_slip(call, known, unit):
    call(unit=unit.pk, content="问停车", do="finish", outcome="answered", answer="已告知")
    assert not Repair.objects.exists()
    contact = Contact.objects.get()
    assert (contact.outcome, contact.answer) == (Outcome.ANSWERED, "已告知")


def test_answer_without_words_is_refused(call, known, unit):
    answer = call(unit=unit.pk, content="问停车", do="finish", outcome="answered")
    assert answer.status_code == 422
    assert Contact.objects.filter(outcome=Outcome.ANSWERED).count() == 0


def test_late_entry_needs_its_reason(call, known, unit, now):
    earlier = "2026-11-23T09:10"
    refused = call(unit=unit.pk, content="没水", reported_at=earlier)
    assert refused.status_code == 422
    call(unit=unit.pk, content="没水", reported_at=earlier, late_entry_reason="停电")
    assert Repair.objects.get().late_entry_reason == "停电"


def test_call_attached_to_an_open_slip(call, known, unit):
    call(unit=unit.pk, content="没水")
    first = Repair.objects.get()
    call(contact_phone="13877770000", content="也没水", attach=first.pk)
    assert Repair.objects.get() == first
    assert first.callers.count() == 2


def test_slip_of_another_estate_cannot_be_attached_to(call, outsider, as_, other_estate, now):
    building = Building.objects.create(estate=other_estate, code="9")
    unit = Unit.objects.create(estate=other_estate, building=building, room="101", code="9-101")
    assert call(unit=unit.pk, content="没水").status_code == 422
    assert not Repair.objects.exists()


def test_form_without_scripts_leads_to_the_slip(call, known, unit):
    answer = call(headers={"Accept": "text/html"}, who="3-2-1102", content="没水")
    assert answer.status_code == 302
    assert answer.url == f"/repairs/{Repair.objects.get().pk}/"


def test_draft_begins_the_contact_and_is_kept(as_, desk, known, unit):
    client = as_(desk)
    key = uuid4()
    for text in ("厨", "厨房"):
        answer = client.post(
            "/intake/draft/", {"client_key": key, "content": text, "unit": unit.pk}
        )
        assert answer.status_code == 200
    contact = Contact.objects.get(client_key=key)
    assert (contact.text, contact.draft["content"], contact.unit) == ("厨房", "厨房", unit)
    assert set(answer.json()) == {"start", "due"}
    page = client.get(f"/intake/?contact={contact.pk}").content.decode()
    assert "厨房" in page
    assert str(key) in page


def test_draft_of_a_wrong_phone_is_kept_too(as_, desk):
    key = uuid4()
    answer = as_(desk).post(
        "/intake/draft/", {"client_key": key, "contact_phone": "139", "content": "漏"}
    )
    assert answer.status_code == 200
    assert Contact.objects.get(client_key=key).draft["contact_phone"] == "139"


def test_phone_system_opens_a_filled_form_once(as_, desk, known, unit):
    client = as_(desk)
    page = client.get("/intake/?phone=+86 139 1234 1234").content.decode()
    assert "3-2-1102 王秀梅" in page
    assert f'value="{known.pk}"' in page


@pytest.mark.parametrize("phone", ["", "abc", "1" * 500, "\x00", "<b>"])
def test_rubbish_from_a_phone_system_still_opens_the_form(as_, desk, phone):
    assert as_(desk).get("/intake/", {"phone": phone}).status_code == 200


def test_lookup_costs_at_most_4_queries(as_, desk, known, unit, django_assert_max_num_queries):
    client = as_(desk)
    for text in ("321102", "1234", "wxm", "王秀", "13912341234"):
        with django_assert_max_num_queries(4):
            answer = client.get("/intake/lookup/", {"q": text})
        assert "3-2-1102" in answer.content.decode(), text


def test_lookup_costs_the_same_for_many_matches(
    as_, desk, known, unit, estate, building, django_assert_num_queries
):
    client = as_(desk)
    with django_assert_num_queries(4):
        client.get("/intake/lookup/?q=1102")
    for stair in ("1", "3"):
        more = Unit.objects.create(
            estate=estate, building=building, stair=stair, room="1102", code=f"3-{stair}-1102"
        )
        index_unit(more)
    with django_assert_num_queries(4):
        answer = client.get("/intake/lookup/?q=1102")
    assert answer.content.decode().count('role="option"') == 3


def test_lookup_shows_nothing_of_another_estate(as_, outsider, known, unit):
    page = as_(outsider).get("/intake/lookup/?q=321102").content.decode()
    assert "王秀梅" not in page
    assert 'role="option"' not in page


def test_phrase_fills_everything(as_, desk):
    Phrase.objects.create(
        text="测试用语漏水", category=Category.WATER, where="厨房", initials="cs-only",
        priority=Priority.EMERGENCY,
    )  # fmt: skip
    page = as_(desk).get("/intake/phrases/?q=cs-only").content.decode()
    assert 'data-category="water"' in page
    assert 'data-where="厨房"' in page
    assert 'data-priority="emergency"' in page


def test_moment_is_echoed_with_its_weekday(as_, desk, time_machine, now):
    time_machine.move_to(now)
    assert "11月24日 周二 09:00" in as_(desk).get("/intake/moment/?q=明天9点").content.decode()
    assert "看不懂时间" in as_(desk).get("/intake/moment/?q=牛年马月").content.decode()


@pytest.mark.clause("MAN-3")
def test_card_says_how_to_address_the_caller(as_, desk, known, unit):
    page = as_(desk).get(f"/intake/card/?unit={unit.pk}&resident={known.pk}").content.decode()
    assert "王女士" in page
    known.salutation = "mrs"
    known.save()
    page = as_(desk).get(f"/intake/card/?unit={unit.pk}&resident={known.pk}").content.decode()
    assert "王太太" in page


@pytest.mark.clause("MAN-1")
def test_card_addresses_by_position(as_, desk, known, unit):
    known.salutation, known.position = "position", "主任"
    known.save()
    page = as_(desk).get(f"/intake/card/?unit={unit.pk}&resident={known.pk}").content.decode()
    assert "王主任" in page


def test_card_shows_open_slips_and_offers_to_attach(call, as_, desk, known, unit):
    call(unit=unit.pk, content="厨房漏水")
    repair = Repair.objects.get()
    page = as_(desk).get(f"/intake/card/?unit={unit.pk}").content.decode()
    assert f'name="attach" value="{repair.pk}"' in page


def test_card_masks_the_phone_outside_a_butlers_area(as_, butler2, butler, known, unit):
    url = f"/intake/card/?unit={unit.pk}&resident={known.pk}"
    assert "139****1234" in as_(butler2).get(url).content.decode()
    assert "13912341234" in as_(butler).get(url).content.decode()


def test_card_of_another_estate_is_not_found(as_, outsider, known, unit):
    assert as_(outsider).get(f"/intake/card/?unit={unit.pk}").status_code == 404


@pytest.mark.parametrize(
    "url", ["/intake/", "/intake/lookup/", "/intake/card/", "/intake/phrases/"]
)
def test_intake_is_for_those_who_take_calls(as_, repairer, url):
    assert as_(repairer).get(url).status_code == 403


def test_call_is_dismissed_by_its_own_clerk(as_, desk, now):
    key = uuid4()
    client = as_(desk)
    client.post("/intake/draft/", {"client_key": key, "content": "打错了"})
    contact = Contact.objects.get(client_key=key)
    client.post(f"/today/contacts/{contact.pk}/dismiss/")
    contact.refresh_from_db()
    assert contact.outcome == Outcome.DISMISSED


def test_contact_of_another_estate_is_not_found(as_, desk, outsider):
    key = uuid4()
    as_(desk).post("/intake/draft/", {"client_key": key, "content": "漏"})
    contact = Contact.objects.get(client_key=key)
    assert as_(outsider).post(f"/today/contacts/{contact.pk}/dismiss/").status_code == 404
    assert as_(outsider).get(f"/intake/?contact={contact.pk}").status_code == 404
