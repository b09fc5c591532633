"""Keys in custody (KEY-1): the owner is asked and a superior approves before one leaves."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts import posts
from accounts.models import Staff
from estates.phones import clean_phone
from followups.actions import cancel, meet
from notifications import ledger
from registers import followups
from registers.actions.loans import close, days_from, open_loan, turn
from registers.actions.moving import missing, move, required
from registers.models import KeyCustody, KeyLoan
from registers.models.keys import IN_CABINET, KeyStatus, LoanStatus

ANSWERED = gettext_noop("借用钥匙%(answer)s: %(what)s")


@transaction.atomic
def ask_loan(
    key: KeyCustody,
    *,
    borrower: str,
    phone: str,
    reason: str,
    owner_contacted_at: datetime,
    owner_answer: str,
    by: Staff,
    now: datetime,
    department: str = "",
    quantity: int = 1,
    days: int = 1,
) -> KeyLoan:
    """Ask for a loan. The owner was contacted before, with what he answered (KEY-1)."""
    if key.awaits_signature:
        raise ValidationError(_("业主还没签委托书, 钥匙不能借。先打印, 业主签好再记签名"))
    back_by, most = days_from(now, days, "keys.loan")
    errors = missing(
        borrower=(borrower, _("写明谁借")),
        reason=(reason, _("写明借去做什么")),
        owner_answer=(owner_answer, _("先联系业主, 写下业主怎么答复")),
    )
    if owner_contacted_at is None or owner_contacted_at > now:
        errors["owner_contacted_at"] = _("联系业主要在申请之前")
    if not 1 <= quantity <= key.quantity:
        errors["quantity"] = _("这一串共 %(count)s 把") % {"count": key.quantity}
    if days > most:
        errors["days"] = _("最多借 %(days)s 天") % {"days": most}
    if errors:
        raise ValidationError(errors)
    move(key, KeyStatus.ASKED, "key.loan_asked", frm={KeyStatus.HELD}, by=by, now=now,
         said={"borrower": borrower, "reason": reason, "owner_answer": owner_answer})  # fmt: skip
    loan = KeyLoan.objects.create(
        key=key,
        borrower=borrower,
        department=department,
        phone=clean_phone(phone),
        reason=reason,
        quantity=quantity,
        owner_contacted_at=owner_contacted_at,
        owner_answer=owner_answer,
        asked_by=by,
        asked_at=now,
        back_by=back_by,
    )
    post = posts.CS_MANAGER if by.post == posts.CS_ASSISTANT else posts.CS_ASSISTANT
    followups.open_for(key, followups.KEY_APPROVE, now=now, owner_post=post,
                       limit_key="keys.approve")  # fmt: skip
    return loan


@transaction.atomic
def approve_loan(key: KeyCustody, *, by: Staff, now: datetime) -> None:
    """A superior approves; nobody approves what he asked for himself."""
    loan = open_loan(key, LoanStatus.ASKED)
    if loan.asked_by_id == by.pk:
        raise ValidationError(_("自己登记的申请不能自己批准, 请另一位助理或经理批"))
    move(key, KeyStatus.APPROVED, "key.loan_approved", frm={KeyStatus.ASKED}, by=by, now=now,
         said={"borrower": loan.borrower})  # fmt: skip
    turn(loan, LoanStatus.APPROVED, approved_by=by, approved_at=now)
    meet(key, followups.KEY_APPROVE, by=by, now=now)
    _tell(key, loan, gettext_noop("已批准"), now=now)


@transaction.atomic
def refuse_loan(key: KeyCustody, *, reason: str, by: Staff, now: datetime) -> None:
    required(reason=(reason, _("写明为什么不批准")))
    loan = open_loan(key, LoanStatus.ASKED)
    move(key, KeyStatus.HELD, "key.loan_refused", frm={KeyStatus.ASKED}, by=by, now=now,
         said={"borrower": loan.borrower, "reason": reason})  # fmt: skip
    close(loan, LoanStatus.REFUSED, reason)
    meet(key, followups.KEY_APPROVE, by=by, now=now)
    _tell(key, loan, gettext_noop("没有批准"), now=now)


@transaction.atomic
def withdraw_loan(key: KeyCustody, *, by: Staff, now: datetime) -> None:
    """The borrower no longer needs it, before anything left the cabinet."""
    loan = key.loans.filter(status__in=[LoanStatus.ASKED, LoanStatus.APPROVED]).first()
    move(key, KeyStatus.HELD, "key.loan_withdrawn", frm={KeyStatus.ASKED, KeyStatus.APPROVED},
         by=by, now=now)  # fmt: skip
    if loan:
        close(loan, LoanStatus.WITHDRAWN, "")
    cancel(key, followups.KEY_APPROVE, now=now)


@transaction.atomic
def lend(key: KeyCustody, *, by: Staff, now: datetime) -> None:
    """Hand the key over. Without the approval of a superior it stays (KEY-1)."""
    if key.status == KeyStatus.HELD:
        raise ValidationError(_("没有申请和批准, 钥匙不能借出。先联系业主, 再“申请借钥匙”"))
    if key.status == KeyStatus.ASKED:
        raise ValidationError(_("还没有助理或经理批准, 钥匙不能借出。请他们先批复"))
    move(key, KeyStatus.LENT, "key.lent", frm={KeyStatus.APPROVED}, by=by, now=now)
    loan = open_loan(key, LoanStatus.APPROVED)
    turn(loan, LoanStatus.OUT, lent_by=by, lent_at=now)
    followups.open_for(key, followups.KEY_LOAN, now=now, owner_post=posts.FRONT_DESK,
                       limit_key="keys.loan")  # fmt: skip


@transaction.atomic
def chase(key: KeyCustody, *, answer: str, by: Staff, now: datetime) -> None:
    """The borrower was phoned; he is asked again as long later if the key is still out."""
    required(answer=(answer, _("写明借用人怎么答复")))
    move(key, KeyStatus.LENT, "key.chased", frm={KeyStatus.LENT}, by=by, now=now,
         said={"answer": answer})  # fmt: skip
    meet(key, followups.KEY_LOAN, by=by, now=now)
    followups.open_for(key, followups.KEY_LOAN, now=now, owner_post=posts.FRONT_DESK,
                       limit_key="keys.loan")  # fmt: skip


@transaction.atomic
def take_back_loan(
    key: KeyCustody, *, seal_number: str, by: Staff, now: datetime, note: str = ""
) -> None:
    """The key is back in the cabinet, under a seal whose number is kept."""
    required(seal_number=(seal_number, _("写新封条号; 没用封条的写“无”")))
    move(key, KeyStatus.HELD, "key.loan_returned", frm={KeyStatus.LENT}, by=by, now=now,
         said={"seal": seal_number, "note": note}, seal_number=seal_number)  # fmt: skip
    loan = open_loan(key, LoanStatus.OUT)
    turn(loan, LoanStatus.BACK, returned_at=now, received_by=by,
         seal_number=seal_number, note=note)  # fmt: skip
    meet(key, followups.KEY_LOAN, by=by, now=now)


@transaction.atomic
def reseal(key: KeyCustody, *, seal_number: str, reason: str, by: Staff, now: datetime) -> None:
    """A seal was opened without a loan, or put on for the first time."""
    required(seal_number=(seal_number, _("写新封条号")), reason=(reason, _("写明为什么换封条")))
    move(key, key.status, "key.sealed", frm=IN_CABINET, by=by, now=now,
         said={"seal": f"{key.seal_number or '–'} → {seal_number}", "reason": reason},
         seal_number=seal_number)  # fmt: skip


@transaction.atomic
def hand_back(key: KeyCustody, *, to: str, document: str, by: Staff, now: datetime) -> None:
    """The owner, or whom he authorised, takes the keys; the custody ends."""
    required(to=(to, _("写明谁领走")), document=(document, _("写明看了什么证件")))
    move(key, KeyStatus.RETURNED, "key.handed_back", frm={KeyStatus.HELD}, by=by, now=now,
         said={"to": to, "document": document},
         handed_back_at=now, handed_to=to, handed_document=document, handed_back_by=by)  # fmt: skip
    cancel(key, now=now)


@transaction.atomic
def report_lost(key: KeyCustody, *, reason: str, by: Staff, now: datetime) -> None:
    """Lost or broken, at the desk or with the borrower: a memo is owed."""
    required(reason=(reason, _("写明怎么丢的, 或坏在哪里")))
    loan = key.open_loan
    move(key, KeyStatus.LOST, "key.lost", frm={*IN_CABINET, KeyStatus.LENT}, by=by, now=now,
         said={"reason": reason})  # fmt: skip
    if loan and loan.status == LoanStatus.OUT:
        close(loan, LoanStatus.LOST, reason)
    elif loan:
        close(loan, LoanStatus.WITHDRAWN, reason)
    cancel(key, now=now)
    followups.open_for(key, followups.KEY_SETTLE, now=now, owner_post=posts.CS_ASSISTANT,
                       limit_key="keys.settle")  # fmt: skip


@transaction.atomic
def settle(key: KeyCustody, *, memo: str, by: Staff, now: datetime) -> None:
    """The memo of a lost key: what the owner agreed to, what was done. Closes the custody."""
    required(memo=(memo, _("写明业主意见和处理, 如“业主同意换锁, 费用公司承担”")))
    move(key, KeyStatus.SETTLED, "key.settled", frm={KeyStatus.LOST}, by=by, now=now,
         said={"memo": memo}, memo=memo)  # fmt: skip
    meet(key, followups.KEY_SETTLE, by=by, now=now)


def _tell(key, loan, answer, *, now):
    ledger.owe(
        f"registers.key_loan:{loan.pk}:{loan.status}",
        to=loan.asked_by,
        title=ANSWERED,
        params={"answer": _(answer), "what": f"{key.unit.code} {loan.borrower}"},
        url=key.get_absolute_url(),
        estate=key.estate,
        now=now,
    )
