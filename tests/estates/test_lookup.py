"""The one lookup box: what was typed, what it finds, and in which order."""

import pytest

from estates import lookup
from estates.models import (
    Building,
    Estate,
    PublicPlace,
    Relation,
    Residence,
    Resident,
    Unit,
    forget_places,
)

pytestmark = pytest.mark.django_db


def house(estate, building, stair, room):
    building, _new = Building.objects.get_or_create(estate=estate, code=building)
    code = "-".join(part for part in (building.code, stair, room) if part)
    unit = Unit.objects.create(estate=estate, building=building, stair=stair, room=room, code=code)
    lookup.index_unit(unit)
    return unit


def person(name, phone="", *units, relation=Relation.OWNER, estate=None):
    one = Resident.objects.create(estate=estate or units[0].estate, name=name, phone=phone)
    for unit in units:
        Residence.objects.create(resident=one, unit=unit, relation=relation)
    lookup.index_resident(one)
    return one


@pytest.fixture
def wang(estate, unit, resident):
    lookup.index_all(units=[unit], residents=[resident])
    return resident


def found(term, staff):
    return [
        (m.unit.code if m.unit else "", m.resident.name if m.resident else "", m.why)
        for m in lookup.find(term, staff=staff)
    ]


@pytest.mark.parametrize(
    "term",
    [
        "321102",
        "３２１１０２",
        "3-2-1102",
        "3.2.1102",
        "3栋2单元1102",
        "3幢2单元1102室",
        "3号楼2单元1102#",
        "3 2 1102",
        "31102",
        "3-1102",
        "1102",
    ],
)
def test_room_is_found_in_every_spelling(term, wang, desk):
    assert found(term, desk) == [("3-2-1102", "王秀梅", "room")]


@pytest.mark.parametrize(
    ("term", "why"),
    [
        ("13912341234", "phone"),
        ("139 1234 1234", "phone"),
        ("+8613912341234", "phone"),
        ("139-1234-1234", "phone"),
        ("1234", "tail"),
        ("13912", "phone"),
        ("wxm", "initials"),
        ("w'x'm", "initials"),
        ("WX", "initials"),
        ("wangxiumei", "pinyin"),
        ("wangxm", "pinyin"),
        ("wangxiu", "pinyin"),
        ("王秀梅", "name"),
        ("王", "name"),
        ("秀梅", "name"),
    ],
)
def test_person_is_found_by_phone_name_and_pinyin(term, why, wang, desk):
    assert found(term, desk) == [("3-2-1102", "王秀梅", why)]


def test_digits_are_split_in_every_valid_way(wang, estate, desk):
    person("孙立", "13788008801", house(estate, "32", "1", "102"), relation=Relation.TENANT)
    assert found("321102", desk) == [("3-2-1102", "王秀梅", "room"), ("32-1-102", "孙立", "room")]
    assert found("32-1-102", desk) == [("32-1-102", "孙立", "room")]


def test_four_digits_are_a_tail_and_a_room(wang, estate, desk):
    person("李强", "13800001102", house(estate, "5", "1", "301"))
    assert found("1102", desk) == [("5-1-301", "李强", "tail"), ("3-2-1102", "王秀梅", "room")]


def test_exact_room_comes_before_tail_and_owner_before_tenant(estate, desk):
    short = house(estate, "1", "", "101")
    person("租客", "13900000001", short, relation=Relation.TENANT)
    person("房主", "13900000002", short)
    person("尾号", "13900001101", house(estate, "2", "1", "801"))
    assert found("1101", desk) == [
        ("1-101", "房主", "room"),
        ("1-101", "租客", "room"),
        ("2-1-801", "尾号", "tail"),
    ]


