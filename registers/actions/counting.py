"""The monthly counts (KEY-1, ARC-1): place by place, with the differences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from accounts.models import Staff
from estates.models import Estate
from followups.actions import meet
from history import entries
from registers import followups
from registers.actions.moving import required
from registers.models import ArchiveCheck, ArchiveFile, KeyCount, KeyCustody, StockCount
from registers.models.archive import ArchiveStatus
from registers.models.keys import IN_CABINET, KeyStatus

C = TypeVar("C", bound=StockCount)


@dataclass(frozen=True)
class Hook:
    """One bunch of keys and how many of it should hang in the cabinet."""

    key: KeyCustody
    expected: int


@dataclass(frozen=True)
class Shelf:
    """One cabinet of the archive: how many files should stand there, and how many are lent."""

    cabinet: str
    expected: int
    out: int


def hooks(estate: Estate) -> list[Hook]:
    """Every bunch in custody, by cabinet, with what of it is not lent. One query."""
    rows = (
        KeyCustody.objects.filter(estate=estate, status__in=[*IN_CABINET, KeyStatus.LENT])
        .select_related("unit")
        .annotate(out=Sum("loans__quantity", filter=Q(loans__status="out")))
        .order_by("cabinet", "label", "pk")
    )
    return [Hook(key, key.quantity - (key.out or 0)) for key in rows]


def shelves(estate: Estate) -> list[Shelf]:
    """Every cabinet with files, and how many of them are not lent. One query."""
    out = Count("pk", filter=Q(status=ArchiveStatus.OUT))
    rows = (
        ArchiveFile.objects.filter(estate=estate)
        .open()
        .order_by("cabinet")
        .values("cabinet")
        .annotate(all=Count("pk"), out=out)
    )
    return [Shelf(row["cabinet"], row["all"] - row["out"], row["out"]) for row in rows]


@transaction.atomic
def count_keys(
    count: KeyCount, *, found: Mapping[int, int], by: Staff, now: datetime, reason: str = ""
) -> KeyCount:
    """Write down what hangs there: ``found`` pieces by key, what is not named hangs as expected.

    Differences need a reason and are owed to the assistant. Raises ValidationError when a
    colleague counted already.
    """
    places = [({"key": hook.key}, hook.expected, found.get(hook.key.pk, hook.expected))
              for hook in hooks(count.estate)]  # fmt: skip
    return _write(count, places, reason=reason, by=by, now=now)


@transaction.atomic
def check_archive(
    check: ArchiveCheck,
    *,
    found: Mapping[str, int],
    tidied: str,
    backup: str,
    by: Staff,
    now: datetime,
    reason: str = "",
) -> ArchiveCheck:
    """The month's look through the archive: ``found`` files by cabinet, put in order, backed up.

    Differences are treated as those of the keys.
    """
    required(
        tidied=(tidied, _("写明整理了什么, 没有要整理的写“已整齐”")),
        backup=(backup, _("写明备份到哪里, 如“已拷到客服部移动硬盘”")),
    )
    places = [({"cabinet": shelf.cabinet}, shelf.expected, found.get(shelf.cabinet, shelf.expected))
              for shelf in shelves(check.estate)]  # fmt: skip
    return _write(check, places, reason=reason, by=by, now=now,
                  tidied=tidied[:200], backup=backup[:200])  # fmt: skip


def _write(
    count: C,
    places: Iterable[tuple[dict[str, Any], int, int]],
    *,
    reason: str,
    by: Staff,
    now: datetime,
    **more: str,
) -> C:
    """``places`` are what a line names, the number of the book and the number found."""
    places = list(places)
    differing = [place for place in places if place[1] != place[2]]
    if any(found < 0 for _names, _expected, found in differing):
        raise ValidationError(_("数目不能是负数"))
    if differing and not reason.strip():
        raise ValidationError({"reason": _("实有和应有不同, 写明差在哪里")})
    expected = sum(place[1] for place in places)
    total = sum(place[2] for place in places)
    changed = type(count).objects.filter(pk=count.pk, counted_at__isnull=True).update(
        expected=expected, found=total, reason=reason[:300], counted_by=by, counted_at=now, **more
    )  # fmt: skip
    count.refresh_from_db()
    if not changed:
        raise ValidationError(
            _("%(name)s已经盘点过") % {"name": count.counted_by.name}, code="stale"
        )
    line = count.lines.model
    line.objects.bulk_create(
        line(count=count, expected=should, found=is_there, **names)
        for names, should, is_there in differing
    )
    terms = followups.COUNTS[type(count)]
    entries.record(count, f"{count.slug}.counted", by=by, now=now, expected=expected, found=total)
    meet(count, terms.kind, by=by, now=now)
    if differing:
        followups.open_difference(count, now=now)
    return count


@transaction.atomic
def settle_difference(count: StockCount, *, note: str, by: Staff, now: datetime) -> None:
    """What became of a difference, in the assistant's words."""
    if not note.strip():
        raise ValidationError({"note": _("写明查到什么、怎么处理")})
    if not meet(count, followups.COUNTS[type(count)].difference, by=by, now=now):
        raise ValidationError(_("没有待查的差异"), code="stale")
    type(count).objects.filter(pk=count.pk).update(
        result=note.strip()[:200], settled_by=by, settled_at=now
    )
    count.refresh_from_db()
    entries.record(count, f"{count.slug}.difference_settled", by=by, now=now, note=note)
