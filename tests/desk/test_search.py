"""Search and household: found by what people say, and only inside what one may see."""

from uuid import uuid4

import pytest

from complaints import actions as complaints
from contacts import actions as contacts
from desk.finder import find_all
from estates.lookup import index_resident, index_unit
from history.models import Entry
from repairs import actions


@pytest.fixture
def slip(estate, unit, resident, desk, now):
    index_unit(unit)
    index_resident(resident)
    contact = contacts.start(
        uuid4(), estate=estate, by=desk, now=now, unit=unit, phone="13877770000"
    )
    return actions.register(
        contact, by=desk, now=now, content="厨房水龙头漏水", unit=unit, resident=resident,
        contact_phone="13877770000",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["0001", "1", "WX20261123-0001", "20261123-0001", "0000", "13877770000", "1234", "321102",
     "wxm", "王秀梅", "水龙头", "３－２－１１０２"],
)  # fmt: skip
def test_slip_is_found_by(slip, desk, now, text):
    if text == "1":
        assert find_all(text, staff=desk, now=now).repairs == []
        return
    assert find_all(text, staff=desk, now=now).repairs == [slip]


@pytest.mark.parametrize("text", ["9999", "张三", "\x00", "%", "'", "😀", "a" * 500])
def test_nothing_is_found_by(slip, desk, as_, now, text):
    assert find_all(text, staff=desk, now=now).repairs == []
    assert as_(desk).get("/search/", {"q": text}).status_code == 200


def test_search_finds_nothing_of_another_estate(slip, outsider, as_, now):
    for text in ("0001", "王秀梅", "321102", "水龙头", "13877770000"):
        assert find_all(text, staff=outsider, now=now).is_empty, text


@pytest.mark.parametrize("text", ["TS20261123-001", "ts20261123001", "TS 20261123 001"])
def test_complaint_is_found_by_its_number(estate, unit, desk, outsider, as_, now, text):
    complaint = complaints.register(
        uuid4(), estate=estate, by=desk, now=now, content="楼上每天拖椅子", unit=unit,
        contact_phone="13912341234",
    )  # fmt: skip
    assert find_all(text, staff=desk, now=now).complaints == [complaint]
    assert complaint.number in as_(desk).get("/search/", {"q": text}).content.decode()
    assert find_all(text, staff=outsider, now=now).is_empty


def test_repairer_finds_no_households(slip, repairer, now):
    found = find_all("王秀梅", staff=repairer, now=now)
    assert (found.matches, found.repairs) == ([], [])


def test_search_costs_at_most_8_queries(slip, desk, as_, django_assert_max_num_queries):
    client = as_(desk)
    for text in ("龙头", "1102", "0001"):
        with django_assert_max_num_queries(8):
            client.get("/search/", {"q": text})


def test_household_shows_people_masked_and_open_slips(slip, desk, as_, unit):
    page = as_(desk).get(f"/unit/{unit.pk}/").content.decode()
    assert "139****1234" in page
    assert "13912341234" not in page
    assert slip.number in page
    assert "王女士" in page


def test_household_of_another_estate_is_not_found(slip, outsider, as_, unit):
    assert as_(outsider).get(f"/unit/{unit.pk}/").status_code == 404


def test_care_note_is_shown_by_post_and_its_reading_kept(
    slip, desk, butler, butler2, as_, unit, resident
):
    resident.care_note = "独居老人"
    resident.save()
    url = f"/unit/{unit.pk}/"
    assert "独居老人" not in as_(butler2).get(url).content.decode()
    assert not Entry.objects.filter(event="resident.revealed").exists()
    assert "独居老人" in as_(desk).get(url).content.decode()
    entry = Entry.objects.get(event="resident.revealed")
    assert (entry.subject_id, entry.by_id) == (resident.pk, desk.pk)
    assert entry.detail == {"what": "care_note"}


def test_household_pages_back_through_its_history(slip, desk, as_, unit, estate, now):
    for number in range(30):
        contact = contacts.start(uuid4(), estate=estate, by=desk, now=now, unit=unit)
        actions.register(contact, by=desk, now=now, content=f"第{number:02}件", unit=unit)
    page = as_(desk).get(f"/unit/{unit.pk}/")
    assert len(page.context["events"]) == 25
    assert page.context["next_before"] is not None
    assert as_(desk).get(f"/unit/{unit.pk}/?before=rubbish").status_code == 200
