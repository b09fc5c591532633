"""Pages: who may open them, what they show, and what a bad or stale form gets back."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import posts
from contacts.models import Contact
from estates import lookup
from estates.imports import batches
from estates.imports.undo import undo
from estates.models import (
    Area,
    Building,
    Estate,
    ImportBatch,
    Membership,
    PublicPlace,
    Residence,
    Resident,
    Unit,
)
from history.models import Entry
from tests.conftest import hire
from tests.estates.test_imports import FILES, ROW, bring, row, workbook

pytestmark = pytest.mark.django_db
DESKS = {posts.CS_MANAGER, posts.CS_ASSISTANT, posts.FRONT_DESK, posts.NIGHT_DUTY}
IMPORTERS = {posts.CS_MANAGER, posts.CS_ASSISTANT}
MANAGERS = IMPORTERS | {posts.SYSADMIN}
READERS = DESKS | {posts.GENERAL_MANAGER, posts.BUTLER, posts.CASHIER}
DECIDERS = {posts.GENERAL_MANAGER, posts.CS_MANAGER, posts.SYSADMIN}

ACCESS = [
    ("get", "estate_list", None, READERS | MANAGERS),
    ("get", "estate_detail", "estate", READERS | MANAGERS),
    ("get", "estate_add", None, MANAGERS),
    ("get", "estate_change", "estate", MANAGERS),
    ("get", "building_add", "estate", MANAGERS),
    ("get", "place_add", "estate", MANAGERS),
    ("get", "building_change", "building", MANAGERS),
    ("get", "place_change", "place", MANAGERS),
    ("get", "unit_list", None, READERS),
    ("get", "resident_detail", "resident", READERS),
    ("get", "unit_change", "unit", DESKS),
    ("get", "resident_change", "resident", DESKS),
    ("get", "unit_person_add", "unit", DESKS),
    ("post", "residence_leave", "residence", DESKS),
    ("post", "resident_reveal", "resident", DESKS | {posts.GENERAL_MANAGER}),
    ("get", "staff_estates", "staff", DECIDERS),
    ("get", "area_list", None, DECIDERS),
    ("get", "import", None, IMPORTERS),
    ("get", "import_template", None, IMPORTERS),
    ("get", "import_detail", "batch", IMPORTERS),
    ("get", "import_bad", "batch", IMPORTERS),
    ("post", "import_start", "batch", IMPORTERS),
    ("post", "import_work", "batch", IMPORTERS),
    ("post", "import_discard", "batch", IMPORTERS),
    ("post", "import_undo", "batch", IMPORTERS),
]


@pytest.fixture
def things(estate, building, unit, resident, desk, now):
    return {
        "estate": estate,
        "building": building,
        "unit": unit,
        "resident": resident,
        "residence": Residence.objects.get(),
        "staff": desk,
        "place": PublicPlace.objects.create(estate=estate, kind="lift", name="1号电梯"),
        "batch": batches.upload(workbook(ROW), name="a.xlsx", estate=estate, by=None, now=now),
    }


def ask(client, method, name, args, **data):
    return getattr(client, method)(reverse(f"estates:{name}", args=args), data)


@pytest.mark.parametrize(("method", "name", "thing", "allowed"), ACCESS)
def test_page_opens_for_its_posts_only(method, name, thing, allowed, things, estate, as_):
    args = [things[thing].pk] if thing else []
    opened = set()
    for code in posts.BY_CODE:
        staff = hire(f"x-{code}", code, code, estates=[estate])
        status = ask(as_(staff), method, name, args).status_code
        assert status in (200, 302, 403), (code, status)
        if status != 403:
            opened.add(code)
    assert opened == allowed


@pytest.mark.parametrize(("method", "name", "thing", "allowed"), ACCESS)
def test_page_needs_a_login(method, name, thing, allowed, things, client):
    args = [things[thing].pk] if thing else []
    answer = ask(client, method, name, args)
    if method == "post":  # the login opens over the page, and what was sent goes again
        assert answer.status_code == 401
    else:
        assert answer.url.startswith(reverse("accounts:login"))


@pytest.mark.parametrize(
    ("method", "name", "thing", "allowed"), [line for line in ACCESS if line[2]]
)
def test_nothing_of_another_estate_is_there(
    method, name, thing, allowed, things, other_estate, as_
):
    post = sorted(allowed & {posts.CS_MANAGER, posts.SYSADMIN})[0]
    stranger = hire("stranger", "外人", post, estates=[other_estate])
    assert ask(as_(stranger), method, name, [things[thing].pk]).status_code == 404


def test_lists_of_an_outsider_are_empty(things, outsider, as_):
    lookup.index_all(units=[things["unit"]], residents=[things["resident"]])
    client = as_(outsider)
    for query in ("", "?q=321102", "?q=wxm", f"?building={things['building'].pk}"):
        page = client.get(reverse("estates:unit_list") + query).content.decode()
        assert "3-2-1102" not in page
        assert "王秀梅" not in page
    assert "亚美花园" not in client.get(reverse("estates:estate_list")).content.decode()


def test_butler_changes_his_own_area_only(unit, resident, butler, butler2, as_):
    for staff, status in ((butler, 200), (butler2, 403)):
        for name, pk in (("unit_change", unit.pk), ("resident_change", resident.pk)):
            assert ask(as_(staff), "get", name, [pk]).status_code == status
        assert ask(as_(staff), "post", "resident_reveal", [resident.pk]).status_code == status


def test_unit_list_finds_filters_and_masks(unit, resident, building, desk, as_):
    vacant = Unit.objects.create(
        estate=unit.estate, building=building, room="9", code="3-9", occupancy="unsold"
    )
    lookup.index_all(units=[unit, vacant], residents=[resident])
    client = as_(desk)
    page = client.get(reverse("estates:unit_list"), {"q": "wxm"}).content.decode()
    assert "3-2-1102" in page
    assert "3-9" not in page
    assert "139****1234" in page
    assert "13912341234" not in page
    for query, shown in ({"occupancy": "vacant"}, "3-9"), ({"occupancy": "occupied"}, "3-2-1102"):
        rows = client.get(reverse("estates:unit_list"), query).context["page"].object_list
        assert [one.code for one in rows] == [shown]


def test_names_are_masked_for_posts_without_reveal(unit, resident, estate, as_):
    cashier = hire("cashier", "收费员", posts.CASHIER, estates=[estate])
    for url in (
        reverse("estates:unit_list"),
        reverse("estates:resident_detail", args=[resident.pk]),
    ):
        page = as_(cashier).get(url).content.decode()
        assert "王秀梅" not in page
        assert "王**" in page


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=" + "9" * 500,
        "page=x",
        "page=-1",
        "building=x",
        "building=99999999999999999999",
        "occupancy=x",
        "building=٣",
    ],
)
def test_unit_list_survives_odd_queries(query, unit, desk, as_):
    assert as_(desk).get(reverse("estates:unit_list") + "?" + query).status_code == 200


def test_unit_list_takes_the_same_queries_for_one_and_three(estate, building, desk, as_):
    client, counts = as_(desk), []
    for upto in (1, 3):
        for number in range(Unit.objects.count(), upto):
            one = Unit.objects.create(
                estate=estate, building=building, room=str(number), code=f"3-{number}"
            )
            person = Resident.objects.create(estate=estate, name=f"王{number}", phone="13912341234")
            Residence.objects.create(unit=one, resident=person)
        client.get(reverse("estates:unit_list"))
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(reverse("estates:unit_list")).context["page"].object_list) == upto
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 14


def unit_values(**changes):
    return {
        "version": 1,
        "occupancy": "let",
        "floor": "11",
        "area_m2": "90",
        "note": "钥匙在前台",
    } | changes


def test_unit_is_saved_and_a_stale_form_shows_both(unit, desk, as_):
    client, url = as_(desk), reverse("estates:unit_change", args=[unit.pk])
    assert client.post(url, unit_values()).status_code == 302
    answer = client.post(url, unit_values(note="我写的"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "我写的" in page
    assert "钥匙在前台" in page
    again = client.post(
        url, unit_values(note="我写的", version=answer.context["form"]["version"].value())
    )
    assert again.status_code == 302
    unit.refresh_from_db()
    assert (unit.note, unit.version) == ("我写的", 3)


@pytest.mark.parametrize(
    "changes",
    [
        {"floor": "x"},
        {"area_m2": "-1"},
        {"occupancy": "x"},
        {"version": ""},
        {"note": "长" * 201},
        {"occupied_on": "2026-13-01"},
    ],
)
def test_bad_unit_form_keeps_what_was_typed(changes, unit, desk, as_):
    answer = as_(desk).post(
        reverse("estates:unit_change", args=[unit.pk]), unit_values(note="保留") | changes
    )
    assert answer.status_code == 422
    unit.refresh_from_db()
    assert unit.version == 1


def person_values(**changes):
    return {"version": 1, "name": "王秀梅", "phone": "13912341234", "salutation": "ms"} | changes


def test_resident_form_reads_what_is_typed(resident, desk, as_):
    url = reverse("estates:resident_change", args=[resident.pk])
    answer = as_(desk).post(
        url, person_values(name=" 王秀\x00梅 ", phone="０２９-８８８８１２３４")
    )
    assert answer.status_code == 302
    resident.refresh_from_db()
    assert (resident.name, resident.phone) == ("王秀梅", "029-88881234")


@pytest.mark.clause("MAN-2")
def test_resident_form_refuses_boss_and_keeps_the_text(resident, desk, as_):
    url = reverse("estates:resident_change", args=[resident.pk])
    answer = as_(desk).post(url, person_values(name="王老板", note="保留这句"))
    assert answer.status_code == 422
    assert "不称“老板”" in answer.content.decode()
    assert "保留这句" in answer.content.decode()


def test_wrong_phone_is_refused_in_the_words_of_the_screens(resident, desk, as_):
    url = reverse("estates:resident_change", args=[resident.pk])
    answer = as_(desk).post(url, person_values(phone="123456"))
    assert answer.status_code == 422
    assert "电话应为 11 位手机号, 或带区号的座机, 如 029-88881234" in answer.content.decode()


@pytest.mark.clause("MAN-4")
def test_reveal_answers_once_and_writes_it_down(resident, desk, as_):
    url = reverse("estates:resident_reveal", args=[resident.pk])
    client = as_(desk)
    assert (
        "13912341234"
        not in client.get(reverse("estates:resident_detail", args=[resident.pk])).content.decode()
    )
    answer = client.post(url, {"what": "phone"}, headers={"Accept": "application/json"})
    assert answer.json() == {"phone": "13912341234"}
    assert "no-store" in answer["Cache-Control"]
    assert "13912341234" in client.post(url, {"what": "phone"}).content.decode()
    assert client.post(url, {"what": "password"}).status_code == 422
    assert client.get(url).status_code == 405
    assert Entry.objects.filter(event="resident.revealed", by_name="张敏").count() == 2


@pytest.mark.clause("MAN-4")
def test_opening_the_form_that_shows_private_fields_is_written_down(resident, desk, as_):
    as_(desk).get(reverse("estates:resident_change", args=[resident.pk]))
    assert [e.detail for e in Entry.objects.filter(event="resident.revealed")] == [
        {"what": "phone"}
    ]


def test_person_is_added_and_leaves(unit, desk, as_):
    client = as_(desk)
    url = reverse("estates:unit_person_add", args=[unit.pk])
    values = {"name": "李强", "phone": "13700001111", "salutation": "mr", "relation": "tenant"}
    assert client.post(url, values).status_code == 302
    assert client.post(url, values).status_code == 422
    assert [m.unit for m in lookup.find("lq", staff=desk)] == [unit]
    residence = Residence.objects.get()
    client.post(reverse("estates:residence_leave", args=[residence.pk]))
    residence.refresh_from_db()
    assert residence.until is not None


def test_estate_building_and_place_are_made_on_pages(manager, as_):
    client = as_(manager)
    client.post(reverse("estates:estate_add"), {"name": "新园", "address": "长安路"})
    estate = Estate.objects.get(name="新园")
    client.post(reverse("estates:building_add", args=[estate.pk]), {"code": "１２"})
    building = Building.objects.get(estate=estate)
    assert building.code == "12"
    client.post(
        reverse("estates:place_add", args=[estate.pk]),
        {"name": "1号电梯", "kind": "lift", "building": building.pk},
    )
    page = client.get(reverse("estates:estate_detail", args=[estate.pk])).content.decode()
    assert "1号电梯" in page
    again = client.post(reverse("estates:building_add", args=[estate.pk]), {"code": "12"})
    assert again.status_code == 422
    assert client.post(reverse("estates:estate_add"), {"name": "新园"}).status_code == 422


def test_estates_of_a_person_are_set_among_ones_own(desk, estate, other_estate, manager, as_):
    client, url = as_(manager), reverse("estates:staff_estates", args=[desk.pk])
    assert client.post(url, {"estates": [other_estate.pk]}).status_code == 404
    client.post(url, {"estates": []})
    assert not Membership.objects.filter(staff=desk).exists()
    client.post(url, {"estates": [estate.pk]})
    assert Membership.objects.get(staff=desk).estate == estate


def test_areas_are_given_on_one_page_and_a_lost_change_is_told(
    building, butler, butler2, manager, as_
):
    client, url = as_(manager), reverse("estates:area_list")
    name, seen = f"butler-{building.pk}", f"seen-{building.pk}"
    assert client.post(url, {name: butler2.pk, seen: butler.pk}).status_code == 302
    assert Area.objects.get().staff == butler2
    stale = client.post(url, {name: "", seen: butler.pk})
    assert stale.status_code == 409
    assert "改给了王倩" in stale.content.decode()
    assert Area.objects.get().staff == butler2


# --- import -----------------------------------------------------------------------------------


def upload(client, estate, content, name="hc.xlsx"):
    return client.post(
        reverse("estates:import"), {"estate": estate.pk, "file": SimpleUploadedFile(name, content)}
    )


def test_import_goes_from_upload_to_undo(estate, manager, as_):
    client = as_(manager)
    answer = upload(client, estate, (FILES / "hc-room-list-1200.xlsx").read_bytes())
    batch = ImportBatch.objects.get()
    detail = reverse("estates:import_detail", args=[batch.pk])
    assert answer.url == detail
    page = client.get(detail).content.decode()
    assert "资产信息 第 845 行" in page
    assert "61010019870821628X" not in page
    assert not Unit.objects.exists()
    client.post(reverse("estates:import_start", args=[batch.pk]))
    for _slice in range(20):
        part = client.post(
            reverse("estates:import_work", args=[batch.pk]), headers={"X-Progress": "1"}
        ).content.decode()
        if "data-running" not in part:
            break
    assert Unit.objects.count() == 1193
    bad = client.get(reverse("estates:import_bad", args=[batch.pk]))
    assert b"".join(bad.streaming_content)[:2] == b"PK"
    assert "hc_" in bad["Content-Disposition"]
    client.post(reverse("estates:import_undo", args=[batch.pk]))
    assert not Unit.objects.exists()
    assert "已整批撤销" in client.get(detail).content.decode()


def test_undone_import_names_what_stays(estate, manager, desk, now, as_):
    batch = bring(workbook(ROW), estate, manager, now)
    ImportBatch.objects.update(finished_at=batch.created_at)
    unit = Unit.objects.get()
    Contact.objects.create(
        estate=estate, client_key=uuid4(), started_at=now, received_by=desk, unit=unit
    )
    undo(batch, by=manager, now=now)
    page = as_(manager).get(reverse("estates:import_detail", args=[batch.pk])).content.decode()
    assert "3栋、3-2-1102" in page


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04torn"])
def test_foreign_upload_is_refused_in_words(content, estate, manager, as_):
    answer = upload(as_(manager), estate, content)
    assert answer.status_code == 422
    assert any(words in answer.content.decode() for words in ("不是 Excel", "损坏"))
    assert not ImportBatch.objects.exists()


def test_discarded_import_keeps_nothing(estate, manager, now, as_):
    batch = batches.upload(
        workbook(ROW, row(楼号="")), name="a", estate=estate, by=manager, now=now
    )
    client = as_(manager)
    client.post(reverse("estates:import_discard", args=[batch.pk]))
    client.post(reverse("estates:import_start", args=[batch.pk]))
    batch.refresh_from_db()
    assert (batch.state, batch.bad_rows, batch.items.count()) == ("discarded", [], 0)


def test_template_is_a_workbook(manager, as_):
    answer = as_(manager).get(reverse("estates:import_template"))
    assert b"".join(answer.streaming_content)[:2] == b"PK"
