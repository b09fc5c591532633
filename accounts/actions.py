"""What can happen to an account and to somebody's leave. Rules that every door needs are here."""

import re
import secrets
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import rights
from accounts.lines import Line
from accounts.lockout import unlock
from accounts.models import Leave, Staff
from history import entries

# Letters and digits that are not taken for one another when read aloud or from paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
PASSWORD_LENGTH = 12
USERNAME = re.compile(r"[\w.-]{2,40}\Z")
EDITABLE = ("name", "post", "superior", "phone", "email", "qualified_on")


def one_time_password() -> str:
    """Twelve readable characters, about 59 bits."""
    return "".join(secrets.choice(ALPHABET) for _place in range(PASSWORD_LENGTH))


def _check_post(by: Staff | None, post: str) -> None:
    """``by`` is None when the installation itself acts: a command on the machine."""
    if by is not None and post not in rights.assignable_posts(by):
        raise PermissionDenied


def _check_superior(staff: Staff | None, superior: Staff | None) -> None:
    """A superior is enabled, and not below the person; locks the line until the end."""
    if superior is None:
        return
    line = Line(Staff.objects.select_for_update(of=("self",)).order_by("pk").in_bulk())
    newest = line.people.get(superior.pk)
    if newest is None or not newest.is_active:
        raise ValidationError(
            {"superior": _("%(name)s的账号已停用, 换一位直接上级") % {"name": superior.name}}
        )
    if staff is None:
        return
    if superior.pk == staff.pk:
        raise ValidationError({"superior": _("不能做自己的直接上级, 换一位")})
    if superior.pk in line.below(staff.pk):
        raise ValidationError(
            {
                "superior": _(
                    "%(superior)s是%(name)s的下属, 不能又做上级。先改%(superior)s的直接上级"
                )
                % {"superior": superior.name, "name": staff.name}
            }
        )


def _text(value: Any) -> str | int | None:
    """A field's value as history and messages keep it."""
    if isinstance(value, Staff):
        return value.name
    return value.isoformat() if hasattr(value, "isoformat") else value


@transaction.atomic
def add_staff(
    *,
    username: str,
    name: str,
    post: str,
    by: Staff | None,
    now: datetime,
    superior: Staff | None = None,
    password: str | None = None,
    phone: str = "",
    email: str = "",
    qualified_on=None,
) -> tuple[Staff, str]:
    """Open an account; returns it with its password.

    Without ``password`` a one-time password is made, which the person must replace first.
    Raises PermissionDenied for a post that ``by`` may not give, ValidationError for a taken name.
    """
    _check_post(by, post)
    username = Staff.normalize_username(username)
    if not USERNAME.match(username):
        raise ValidationError(
            {"username": _("登录名用 2 到 40 个字母、数字、点或横线, 中间不留空格")}
        )
    _check_superior(None, superior)
    made = password is None
    password = one_time_password() if password is None else password
    try:
        with transaction.atomic():
            staff = Staff.objects.create_user(
                username,
                password,
                name=name,
                post=post,
                superior=superior,
                phone=phone,
                email=email,
                qualified_on=qualified_on,
                must_change_password=made,
            )
    except IntegrityError:
        raise ValidationError(
            {"username": _("登录名“%(name)s”已有人用, 换一个") % {"name": username}}
        ) from None
    entries.record(staff, "staff.added", by=by, now=now, post=post, superior=_text(superior))
    return staff, password


@transaction.atomic
def edit_staff(staff: Staff, *, seen_version: int, by: Staff, now: datetime, **fields) -> Staff:
    """Change some of ``EDITABLE``; nobody changes his own account here.

    Raises ValidationError with code ``stale`` when somebody saved after ``seen_version`` was read.
    """
    before = Staff.objects.select_related("superior").get(pk=staff.pk)
    if not rights.may_manage(by, before):
        raise PermissionDenied
    unknown = set(fields) - set(EDITABLE)
    if unknown:
        raise TypeError(f"not editable: {sorted(unknown)}")
    changed = {key: value for key, value in fields.items() if getattr(before, key) != value}
    if "post" in changed:
        _check_post(by, changed["post"])
    if "superior" in changed:
        _check_superior(staff, changed["superior"])
    # The post as checked above: whoever was raised meanwhile is no longer his to change.
    rows = Staff.objects.filter(pk=staff.pk, version=seen_version, post=before.post)
    if not rows.update(**changed, version=F("version") + 1):
        raise ValidationError(
            _("您打开之后别人已改过%(name)s的资料。看下面两边的值, 改好再保存")
            % {"name": before.name},
            code="stale",
        )
    if changed:
        detail = {key: [_text(getattr(before, key)), _text(new)] for key, new in changed.items()}
        entries.record(before, "staff.edited", by=by, now=now, changes=detail)
    staff.refresh_from_db()
    return staff


