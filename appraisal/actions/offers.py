"""Proposals: evidence that the apps hand out, offered once, taken or put aside with a reason."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Staff
from appraisal.actions.lines import add_deduction, add_evidence, terms_then
from appraisal.actions.moving import require_draft_of
from appraisal.arithmetic import MINOR, SERIOUS, consequence_range, grade_points
from appraisal.items import Grade, Group
from appraisal.models import Deduction, Offer, Sheet
from appraisal.records import lies_in, look_back, looks_until, period_of_sheet
from appraisal.rules import BY_KEY, Rule
from followups.evidence import Evidence, collect
from history import entries


@dataclass(frozen=True)
class Offered:
    """What one rule has on offer, with the item it would be taken from and for how much."""

    rule: Rule
    item: str
    group: str
    evidence: tuple[Evidence, ...]
    minor: Decimal
    serious: Decimal
    least: Decimal
    most: Decimal


def offers_for(sheet: Sheet, *, now: datetime) -> list[Offered]:
    """What may speak for deductions on this draft, grouped by rule, what lies in the days of the
    sheet first; nothing that was answered.

    What this post's scheme cannot be charged with is left out.
    """
    found = collect(sheet.staff, look_back(sheet, now), looks_until(sheet, now))
    period = period_of_sheet(sheet)
    found.sort(key=lambda each: not lies_in(each, period))  # stable: oldest first in both parts
    known = set(
        Offer.objects.filter(key__in=[each.key for each in found]).values_list("key", flat=True)
    )
    terms = terms_then(sheet)
    groups: dict[tuple[str, str], list[Evidence]] = {}
    for each in found:
        if each.key not in known:
            group = group_of(each, terms)
            if group:
                groups.setdefault((each.rule, group), []).append(each)
    return [
        _offered(sheet, BY_KEY[rule], terms.item_of(group), group, tuple(rows))
        for (rule, group), rows in groups.items()
    ]


def _offered(sheet, rule, item, group, rows) -> Offered:
    rules = sheet.rules_then
    full = rules.full[item]
    minor, serious = (grade_points(each, full, rules.marks) for each in (MINOR, SERIOUS))
    least, most = consequence_range(full, rules.marks)
    return Offered(rule, item, group, rows, minor, serious, least, most)


def group_of(each: Evidence, terms) -> str:
    """The rule's own group, else that of the procedure; empty if the post cannot be charged."""
    for group in (BY_KEY[each.rule].group, terms.group_of(each.sop, each.clause)):
        if terms.may_cite(each.sop, each.clause, group):
            return group
    return ""


def take(
    sheet: Sheet,
    key: str,
    *,
    by: Staff,
    now: datetime,
    grade: str = Grade.MINOR,
    points: Decimal | None = None,
    reason: str = "",
) -> Deduction:
    """Make a deduction of a proposal, with the record as its evidence.

    ``points`` and ``reason`` as in ``add_deduction``. ValidationError when it is no longer on
    offer, and for what that action refuses.
    """
    require_draft_of(sheet, by)
    offered, each = _find(sheet, key, now)
    if offered.group == Group.FEE:
        grade = Grade.RATE
    try:
        with transaction.atomic():
            line = add_deduction(
                sheet,
                group=offered.group,
                sop=each.sop,
                clause=each.clause,
                fact=str(each.label)[:500],
                happened_at=each.at,
                grade=grade,
                points=points,
                reason=reason,
                shortfall=each.shortfall,
                rule=each.rule,
                by=by,
                now=now,
            )
            add_evidence(
                line, label=str(each.label)[:200], url=each.url, at=each.at, by=by, now=now
            )
            _answer(sheet, each, by=by, now=now, deduction=line)
    except IntegrityError:
        raise _gone() from None
    return line


def put_aside(sheet: Sheet, key: str, *, reason: str, by: Staff, now: datetime) -> Offer:
    """Not to be deducted, for a stated reason; it is not offered again, to nobody."""
    require_draft_of(sheet, by)
    if not reason.strip():
        raise ValidationError({"reason": _("写明为什么不扣")})
    _offered, each = _find(sheet, key, now)
    try:
        with transaction.atomic():
            offer = _answer(sheet, each, by=by, now=now, reason=reason.strip())
            entries.record(sheet, "appraisal.put_aside", by=by, now=now, label=offer.label,
                           reason=reason.strip())  # fmt: skip
    except IntegrityError:
        raise _gone() from None
    return offer


def _answer(sheet, each, *, by, now, deduction=None, reason="") -> Offer:
    return Offer.objects.create(
        key=each.key,
        staff=sheet.staff,
        sheet=sheet,
        deduction=deduction,
        label=str(each.label)[:200],
        reason=reason,
        at=now,
        by=by,
    )


def _find(sheet: Sheet, key: str, now: datetime) -> tuple[Offered, Evidence]:
    for offered in offers_for(sheet, now=now):
        for each in offered.evidence:
            if each.key == key:
                return offered, each
    raise _gone()


def _gone() -> ValidationError:
    return ValidationError(_("这条建议已经有人处理过, 刷新后再看"), code="stale")
