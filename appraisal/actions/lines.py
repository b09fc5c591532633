"""Deductions on a draft: added, linked to a cause, proved, or taken off while nobody has read them."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Staff
from accounts.posts import CS_MANAGER
from appraisal.actions.moving import lock_row, recount, require_draft_of
from appraisal.arithmetic import (
    Fact,
    consequence_range,
    linked_points,
    points_of,
    reversed_part,
)
from appraisal.items import COLUMN_OF_CAUSE, Cause, Grade, Group
from appraisal.models import Appeal, Deduction, Evidence, Linked, Scheme, Sheet
from appraisal.records import looks_until
from appraisal.schemes import Terms, shipped, terms_of
from followups.evidence import Record
from history import entries
from repairs.photos import Picture
from rulebook.models import SOP

# Group → the cause that is proposed for a violation of the manager's (APP-19); a judgement.
PROPOSED_CAUSE = {
    Group.JOB: Cause.DUTY,
    Group.HANDOVER: Cause.DUTY,
    Group.TIMELINESS: Cause.DUTY,
    Group.TRAINING: Cause.SKILL,
    Group.CONDUCT: Cause.INTEGRITY,
    Group.FEE: Cause.SKILL,
    Group.OTHER: Cause.COOPERATION,
    Group.REST: Cause.DUTY,
}


def terms_then(sheet: Sheet) -> Terms:
    """The scheme that the sheet was opened under."""
    row = Scheme.objects.filter(post=sheet.post, version=sheet.scheme_version).first()
    return terms_of(row) if row else shipped(sheet.post)


def add_deduction(
    sheet: Sheet,
    *,
    group: str,
    sop: str,
    clause: str,
    fact: str,
    happened_at: datetime,
    grade: str,
    by: Staff,
    now: datetime,
    points: Decimal | None = None,
    shortfall: Decimal = Decimal(0),
    reason: str = "",
    rule: str = "",
    causes: Iterable[str] = (),
    records: Iterable[Record] = (),
) -> Deduction:
    """Take what one violation found takes (APP-9); the item follows from the group.

    ``sop`` is the code of the procedure, empty for the handbook's own clauses. ``points`` count
    only for 引起不良后果, which needs them within the item's range, and a ``reason``. ``records``
    prove it. Raises
    ValidationError for what the scheme does not let this post be charged with, an empty fact, a
    moment to come, and on anything but the inspector's own draft.
    """
    require_draft_of(sheet, by)
    terms = terms_then(sheet)
    _check(sheet, terms, group, sop, clause, fact, happened_at, grade, reason, now)
    item = terms.item_of(group)
    if grade == Grade.CONSEQUENCE:
        _check_range(sheet, item, points)
    taken = points_of(
        Fact(item, grade, typed=points or Decimal(0), shortfall=shortfall), sheet.rules_then
    )
    with transaction.atomic():
        lock_row(sheet, now)
        line = Deduction.objects.create(
            sheet=sheet,
            item=item,
            group=group,
            rule=rule,
            sop=SOP.objects.get(code=sop) if sop else None,
            clause=clause.strip(),
            fact=fact.strip(),
            happened_at=happened_at,
            grade=grade,
            points=taken,
            shortfall=shortfall,
            reason=reason.strip(),
            added_at=now,
        )
        _link(line, causes)
        recount(sheet)
        entries.record(sheet, "appraisal.deducted", by=by, now=now, item=item, clause=clause,
                       grade=grade, points=str(taken), fact=fact.strip())  # fmt: skip
        prove(line, records, by=by, now=now)
    return line


def link(line: Deduction, *, causes: Iterable[str], by: Staff, now: datetime) -> None:
    """Judge the subjective causes of a violation on the manager's sheet: the same points are taken
    in each cause's column too (APP-19, APP-20). Replaces what was judged before.
    """
    sheet = line.sheet
    require_draft_of(sheet, by)
    if line.handed_in_at:
        raise ValidationError(_("这一项已提交过, 连带扣分不能再改"))
    with transaction.atomic():
        lock_row(sheet, now)
        line.linked.all().delete()
        _link(line, causes)
        recount(sheet)
        entries.record(sheet, "appraisal.linked", by=by, now=now, line=line.pk,
                       causes=sorted(causes))  # fmt: skip


def proposed_cause(line: Deduction) -> Cause | None:
    """The cause offered with one click; none on a staff sheet or where the column is the item."""
    if line.sheet.post != CS_MANAGER:
        return None
    cause = PROPOSED_CAUSE[Group(line.group)]
    return cause if COLUMN_OF_CAUSE[cause] != line.item else None


def remove(line: Deduction, *, by: Staff, now: datetime) -> None:
    """Take a line off a draft. One that was handed in before stays: only an appeal reverses it."""
    sheet = line.sheet
    require_draft_of(sheet, by)
    if line.handed_in_at:
        raise ValidationError(_("这一项已提交过, 只能由申诉裁定撤回"))
    with transaction.atomic():
        lock_row(sheet, now)
        entries.record(sheet, "appraisal.line_removed", by=by, now=now, fact=line.fact)
        line.delete()
        recount(sheet)


def prove(
    thing: Deduction | Appeal, records: Iterable[Record], *, by: Staff, now: datetime
) -> None:
    """Records of the house as evidence, each once; all of them or none."""
    known = set(thing.evidence.values_list("url", flat=True))
    with transaction.atomic():
        for each in records:
            if each.url not in known:
                known.add(each.url)
                label = f"{each.kind} {each.label}".strip()[:200]
                add_evidence(thing, label=label, url=each.url, at=each.at, by=by, now=now)


def add_evidence(
    thing: Deduction | Appeal,
    *,
    label: str,
    by: Staff,
    now: datetime,
    url: str = "",
    at: datetime | None = None,
    picture: Picture | None = None,
) -> Evidence:
    """Prove a deduction of one's own draft, or one's own open appeal.

    By a record of the house (``url`` starts with a slash) or a photo. ValidationError for
    neither, or an address elsewhere.
    """
    url = url.strip()
    if url and (not url.startswith("/") or url.startswith("//")):
        raise ValidationError({"url": _("填本系统内的链接, 以 / 开头")})
    if not url and picture is None and not label.strip():
        raise ValidationError(_("选一条记录, 贴页面地址, 写说明, 或上传照片"))
    if isinstance(thing, Deduction):
        require_draft_of(thing.sheet, by)
        owner = {"deduction": thing}
        sheet = thing.sheet
    else:
        if thing.by_id != by.pk or thing.decided_at:
            raise ValidationError(_("只有申诉人可以在裁定前补充证据"))
        owner, sheet = {"appeal": thing}, thing.sheet
    row = Evidence(
        label=label.strip() or _("照片"), url=url, at=at, added_at=now, added_by=by, **owner
    )
    if picture:
        row.file.save(f"{uuid4().hex}.jpg", ContentFile(picture.content), save=False)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            entries.record(sheet, "appraisal.evidence", by=by, now=now, label=row.label)
    except BaseException:
        if picture:
            row.file.delete(save=False)
        raise
    return row


def reverse_to(line: Deduction, kept: Decimal) -> None:
    """Leave ``kept`` points standing; linked lines follow in the same share, exactly back at 0."""
    line.reversed_points = line.points - kept
    line.save(update_fields=["reversed_points"])
    for each in line.linked.all():
        if kept == 0:
            each.reversed_points = each.points
        else:
            each.reversed_points = reversed_part(each.points, share_of(line))
        each.save(update_fields=["reversed_points"])


def share_of(line: Deduction) -> Fraction:
    """The share of a deduction that appeals took back, 0 … 1."""
    if not line.points:
        return Fraction(0)
    return Fraction(line.reversed_points) / Fraction(line.points)


def _link(line: Deduction, causes: Iterable[str]) -> None:
    causes = list(dict.fromkeys(causes))
    if causes and line.sheet.post != CS_MANAGER:
        raise ValidationError(_("连带扣分只用于客服部经理的考评表"))
    points = linked_points(line.points, line.sheet.rules_then.marks)
    for cause in causes:
        column = COLUMN_OF_CAUSE[Cause(cause)]
        if column == line.item:
            raise ValidationError(
                _("“%(cause)s”的栏目就是本项, 不再重复扣") % {"cause": Cause(cause).label}
            )
        Linked.objects.create(deduction=line, cause=cause, item=column, points=points)


def _check(sheet, terms, group, sop, clause, fact, happened_at, grade, reason, now) -> None:
    errors = {}
    if group not in Group.values or not terms.may_cite(sop, clause.strip(), group):
        errors["sop"] = _("本岗位的考评方案不能在这一项引用这条规程")
    if not clause.strip():
        errors["clause"] = _("写明条款")
    if not fact.strip():
        errors["fact"] = _("写明违规事实")
    if happened_at > now:
        errors["happened_at"] = _("违规时间不能晚于现在")
    elif happened_at > looks_until(sheet, now):
        errors["happened_at"] = _("违规时间在考评期间之后, 记到那一天的考评表上")
    if grade not in Grade.values:
        errors["grade"] = _("选择违规等级")
    if grade == Grade.CONSEQUENCE and not reason.strip():
        errors["reason"] = _("引起不良后果须写明理由")
    if grade == Grade.RATE and (clause != "FEE-2" or group != Group.FEE):
        errors["grade"] = _("收费率只按录入的收费率扣分")
    if errors:
        raise ValidationError(errors)


def _check_range(sheet: Sheet, item: str, points: Decimal | None) -> None:
    full = sheet.rules_then.full[item]
    least, most = consequence_range(full, sheet.rules_then.marks)
    if points is None or not least <= points <= most:
        raise ValidationError(
            {
                "points": _("引起不良后果应扣 %(least)s 到 %(most)s 分")
                % {"least": f"{least.normalize():f}", "most": f"{most.normalize():f}"}
            }
        )
