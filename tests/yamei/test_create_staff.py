"""manage.py create_staff: the first account of an installation."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts import posts
from accounts.models import Staff
from estates.models import Membership


def run(*arguments):
    out = StringIO()
    call_command("create_staff", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def no_password(monkeypatch):
    monkeypatch.delenv("YAMEI_PASSWORD", raising=False)


def test_create_staff_prints_a_one_time_password(estate, gm):
    said = run(
        "Chief", "--name", "周", "--post", posts.CS_MANAGER, "--superior", "gm",
        "--estate", "亚美花园",
    )  # fmt: skip
    staff = Staff.objects.get(username="chief")
    assert staff.superior == gm
    assert staff.must_change_password
    assert list(Membership.objects.filter(staff=staff).values_list("estate", flat=True)) == [
        estate.pk
    ]
    password = said.split("shown only now: ")[1].split()[0]
    assert staff.check_password(password)


@pytest.mark.django_db
def test_create_staff_takes_the_password_of_the_environment(monkeypatch):
    monkeypatch.setenv("YAMEI_PASSWORD", "from-the-machine")
    said = run("first", "--name", "管理员", "--post", posts.SYSADMIN)
    staff = Staff.objects.get(username="first")
    assert staff.check_password("from-the-machine")
    assert not staff.must_change_password
    assert "from-the-machine" not in said


@pytest.mark.parametrize(
    "wrong",
    [
        ["--estate", "没有的小区"],
        ["--superior", "nobody"],
    ],
)
def test_create_staff_makes_nothing_when_something_is_unknown(estate, gm, wrong):
    with pytest.raises(CommandError, match="Nothing was made"):
        run("chief", "--name", "周", "--post", posts.CS_MANAGER, *wrong)
    assert not Staff.objects.filter(username="chief").exists()


def test_create_staff_with_a_taken_name_says_so(gm):
    with pytest.raises(CommandError, match="已有人用"):
        run("GM", "--name", "周", "--post", posts.CS_MANAGER)
