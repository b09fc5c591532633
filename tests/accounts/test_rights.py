"""Nobody raises anybody, himself included, above his own place (I6: GLPI CVE-2023-28634)."""

import pytest

from accounts import posts, rights
from accounts.models import Staff
from tests.conftest import hire


def test_manager_assigns_only_posts_that_his_own_leads(manager):
    assert set(rights.assignable_posts(manager)) == {
        posts.CS_ASSISTANT,
        posts.BUTLER,
        posts.CASHIER,
        posts.FRONT_DESK,
        posts.NIGHT_DUTY,
        posts.ENV_FOREMAN,
    }


@pytest.mark.parametrize("who", ["gm", "sysadmin"])
def test_top_assigns_every_post(request, who):
    staff = request.getfixturevalue(who)
    assert rights.assignable_posts(staff) == [post.code for post in posts.POSTS]


@pytest.mark.parametrize("who", ["assistant", "desk", "engmanager", "dispatcher", "butler"])
def test_posts_without_the_right_assign_none(request, who):
    assert rights.assignable_posts(request.getfixturevalue(who)) == []


def test_nobody_manages_or_leads_himself(gm, manager, sysadmin):
    for staff in (gm, manager, sysadmin):
        assert not rights.may_manage(staff, staff)
        assert not rights.may_lead(staff, staff)


def test_manager_manages_neither_top_nor_engineers_nor_peers(
    gm, manager, sysadmin, engmanager, dispatcher, estate
):
    peer = hire("manager2", "另一经理", posts.CS_MANAGER, superior=gm, estates=[estate])
    for staff in (gm, sysadmin, engmanager, dispatcher, peer):
        assert not rights.may_manage(manager, staff)
        assert not rights.may_lead(manager, staff)


def test_superior_in_the_line_leads_without_managing(dispatcher, engmanager, repairer, desk):
    assert rights.may_lead(dispatcher, repairer)
    assert rights.may_lead(engmanager, repairer)
    assert not rights.may_manage(engmanager, repairer)
    assert not rights.may_lead(dispatcher, desk)


def test_superior_of_a_top_account_does_not_lead_it(manager, sysadmin):
    """A superior entered by mistake must not become a way into the administrator's account."""
    Staff.objects.filter(pk=sysadmin.pk).update(superior=manager)
    assert not rights.may_lead(manager, sysadmin)


def test_visible_staff_is_the_own_estates(manager, desk, outsider, sysadmin):
    seen = set(rights.visible_staff(manager))
    assert {manager, desk, sysadmin} <= seen
    assert outsider not in seen
    assert outsider in set(rights.visible_staff(sysadmin))


def test_visible_staff_without_the_right_is_himself_and_his_line(
    dispatcher, repairer, desk, engmanager
):
    assert set(rights.visible_staff(dispatcher)) == {dispatcher, repairer}
    assert set(rights.visible_staff(desk)) == {desk}


def test_visible_staff_holds_new_people_without_an_estate_once(manager, estate, other_estate):
    fresh = hire("fresh", "新人", posts.FRONT_DESK)
    boss = hire("boss", "新总", posts.GENERAL_MANAGER)
    both = hire("both", "两边", posts.FRONT_DESK, estates=[estate, other_estate])
    seen = list(rights.visible_staff(manager))
    assert fresh in seen
    assert boss not in seen
    assert seen.count(both) == 1


def test_staff_pages_open_for_whoever_has_reports(dispatcher, repairer, desk, assistant):
    assert rights.may_open_staff(dispatcher)
    assert rights.may_open_staff(assistant)
    assert not rights.may_open_staff(desk)
    assert not rights.may_open_staff(repairer)
