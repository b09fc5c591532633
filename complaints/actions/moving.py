"""Changing a complaint only if nobody else changed it since it was read."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from complaints.events import EVENTS
from complaints.models import Complaint
from complaints.statuses import MOVES, Status
from history import recent


def move(complaint: Complaint, to: Status, *, by: Staff, now: datetime, **changes: Any) -> None:
    """Change the status, and with it ``changes``, along the map of MOVES.

    Raises ValidationError that says who was faster, or why the state does not allow it.
    """
    if to not in MOVES[Status(complaint.status)]:
        raise ValidationError(refusal(complaint, to, by=by, now=now))
    change(complaint, by=by, now=now, status=to, **changes)


def must_be(complaint: Complaint, *statuses: Status, by: Staff, now: datetime) -> None:
    """Raise the refusal unless the complaint is in one of these states."""
    if complaint.status not in statuses:
        raise ValidationError(refusal(complaint, None, by=by, now=now))


def change(complaint: Complaint, *, by: Staff | None, now: datetime, **changes: Any) -> None:
    """Change fields; a colleague who was faster is a refusal with the code ``stale``."""
    changed = Complaint.objects.filter(
        pk=complaint.pk, status=complaint.status, version=complaint.version
    ).update(version=F("version") + 1, **changes)
    if not changed:
        fresh = Complaint.objects.get(pk=complaint.pk)
        words = (by and faster(fresh, by=by, now=now)) or _stands(fresh)
        raise ValidationError(words, code="stale")
    complaint.version += 1
    for name, value in changes.items():
        setattr(complaint, name, value)


def refusal(complaint: Complaint, to: Status | None, *, by: Staff, now: datetime) -> str:
    """Why this state does not allow it: a colleague just now, or the state itself."""
    just_now = faster(complaint, by=by, now=now)
    if just_now:
        return just_now
    if to is None:
        return _stands(complaint)
    return _("这件投诉现在是“%(was)s”, 不能改为“%(to)s”。刷新页面, 按当前状态处理") % {
        "was": complaint.get_status_display(),
        "to": to.label,
    }


def faster(complaint: Complaint, *, by: Staff, now: datetime) -> str:
    """Who did what within the last ten minutes; empty when it is longer ago."""
    return recent.faster(complaint, EVENTS, by=by, now=now)


def _stands(complaint: Complaint) -> str:
    return _("这件投诉现在是“%(was)s”。刷新页面, 按当前状态处理") % {
        "was": complaint.get_status_display()
    }
