"""The hint that a fault is already being worked on."""

from repairs.duplicates import open_repairs_near
from repairs.statuses import Status
from tests.repairs.factories import write_slip


def test_open_slips_of_the_same_home_or_phone_newest_first(
    crew, desk, now, django_assert_num_queries
):
    same_home = crew.slip(now=now)
    same_phone = crew.slip(Status.DISPATCHED, now=now, unit=None)  # the crew's caller, no house
    crew.slip(Status.ARCHIVED, now=now)
    open_repairs_near(desk, unit=crew.unit)  # reads the desk's estates once
    with django_assert_num_queries(1):
        found = list(open_repairs_near(desk, unit=crew.unit, phone="13912341234"))
    assert found == [same_phone, same_home]
    assert list(open_repairs_near(desk, unit=crew.unit)) == [same_home]


def test_nothing_to_go_by_finds_nothing(crew, desk, now):
    crew.slip(now=now)
    assert list(open_repairs_near(desk)) == []


def test_another_estate_is_never_hinted(crew, outsider, other_estate, desk, now):
    crew.slip(now=now)
    write_slip(other_estate, by=outsider, now=now)
    found = open_repairs_near(outsider, unit=crew.unit, phone="13912341234")
    assert [repair.estate for repair in found] == [other_estate]
