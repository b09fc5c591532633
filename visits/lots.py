"""Which of many are called back: drawn by lot, from a recorded seed and pool (VIS-2, VIS-5)."""

import math
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from accounts.models import Staff
from contacts.models import Contact, Outcome
from estates.models import Estate, Unit
from history import entries
from rulebook.limits import limits
from visits import followups
from visits.models import Callback, Draw, Topic

# How many in a hundred, and within what time, by topic (defaults 2.4).
RULES = {
    Topic.HELP: ("callbacks.help_share", "callbacks.first_aid"),
    Topic.SPECIAL: ("callbacks.special_share", "callbacks.other"),
    Topic.ACTIVITY: ("callbacks.activity_share", "callbacks.activity"),
}


@dataclass(frozen=True)
class Candidate:
    """Something that was done for a resident, and may be asked about."""

    subject: models.Model
    label: str  # number or day, as the form prints it
    ended_at: datetime
    what: str = ""
    url: str = ""
    unit: Unit | None = None
    person: str = ""
    phone: str = ""
    handled_by: Sequence[Staff] = field(default_factory=tuple)

    @property
    def key(self) -> str:
        return f"{self.subject._meta.label_lower}:{self.subject.pk}"


def pick(pool: Sequence[str], *, share: Decimal, seed: str) -> list[str]:
    """The drawn keys: the share of the pool rounded up. The same three give the same answer."""
    count = math.ceil(len(pool) * share / 100)
    lots = random.Random(seed)  # noqa: S311 -- fair and repeatable, not secret
    return sorted(lots.sample(sorted(pool), count))


@transaction.atomic
def draw(
    estate: Estate, topic: str, *, period: str, candidates: Sequence[Candidate], now: datetime,
    seed: str = "",
) -> Draw | None:  # fmt: skip
    """Draw once per estate, topic and period, and owe a call-back for each that was drawn.

    Rooms above call it for what they know (activities); ``seed`` is made here unless a test names
    one. None when that period was drawn before.
    """
    share_key, limit_key = RULES[Topic(topic)]
    share = limits(share_key, at=now)[share_key].value
    seed = seed or secrets.token_hex(16)
    pool = sorted({each.key for each in candidates})
    drawn = pick(pool, share=share, seed=seed)
    try:
        with transaction.atomic():
            row = Draw.objects.create(
                estate=estate, topic=topic, period=period, share=share, seed=seed, pool=pool,
                drawn=drawn, drawn_at=now,
            )  # fmt: skip
    except IntegrityError:
        return None
    chosen = set(drawn)
    for each in candidates:
        if each.key in chosen:
            chosen.discard(each.key)
            _owe(row, each, limit_key=limit_key, now=now)
    return row


def _owe(row: Draw, each: Candidate, *, limit_key: str, now: datetime) -> None:
    callback, is_new = Callback.objects.get_or_create(
        content_type=ContentType.objects.get_for_model(each.subject),
        object_id=each.subject.pk,
        topic=row.topic,
        defaults={
            "estate": row.estate, "draw": row, "subject_label": each.label[:60],
            "subject_url": each.url, "what": each.what[:200], "unit": each.unit,
            "person": each.person[:60], "phone": each.phone[:20], "opened_at": now,
        },
    )  # fmt: skip
    if not is_new:
        return
    callback.handled_by.set(each.handled_by)
    followups.open_callback(callback, limit_key=limit_key, start=each.ended_at, now=now)
    entries.record(callback, "callback.drawn", by=None, now=now, draw=row.pk, seed=row.seed)


def draw_last_week(now: datetime) -> int:
    """Once a week and estate: who was helped last week, from Monday to Sunday. Two queries."""
    today = timezone.localdate(now)
    monday = today - timedelta(days=today.weekday() + 7)
    year, week, _day = monday.isocalendar()
    period = f"{year}-W{week:02}"
    begins = followups.end_of(monday).replace(hour=0)
    count = 0
    waiting = Estate.objects.exclude(
        pk__in=Draw.objects.filter(topic=Topic.HELP, period=period).values("estate")
    )
    for estate in waiting.order_by("pk"):
        rows = Contact.objects.filter(
            estate=estate, outcome=Outcome.HELPED, closed_at__gte=begins,
            closed_at__lt=begins + timedelta(days=7),
        ).select_related("unit", "received_by", "closed_by")  # fmt: skip
        candidates = [of_help(row) for row in rows.order_by("pk") if row.phone]
        count += bool(draw(estate, Topic.HELP, period=period, candidates=candidates, now=now))
    return count


def of_help(contact: Contact) -> Candidate:
    return Candidate(
        subject=contact,
        label=f"{timezone.localtime(contact.started_at):%Y-%m-%d %H:%M}",
        ended_at=contact.closed_at,
        what=contact.text,
        url=f"/contacts/{contact.pk}/",
        unit=contact.unit,
        person=contact.caller_name,
        phone=contact.phone,
        handled_by=list({s.pk: s for s in (contact.received_by, contact.closed_by) if s}.values()),
    )
