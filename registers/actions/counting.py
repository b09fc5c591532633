"""The monthly count of the keys (KEY-1): hook by hook, with the differences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from accounts import posts
from accounts.models import Staff
from estates.models import Estate
from followups.actions import meet
from history import entries
from registers import followups
from registers.models import KeyCount, KeyCountLine, KeyCustody
from registers.models.keys import IN_CABINET, KeyStatus


@dataclass(frozen=True)
class Hook:
    """One bunch of keys and how many of it should hang in the cabinet."""

    key: KeyCustody
    expected: int


def hooks(estate: Estate) -> list[Hook]:
    """Every bunch in custody, by cabinet, with what of it is not lent. One query."""
    rows = (
        KeyCustody.objects.filter(estate=estate, status__in=[*IN_CABINET, KeyStatus.LENT])
        .select_related("unit")
        .annotate(out=Sum("loans__quantity", filter=Q(loans__status="out")))
        .order_by("cabinet", "label", "pk")
    )
    return [Hook(key, key.quantity - (key.out or 0)) for key in rows]


@transaction.atomic
def count_keys(
    count: KeyCount, *, found: Mapping[int, int], by: Staff, now: datetime, reason: str = ""
) -> KeyCount:
    """Write down what hangs there: ``found`` pieces by key, what is not named hangs as expected.

    Differences need a reason and are owed to the assistant. Raises ValidationError when a
    colleague counted already.
    """
    rows = hooks(count.estate)
    differing = [
        (hook, found[hook.key.pk])
        for hook in rows
        if found.get(hook.key.pk, hook.expected) != hook.expected
    ]
    if any(number < 0 for _hook, number in differing):
        raise ValidationError(_("数目不能是负数"))
    if differing and not reason.strip():
        raise ValidationError({"reason": _("实有和应有不同, 写明差在哪里")})
    expected = sum(hook.expected for hook in rows)
    total = expected + sum(number - hook.expected for hook, number in differing)
    changed = KeyCount.objects.filter(pk=count.pk, counted_at__isnull=True).update(
        expected=expected, found=total, reason=reason[:300], counted_by=by, counted_at=now
    )
    count.refresh_from_db()
    if not changed:
        raise ValidationError(
            _("%(name)s已经盘点过") % {"name": count.counted_by.name}, code="stale"
        )
    KeyCountLine.objects.bulk_create(
        KeyCountLine(count=count, key=hook.key, expected=hook.expected, found=number)
        for hook, number in differing
    )
    entries.record(count, "keys.counted", by=by, now=now, expected=expected, found=total)
    meet(count, followups.KEY_COUNT, by=by, now=now)
    if differing:
        followups.open_count(count, followups.KEY_DIFFERENCE, posts.CS_ASSISTANT, now=now,
                             limit_key="keys.settle")  # fmt: skip
    return count


@transaction.atomic
def settle_difference(count: KeyCount, *, note: str, by: Staff, now: datetime) -> None:
    """What became of a difference, in the assistant's words."""
    if not note.strip():
        raise ValidationError({"note": _("写明查到什么、怎么处理")})
    if not meet(count, followups.KEY_DIFFERENCE, by=by, now=now):
        raise ValidationError(_("没有待查的差异"), code="stale")
    KeyCount.objects.filter(pk=count.pk).update(reason=f"{count.reason} → {note}"[:300])
    entries.record(count, "keys.difference_settled", by=by, now=now, note=note)
