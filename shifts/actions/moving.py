"""Changing a sheet only as the map allows, and only if nobody else changed it since."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from shifts.models import Handover
from shifts.statuses import MOVES, WRITING, Status


def move(handover: Handover, to: Status, **changes: Any) -> None:
    """Change the status along MOVES, with ``changes``; ValidationError says what it is now."""
    if to not in MOVES[Status(handover.status)]:
        raise ValidationError(_taken(handover), code="stale")
    changed = Handover.objects.filter(pk=handover.pk, status=handover.status).update(
        status=to, **changes
    )
    if not changed:
        handover.refresh_from_db()
        raise ValidationError(_taken(handover), code="stale")
    handover.status = to
    for name, value in changes.items():
        setattr(handover, name, value)


def must_be_writing(handover: Handover) -> None:
    """Raise unless the outgoing shift still writes it."""
    if handover.status not in WRITING:
        raise ValidationError(_taken(handover), code="stale")


def _taken(handover: Handover) -> str:
    if handover.status == Status.SIGNED:
        return _("这张交接班表已经双签: %(giver)s 交, %(successor)s 接") % {
            "giver": handover.giver.name,
            "successor": handover.successor.name,
        }
    if handover.status in (Status.WAITING, Status.CHECKING):
        return _("%(name)s %(at)s 已签字交班, 等接班人签字") % {
            "name": handover.giver.name,
            "at": _clock(handover.given_at),
        }
    return _("这张交接班表现在是“%(status)s”, 还没有交班签字") % {
        "status": handover.get_status_display()
    }


def _clock(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%H:%M}" if at else ""
