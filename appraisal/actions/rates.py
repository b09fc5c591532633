"""The collection rate of an estate and month, as the assistant enters it (FEE-2)."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Staff
from appraisal.models import CollectionRate, Offer
from appraisal.periods import month_start
from estates.models import Estate, estate_ids_of
from history import entries


def is_charged(rate: CollectionRate) -> bool:
    """Whether a deduction was made of this rate."""
    taken = Offer.objects.filter(deduction__isnull=False)
    return taken.filter(key__startswith=f"collection:{rate.pk}:").exists()


def enter_rate(
    estate: Estate, month: date, *, receivable: Decimal, received: Decimal, by: Staff, now: datetime
) -> CollectionRate:
    """Enter what an estate was owed and paid for a month (FEE-2); a month can be entered anew
    until somebody was charged for it.
    """
    if not by.has_perm("appraisal.enter_rate") or estate.pk not in estate_ids_of(by):
        raise ValidationError(_("只有客服助理和客服部经理可以录入本项目的收费率"))
    if receivable <= 0 or received < 0:
        raise ValidationError({"receivable": _("应收须大于 0, 实收不能为负")})
    if month > month_start(timezone.localdate(now)):
        raise ValidationError({"month": _("月份还没有到")})
    known = CollectionRate.objects.filter(estate=estate, month=month).first()
    if known and is_charged(known):
        raise ValidationError(_("这个月的收费率已经用于扣分, 不能再改; 有误时由申诉裁定"))
    with transaction.atomic():
        row, _created = CollectionRate.objects.update_or_create(
            estate=estate,
            month=month,
            defaults={
                "receivable": receivable,
                "received": received,
                "entered_by": by,
                "entered_at": now,
            },
        )
        entries.record(row, "appraisal.rate_entered", by=by, now=now, rate=str(row.rate))
    return row
