"""What both kinds of loan share: changing one, and counting its days."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registers.models.keys import Loan, LoanStatus
from rulebook.limits import limit


def open_loan(record, status: str) -> Loan:
    """The record's loan in that state; ValidationError if there is none (any more)."""
    loan = record.loans.filter(status=status).first()
    if loan is None:
        raise ValidationError(_("这一笔借用已经变了, 刷新页面再看"), code="stale")
    return loan


def turn(loan: Loan, to: str, **changes: Any) -> None:
    """Move a loan on; its record's version already guards against a colleague's click."""
    loan.status = to
    for name, value in changes.items():
        setattr(loan, name, value)
    loan.save(update_fields=["status", *changes])


def close(loan: Loan, status: LoanStatus, note: str) -> None:
    turn(loan, status, note=note[:200])


def days_from(now: datetime, days: int, key: str) -> tuple[datetime, int]:
    """When ``days`` from now is, and how many days the rulebook allows."""
    if days < 1:
        raise ValidationError({"days": _("至少借一天")})
    return now + timedelta(days=days), int(limit(key, at=now).value)
