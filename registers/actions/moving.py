"""Changing a record only if nobody else changed it since it was read."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Staff
from history import entries, recent
from registers.events import EVENTS
from registers.models import Record


def move(
    record: Record,
    to: str,
    event: str,
    *,
    frm: Collection[str],
    by: Staff,
    now: datetime,
    said: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Put a record that is in one of ``frm`` into state ``to``, with one history entry.

    ``said`` is what the entry tells. Raises ValidationError in words: who was faster, or which
    state it is in now; code ``stale`` when it changed since it was read.
    """
    if record.status not in frm:
        raise ValidationError(refusal(record, by=by, now=now))
    changes["status"] = to
    changed = (
        type(record)
        .objects.filter(pk=record.pk, status=record.status, version=record.version)
        .update(version=F("version") + 1, **changes)
    )
    if not changed:
        fresh = type(record).objects.get(pk=record.pk)
        raise ValidationError(refusal(fresh, by=by, now=now), code="stale")
    record.version += 1
    for name, value in changes.items():
        setattr(record, name, value)
    told = {key: value for key, value in (said or {}).items() if value not in ("", None)}
    entries.record(record, event, by=by, now=now, **told)


def refusal(record: Record, *, by: Staff, now: datetime) -> str:
    """Why the record does not allow it: a colleague just now, or the state itself."""
    return recent.faster(record, EVENTS, by=by, now=now) or _(
        "%(number)s现在是“%(state)s”。刷新页面, 按当前状态处理"
    ) % {"number": record.number, "state": record.get_status_display()}


def required(**texts: tuple[str, str]) -> None:
    """Raise for each ``field=(text, what to say)`` whose text is empty."""
    if errors := missing(**texts):
        raise ValidationError(errors)


def missing(**texts: tuple[str, str]) -> dict[str, str]:
    """What to say of each ``field=(text, what to say)`` whose text is empty."""
    return {name: say for name, (text, say) in texts.items() if not str(text or "").strip()}
