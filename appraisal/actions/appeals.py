"""Appeals: within the days of the rulebook, decided by a superior who did not score, up to the top."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Staff
from accounts.posts import GENERAL_MANAGER
from appraisal import followups
from appraisal.actions import months
from appraisal.actions.lines import prove, reverse_to
from appraisal.actions.moving import lock_row, move, recount
from appraisal.inspectors import deciders, general_manager_of, reviewers_for
from appraisal.models import Appeal, Deduction, Point, Sheet
from appraisal.statuses import Outcome, Status
from followups.actions import meet
from followups.evidence import Record
from history import entries
from notifications import ledger
from rulebook.limits import due

DECIDED = gettext_noop("申诉已裁定: %(what)s")


def appeal(
    sheet: Sheet,
    *,
    text: str,
    deductions: Iterable[Deduction],
    by: Staff,
    now: datetime,
    records: Iterable[Record] = (),
) -> Appeal:
    """Object to deductions of one's own sheet, within the days of the rulebook after reading it.

    After a decision the next level up may be asked, within the same number of days. Goes to the
    nearest superior who did not score and stands above whoever scored or decided; where there is
    none the general manager names a reviewer (defaults 2.10). ``records`` prove what is said.
    ValidationError says what is missing.
    """
    if sheet.staff_id != by.pk:
        raise ValidationError(_("只有被考评人本人可以申诉"))
    if sheet.status not in (Status.SEEN, Status.DECIDED):
        raise ValidationError(_("先阅看考评表; 申诉中或已生效的考评表不能再申诉"))
    if sheet.appeal_until is None or now > sheet.appeal_until:
        raise ValidationError(_("申诉期限已过"))
    if not text.strip():
        raise ValidationError({"text": _("写明申诉理由")})
    lines = [line for line in deductions if line.sheet_id == sheet.pk and line.standing > 0]
    if not lines:
        raise ValidationError({"lines": _("选择要申诉的扣分")})
    earlier = list(sheet.appeals.order_by("level"))
    if earlier and earlier[-1].is_final:
        raise ValidationError(_("已是终审, 不能再申诉"))
    found = deciders(sheet, after=[each.decider_id for each in earlier])
    if not found and earlier:
        raise ValidationError(_("上面没有可以裁定的人了, 裁定已是终审"))
    with transaction.atomic():
        lock_row(sheet, now)
        move(sheet, Status.APPEALED)
        row = Appeal.objects.create(
            sheet=sheet,
            level=len(earlier) + 1,
            text=text.strip(),
            at=now,
            by=by,
            decider=found[0] if found else None,
            is_final=len(found) <= 1,
        )
        Point.objects.bulk_create(
            Point(appeal=row, deduction=line, standing=line.standing) for line in lines
        )
        followups.owe_decision(row, now=now, namer=None if found else general_manager_of(sheet))
        entries.record(sheet, "appraisal.appealed", by=by, now=now, level=row.level,
                       text=text.strip())  # fmt: skip
        prove(row, records, by=by, now=now)
    return row


def name_reviewer(row: Appeal, *, reviewer: Staff, by: Staff, now: datetime) -> None:
    """The general manager names who decides where every superior has scored (defaults 2.10)."""
    if by.post != GENERAL_MANAGER:
        raise ValidationError(_("只有物业总经理可以指定复核人"))
    if row.decider_id or row.decided_at:
        raise ValidationError(_("这件申诉已经有裁定人"))
    if reviewer not in reviewers_for(row.sheet):
        raise ValidationError(
            {"reviewer": _("复核人不能是打分人、被考评人或他的下属, 且须属于本项目")}
        )
    with transaction.atomic():
        updated = Appeal.objects.filter(pk=row.pk, decider=None).update(
            decider=reviewer, named_by=by, is_final=True
        )
        if not updated:
            raise ValidationError(_("这件申诉已经有裁定人"))
        row.refresh_from_db()
        meet(row, followups.NAME, by=by, now=now)
        followups.owe_decision(row, now=now)
        entries.record(row.sheet, "appraisal.reviewer_named", by=by, now=now, to=reviewer.name)


def decide(
    row: Appeal, *, kept: Mapping[int, Decimal], decision: str, by: Staff, now: datetime
) -> None:
    """Say for every point how much of the deduction stands, and why; both texts are kept.

    ``kept``: deduction id → points that stand, 0 up to what stood. What is taken back flows into
    linked lines, the total and the month. A final or wholly upheld decision locks the sheet, any
    other may go one level up. ValidationError for anybody but the decider, or without reasons.
    """
    if row.decider_id != by.pk:
        raise ValidationError(_("这件申诉由%(name)s裁定") % {"name": row.decider or _("复核人")})
    if row.decided_at:
        raise ValidationError(_("这件申诉已经裁定过了"), code="stale")
    if not decision.strip():
        raise ValidationError({"decision": _("写明裁定理由")})
    points = list(row.points.select_related("deduction"))
    for point in points:
        stands = kept.get(point.deduction_id)
        if stands is None or not 0 <= stands <= point.standing:
            raise ValidationError(
                {"kept": _("裁定后的扣分应在 0 到 %(most)s 之间") % {"most": point.standing}}
            )
    outcome = _outcome(points, kept)
    sheet = row.sheet
    with transaction.atomic():
        lock_row(sheet, now)
        updated = Appeal.objects.filter(pk=row.pk, decided_at=None).update(
            outcome=outcome, decision=decision.strip(), decided_at=now
        )
        if not updated:
            raise ValidationError(_("这件申诉已经裁定过了"), code="stale")
        for point in points:
            point.kept = kept[point.deduction_id]
            point.save(update_fields=["kept"])
            reverse_to(point.deduction, point.kept)
        sheet.refresh_from_db()
        before = sheet.total
        recount(sheet)
        meet(row, followups.DECIDE, by=by, now=now)
        if row.is_final or outcome == Outcome.UPHELD:
            move(sheet, Status.LOCKED, locked_at=now)
        else:
            until = due("appraisal.appeal", start=now).due_at
            move(sheet, Status.DECIDED, appeal_until=until)
        entries.record(sheet, "appraisal.decided", by=by, now=now, outcome=outcome,
                       decision=decision.strip(), before=str(before), after=str(sheet.total))  # fmt: skip
        months.revise(sheet, reason="appeal", by=by, now=now)
        ledger.owe(
            f"appraisal.decided:{row.pk}",
            to=sheet.staff,
            title=DECIDED,
            params={"what": sheet.number},
            url=reverse("appraisal:sheet_detail", args=[sheet.pk]),
            estate=sheet.estate,
            why={"rule": "appraisal.decided", "by": by.name},
            now=now,
        )
    row.refresh_from_db()


def _outcome(points, kept) -> str:
    if all(kept[point.deduction_id] == 0 for point in points):
        return Outcome.UPHELD
    if all(kept[point.deduction_id] == point.standing for point in points):
        return Outcome.REJECTED
    return Outcome.PARTLY
