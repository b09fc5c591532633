"""Money: what lies outside the price list, materials, and what was charged."""

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import posts
from accounts.models import Staff
from followups.actions import cancel, meet, pause, resume
from history import entries
from repairs import followups
from repairs.actions.moving import change, move, must_be
from repairs.actions.work import material_total
from repairs.models import Material, Repair
from repairs.statuses import CLOSED, Status

PRICED_FIRST = _("等报价和业户意见")


@transaction.atomic
def assess(repair: Repair, *, by: Staff, now: datetime) -> Repair:
    """Outside the price list: the engineering manager owes a price within 15 minutes."""
    ask_price(repair, by=by, now=now)
    return repair


def ask_price(repair: Repair, *, by: Staff, now: datetime) -> None:
    """Inside the caller's transaction: wait for a price, and the resident's word, before work.

    The arrival clock rests until the price is due; the promise runs on.
    """
    move(repair, Status.ASSESSING, by=by, now=now)
    followups.open_for(
        repair, followups.ASSESS, now=now, owner_post=posts.ENG_MANAGER, limit_key=followups.ASSESS
    )
    rows = followups.open_rows(repair)
    if followups.ARRIVE in rows and not rows[followups.ARRIVE].paused_at:
        pause(
            repair,
            followups.ARRIVE,
            reason=str(PRICED_FIRST),
            look_again_at=rows[followups.ASSESS].due_at,
            by=by,
            now=now,
        )
    entries.record(repair, "repair.assessing", by=by, now=now)


@transaction.atomic
def quote(repair: Repair, *, amount: Decimal, note: str = "", by: Staff, now: datetime) -> Repair:
    """Engineering names the price in yuan; the desk then asks the resident."""
    must_be(repair, Status.ASSESSING, by=by, now=now)
    if amount < 0:
        raise ValidationError({"amount": _("报价不能小于 0")})
    if not meet(repair, followups.ASSESS, by=by, now=now):
        raise ValidationError(_("已经报过价, 现在等业户回话"))
    change(repair, by=by, now=now, labour_fee=amount, is_paid=True)
    followups.open_for(
        repair, followups.AGREEMENT, now=now, owner_post=posts.FRONT_DESK,
        limit_key="repairs.tell_resident",
    )  # fmt: skip
    entries.record(repair, "repair.quoted", by=by, now=now, amount=str(amount), note=note.strip())
    return repair


@transaction.atomic
def agree(repair: Repair, *, by: Staff, now: datetime) -> Repair:
    """The resident agrees to the price: the work goes on (处理中, or 已接单 until given out)."""
    must_be(repair, Status.ASSESSING, by=by, now=now)
    if not meet(repair, followups.AGREEMENT, by=by, now=now):
        raise ValidationError(_("工程部还没有报价。等报价后再问业户"))
    to = Status.IN_PROGRESS if repair.repairer_id else Status.ACCEPTED
    move(repair, to, by=by, now=now)
    arrival = followups.open_rows(repair).get(followups.ARRIVE)
    if arrival and arrival.paused_at:
        resume(repair, followups.ARRIVE, by=by, now=now)
    entries.record(repair, "repair.agreed", by=by, now=now, amount=str(repair.labour_fee))
    return repair


@transaction.atomic
def decline(repair: Repair, *, reason: str, by: Staff, now: datetime) -> Repair:
    """The resident does not want it at that price: the slip ends here, with the reason."""
    must_be(repair, Status.ASSESSING, by=by, now=now)
    end(repair, reason=reason, by=by, now=now)
    return repair


@transaction.atomic
def cancel_repair(repair: Repair, *, reason: str, by: Staff, now: datetime) -> Repair:
    """The resident withdraws it, or it was written by mistake; the reason is kept."""
    end(repair, reason=reason, by=by, now=now)
    return repair


def end(repair: Repair, *, reason: str, by: Staff, now: datetime) -> None:
    """Inside the caller's transaction: cancelled; everybody else who called is owed the answer."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("写取消原因")})
    move(repair, Status.CANCELLED, by=by, now=now, cancel_reason=reason[:200])
    cancel(repair, now=now)
    followups.owe_answers(repair, now=now)
    entries.record(repair, "repair.cancelled", by=by, now=now, reason=reason)


@transaction.atomic
def add_material(
    repair: Repair, *, name: str, quantity: Decimal, unit_price: Decimal, spec: str = "",
    by: Staff, now: datetime,
) -> Material:  # fmt: skip
    """One line of material (quantity > 0, price in yuan); the sum on the slip follows."""
    _open_books(repair, by=by, now=now)
    if quantity <= 0 or unit_price < 0:
        raise ValidationError(_("数量要大于 0, 单价不能小于 0"))
    row = repair.materials.create(name=name, spec=spec, quantity=quantity, unit_price=unit_price)
    change(repair, by=by, now=now, material_fee=material_total(repair))
    entries.record(repair, "repair.material_added", by=by, now=now, name=name, spec=spec,
                   quantity=str(quantity), unit_price=str(unit_price))  # fmt: skip
    return row


@transaction.atomic
def remove_material(repair: Repair, *, material: Material, by: Staff, now: datetime) -> None:
    """Take a line off the slip; the history keeps it."""
    _open_books(repair, by=by, now=now)
    if material.repair_id != repair.pk:
        raise ValidationError(_("这条材料不在这张单上。刷新页面"))
    entries.record(repair, "repair.material_removed", by=by, now=now, name=material.name,
                   quantity=str(material.quantity), unit_price=str(material.unit_price))  # fmt: skip
    material.delete()
    change(repair, by=by, now=now, material_fee=material_total(repair))


@transaction.atomic
def set_fees(
    repair: Repair, *, labour_fee: Decimal, paid_by: str = "", by: Staff, now: datetime
) -> Repair:
    """What the work cost (yuan) and how it was paid; old and new are kept."""
    _open_books(repair, by=by, now=now)
    if labour_fee < 0:
        raise ValidationError({"labour_fee": _("人工费不能小于 0")})
    was = str(repair.labour_fee)
    change(repair, by=by, now=now, labour_fee=labour_fee, paid_by=paid_by,
           is_paid=bool(labour_fee or repair.material_fee or repair.is_paid))  # fmt: skip
    entries.record(repair, "repair.fees_set", by=by, now=now, was=was, labour_fee=str(labour_fee),
                   paid_by=paid_by)  # fmt: skip
    return repair


def _open_books(repair: Repair, *, by: Staff, now: datetime) -> None:
    must_be(repair, *(status for status in Status if status not in CLOSED), by=by, now=now)
