"""Function cards (CRD-1): the room is checked twice before a card goes out."""

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import posts
from accounts.models import Staff
from estates.typed import clean_text
from followups.actions import cancel, meet
from registers import followups
from registers.actions import records
from registers.actions.moving import move, required
from registers.models import AccessCard
from registers.models.cards import CardStatus, not_living_there, residence_of
from registers.rooms import is_said_as

# A card that is not in somebody's hands: its deposit may be settled and its rights deleted.
SETTLED_WHILE = (CardStatus.ASKED, CardStatus.CHECKED, CardStatus.LOST, CardStatus.BACK)


@transaction.atomic
def check_room(card: AccessCard, *, room: str, document: str, by: Staff, now: datetime) -> None:
    """First check: the room as the applicant says it, and a document, against the application."""
    required(document=(document, _("写明看了什么证件")))
    _same_room(card, room, now=now)
    move(card, CardStatus.CHECKED, "card.checked", frm={CardStatus.ASKED}, by=by, now=now,
         said={"document": document}, document=document, checked_by=by, checked_at=now)  # fmt: skip


@transaction.atomic
def issue(card: AccessCard, *, room: str, signed_name: str, by: Staff, now: datetime) -> None:
    """Second check and handing over: refused for another room, or who no longer lives there."""
    required(signed_name=(signed_name, _("请领取人签名")))
    if card.status == CardStatus.ASKED:
        raise ValidationError(_("还没有核对房号和证件, 不能发卡"))
    _same_room(card, room, now=now)
    move(card, CardStatus.ISSUED, "card.issued", frm={CardStatus.CHECKED}, by=by, now=now,
         said={"to": signed_name}, issued_by=by, issued_at=now, signed_name=signed_name)  # fmt: skip


@transaction.atomic
def report_lost(card: AccessCard, *, said: str, by: Staff, now: datetime) -> None:
    """Blocked here from this moment; switching it off at the doors is owed within minutes."""
    required(said=(said, _("写明谁来挂失")))
    move(card, CardStatus.LOST, "card.lost", frm={CardStatus.ISSUED}, by=by, now=now,
         said={"note": said}, lost_at=now, lost_said=said)  # fmt: skip
    followups.open_for(card, followups.CARD_BLOCK, now=now, owner_post=posts.FRONT_DESK,
                       limit_key="cards.block")  # fmt: skip


@transaction.atomic
def block_done(card: AccessCard, *, by: Staff, now: datetime) -> None:
    """The card no longer opens anything."""
    if card.blocked_at:
        raise ValidationError(_("这张卡已经停用"), code="stale")
    move(card, CardStatus.LOST, "card.blocked", frm={CardStatus.LOST}, by=by, now=now,
         blocked_at=now)  # fmt: skip
    meet(card, followups.CARD_BLOCK, by=by, now=now)


@transaction.atomic
def replace(
    card: AccessCard,
    *,
    card_number: str,
    fee: Decimal | None,
    receipt: str,
    by: Staff,
    now: datetime,
    fee_kind: str = "",
) -> AccessCard:
    """A new card for a lost one, linked to it; its room is checked like any other's."""
    required(card_number=(card_number, _("写新卡的卡号")))
    if not card.blocked_at:
        raise ValidationError(_("先在系统停用旧卡, 再补办"))
    _settled(card)
    move(card, CardStatus.VOID, "card.replaced", frm={CardStatus.LOST}, by=by, now=now,
         said={"card": card_number}, void_at=now)  # fmt: skip
    new = AccessCard(
        estate=card.estate,
        unit=card.unit,
        holder=card.holder,
        kind=card.kind,
        card_number=card_number,
        fee_kind=fee_kind,
        fee=fee,
        receipt=receipt,
        fee_note=_("补办 %(number)s") % {"number": card.card_number},
        replaces=card,
    )
    return records.add(new, by=by, now=now)


@transaction.atomic
def take_back(card: AccessCard, *, reason: str, by: Staff, now: datetime) -> None:
    """Returned to the desk: moved out, or found again after a loss. A deposit is now owed back."""
    required(reason=(reason, _("写明为什么收回")))
    move(card, CardStatus.BACK, "card.taken_back", frm={CardStatus.ISSUED, CardStatus.LOST},
         by=by, now=now, said={"reason": reason}, back_at=now)  # fmt: skip
    cancel(card, followups.CARD_BLOCK, now=now)
    if card.owes_deposit:
        followups.open_for(card, followups.CARD_REFUND, now=now, owner_post=posts.FRONT_DESK,
                           limit_key="cards.refund")  # fmt: skip


@transaction.atomic
def settle_deposit(
    card: AccessCard, *, refund: Decimal, to: str, by: Staff, now: datetime, note: str = ""
) -> None:
    """The deposit goes back to who paid it, or is kept in part or whole with a reason."""
    if not card.owes_deposit:
        raise ValidationError(_("这张卡没有要退的押金"), code="stale" if card.refunded_at else None)
    if not 0 <= refund <= card.fee:
        raise ValidationError({"refund": _("收了 %(fee)s 元, 最多退这么多") % {"fee": card.fee}})
    if refund:
        required(to=(to, _("写明退给谁")))
    if refund < card.fee:
        required(note=(note, _("没有全退的, 写明为什么")))
    move(card, card.status, "card.deposit_settled", frm=SETTLED_WHILE, by=by, now=now,
         said={"sum": str(refund), "to": to, "note": note}, refund=refund, refunded_at=now,
         refunded_by=by, refunded_to=to, refund_note=note)  # fmt: skip
    meet(card, followups.CARD_REFUND, by=by, now=now)


@transaction.atomic
def void(card: AccessCard, *, reason: str, by: Staff, now: datetime) -> None:
    """Its rights are deleted; the number may be used for somebody else's card."""
    required(reason=(reason, _("写明为什么注销")))
    _settled(card)
    move(card, CardStatus.VOID, "card.void", frm=SETTLED_WHILE, by=by, now=now,
         said={"reason": reason}, void_at=now)  # fmt: skip
    cancel(card, now=now)


def _settled(card: AccessCard) -> None:
    """No card is over while money taken for it is neither given back nor kept with a reason."""
    if card.owes_deposit:
        raise ValidationError(
            _("押金 %(fee)s 元还没结清。先“退押金”; 不退的写明原因") % {"fee": card.fee}
        )


def _same_room(card: AccessCard, room: str, *, now: datetime) -> None:
    typed = clean_text(room)
    if not is_said_as(card.unit, typed):
        raise ValidationError(
            {
                "room": _("房号不对: 申领的是%(unit)s。停下核对, 不要发卡")
                % {"unit": card.unit.code}
                if typed
                else _("照领取人说的写房号, 如 3-2-1102")
            }
        )
    if residence_of(card.holder_id, card.unit_id, now) is None:
        raise ValidationError({"room": not_living_there(card.holder, card.unit)})
