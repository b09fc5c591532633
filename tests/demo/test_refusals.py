"""Where the demo may not go, and that it is the same every time."""

import random
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from estates.models import Estate, Resident
from yamei.demo import homes


@pytest.mark.django_db
def test_demo_invents_the_same_people_every_time():
    found = []
    for name in ("一", "二"):
        home = homes.build_small(random.Random(5), today=date(2026, 11, 23))
        found.append(
            [(person.name, person.phone) for row in home.people.values() for person in row]
        )
        Estate.objects.filter(pk=home.estate.pk).update(name=name)
    assert found[0] == found[1]


@pytest.mark.django_db
def test_demo_is_refused_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="正式环境"):
        call_command("demo")
    assert not Estate.objects.exists()


@pytest.mark.django_db
def test_demo_is_refused_beside_a_real_estate(estate):
    with pytest.raises(CommandError, match="真实项目"):
        call_command("demo")
    assert not Resident.objects.exists()


@pytest.mark.django_db
def test_demo_is_refused_when_a_login_name_is_taken(sysadmin, estate):
    Estate.objects.all().delete()
    with pytest.raises(CommandError, match="sysadmin"):
        call_command("demo")


@pytest.mark.django_db
def test_demo_is_not_loaded_twice():
    Estate.objects.create(name="演示", is_demo=True)
    with pytest.raises(CommandError, match="已经在了"):
        call_command("demo")
