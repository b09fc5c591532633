"""The ledger of messages: each exactly once per key, taken back when it no longer matters."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from accounts.models import Staff
from estates.models import Estate
from notifications.models import Message


def owe(
    key: str,
    *,
    to: Staff,
    title: str,
    now: datetime,
    params: Mapping[str, Any] | None = None,
    url: str = "",
    estate: Estate | None = None,
    rings: bool = False,
    why: Mapping[str, Any] | None = None,
    followup_id: int | None = None,
) -> bool:
    """Put one line into one person's inbox, exactly once per ``key``; True if it is new.

    ``title`` is a Chinese msgid filled from ``params``. The next scan hands the line to the
    person's outside channels; nothing is sent here.
    """
    return Message.objects.get_or_create(
        key=key,
        defaults={
            "recipient": to,
            "title": title,
            "params": dict(params or {}),
            "url": url,
            "estate": estate,
            "rings": rings,
            "why": dict(why or {}),
            "followup_id": followup_id,
            "created_at": now,
        },
    )[1]


def withdraw(
    followup_ids: Iterable[int], *, now: datetime, recipients: Iterable[int | None] | None = None
) -> int:
    """What these follow-ups reminded of is over: nobody is sent it any more, nor counts it unread.

    ``recipients`` (ids) limits it to some people. Returns how many lines were taken back.
    """
    lines = Message.objects.filter(followup_id__in=list(followup_ids), withdrawn_at__isnull=True)
    if recipients is not None:
        lines = lines.filter(recipient_id__in=[pk for pk in recipients if pk])
    return lines.update(withdrawn_at=now)
