"""Special mail (MAI-1): tell, deliver, hold with consent, send back."""

import math
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import posts
from accounts.models import Staff
from followups.actions import cancel, meet
from registers import followups
from registers.actions.moving import move, required
from registers.models import Mail
from registers.models.mail import MailStatus
from rulebook.limits import limit

WAITING = (MailStatus.RECEIVED, MailStatus.TOLD, MailStatus.HELD)


@transaction.atomic
def tell(mail: Mail, *, told_how: str, by: Staff, now: datetime, note: str = "") -> None:
    """The addressee knows; it is still to be delivered."""
    move(mail, MailStatus.TOLD, "mail.told", frm={MailStatus.RECEIVED}, by=by, now=now,
         said={"note": note}, told_at=now, told_how=told_how, told_by=by)  # fmt: skip


@transaction.atomic
def hold(mail: Mail, *, consent_by: str, days: int, by: Staff, now: datetime) -> None:
    """Keep it longer because the addressee agreed; never beyond the limit counted from receipt."""
    required(consent_by=(consent_by, _("写明谁同意代存; 没有同意不能代存")))
    most = limit("mail.hold", at=now)
    last = mail.recorded_at + timedelta(seconds=most.seconds)
    left = max(0, math.ceil((last - now) / timedelta(days=1)))
    if not 1 <= days <= left:
        raise ValidationError(
            {
                "days": _("代存从收到起最多 %(days)s 天, 这件还能存 %(left)s 天")
                % {"days": int(most.value), "left": left}
            }
        )
    until = min(now + timedelta(days=days), last)
    move(mail, MailStatus.HELD, "mail.held", frm={MailStatus.RECEIVED, MailStatus.TOLD},
         by=by, now=now, said={"note": consent_by},
         consent_by=consent_by, consent_at=now, hold_until=until)  # fmt: skip
    meet(mail, followups.MAIL_DELIVER, by=by, now=now)
    followups.open_for(mail, followups.MAIL_RETURN, now=now, owner_post=posts.FRONT_DESK,
                       due_at=until)  # fmt: skip


@transaction.atomic
def hand_back(mail: Mail, *, to: str, document: str, by: Staff, now: datetime) -> None:
    """Delivered to the door or fetched, against a signature."""
    required(to=(to, _("写明谁签收")), document=(document, _("写明看了什么证件")))
    move(mail, MailStatus.DELIVERED, "mail.delivered", frm=WAITING, by=by, now=now,
         said={"to": to, "document": document},
         handed_back_at=now, handed_to=to, handed_document=document, handed_back_by=by)  # fmt: skip
    meet(mail, followups.MAIL_DELIVER, by=by, now=now)
    cancel(mail, now=now)


@transaction.atomic
def send_back(mail: Mail, *, reason: str, by: Staff, now: datetime) -> None:
    """Returned to the sender."""
    required(reason=(reason, _("写明退回原因, 如“查无此人”")))
    move(mail, MailStatus.RETURNED, "mail.returned", frm=WAITING, by=by, now=now,
         said={"reason": reason}, returned_at=now, return_reason=reason)  # fmt: skip
    meet(mail, followups.MAIL_RETURN, by=by, now=now)
    cancel(mail, now=now)
