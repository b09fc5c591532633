"""The cash book, instructions from superiors, and carried items."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Staff
from estates.models import Estate
from followups.actions import meet, open_followup
from history import entries
from shifts import followups as kinds
from shifts.models import CashEntry, Instruction, Item
from shifts.seats import SEATS


@transaction.atomic
def add_cash(
    estate: Estate, *, amount: Decimal, reason: str, client_key: UUID, by: Staff, now: datetime
) -> CashEntry:
    """Book money in (positive) or out (negative), in yuan, with its reason.

    A second press of the same form books once. Raises ValidationError without an amount or
    reason, or for more than the drawer holds.
    """
    if not amount:
        raise ValidationError({"amount": _("写金额")})
    if not reason.strip():
        raise ValidationError({"reason": _("写明事由")})
    Estate.objects.select_for_update().get(pk=estate.pk)
    seen = CashEntry.objects.filter(client_key=client_key, estate=estate).first()
    if seen:
        return seen
    balance = CashEntry.objects.balance(estate)
    if balance + amount < 0:
        raise ValidationError(
            {"amount": _("现金只有 %(balance)s 元, 支不出这么多") % {"balance": balance}}
        )
    entry = CashEntry.objects.create(
        estate=estate, at=now, amount=amount, reason=reason.strip()[:200], by=by,
        client_key=client_key,
    )  # fmt: skip
    entries.record(entry, "cash.booked", by=by, now=now, amount=str(amount), reason=entry.reason)
    return entry


@transaction.atomic
def instruct(
    estate: Estate, *, seat: str, text: str, due_at: datetime, by: Staff, now: datetime
) -> Instruction:
    """A superior gives the seat something to do; it stands on every sheet until it is done."""
    if not text.strip():
        raise ValidationError({"text": _("写交办什么")})
    if due_at <= now:
        raise ValidationError({"due_at": _("期限要晚于现在")})
    row = Instruction.objects.create(
        estate=estate, seat=seat, text=text.strip()[:200], by=by, at=now, due_at=due_at
    )
    open_followup(
        row, kinds.INSTRUCTION, now=now, owner_post=SEATS[seat].posts[0], estate=estate,
        params={"what": row.text[:60]}, url=reverse("shifts:instructions"), due_at=due_at,
    )  # fmt: skip
    entries.record(row, "instruction.given", by=by, now=now)
    return row


@transaction.atomic
def do_instruction(row: Instruction, *, note: str, by: Staff, now: datetime) -> Instruction:
    """Done, in a word how. Raises ValidationError without it, or when somebody was faster."""
    if not note.strip():
        raise ValidationError({"note": _("写一句办理结果")})
    first = Instruction.objects.open().filter(pk=row.pk).update(
        done_at=now, done_by=by, done_note=note.strip()[:200]
    )  # fmt: skip
    if not first:
        raise ValidationError(_("这一项已经办完"))
    meet(row, kinds.INSTRUCTION, by=by, now=now)
    entries.record(row, "instruction.done", by=by, now=now, note=note)
    row.refresh_from_db()
    return row


@transaction.atomic
def follow_item(item: Item, *, by: Staff, now: datetime) -> Item:
    """The receiving shift has looked after a carried item (DUT-2); a second press says so."""
    if not kinds.finish_item(item, by=by, now=now):
        raise ValidationError(_("这一项已经跟进"))
    entries.record(item.handover, "shift.followed", by=by, now=now, what=str(item))
    item.refresh_from_db()
    return item
