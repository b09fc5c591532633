"""Changing the catalogue: items and their dated prices."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from history import entries
from services.models import Price, ServiceItem

EDITABLE = (
    "name",
    "category",
    "unit",
    "is_paid",
    "includes_material",
    "promised_minutes",
    "is_active",
    "note",
)


@transaction.atomic
def add_item(*, code: str, by: Staff, now: datetime, **fields) -> ServiceItem:
    """Add an item to the catalogue; ValidationError when the code is taken."""
    item = ServiceItem(code=code, **fields)
    item.full_clean()
    item.save(force_insert=True)
    entries.record(item, "service.added", by=by, now=now, code=code)
    return item


@transaction.atomic
def change_item(
    item: ServiceItem, *, version: int, by: Staff, now: datetime, **fields
) -> ServiceItem:
    """Change what an item says, not what it costs.

    ``version`` is the one the page showed; ValidationError (code ``stale``) when a colleague
    changed the item meanwhile.
    """
    before = ServiceItem.objects.get(pk=item.pk)
    changed = {
        name: [_plain(getattr(before, name)), _plain(value)]
        for name, value in fields.items()
        if name in EDITABLE and getattr(before, name) != value
    }
    updated = ServiceItem.objects.filter(pk=item.pk, version=version).update(
        **{name: fields[name] for name in changed}, version=F("version") + 1
    )
    if not updated:
        raise ValidationError(_("同事刚改过这个项目。核对下面两边的内容, 再保存一次"), code="stale")
    if changed:
        entries.record(item, "service.changed", by=by, now=now, changed=changed)
    item.refresh_from_db()
    return item


def set_price(
    item: ServiceItem, *, amount: Decimal, effective_on: date, by: Staff, now: datetime
) -> Price:
    """Set the price in yuan per unit from a day on; what was charged before stays as it was.

    Raises ValidationError for a day in the past, for today when today has a price already, and
    for a free item. A price that has not begun yet may be replaced.
    """
    today = timezone.localdate(now)
    if not item.is_paid:
        raise ValidationError(_("无偿项目没有单价。先把它改为有偿"))
    if effective_on < today:
        raise ValidationError(
            {"effective_on": _("过去的价目不能改。生效日期选今天或以后")}, code="past"
        )
    try:
        with transaction.atomic():
            old = item.prices.filter(effective_on=effective_on).first()
            if old and effective_on == today:
                raise ValidationError(
                    {"effective_on": _("今天的价目已经生效。新价从明天起")}, code="past"
                )
            price = old or Price(item=item, effective_on=effective_on)
            was, price.amount = (str(old.amount) if old else ""), amount
            price.full_clean()
            price.save()
            entries.record(
                item,
                "service.price_set",
                by=by,
                now=now,
                amount=str(amount),
                effective_on=effective_on.isoformat(),
                was=was,
            )
    except IntegrityError as error:
        raise ValidationError(_("同事刚为这一天定了价。刷新后核对")) from error
    return price


def _plain(value):
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)
