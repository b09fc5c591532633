"""Household files (ARC-1): index, loans of a few days, destruction with approval."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import posts
from accounts.models import Staff
from followups.actions import cancel, meet
from registers import followups
from registers.actions.loans import close, days_from, open_loan, turn
from registers.actions.moving import move, required
from registers.models import ArchiveFile, ArchiveItem, ArchiveLoan
from registers.models.archive import ArchiveStatus, Paper, Secrecy
from registers.models.keys import LoanStatus

ON_FILE = {ArchiveStatus.ON_FILE}


@transaction.atomic
def add_item(
    file: ArchiveFile,
    *,
    paper: str,
    title: str,
    filed_on: date,
    by: Staff,
    now: datetime,
    pages: int | None = None,
) -> ArchiveItem:
    """One more line of the index."""
    required(title=(title, _("写明是什么材料")))
    if filed_on > timezone.localdate(now):
        raise ValidationError({"filed_on": _("归档日期不能晚于今天")})
    move(file, file.status, "file.item_added",
         frm={*ON_FILE, ArchiveStatus.ASKED, ArchiveStatus.APPROVED}, by=by, now=now,
         said={"paper": f"{Paper(paper).label} {title}"})  # fmt: skip
    return ArchiveItem.objects.create(
        file=file, paper=paper, title=title, pages=pages, filed_on=filed_on, filed_by=by
    )


@transaction.atomic
def lend(
    file: ArchiveFile,
    *,
    borrower: str,
    reason: str,
    days: int,
    by: Staff,
    now: datetime,
    department: str = "",
) -> ArchiveLoan:
    """Lend for a few days at once; for longer ask the manager. Personal files never leave."""
    if file.secrecy == Secrecy.PERSONAL:
        raise ValidationError(_("个人档案和声像资料不外借, 请在档案室查阅"))
    required(borrower=(borrower, _("写明谁借")), reason=(reason, _("写明借去做什么")))
    back_by, most = days_from(now, days, "archive.loan")
    is_long = days > most
    loan = ArchiveLoan(
        file=file,
        borrower=borrower,
        department=department,
        reason=reason,
        asked_by=by,
        asked_at=now,
        back_by=back_by,
        needs_approval=is_long,
    )
    said = {"borrower": borrower, "reason": reason}
    if is_long:
        move(file, ArchiveStatus.ASKED, "file.loan_asked", frm=ON_FILE, by=by, now=now, said=said)
        loan.save()
        followups.open_for(file, followups.ARCHIVE_APPROVE, now=now, owner_post=posts.CS_MANAGER,
                           limit_key="archive.approve")  # fmt: skip
        return loan
    loan.status, loan.lent_by, loan.lent_at = LoanStatus.OUT, by, now
    move(file, ArchiveStatus.OUT, "file.lent", frm=ON_FILE, by=by, now=now, said=said)
    loan.save()
    _owe_back(file, loan, now=now)
    return loan


@transaction.atomic
def approve_loan(file: ArchiveFile, *, by: Staff, now: datetime) -> None:
    """The manager allows more than the usual days."""
    loan = open_loan(file, LoanStatus.ASKED)
    if loan.asked_by_id == by.pk:
        raise ValidationError(_("自己登记的申请不能自己批准"))
    move(file, ArchiveStatus.APPROVED, "file.loan_approved", frm={ArchiveStatus.ASKED},
         by=by, now=now, said={"borrower": loan.borrower})  # fmt: skip
    turn(loan, LoanStatus.APPROVED, approved_by=by, approved_at=now)
    meet(file, followups.ARCHIVE_APPROVE, by=by, now=now)


@transaction.atomic
def refuse_loan(file: ArchiveFile, *, reason: str, by: Staff, now: datetime) -> None:
    required(reason=(reason, _("写明为什么不批准")))
    loan = open_loan(file, LoanStatus.ASKED)
    move(file, ArchiveStatus.ON_FILE, "file.loan_refused", frm={ArchiveStatus.ASKED},
         by=by, now=now, said={"borrower": loan.borrower, "reason": reason})  # fmt: skip
    close(loan, LoanStatus.REFUSED, reason)
    meet(file, followups.ARCHIVE_APPROVE, by=by, now=now)


@transaction.atomic
def withdraw_loan(file: ArchiveFile, *, by: Staff, now: datetime) -> None:
    loan = file.open_loan
    move(file, ArchiveStatus.ON_FILE, "file.loan_withdrawn",
         frm={ArchiveStatus.ASKED, ArchiveStatus.APPROVED}, by=by, now=now)  # fmt: skip
    if loan:
        close(loan, LoanStatus.WITHDRAWN, "")
    cancel(file, followups.ARCHIVE_APPROVE, now=now)


@transaction.atomic
def hand_out(file: ArchiveFile, *, by: Staff, now: datetime) -> None:
    """Hand over a file whose long loan the manager approved."""
    move(file, ArchiveStatus.OUT, "file.lent", frm={ArchiveStatus.APPROVED}, by=by, now=now)
    loan = open_loan(file, LoanStatus.APPROVED)
    turn(loan, LoanStatus.OUT, lent_by=by, lent_at=now)
    _owe_back(file, loan, now=now)


@transaction.atomic
def take_back_loan(file: ArchiveFile, *, by: Staff, now: datetime, note: str = "") -> None:
    move(file, ArchiveStatus.ON_FILE, "file.loan_returned", frm={ArchiveStatus.OUT},
         by=by, now=now, said={"note": note})  # fmt: skip
    loan = open_loan(file, LoanStatus.OUT)
    turn(loan, LoanStatus.BACK, returned_at=now, received_by=by, note=note)
    meet(file, followups.ARCHIVE_LOAN, by=by, now=now)


@transaction.atomic
def keep_longer(
    file: ArchiveFile, *, until: date | None, reason: str, by: Staff, now: datetime
) -> None:
    """Another end of the retention, later than today; ``until=None`` keeps the file for good."""
    required(reason=(reason, _("写明为什么改保存期限")))
    if until is not None and until <= timezone.localdate(now):
        raise ValidationError({"until": _("新的保存期限要在今天以后; 长期保存就空着")})
    move(file, ArchiveStatus.ON_FILE, "file.kept_longer", frm=ON_FILE, by=by, now=now,
         said={"until": str(until or _("长期")), "reason": reason}, keep_until=until)  # fmt: skip
    meet(file, followups.ARCHIVE_EXPIRED, by=by, now=now)


@transaction.atomic
def ask_destruction(file: ArchiveFile, *, reason: str, by: Staff, now: datetime) -> None:
    """Only what need not be kept any longer; the manager decides."""
    required(reason=(reason, _("写明为什么销毁")))
    if file.keep_until is None:
        raise ValidationError(_("这份档案长期保存, 不能销毁"))
    if file.keep_until >= timezone.localdate(now):
        raise ValidationError(_("要保存到 %(until)s, 没到期不能销毁") % {"until": file.keep_until})
    move(file, ArchiveStatus.CONDEMNED, "file.destruction_asked", frm=ON_FILE, by=by, now=now,
         said={"reason": reason}, destroy_reason=reason, destroy_asked_by=by)  # fmt: skip
    meet(file, followups.ARCHIVE_EXPIRED, by=by, now=now)
    followups.open_for(file, followups.ARCHIVE_DESTROY, now=now, owner_post=posts.CS_MANAGER,
                       limit_key="archive.approve")  # fmt: skip


@transaction.atomic
def approve_destruction(file: ArchiveFile, *, by: Staff, now: datetime) -> None:
    """Approved and destroyed; nobody approves his own request."""
    if file.destroy_asked_by_id == by.pk:
        raise ValidationError(_("自己申请的销毁不能自己批准"))
    move(file, ArchiveStatus.DESTROYED, "file.destroyed", frm={ArchiveStatus.CONDEMNED},
         by=by, now=now, destroyed_at=now, destroy_approved_by=by)  # fmt: skip
    meet(file, followups.ARCHIVE_DESTROY, by=by, now=now)


@transaction.atomic
def refuse_destruction(file: ArchiveFile, *, reason: str, by: Staff, now: datetime) -> None:
    required(reason=(reason, _("写明为什么不批准")))
    move(file, ArchiveStatus.ON_FILE, "file.destruction_refused", frm={ArchiveStatus.CONDEMNED},
         by=by, now=now, said={"reason": reason}, destroy_asked_by=None, destroy_reason="")  # fmt: skip
    meet(file, followups.ARCHIVE_DESTROY, by=by, now=now)


def _owe_back(file: ArchiveFile, loan: ArchiveLoan, *, now: datetime) -> None:
    followups.open_for(file, followups.ARCHIVE_LOAN, now=now, owner_post=posts.FRONT_DESK,
                       due_at=max(loan.back_by, now), limit_key="archive.loan")  # fmt: skip
