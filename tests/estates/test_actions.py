"""What staff do to units, people, areas and memberships."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from estates import actions, lookup
from estates.butlers import butler_of
from estates.household import household_of, other_units_of
from estates.models import Area, Building, Membership, PublicPlace, Residence, Resident, Unit
from history.models import Entry

pytestmark = pytest.mark.django_db
PERSON = {"name": "李强", "phone": "13700001111", "salutation": "mr", "position": "", "note": ""}


def events():
    return list(Entry.objects.order_by("pk").values_list("event", flat=True))


def change(resident, by, now, **changes):
    return actions.change_resident(resident, version=resident.version, by=by, now=now, **changes)


@pytest.mark.clause("MAN-1")
def test_whoever_has_a_position_is_addressed_by_it(resident, desk, now):
    change(resident, desk, now, salutation="position", position="主任")
    assert resident.addressed == "王主任"


@pytest.mark.clause("MAN-1")
def test_man_with_a_position_is_not_just_sir(resident, desk, now):
    with pytest.raises(ValidationError) as refused:
        change(resident, desk, now, salutation="mr", position="主任")
    assert "称职位" in refused.value.message_dict["salutation"][0]


@pytest.mark.clause("MAN-1")
def test_position_as_salutation_needs_a_position(resident, desk, now):
    with pytest.raises(ValidationError) as refused:
        change(resident, desk, now, salutation="position", position="")
    assert refused.value.message_dict == {"position": ["按职位称呼时写明职位, 如 主任、教授"]}


@pytest.mark.clause("MAN-2")
def test_man_without_a_position_is_sir(unit, desk, now):
    residence = actions.add_person(unit, relation="owner", by=desk, now=now, **PERSON)
    assert residence.resident.addressed == "李先生"


@pytest.mark.clause("MAN-2")
@pytest.mark.parametrize(
    "changes",
    [
        {"name": "王老板"},
        {"name": "王 老 板"},
        {"salutation": "position", "position": "老板"},
        {"salutation": "position", "position": "BOSS"},
    ],
)
def test_nobody_is_called_boss(changes, resident, desk, now):
    with pytest.raises(ValidationError, match="不称“老板”"):
        change(resident, desk, now, **changes)
    resident.refresh_from_db()
    assert (resident.name, resident.version) == ("王秀梅", 1)
    assert events() == []


@pytest.mark.clause("MAN-3")
def test_woman_is_ms_unless_known_to_be_married(resident, desk, now):
    assert resident.addressed == "王女士"
    change(resident, desk, now, salutation="mrs")
    assert resident.addressed == "王太太"


@pytest.mark.clause("MAN-4")
def test_familiar_words_are_no_form_of_address(resident, desk, now):
    with pytest.raises(ValidationError, match="过于亲近"):
        change(resident, desk, now, salutation="position", position="美女")


@pytest.mark.clause("MAN-4")
def test_looking_at_what_is_private_is_written_down(resident, desk, now):
    Resident.objects.update(care_note="独居老人")
    resident.refresh_from_db()
    assert actions.reveal(resident, "care_note", by=desk, now=now) == "独居老人"
    entry = Entry.objects.get()
    assert (entry.event, entry.by_name, entry.at, entry.detail) == (
        "resident.revealed",
        "张敏",
        now,
        {"what": "care_note"},
    )


@pytest.mark.clause("MAN-4")
def test_private_fields_stay_in_the_area_and_out_of_other_posts(
    resident, butler, butler2, repairer, dispatcher, now
):
    assert actions.may_reveal(resident, staff=butler)
    assert not actions.may_reveal(resident, staff=butler2)
    assert not actions.may_reveal(resident, staff=dispatcher)
    with pytest.raises(ValidationError, match="不在您的责任区"):
        actions.reveal(resident, "phone", by=butler2, now=now)
    with pytest.raises(ValidationError, match="没有这一项"):
        actions.reveal(resident, "version", by=butler, now=now)
    assert events() == []


@pytest.mark.clause("MAN-4")
def test_history_keeps_no_private_values(resident, desk, now):
    change(resident, desk, now, phone="13700001111", care_note="上门前电话", note="三楼")
    entry = Entry.objects.get()
    assert entry.detail == {"changed": {"note": ["", "三楼"]}, "private": ["phone", "care_note"]}


def test_changed_resident_is_found_anew(resident, desk, now):
    lookup.index_resident(resident)
    change(resident, desk, now, name="曾秀梅")
    assert [m.resident.pk for m in lookup.find("zxm", staff=desk)] == [resident.pk]
    assert lookup.find("wxm", staff=desk) == []


def test_lost_update_is_refused_with_both_values(unit, desk, desk2, now):
    mine = Unit.objects.get(pk=unit.pk)
    actions.change_unit(unit, version=1, by=desk2, now=now, occupancy="let", note="")
    with pytest.raises(actions.StaleEditError) as refused:
        actions.change_unit(mine, version=1, by=desk, now=now, occupancy="unsold", note="")
    assert [(str(c.label), str(c.mine), str(c.theirs)) for c in refused.value.clashes] == [
        ("入住情况", "未售", "已出租")
    ]
    unit.refresh_from_db()
    assert (unit.occupancy, unit.version) == ("let", 2)


def test_edit_that_changes_nothing_writes_nothing(unit, desk, now):
    assert actions.change_unit(unit, version=1, by=desk, now=now, note="", floor=11) == {}
    assert events() == []


def test_unit_change_is_kept_in_history(unit, desk, now):
    actions.change_unit(
        unit, version=1, by=desk, now=now, area_m2=Decimal("90.5"), occupied_on=date(2026, 3, 1)
    )
    assert Entry.objects.get().detail["changed"] == {
        "area_m2": [None, "90.5"],
        "occupied_on": [None, "2026-03-01"],
    }


def test_known_person_is_added_to_a_second_unit_not_twice(estate, building, unit, desk, now):
    second = Unit.objects.create(estate=estate, building=building, room="1", code="3-1")
    first = actions.add_person(unit, relation="owner", by=desk, now=now, **PERSON)
    other = actions.add_person(second, relation="tenant", by=desk, now=now, **PERSON)
    assert first.resident == other.resident
    assert other_units_of([first], unit=unit) == {first.resident_id: [second]}
    with pytest.raises(ValidationError, match="李强 已登记在 3-1"):
        actions.add_person(second, relation="owner", by=desk, now=now, **PERSON)


def test_who_left_stays_on_record_and_may_come_back(unit, resident, desk, now):
    residence = Residence.objects.get()
    actions.move_out(residence, until=now.date(), by=desk, now=now)
    with pytest.raises(ValidationError, match="已登记搬离"):
        actions.move_out(residence, until=now.date(), by=desk, now=now)
    house = household_of(unit, today=now.date())
    assert (house.residences, [one.resident for one in house.former]) == ([], [resident])
    actions.add_person(unit, relation="tenant", resident=resident, by=desk, now=now)
    assert [one.relation for one in household_of(unit, today=now.date()).residences] == ["tenant"]
    assert events() == ["unit.person_left", "unit.person_added"]


def test_household_takes_two_queries(unit, resident, butler, now, django_assert_num_queries):
    with django_assert_num_queries(2):
        house = household_of(unit, today=now.date())
        assert (house.butler, house.residences[0].resident.name) == (butler, "王秀梅")


def test_butler_of_a_building_answers_for_its_units_and_places(
    estate, building, unit, butler, django_assert_num_queries
):
    lift = PublicPlace.objects.create(estate=estate, building=building, kind="lift", name="电梯")
    gate = PublicPlace.objects.create(estate=estate, kind="gate", name="东门")
    with django_assert_num_queries(1):
        assert butler_of(unit=unit) == butler
    assert butler_of(place=lift) == butler
    assert butler_of(place=gate) is None
    assert butler_of() is None
    butler.is_active = False
    butler.save()
    assert butler_of(unit=unit) is None


def test_building_is_given_to_a_butler_of_the_estate_only(
    building, butler2, desk, outsider, manager, now
):
    actions.set_butler(building, staff=butler2, seen=None, by=manager, now=now)
    assert Area.objects.get().staff == butler2
    for nobody in (desk, outsider):
        with pytest.raises(ValidationError, match="客服管家"):
            actions.set_butler(building, staff=nobody, seen=butler2.pk, by=manager, now=now)
    with pytest.raises(ValidationError, match="有同事刚把 3栋 改给了王倩"):
        actions.set_butler(building, staff=None, seen=None, by=manager, now=now)
    actions.set_butler(building, staff=None, seen=butler2.pk, by=manager, now=now)
    assert not Area.objects.exists()
    assert events() == ["building.butler_changed"] * 2


def test_leaving_an_estate_ends_the_areas_in_it(
    estate, other_estate, building, butler, manager, now
):
    Membership.objects.create(staff=butler, estate=other_estate)
    actions.set_estates(butler, estates=[], among=[estate.pk], by=manager, now=now)
    assert list(Membership.objects.filter(staff=butler).values_list("estate", flat=True)) == [
        other_estate.pk
    ]
    assert not Area.objects.exists()
    assert Entry.objects.get().detail == {"added": [], "removed": [estate.pk]}


def test_who_adds_an_estate_works_for_it(manager, now):
    estate = actions.add_estate(name="新园", address="", by=manager, now=now)
    assert Membership.objects.filter(staff=manager, estate=estate).exists()
    with pytest.raises(ValidationError, match="已有同名项目"):
        actions.add_estate(name="新园", address="", by=manager, now=now)


def test_buildings_and_places_are_named_once(estate, building, manager, desk, now):
    with pytest.raises(ValidationError, match="已有 3 栋"):
        actions.add_building(estate, code="3", name="", by=manager, now=now)
    other = actions.add_building(estate, code="4", name="", by=manager, now=now)
    with pytest.raises(ValidationError, match="已有 3 栋"):
        actions.change_building(other, code="3", name="", by=manager, now=now)
    assert Building.objects.get(pk=other.pk).code == "4"
    lift = actions.add_place(
        estate, name="1号电梯", kind="lift", building=None, by=manager, now=now
    )
    actions.change_place(lift, name="2号电梯", kind="lift", building=building, by=manager, now=now)
    assert lookup.find_places("2号", staff=desk) == [lift]
    assert lookup.find_places("1号", staff=desk) == []
