"""What a shift must find at the desk when it takes over: read from the registers, never typed."""

from collections import Counter

from django.db.models import Count, IntegerField, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from estates.models import Estate, Unit
from registers.models import (
    AccessCard,
    ArchiveFile,
    Deposit,
    FilingPapers,
    KeyCustody,
    KeyLoan,
    Mail,
    Record,
)
from registers.models.cards import AT_DESK
from registers.models.keys import IN_CABINET, KeyStatus, LoanStatus

KEYS, CARDS, STORAGE, MAIL = "keys", "cards", "storage", "mail"
ARCHIVE, PAPERS = "archive", "papers"
# What a shift counts, by the number's code: the register whose records make it up.
COUNTED: dict[str, type[Record]] = {
    KEYS: KeyCustody,
    CARDS: AccessCard,
    STORAGE: Deposit,
    MAIL: Mail,
}


def expected_counts(estate: Estate) -> list[tuple[str, str | Promise, int]]:
    """``(code, label, number)`` of what should be here now, in pieces. One query.

    Keys: all entrusted ones less those that are out. Cards: not yet issued, and taken back.
    Stored items: the pieces of every deposit in the store. Mail: received and not yet handed on.
    """
    found = (
        Estate.objects.filter(pk=estate.pk)
        .annotate(
            held=_pieces(_at_desk(KEYS)),
            out=_pieces(_lent(), of="key__estate"),
            cards=_pieces(_at_desk(CARDS), Count("pk")),
            stored=_pieces(_at_desk(STORAGE)),
            post=_pieces(_at_desk(MAIL), Count("pk")),
        )
        .values("held", "out", "cards", "stored", "post")
        .get()
    )
    return [
        (KEYS, _("钥匙"), found["held"] - found["out"]),
        (CARDS, _("功能卡"), found["cards"]),
        (STORAGE, _("寄存物品"), found["stored"]),
        (MAIL, _("特殊邮件"), found["post"]),
    ]


def counted_records(estate: Estate, code: str) -> list[tuple[int, int]]:
    """``(pk, pieces)`` of every record that makes up one of the expected numbers. One query; two
    for keys.
    """
    rows = _at_desk(code).filter(estate=estate).order_by("pk")
    if code in (CARDS, MAIL):
        return [(pk, 1) for pk in rows.values_list("pk", flat=True)]
    out: Counter[int] = Counter()
    if code == KEYS:
        for key, pieces in _lent().filter(key__estate=estate).values_list("key", "quantity"):
            out[key] += pieces
    here = [(pk, pieces - out[pk]) for pk, pieces in rows.values_list("pk", "quantity")]
    return [(pk, pieces) for pk, pieces in here if pieces]


def _at_desk(code: str):
    """The records of one number; of keys also those of which some are out."""
    if code == KEYS:
        return KeyCustody.objects.filter(status__in=[*IN_CABINET, KeyStatus.LENT])
    if code == CARDS:
        return AccessCard.objects.filter(status__in=AT_DESK)
    return COUNTED[code].objects.open()


def _lent():
    return KeyLoan.objects.filter(status=LoanStatus.OUT)


def _pieces(rows, number=None, *, of: str = "estate"):
    """The number of an estate's rows (or of their pieces) as a part of one query."""
    of_estate = rows.order_by().filter(**{of: OuterRef("pk")}).values(of)
    counted = of_estate.annotate(n=number or Sum("quantity")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def household_counts(unit: Unit) -> list[tuple[str, str | Promise, int]]:
    """``(slug, label, number)`` of what the desk keeps of a home, and the cards out. One query."""
    rows = [
        (KEYS, _("托管钥匙"), KeyCustody.objects.filter(unit=unit).open()),
        (CARDS, _("功能卡"), AccessCard.objects.filter(unit=unit, status="issued")),
        (STORAGE, _("寄存物品"), Deposit.objects.filter(unit=unit).open()),
        (MAIL, _("特殊邮件"), Mail.objects.filter(unit=unit).open()),
        (ARCHIVE, _("业户档案"), ArchiveFile.objects.filter(unit=unit).open()),
        (PAPERS, _("待归档材料"), FilingPapers.objects.filter(unit=unit).open()),
    ]
    first, *others = [query.order_by().values_list(Value(slug)) for slug, _label, query in rows]
    found = Counter(slug for (slug,) in first.union(*others, all=True))
    return [(slug, label, found[slug]) for slug, label, _query in rows]
