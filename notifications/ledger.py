"""The ledger of messages: each exactly once per key, taken back when it no longer matters."""

import logging
import time
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import translation

from accounts.models import Staff
from estates.models import Estate
from notifications.channels import CHANNELS
from notifications.channels.parcel import NotSentError, Parcel
from notifications.digests import make_digests, words
from notifications.models import Attempt, Digest, Message

log = logging.getLogger(__name__)

TRIES = 5
GAPS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]  # after the 1st … 4th try
LEASE = timedelta(minutes=5)
PATIENCE = timedelta(minutes=2)  # how long messages wait for a scan that never finishes


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
    message = Message(
        key=key,
        recipient=to,
        title=title,
        params=dict(params or {}),
        url=url,
        estate=estate,
        rings=rings,
        why=dict(why or {}),
        followup_id=followup_id,
        created_at=now,
    )
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        if Message.objects.filter(key=key).exists():
            return False
        raise
    return True


def owe_all(
    key: str,
    *,
    to: Iterable[Staff],
    title: str,
    now: datetime,
    params: Mapping[str, Any] | None = None,
    url: str = "",
    estate: Estate | None = None,
    rings: bool = False,
    why: Mapping[str, Any] | None = None,
) -> None:
    """The same line into several inboxes, once each per ``key`` and person: one query."""
    people = {person.pk: person for person in to}.values()
    Message.objects.bulk_create(
        [
            Message(
                key=f"{key}:{person.pk}",
                recipient=person,
                title=title,
                params=dict(params or {}),
                url=url,
                estate=estate,
                rings=rings,
                why=dict(why or {}),
                created_at=now,
            )
            for person in people
        ],
        ignore_conflicts=True,
    )


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


def hand_outside(now: datetime, *, settled: bool = True) -> int:
    """Put every message that is not outside yet into a digest of its reader; returns how many.

    ``settled`` is False while another scan is still writing: then only messages are taken that
    have waited too long for it. Whoever is first takes them all; a second caller waits for the
    commit and finds nothing.
    """
    waiting = Message.objects.filter(outside_at__isnull=True)
    if not settled:
        waiting = waiting.filter(created_at__lt=now - PATIENCE)
    if not waiting.exists():
        return 0
    with transaction.atomic():
        pks = list(waiting.order_by("pk").select_for_update().values_list("pk", flat=True))
        for some in _slices(pks):
            Message.objects.filter(pk__in=some).update(outside_at=now)
        messages = [
            message
            for some in _slices(pks)
            for message in Message.objects.filter(
                pk__in=some, withdrawn_at__isnull=True, recipient__is_active=True
            )
            .select_related("recipient")
            .order_by("pk")
        ]
        made = make_digests(messages, now=now)
        Digest.objects.bulk_create([digest for digest, _lines in made])
        links = Digest.messages.through
        links.objects.bulk_create(
            [
                links(digest_id=digest.pk, message_id=line.pk)
                for digest, lines in made
                for line in lines
            ],
            batch_size=2000,
        )
    return len(messages)


def deliver(now: datetime, *, seconds: float = 20) -> int:
    """Send what is due outside, no longer than ``seconds``; returns how many were accepted.

    Each digest is claimed with a lease by a conditional UPDATE, sent outside of any
    transaction, and marked. A process that dies in between leaves a lease that runs out, so a
    digest is sent at least once, at most ``TRIES`` times, and every try is a row.
    """
    stop = time.monotonic() + seconds
    due = Digest.objects.filter(
        Q(state=Digest.State.DUE) | Q(state=Digest.State.SENDING, lease_until__lt=now),
        try_at__lte=now,
    ).order_by("try_at", "pk")
    sent = 0
    for pk in list(due.values_list("pk", flat=True)[:500]):
        if time.monotonic() > stop:
            log.warning("outside messages take too long; the next scan goes on")
            break
        if (
            due.order_by()
            .filter(pk=pk)
            .update(state=Digest.State.SENDING, lease_until=now + LEASE, attempts=F("attempts") + 1)
        ):
            sent += _send(Digest.objects.select_related("recipient", "robot").get(pk=pk), now)
    return sent


def _send(digest: Digest, now: datetime) -> bool:
    """One try. What was done, moved or handed over since the claim is left out."""
    if digest.attempts > TRIES:  # its last sender died and left no word
        _mark(digest, Digest.State.FAILED, now)
        return False
    lines = list(
        digest.messages.filter(withdrawn_at__isnull=True).select_related("recipient").order_by("pk")
    )
    robot = digest.robot
    if not lines or (robot and not robot.is_active):
        _mark(digest, Digest.State.WITHDRAWN, now)
        return False
    with translation.override(settings.LANGUAGE_CODE):
        subject, text = words(lines, names=robot is not None)
    parcel = Parcel(
        address=robot.url if robot else digest.address,
        subject=subject,
        text=text,
        key=digest.idempotency_key,
        secret=robot.secret if robot else "",
    )
    try:
        answer = CHANNELS[robot.kind if robot else digest.channel](parcel)
    except NotSentError as error:
        _failed(digest, str(error), now)
        return False
    except Exception as error:
        # Anything else is a fault of ours; the digest must not stop those behind it.
        log.exception("digest %s", digest.pk)
        _failed(digest, type(error).__name__, now)
        return False
    _mark(digest, Digest.State.SENT, now, ok=True, answer=answer)
    return True


def _failed(digest: Digest, answer: str, now: datetime) -> None:
    if digest.attempts >= TRIES:
        _mark(digest, Digest.State.FAILED, now, ok=False, answer=answer)
    else:
        gap = GAPS[digest.attempts - 1]
        _mark(digest, Digest.State.DUE, now, ok=False, answer=answer, try_at=now + gap)


def _mark(
    digest: Digest, state: str, now: datetime, *, ok: bool | None = None, answer: str = "", **fields
) -> None:
    """Write how a try ended, unless the lease ran out and somebody else has it now."""
    with transaction.atomic():
        Digest.objects.filter(
            pk=digest.pk, state=Digest.State.SENDING, attempts=digest.attempts
        ).update(state=state, lease_until=None, **fields)
        if ok is not None:
            Attempt.objects.create(digest=digest, at=now, ok=ok, answer=answer[:300])


def _slices(pks: list[int], size: int = 5000) -> list[list[int]]:
    """Parts small enough for one statement."""
    return [pks[start : start + size] for start in range(0, len(pks), size)]