@transaction.atomic
def disable(staff: Staff, *, by: Staff, now: datetime) -> None:
    """Close an account: out at its next request. What it owes goes to its superior when due."""
    if not rights.may_manage(by, staff):
        raise PermissionDenied
    if not Staff.objects.filter(pk=staff.pk, is_active=True).update(
        is_active=False, version=F("version") + 1
    ):
        raise ValidationError(_("%(name)s的账号已经停用") % {"name": staff.name})
    entries.record(staff, "staff.disabled", by=by, now=now)


@transaction.atomic
def enable(staff: Staff, *, by: Staff, now: datetime) -> str:
    """Open a closed account again, with a one-time password, which is returned."""
    if not rights.may_manage(by, staff):
        raise PermissionDenied
    if not Staff.objects.filter(pk=staff.pk, is_active=False).update(
        is_active=True, version=F("version") + 1
    ):
        raise ValidationError(_("%(name)s的账号已经在用") % {"name": staff.name})
    entries.record(staff, "staff.enabled", by=by, now=now)
    return _set_one_time_password(staff)


def _set_one_time_password(staff: Staff) -> str:
    password = one_time_password()
    staff.refresh_from_db()
    staff.set_password(password)
    staff.must_change_password = True
    staff.save(update_fields=["password", "must_change_password"])
    unlock(staff.username)
    return password


@transaction.atomic
def reset_password(staff: Staff, *, by: Staff, now: datetime) -> str:
    """Give a one-time password, returned to be shown once.

    Ends every session of that person (their key hangs on the password) and the lock of his name.
    """
    if not rights.may_lead(by, staff):
        raise PermissionDenied
    if not staff.is_active:
        raise ValidationError(_("%(name)s的账号已停用, 先启用") % {"name": staff.name})
    password = _set_one_time_password(staff)
    entries.record(staff, "staff.password_reset", by=by, now=now)
    return password


@transaction.atomic
def change_own_password(staff: Staff, *, password: str, now: datetime) -> None:
    """Set one's own password. The old one, and the rules for new ones, are the form's to check."""
    staff.set_password(password)
    staff.must_change_password = False
    staff.save(update_fields=["password", "must_change_password"])
    entries.record(staff, "staff.password_changed", by=staff, now=now)


def set_shortcuts(staff: Staff, *, on: bool) -> None:
    """Single-key shortcuts on or off (WCAG 2.1.4): a taste, so without history."""
    Staff.objects.filter(pk=staff.pk).update(single_key_shortcuts=on)


@transaction.atomic
def add_leave(
    staff: Staff,
    *,
    deputy: Staff,
    starts_at: datetime,
    ends_at: datetime,
    by: Staff,
    now: datetime,
    reason: str = "",
) -> Leave:
    """Enter time away; while it lasts the deputy is told and owes.

    Raises ValidationError when it overlaps other leave of the person or of the deputy.
    """
    if not rights.may_lead(by, staff):
        raise PermissionDenied
    # Two leaves entered at once wait for each other here.
    list(
        Staff.objects.select_for_update(of=("self",))
        .filter(pk__in=[staff.pk, deputy.pk])
        .order_by("pk")
    )
    if deputy.pk == staff.pk:
        raise ValidationError({"deputy": _("代理人要另选一位同事")})
    if not deputy.is_active:
        raise ValidationError(
            {"deputy": _("%(name)s的账号已停用, 换一位代理人") % {"name": deputy.name}}
        )
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("结束要晚于开始")})
    if ends_at <= now:
        raise ValidationError({"ends_at": _("结束时间已经过了, 改为以后的时间")})
    meanwhile = Leave.objects.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    if meanwhile.filter(staff=staff).exists():
        raise ValidationError({"starts_at": _("这段时间已登记请假。先把原来的提前结束, 或改时间")})
    if meanwhile.filter(staff=deputy).exists():
        raise ValidationError(
            {"deputy": _("%(name)s这段时间也请假, 换一位代理人") % {"name": deputy.name}}
        )
    leave = Leave.objects.create(
        staff=staff, deputy=deputy, starts_at=starts_at, ends_at=ends_at, reason=reason
    )
    entries.record(
        staff,
        "staff.leave_added",
        by=by,
        now=now,
        deputy=deputy.name,
        starts_at=starts_at.isoformat(),
        ends_at=ends_at.isoformat(),
        reason=reason,
    )
    return leave


@transaction.atomic
def end_leave(leave: Leave, *, by: Staff, now: datetime) -> None:
    """Back early: a running leave ends now, one that has not begun is taken out."""
    if not rights.may_lead(by, leave.staff):
        raise PermissionDenied
    rows = Leave.objects.filter(pk=leave.pk, ends_at__gt=now)
    begun = leave.starts_at < now
    done = rows.update(ends_at=now) if begun else rows.delete()[0]
    if not done:
        raise ValidationError(_("这次请假已经结束"))
    entries.record(leave.staff, "staff.leave_ended", by=by, now=now, deputy=leave.deputy.name)
