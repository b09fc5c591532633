"""物品采购: request → approval → ordering → received and checked → stored or issued (PUR-1)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts import posts
from accounts.models import Staff
from estates.models import Estate
from followups.actions import cancel, meet
from history import entries
from notifications import ledger
from office import followups as kinds
from office import people
from office.models import Purchase
from office.moving import move
from office.periods import end_of
from office.statuses import PurchaseStatus
from repairs.numbering import next_number

REJECTED = gettext_noop("%(who)s没有批准您的采购申请: %(what)s")
ARRIVED = gettext_noop("您申请的%(what)s已到货, %(who)s已验收")


def request_purchase(
    *,
    estate: Estate,
    item: str,
    quantity: Decimal,
    unit_name: str,
    purpose: str,
    budget: Decimal,
    needed_on: date,
    client_key: UUID,
    by: Staff,
    now: datetime,
    spec: str = "",
) -> Purchase:
    """Ask for something; the manager owes his decision, for his own request the general manager.

    ``client_key`` belongs to one opened form: a second press returns the first request. Raises
    ValidationError for a day that has passed.
    """
    if needed_on < timezone.localdate(now):
        raise ValidationError({"needed_on": _("需用日期已经过了")})
    try:
        with transaction.atomic():
            if Purchase.objects.filter(client_key=client_key).exists():
                return Purchase.objects.get(client_key=client_key, requested_by=by)
            purchase = Purchase.objects.create(
                estate=estate,
                client_key=client_key,
                number=next_number(estate, now=now, series="CG", digits=3),
                item=item,
                spec=spec,
                quantity=quantity,
                unit_name=unit_name,
                purpose=purpose,
                budget=budget,
                needed_on=needed_on,
                requested_by=by,
                requested_at=now,
            )
            post = posts.GENERAL_MANAGER if by.post == posts.CS_MANAGER else posts.CS_MANAGER
            kinds.owe(purchase, kinds.APPROVE_PURCHASE, now=now, post=post,
                      limit_key=kinds.APPROVE_PURCHASE)  # fmt: skip
            entries.record(purchase, "purchase.requested", by=by, now=now)
    except IntegrityError:  # the same press arrived twice at the same moment
        return Purchase.objects.get(client_key=client_key, requested_by=by)
    return purchase


@transaction.atomic
def approve(purchase: Purchase, *, by: Staff, now: datetime, decision: str = "") -> Purchase:
    """The manager agrees; the assistant owes the order (PUR-1)."""
    _must_not_ask_himself(purchase, by)
    move(purchase, PurchaseStatus.APPROVED, by=by, now=now, decided_by=by, decided_at=now,
         decision=decision)  # fmt: skip
    meet(purchase, kinds.APPROVE_PURCHASE, by=by, now=now)
    kinds.owe(purchase, kinds.ORDER_PURCHASE, now=now, post=posts.CS_ASSISTANT,
              limit_key=kinds.ORDER_PURCHASE)  # fmt: skip
    entries.record(purchase, "purchase.approved", by=by, now=now, decision=decision)
    return purchase


@transaction.atomic
def reject(purchase: Purchase, *, by: Staff, now: datetime, decision: str) -> Purchase:
    _must_not_ask_himself(purchase, by)
    if not decision.strip():
        raise ValidationError({"decision": _("写明不批准的原因")})
    move(purchase, PurchaseStatus.REJECTED, by=by, now=now, decided_by=by, decided_at=now,
         decision=decision)  # fmt: skip
    meet(purchase, kinds.APPROVE_PURCHASE, by=by, now=now)
    _tell(purchase, REJECTED, by=by, now=now)
    entries.record(purchase, "purchase.rejected", by=by, now=now, decision=decision)
    return purchase


@transaction.atomic
def order(
    purchase: Purchase, *, by: Staff, now: datetime, supplier: str, expected_on: date
) -> Purchase:
    """Ordered from a supplier; receipt is owed by the day it is expected."""
    if expected_on < timezone.localdate(now):
        raise ValidationError({"expected_on": _("预计到货日期已经过了")})
    move(purchase, PurchaseStatus.ORDERED, by=by, now=now, supplier=supplier, ordered_by=by,
         ordered_at=now, expected_on=expected_on)  # fmt: skip
    meet(purchase, kinds.ORDER_PURCHASE, by=by, now=now)
    kinds.owe(purchase, kinds.RECEIVE_PURCHASE, now=now, post=posts.CS_ASSISTANT,
              due_at=end_of(expected_on))  # fmt: skip
    entries.record(purchase, "purchase.ordered", by=by, now=now, supplier=supplier)
    return purchase


@transaction.atomic
def receive(
    purchase: Purchase,
    *,
    by: Staff,
    now: datetime,
    arrived_on: date,
    received_quantity: Decimal,
    cost: Decimal,
    check_note: str,
) -> Purchase:
    """到货验收: what came, how much of it, and what the check showed.

    Raises ValidationError for a day to come, for a different quantity without words, and for
    more money than the budget without words.
    """
    errors = {}
    if arrived_on > timezone.localdate(now):
        errors["arrived_on"] = _("到货日期还没有到")
    if received_quantity != purchase.quantity and not check_note.strip():
        errors["check_note"] = _("数量和申请不一样, 写明原因")
    elif cost > purchase.budget and not check_note.strip():
        errors["check_note"] = _("超过预算, 写明原因")
    if errors:
        raise ValidationError(errors)
    move(purchase, PurchaseStatus.RECEIVED, by=by, now=now, arrived_on=arrived_on,
         received_quantity=received_quantity, cost=cost, check_note=check_note, received_by=by,
         received_at=now)  # fmt: skip
    meet(purchase, kinds.RECEIVE_PURCHASE, by=by, now=now)
    kinds.owe(purchase, kinds.STORE_PURCHASE, now=now, post=posts.CS_ASSISTANT,
              limit_key=kinds.STORE_PURCHASE)  # fmt: skip
    _tell(purchase, ARRIVED, by=by, now=now)
    entries.record(purchase, "purchase.received", by=by, now=now,
                   quantity=f"{received_quantity.normalize():f} {purchase.unit_name}", note=check_note)  # fmt: skip
    return purchase


@transaction.atomic
def store(purchase: Purchase, *, by: Staff, now: datetime, place: str) -> Purchase:
    """入库: where it lies."""
    move(purchase, PurchaseStatus.STORED, by=by, now=now, place=place, ended_at=now)
    meet(purchase, kinds.STORE_PURCHASE, by=by, now=now)
    entries.record(purchase, "purchase.stored", by=by, now=now, place=place)
    return purchase


@transaction.atomic
def issue(purchase: Purchase, *, by: Staff, now: datetime, issued_to: Staff) -> Purchase:
    """领用: who has it now."""
    if not people.of_estate(purchase.estate).filter(pk=issued_to.pk).exists():
        raise ValidationError({"issued_to": _("选择本项目的人")})
    move(purchase, PurchaseStatus.ISSUED, by=by, now=now, issued_to=issued_to, ended_at=now)
    meet(purchase, kinds.STORE_PURCHASE, by=by, now=now)
    entries.record(purchase, "purchase.issued", by=by, now=now, to=issued_to.name)
    return purchase


@transaction.atomic
def cancel_purchase(purchase: Purchase, *, by: Staff, now: datetime, reason: str) -> Purchase:
    if not reason.strip():
        raise ValidationError({"reason": _("写明取消原因")})
    move(purchase, PurchaseStatus.CANCELLED, by=by, now=now, cancel_reason=reason)
    cancel(purchase, now=now)
    entries.record(purchase, "purchase.cancelled", by=by, now=now, reason=reason)
    return purchase


def _tell(purchase, title, *, by, now):
    """Whoever asked for it hears how it went, unless he did it himself."""
    if purchase.requested_by_id != by.pk:
        ledger.owe(
            f"office.purchase:{purchase.pk}:{purchase.status}",
            to=purchase.requested_by,
            title=title,
            params={"who": by.name, "what": purchase.item},
            url=purchase.get_absolute_url(),
            estate=purchase.estate,
            why={"rule": "PUR-1"},
            now=now,
        )


def _must_not_ask_himself(purchase, by):
    if purchase.requested_by_id == by.pk:
        raise ValidationError(_("自己的申请要由上级审批"))
