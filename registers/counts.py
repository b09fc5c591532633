"""What a shift must find at the desk when it takes over: read from the registers, never typed."""

from collections import Counter

from django.db.models import Sum, Value
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from estates.models import Estate, Unit
from registers.models import AccessCard, Deposit, KeyCustody, KeyLoan, Mail
from registers.models.cards import AT_DESK
from registers.models.keys import IN_CABINET, KeyStatus, LoanStatus

KEYS, CARDS, STORAGE, MAIL = "keys", "cards", "storage", "mail"


def expected_counts(estate: Estate) -> list[tuple[str, str | Promise, int]]:
    """``(code, label, number)`` of what should be here now, in pieces. Five queries.

    Keys: all entrusted ones less those that are out. Cards: not yet issued, and taken back.
    Stored items: the pieces of every deposit in the store. Mail: received and not yet handed on.
    """
    return [
        (KEYS, _("钥匙"), keys_here(estate)),
        (CARDS, _("功能卡"), AccessCard.objects.filter(estate=estate, status__in=AT_DESK).count()),
        (STORAGE, _("寄存物品"), _sum(Deposit.objects.filter(estate=estate).open())),
        (MAIL, _("特殊邮件"), Mail.objects.filter(estate=estate).open().count()),
    ]


def keys_here(estate: Estate) -> int:
    """Keys on their hooks: those in the cabinet, and what is left of a bunch that is lent."""
    held = _sum(KeyCustody.objects.filter(estate=estate, status__in=[*IN_CABINET, KeyStatus.LENT]))
    out = _sum(KeyLoan.objects.filter(key__estate=estate, status=LoanStatus.OUT))
    return held - out


def _sum(rows) -> int:
    return rows.aggregate(pieces=Coalesce(Sum("quantity"), 0))["pieces"]


def household_counts(unit: Unit) -> list[tuple[str, str | Promise, int]]:
    """``(slug, label, number)`` of what the desk keeps for a home, and the cards out. One query."""
    rows = [
        (KEYS, _("托管钥匙"), KeyCustody.objects.filter(unit=unit).open()),
        (CARDS, _("功能卡"), AccessCard.objects.filter(unit=unit, status="issued")),
        (STORAGE, _("寄存物品"), Deposit.objects.filter(unit=unit).open()),
        (MAIL, _("特殊邮件"), Mail.objects.filter(unit=unit).open()),
    ]
    first, *others = [query.order_by().values_list(Value(slug)) for slug, _label, query in rows]
    found = Counter(slug for (slug,) in first.union(*others, all=True))
    return [(slug, label, found[slug]) for slug, label, _query in rows]
