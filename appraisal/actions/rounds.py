"""Rounds: closed when everybody was looked at, people left out with a reason, spot checks drawn.

A draw is random, but anybody can draw the same again from the seed.
"""

import random
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Staff
from appraisal import followups
from appraisal.items import Kind
from appraisal.models import Draw, Round
from appraisal.statuses import Status
from followups.actions import meet
from history import entries


def pick(pool: list[int], count: int, seed: str) -> list[int]:
    """``count`` of ``pool`` as this seed draws them; the same answer for the same arguments."""
    return random.Random(seed).sample(sorted(pool), min(count, len(pool)))  # noqa: S311 -- no secret


def draw(round_: Round, *, count: int, by: Staff, now: datetime, seed: str = "") -> Draw:
    """Draw from those of a spot round who have no sheet in it yet; the seed is recorded.

    Raises ValidationError on another kind of round, on somebody else's, or when nobody is left.
    """
    if round_.inspector_id != by.pk:
        raise ValidationError(_("只有检查人可以抽签"))
    if round_.kind != Kind.SPOT:
        raise ValidationError(_("只有抽检可以抽签"))
    if count < 1:
        raise ValidationError({"count": _("至少抽一人")})
    done = round_.sheets.exclude(status=Status.DRAFT).values("staff")
    pool = sorted(round_.people.exclude(pk__in=done).values_list("pk", flat=True))
    if not pool:
        raise ValidationError(_("这一轮的人都检查过了"))
    return draw_of(round_, pool, count=count, by=by, now=now, seed=seed)


def draw_of(
    round_: Round,
    pool: Iterable[int],
    *,
    count: int,
    now: datetime,
    by: Staff | None = None,
    seed: str = "",
) -> Draw:
    """Draw ``count`` of ``pool`` (ids) and write down from what and how; ``by`` is None when time
    itself draws.
    """
    seed, pool = seed or secrets.token_hex(8), sorted(pool)
    with transaction.atomic():
        row = Draw.objects.create(
            round=round_, seed=seed, pool=pool, picked=pick(pool, count, seed), at=now, by=by
        )
        entries.record(round_, "appraisal.drawn", by=by, now=now, seed=seed, picked=row.picked)
    return row


def close_round(round_: Round | None, *, by: Staff | None, now: datetime) -> None:
    """The inspection of a period is done once everybody of the round who still works here has a
    sheet handed in.
    """
    if round_ is None:
        return
    done = round_.sheets.exclude(status=Status.DRAFT).values("staff")
    if not round_.people.filter(is_active=True).exclude(pk__in=done).exists():
        meet(round_, followups.INSPECT, by=by, now=now)


def excuse(round_: Round, person: Staff, *, reason: str, by: Staff, now: datetime) -> None:
    """Leave somebody out of a round who cannot be looked at, such as a turn that was swapped.

    ValidationError on somebody else's round, without a reason, for somebody who is not in it, or
    once he has a sheet there.
    """
    if round_.inspector_id != by.pk:
        raise ValidationError(_("只有检查人可以填写这一轮检查"))
    if not reason.strip():
        raise ValidationError(_("写明这次为什么不查"))
    if not round_.people.filter(pk=person.pk).exists():
        raise ValidationError(_("%(name)s不在这一轮里") % {"name": person.name}, code="stale")
    if round_.sheets.filter(staff=person).exists():
        raise ValidationError(_("%(name)s这一轮已经有考评表") % {"name": person.name}, code="stale")
    with transaction.atomic():
        round_.people.remove(person)
        round_.left_out.add(person)
        entries.record(round_, "appraisal.excused", by=by, now=now, name=person.name,
                       reason=reason.strip())  # fmt: skip
        close_round(round_, by=by, now=now)
