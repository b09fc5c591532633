"""What can happen to an account, and what is refused."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core.exceptions import PermissionDenied, ValidationError

from accounts import actions, posts
from accounts.models import Leave, Staff
from history.models import Entry


def events(staff):
    return [entry.event for entry in Entry.objects.about(staff)]


def test_add_staff_makes_a_one_time_password(manager, assistant, now):
    staff, password = actions.add_staff(
        username="New1", name="新人", post=posts.FRONT_DESK, superior=assistant, by=manager, now=now
    )
    staff.refresh_from_db()
    assert staff.username == "new1"
    assert len(password) == actions.PASSWORD_LENGTH
    assert staff.check_password(password)
    assert staff.must_change_password
    assert events(staff) == ["staff.added"]
    assert password not in str(Entry.objects.about(staff).get().detail)


def test_add_staff_with_a_taken_name_of_other_width_and_case_is_refused(manager, desk, now):
    with pytest.raises(ValidationError, match="已有人用"):
        actions.add_staff(
            username="ＤＥＳＫ1 ", name="新人", post=posts.FRONT_DESK, by=manager, now=now
        )
    assert Staff.objects.filter(username="desk1").count() == 1


@pytest.mark.parametrize("name", ["", "x", "two words", "a/b", "x" * 41, "a\0b"])
def test_add_staff_with_an_odd_name_is_refused(manager, now, name):
    before = Staff.objects.count()
    with pytest.raises(ValidationError, match="2 到 40"):
        actions.add_staff(username=name, name="某", post=posts.BUTLER, by=manager, now=now)
    assert Staff.objects.count() == before


@pytest.mark.parametrize("post", [posts.GENERAL_MANAGER, posts.SYSADMIN, posts.ENG_DISPATCHER])
def test_manager_adds_nobody_above_or_beside_his_department(manager, now, post):
    with pytest.raises(PermissionDenied):
        actions.add_staff(username="x", name="某人", post=post, by=manager, now=now)
    assert not Staff.objects.filter(username="x").exists()


def test_edit_writes_both_values_into_history(manager, desk, now):
    actions.edit_staff(desk, seen_version=1, by=manager, now=now, name="张敏敏", phone="8021")
    assert (desk.name, desk.phone, desk.version) == ("张敏敏", "8021", 2)
    changes = Entry.objects.about(desk).get().detail["changes"]
    assert changes == {"name": ["张敏", "张敏敏"], "phone": ["", "8021"]}


def test_edit_of_a_stale_version_changes_nothing(manager, desk, now):
    actions.edit_staff(desk, seen_version=1, by=manager, now=now, phone="8021")
    with pytest.raises(ValidationError) as refusal:
        actions.edit_staff(desk, seen_version=1, by=manager, now=now, phone="8022")
    assert refusal.value.code == "stale"
    desk.refresh_from_db()
    assert desk.phone == "8021"
    assert events(desk) == ["staff.edited"]


def test_edit_raises_nobody_to_the_top(manager, desk, now):
    for post in (posts.SYSADMIN, posts.GENERAL_MANAGER, posts.CS_MANAGER):
        with pytest.raises(PermissionDenied):
            actions.edit_staff(desk, seen_version=1, by=manager, now=now, post=post)
    desk.refresh_from_db()
    assert desk.post == posts.FRONT_DESK


def test_edit_of_oneself_is_refused_even_at_the_top(gm, sysadmin, manager, now):
    for staff in (gm, sysadmin, manager):
        with pytest.raises(PermissionDenied):
            actions.edit_staff(staff, seen_version=1, by=staff, now=now, superior=None, name="我")


def test_edit_takes_no_other_fields(manager, desk, now):
    """I7 mass assignment: the password, the login name and the state have their own actions."""
    for field in ("password", "username", "is_active", "must_change_password"):
        with pytest.raises(TypeError):
            actions.edit_staff(desk, seen_version=1, by=manager, now=now, **{field: "x"})


def test_superior_below_the_person_is_refused(gm, manager, assistant, desk, now):
    with pytest.raises(ValidationError, match="下属"):
        actions.edit_staff(assistant, seen_version=1, by=gm, now=now, superior=desk)
    with pytest.raises(ValidationError, match="自己"):
        actions.edit_staff(assistant, seen_version=1, by=gm, now=now, superior=assistant)


def test_superior_who_is_disabled_is_refused(gm, assistant, desk, desk2, now):
    actions.disable(desk2, by=gm, now=now)
    with pytest.raises(ValidationError, match="已停用"):
        actions.edit_staff(desk, seen_version=1, by=gm, now=now, superior=desk2)


def test_disable_and_enable_each_happen_once(manager, desk, now):
    actions.disable(desk, by=manager, now=now)
    with pytest.raises(ValidationError, match="已经停用"):
        actions.disable(desk, by=manager, now=now)
    password = actions.enable(desk, by=manager, now=now)
    with pytest.raises(ValidationError, match="已经在用"):
        actions.enable(desk, by=manager, now=now)
    desk.refresh_from_db()
    assert desk.is_active
    assert desk.must_change_password
    assert desk.check_password(password)
    assert events(desk) == ["staff.enabled", "staff.disabled"]


def test_disable_keeps_the_line_and_the_record(manager, gm, desk, now):
    actions.disable(manager, by=gm, now=now)
    assert Staff.objects.get(username="assistant").superior == manager
    with pytest.raises(PermissionDenied):
        actions.disable(gm, by=gm, now=now)


def test_reset_by_the_superior_opens_the_lock_at_every_address(assistant, desk, now):
    AccessAttempt.objects.create(
        username="desk1", ip_address="10.0.0.1", user_agent="", failures_since_start=5
    )
    password = actions.reset_password(desk, by=assistant, now=now)
    desk.refresh_from_db()
    assert desk.check_password(password)
    assert desk.must_change_password
    assert not AccessAttempt.objects.exists()
    assert events(desk) == ["staff.password_reset"]


@pytest.mark.parametrize("who", ["desk2", "butler", "dispatcher", "outsider", "desk"])
def test_reset_by_anybody_else_is_refused(request, desk, now, who):
    with pytest.raises(PermissionDenied):
        actions.reset_password(desk, by=request.getfixturevalue(who), now=now)
    desk.refresh_from_db()
    assert desk.check_password("desk1")


def test_reset_of_a_disabled_account_is_refused(manager, desk, now):
    actions.disable(desk, by=manager, now=now)
    desk.refresh_from_db()
    with pytest.raises(ValidationError, match="先启用"):
        actions.reset_password(desk, by=manager, now=now)


def leave(staff, deputy, by, now, *, start=0, hours=8):
    begins = now + timedelta(hours=start)
    return actions.add_leave(
        staff,
        deputy=deputy,
        starts_at=begins,
        ends_at=begins + timedelta(hours=hours),
        by=by,
        now=now,
        reason="年假",
    )


def test_leave_is_entered_by_the_superior(assistant, desk, desk2, now):
    row = leave(desk, desk2, assistant, now)
    assert list(Leave.objects.current(now)) == [row]
    assert events(desk) == ["staff.leave_added"]


def test_leave_is_not_entered_by_the_person_himself(desk, desk2, now):
    with pytest.raises(PermissionDenied):
        leave(desk, desk2, desk, now)


def test_leave_that_overlaps_is_refused(assistant, desk, desk2, night, now):
    leave(desk, desk2, assistant, now)
    with pytest.raises(ValidationError, match="已登记请假"):
        leave(desk, night, assistant, now, start=4)
    with pytest.raises(ValidationError, match="也请假"):
        leave(night, desk, assistant, now, start=4)
    assert leave(desk, night, assistant, now, start=8).pk


def test_leave_without_sense_is_refused(assistant, manager, desk, desk2, now):
    with pytest.raises(ValidationError, match="另选"):
        leave(desk, desk, assistant, now)
    with pytest.raises(ValidationError, match="晚于开始"):
        leave(desk, desk2, assistant, now, hours=0)
    with pytest.raises(ValidationError, match="已经过了"):
        leave(desk, desk2, assistant, now, start=-20)
    actions.disable(desk2, by=manager, now=now)
    desk2.refresh_from_db()
    with pytest.raises(ValidationError, match="已停用"):
        leave(desk, desk2, assistant, now)
    assert not Leave.objects.exists()


def test_leave_ends_early_or_is_taken_out(assistant, desk, desk2, now):
    running = leave(desk, desk2, assistant, now - timedelta(hours=1))
    later = leave(desk, desk2, assistant, now, start=48)
    actions.end_leave(running, by=assistant, now=now)
    actions.end_leave(later, by=assistant, now=now)
    assert list(Leave.objects.values_list("pk", "ends_at")) == [(running.pk, now)]
    with pytest.raises(ValidationError, match="已经结束"):
        actions.end_leave(running, by=assistant, now=now)
