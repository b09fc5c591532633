"""Which of many are called back: drawn by lot, from a recorded seed and pool (VIS-2, VIS-5)."""

import math
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction

from accounts.models import Staff
from estates.models import Estate, Unit
from history import entries
from rulebook.limits import limits
from visits import followups
from visits.models import Callback, Draw, Topic

# How many in a hundred, and within what time, by topic (defaults 2.4).
RULES = {
    Topic.HELP: ("callbacks.help_share", "callbacks.other"),
    Topic.SPECIAL: ("callbacks.special_share", "callbacks.other"),
    Topic.ACTIVITY: ("callbacks.activity_share", "callbacks.activity"),
}


@dataclass(frozen=True)
class Candidate:
    """Something that was done for a resident, and may be asked about."""

    subject: models.Model
    label: str  # number or day, as the form prints it
    ended_at: datetime  # what the limit counts from
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
            owe(estate, topic, each, limit_key=limit_key, now=now, row=row)
    return row


@transaction.atomic
def owe(
    estate: Estate, topic: str, each: Candidate, *, limit_key: str, now: datetime,
    row: Draw | None = None,
) -> bool:  # fmt: skip
    """Owe one call-back, ``row`` None where all are called back; False if it is known already."""
    callback, is_new = Callback.objects.get_or_create(
        content_type=ContentType.objects.get_for_model(each.subject),
        object_id=each.subject.pk,
        topic=topic,
        defaults={
            "estate": estate, "draw": row, "subject_label": each.label[:60],
            "subject_url": each.url, "what": each.what[:200], "unit": each.unit,
            "person": each.person[:60], "phone": each.phone[:20], "opened_at": now,
        },
    )  # fmt: skip
    if not is_new:
        return False
    callback.handled_by.set(each.handled_by)
    followups.open_callback(callback, limit_key=limit_key, start=each.ended_at, now=now)
    drawn = {"draw": row.pk, "seed": row.seed} if row else {}
    entries.record(
        callback, "callback.drawn" if row else "callback.owed", by=None, now=now, **drawn
    )
    return True