def test_exact_initials_come_before_longer_ones(estate, desk):
    person("王小明明", "", house(estate, "1", "1", "101"))
    person("王小明", "", house(estate, "1", "1", "102"))
    assert [name for _code, name, _why in found("wxm", desk)] == ["王小明", "王小明明"]


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("曾强", ["zq", "cq", "zengqiang", "cengqiang"]),
        ("单田", ["st", "dt", "shantian", "dantian"]),
        ("仇英", ["qy", "cy", "qiuying", "chouying"]),
        ("解珍", ["xz", "jz", "xiezhen", "jiezhen"]),
        ("查良", ["zl", "cl", "zhaliang", "chaliang"]),
        ("区明", ["om", "qm", "ouming", "quming"]),
        ("尉迟恭", ["ycg", "yuchigong"]),
        ("万俟卨", ["mqx", "moqixie"]),
        ("欧阳修", ["oyx"]),
    ],
)
def test_both_readings_of_a_surname_find_it(name, terms, estate, desk):
    person(name, "", house(estate, "1", "1", "101"))
    for term in terms:
        assert [hit[1] for hit in found(term, desk)] == [name], term


def test_other_characters_keep_their_own_reading(estate, desk):
    person("王单", "", house(estate, "1", "1", "101"))
    assert found("wd", desk)
    assert not found("ws", desk)


def test_one_person_is_found_with_every_unit(wang, estate, desk):
    second = house(estate, "7", "2", "1503")
    Residence.objects.create(resident=wang, unit=second)
    assert {code for code, _name, _why in found("13912341234", desk)} == {"3-2-1102", "7-2-1503"}


def test_who_moved_out_is_not_at_home_there(wang, desk, now):
    Residence.objects.update(until=now.date())
    assert found("321102", desk) == [("3-2-1102", "", "room")]
    assert found("wxm", desk) == [("", "王秀梅", "initials")]


def test_vacant_unit_is_found_without_people(estate, desk):
    house(estate, "9", "1", "101")
    assert found("91101", desk) == [("9-1-101", "", "room")]


def test_nothing_of_another_estate_is_found(wang, outsider):
    for term in ("321102", "13912341234", "1234", "wxm", "王", "wangxiumei"):
        assert lookup.find(term, staff=outsider) == []
    assert not lookup.matching_units("wxm", staff=outsider)


@pytest.mark.parametrize("term", ["", " ", "'", "😀", "\x00", "-", "%", "_", "1" * 5000, "\ud800"])
def test_odd_terms_find_nothing_and_break_nothing(term, wang, desk):
    assert lookup.find(term, staff=desk) == []


@pytest.mark.parametrize("people", [1, 3])
def test_lookup_is_one_query_whatever_it_finds(people, estate, desk, django_assert_num_queries):
    for number in range(people):
        person("王秀梅", f"1391234000{number}", house(estate, "3", "2", f"110{number}"))
    forget_places(desk)
    with django_assert_num_queries(1):
        matches = lookup.find("wxm", staff=desk)
        assert [m.unit.spoken and m.unit.building.code for m in matches] == ["3"] * people
        assert [m.resident.addressed for m in matches] == ["王秀梅"] * people


def test_index_follows_a_new_name_and_phone(wang, desk):
    wang.name, wang.phone = "赵秀梅", "13700009999"
    wang.save()
    lookup.index_resident(wang)
    assert not found("wxm", desk)
    assert not found("1234", desk)
    assert found("zxm", desk)
    assert found("9999", desk)


def test_places_are_found_by_any_part_of_name_and_initials(estate, other_estate, desk, outsider):
    for name, kind in (("2号电梯", "lift"), ("B1车库", "garage"), ("东大门", "gate")):
        lookup.index_place(PublicPlace.objects.create(estate=estate, name=name, kind=kind))
    for term, name in (
        ("电梯", "2号电梯"),
        ("2号", "2号电梯"),
        ("dt", "2号电梯"),
        ("b1", "B1车库"),
        ("大门", "东大门"),
        ("ddm", "东大门"),
    ):
        assert [place.name for place in lookup.find_places(term, staff=desk)] == [name], term
    assert lookup.find_places("dt", staff=outsider) == []
    assert lookup.find_places("", staff=desk) == []
    assert Estate.objects.count() == 2
