"""Every address of the accounts room, for every post: a table, so that a hole is a wrong cell."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from accounts import posts
from accounts.models import Leave
from tests.conftest import hire

# Who asks. "above" stands in the line of the person asked about, without the right to manage;
# "elsewhere" is a manager of another estate; "leads others" has reports, but not this person.
EVERYBODY = {
    "gm": "top",
    "sysadmin": "top",
    "manager": "manages",
    "assistant": "above",
    "engmanager": "sees",
    "dispatcher": "leads others",
    "other_manager": "elsewhere",
    "desk": "nothing",
    "butler": "nothing",
    "night": "nothing",
    "cashier": "nothing",
    "foreman": "nothing",
    "repairer": "nothing",
    "contact": "nothing",
    "outsider": "nothing",
}
MANAGERS = {"top": 200, "manages": 200}
OWN = dict.fromkeys(set(EVERYBODY.values()), 200)
# About a front-desk colleague: (method, address) → what each kind of asker gets; else 403.
NOT_SEEN = {"leads others": 404, "elsewhere": 404}
TABLE = {
    ("get", "profile"): OWN,
    ("get", "password"): OWN,
    ("post", "shortcuts"): dict.fromkeys(OWN, 302),
    ("post", "logout"): dict.fromkeys(OWN, 302),
    ("get", "staff_list"): MANAGERS
    | {"above": 200, "sees": 200, "leads others": 200, "elsewhere": 200},
    ("get", "staff_add"): MANAGERS | {"elsewhere": 200},
    ("get", "staff_detail"): MANAGERS | NOT_SEEN | {"above": 200, "sees": 200},
    ("get", "staff_edit"): MANAGERS | NOT_SEEN,
    ("get", "staff_disable"): MANAGERS | NOT_SEEN,
    ("post", "staff_enable"): {"top": 302, "manages": 302} | NOT_SEEN,
    ("post", "staff_reset_password"): MANAGERS | NOT_SEEN | {"above": 200},
    ("post", "leave_add"): {"top": 422, "manages": 422, "above": 422} | NOT_SEEN,
    ("post", "leave_end"): {"top": 302, "manages": 302, "above": 302} | NOT_SEEN,
}
PUBLIC = {"login", "login_again"}


@pytest.fixture
def cashier(assistant, estate):
    return hire("cashier", "钱收", posts.CASHIER, superior=assistant, estates=[estate])


@pytest.fixture
def foreman(manager, estate):
    return hire("foreman", "绿领", posts.ENV_FOREMAN, superior=manager, estates=[estate])


@pytest.fixture
def contact(gm, estate):
    return hire("publicaffairs", "公共", posts.PUBLIC_AFFAIRS, superior=gm, estates=[estate])


@pytest.fixture
def other_manager(other_estate):
    return hire("manager9", "外经理", posts.CS_MANAGER, estates=[other_estate])


@pytest.fixture
def leave(desk2, night, now):
    begins = now + timedelta(days=4000)  # still ahead whenever the test runs
    return Leave.objects.create(
        staff=desk2, deputy=night, starts_at=begins, ends_at=begins + timedelta(days=1)
    )


def address(name, desk2, leave):
    about = {"leave_end": {"pk": desk2.pk, "leave_pk": leave.pk}}
    if name.startswith("staff_") and name not in ("staff_list", "staff_add"):
        about[name] = {"pk": desk2.pk}
    if name == "leave_add":
        about[name] = {"pk": desk2.pk}
    return reverse(f"accounts:{name}", kwargs=about.get(name, {}))


def test_table_names_every_address():
    patterns = next(
        entry.url_patterns
        for entry in get_resolver().url_patterns
        if getattr(entry, "app_name", "") == "accounts"
    )
    assert {entry.name for entry in patterns} == {name for _method, name in TABLE} | PUBLIC


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize(("method", "name"), TABLE)
def test_access(request, as_, desk2, leave, repairer, method, name, who):
    asker = request.getfixturevalue(who)
    answer = getattr(as_(asker), method)(address(name, desk2, leave))
    assert answer.status_code == TABLE[method, name].get(EVERYBODY[who], 403)


@pytest.mark.parametrize(("method", "name"), TABLE)
def test_access_without_login(desk2, leave, method, name):
    answer = getattr(Client(), method)(address(name, desk2, leave))
    assert answer.status_code == (302 if method == "get" else 401)
    if method == "get":
        assert answer["Location"].startswith("/login/?next=")


@pytest.mark.parametrize("name", ["staff_edit", "staff_disable"])
def test_access_by_post_is_checked_as_well(as_, assistant, desk2, name):
    data = {"name": "改名", "post": posts.BUTLER, "version": 1}
    answer = as_(assistant).post(reverse(f"accounts:{name}", args=[desk2.pk]), data)
    assert answer.status_code == 403
    desk2.refresh_from_db()
    assert (desk2.name, desk2.is_active) == ("李倩", True)


@pytest.mark.parametrize("name", ["staff_edit", "staff_disable", "staff_reset_password"])
def test_access_to_those_above_is_refused(as_, manager, gm, sysadmin, name):
    for staff in (gm, sysadmin, manager):
        answer = as_(manager).post(reverse(f"accounts:{name}", args=[staff.pk]), {"version": 1})
        assert answer.status_code == 403
