"""Changing a repair only if nobody else changed it since it was read."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from history import recent
from repairs.events import EVENTS
from repairs.models import Repair
from repairs.statuses import MOVES, Status


def move(repair: Repair, to: Status, *, by: Staff, now: datetime, **changes: Any) -> None:
    """Change the status, and with it ``changes``, along the map of MOVES.

    Raises ValidationError that says who was faster, or why the state does not allow it.
    """
    if to not in MOVES[Status(repair.status)]:
        raise ValidationError(refusal(repair, to, by=by, now=now))
    _update(repair, {"status": to, **changes}, by=by, now=now)


def change(repair: Repair, *, by: Staff, now: datetime, **changes: Any) -> None:
    """Change fields and keep the status; the same refusal when a colleague was faster."""
    _update(repair, changes, by=by, now=now)


def must_be(repair: Repair, *statuses: Status, by: Staff, now: datetime) -> None:
    """Raise the refusal unless the repair is in one of these states."""
    if repair.status not in statuses:
        raise ValidationError(refusal(repair, None, by=by, now=now))


def _update(repair: Repair, changes: dict, *, by: Staff, now: datetime) -> None:
    changed = Repair.objects.filter(
        pk=repair.pk, status=repair.status, version=repair.version
    ).update(version=F("version") + 1, **changes)
    if not changed:
        fresh = Repair.objects.get(pk=repair.pk)
        raise ValidationError(faster(fresh, by=by, now=now) or _stale(fresh), code="stale")
    repair.version += 1
    for name, value in changes.items():
        setattr(repair, name, value)


def refusal(repair: Repair, to: Status | None, *, by: Staff, now: datetime) -> str:
    """Why this state does not allow it: a colleague just now, or the state itself."""
    just_now = faster(repair, by=by, now=now)
    if just_now:
        return just_now
    if to is None:
        return _stale(repair)
    return _("这张单现在是“%(was)s”, 不能改为“%(to)s”。刷新页面, 按当前状态处理") % {
        "was": repair.get_status_display(),
        "to": to.label,
    }


def faster(repair: Repair, *, by: Staff, now: datetime) -> str:
    """Who did what within the last ten minutes; empty when it is longer ago."""
    return recent.faster(repair, EVENTS, by=by, now=now)


def _stale(repair: Repair) -> str:
    return _("这张单现在是“%(was)s”。刷新页面, 按当前状态处理") % {
        "was": repair.get_status_display()
    }
