"""Stored things (STO-1): asked for, fetched, or decided on by the manager."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import posts
from accounts.models import Staff
from followups.actions import cancel, meet
from registers import followups
from registers.actions.moving import move, required
from registers.models import Deposit
from registers.models.storage import DepositStatus
from rulebook.limits import limit

STORED = {DepositStatus.STORED}


@transaction.atomic
def ask(deposit: Deposit, *, answer: str, by: Staff, now: datetime) -> None:
    """The depositor was reminded; the next reminder is due a day later."""
    required(answer=(answer, _("写明对方怎么答复, 没接通也写")))
    move(deposit, DepositStatus.STORED, "deposit.asked", frm=STORED, by=by, now=now,
         said={"answer": answer}, asked_times=F("asked_times") + 1)  # fmt: skip
    meet(deposit, followups.STORAGE_ASK, by=by, now=now)
    followups.open_for(deposit, followups.STORAGE_ASK, now=now, owner_post=posts.FRONT_DESK,
                       limit_key="storage.remind_every")  # fmt: skip


@transaction.atomic
def hand_back(deposit: Deposit, *, to: str, document: str, by: Staff, now: datetime) -> None:
    """Fetched, against the tag's second part and a signature."""
    required(to=(to, _("写明谁领走")), document=(document, _("写明看了什么证件")))
    move(deposit, DepositStatus.CLAIMED, "deposit.claimed", frm=STORED, by=by, now=now,
         said={"to": to, "document": document},
         handed_back_at=now, handed_to=to, handed_document=document, handed_back_by=by)  # fmt: skip
    meet(deposit, followups.STORAGE_ASK, by=by, now=now)
    cancel(deposit, now=now)


@transaction.atomic
def dispose(deposit: Deposit, *, decision: str, by: Staff, now: datetime) -> None:
    """The manager's decision about what nobody fetched, not before its time."""
    required(decision=(decision, _("写明怎样处置")))
    allowed = limit("storage.decide", at=now)
    if now < deposit.recorded_at + timedelta(seconds=allowed.seconds):
        raise ValidationError(
            _("存满 %(days)s 天才能处置, 先继续催领") % {"days": int(allowed.value)}
        )
    move(deposit, DepositStatus.DISPOSED, "deposit.disposed", frm=STORED, by=by, now=now,
         said={"note": decision}, decision=decision, decided_by=by, decided_at=now)  # fmt: skip
    meet(deposit, followups.STORAGE_DECIDE, by=by, now=now)
    cancel(deposit, now=now)
