"""Which digests a bunch of messages becomes, and how one reads."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from notifications.channels import email
from notifications.models import Channel, Digest, Message, Robot
from notifications.reasons import standing_of

SHOWN = 30  # lines of one digest; the rest is a number and the inbox


def make_digests(messages: list[Message], *, now: datetime) -> list[tuple[Digest, list[Message]]]:
    """One digest per person's mail and per robot, each with what it tells.

    A robot speaks to the group of one post of one estate: it tells what people of that post
    are reminded of there.
    """
    found: list[tuple[Digest, list[Message]]] = []
    slot = now.replace(second=0, microsecond=0)
    if email.is_on():
        for lines in _grouped(messages, lambda line: line.recipient_id).values():
            person = lines[0].recipient
            if person.email:
                digest = _digest(Channel.EMAIL, f"p{person.pk}", lines, slot, now)
                digest.recipient, digest.address = person, person.email
                found.append((digest, lines))
    groups = _grouped(messages, lambda line: (line.estate_id, line.recipient.post))
    for robot in Robot.objects.filter(is_active=True).order_by("pk"):
        if lines := groups.get((robot.estate_id, robot.post), []):
            digest = _digest(Channel.ROBOT, f"r{robot.pk}", lines, slot, now)
            digest.robot, digest.address = robot, robot.name
            found.append((digest, lines))
    return found


def words(messages: Iterable[Message], *, names: bool) -> tuple[str, str]:
    """Subject and plain text of a digest; ``names`` adds who is meant (for a group)."""
    meant: dict[Any, list[str]] = defaultdict(list)
    first: dict[Any, Message] = {}
    for message in messages:
        same = (
            (message.followup_id, message.why.get("level")) if message.followup_id else message.pk
        )
        first.setdefault(same, message)
        meant[same].append(message.recipient.name)
    lines = []
    for same, message in list(first.items())[:SHOWN]:
        standing = standing_of(message)
        line = f"【{standing}】{message.text}" if standing else message.text
        if names:
            line += f" ({'、'.join(meant[same])})"
        lines.append(" ".join(line.split()))
        if message.url:
            lines.append(f"  {settings.PUBLIC_URL}{message.url}")
    count = len(first)
    head = _("%(count)s项提醒") % {"count": count}
    if count > SHOWN:
        lines.append(_("还有%(count)s项, 见提醒页") % {"count": count - SHOWN})
    lines.append(f"{settings.PUBLIC_URL}/inbox/")
    subject = head if count > 1 else lines[0]
    return subject, "\n".join([head, *lines])


def _digest(channel: str, who: str, lines: list[Message], slot: datetime, now: datetime) -> Digest:
    return Digest(
        channel=channel,
        slot=slot,
        # No other digest of this person holds this message, and a later try keeps the key.
        idempotency_key=f"{channel}-{who}-{slot:%Y%m%d%H%M}-{min(line.pk for line in lines)}",
        try_at=now,
    )


def _grouped(messages: list[Message], key) -> dict[Any, list[Message]]:
    groups: dict[Any, list[Message]] = defaultdict(list)
    for message in messages:
        groups[key(message)].append(message)
    return groups
