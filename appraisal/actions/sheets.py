"""The life of a sheet: opened, handed in, read, signed by a superior, sent back, locked."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.lines import Line
from accounts.models import Staff
from appraisal import followups
from appraisal.actions import months
from appraisal.actions.moving import change_draft, move, require_draft_of
from appraisal.actions.rounds import close_round
from appraisal.inspectors import may_inspect, may_review
from appraisal.models import Round, Sheet
from appraisal.schemes import in_force, rules_at
from appraisal.statuses import Status
from estates.models import estate_ids_of
from followups.actions import cancel, meet
from history import entries
from rulebook.limits import due


def open_sheet(
    staff: Staff,
    *,
    kind: str,
    day: date,
    by: Staff,
    now: datetime,
    slot: str = "",
    round_: Round | None = None,
    line: Line | None = None,
) -> Sheet:
    """Start a sheet about ``staff`` under the rules in force on its day (APP-5, APP-7).

    Opening the same one again returns it. Raises ValidationError if ``by`` may not inspect this
    person, or for a day that has not come.
    """
    if by.pk == staff.pk:
        raise ValidationError(_("不能给自己打分"))
    if not may_inspect(by, staff, line=line):
        raise ValidationError(
            _("%(name)s不在您的检查范围: 只有上级可以检查") % {"name": staff.name}
        )
    if day > timezone.localdate(now):
        raise ValidationError({"day": _("考评日期还没有到")})
    known = Sheet.objects.filter(staff=staff, inspector=by, kind=kind, day=day)
    seen = known.first()
    if seen:
        return seen
    shared = [pk for pk in estate_ids_of(staff) if pk in estate_ids_of(by)]
    estate_id = round_.estate_id if round_ else shared[0]
    terms = in_force(staff.post, day)
    sheet = Sheet(
        estate_id=estate_id,
        staff=staff,
        post=staff.post,
        inspector=by,
        kind=kind,
        day=day,
        slot=slot,
        round=round_ or Round.objects.of(staff, kind=kind, day=day, by=by),
        scheme_version=terms.version,
        rules=rules_at(terms, now).to_json(),
        created_at=now,
    )
    try:
        with transaction.atomic():
            sheet.save(force_insert=True)
            entries.record(sheet, "appraisal.opened", by=by, now=now, kind=kind)
    except IntegrityError:
        return known.get()
    return sheet


def set_footer(
    sheet: Sheet,
    *,
    improvement: str,
    improve_by: date | None,
    by_handbook: bool,
    handbook_note: str,
    by: Staff,
    now: datetime,
) -> None:
    """What has to get better by when, and the flag 按员工手册处理, which does nothing by itself
    (MAN-10). The flag needs its note.
    """
    require_draft_of(sheet, by)
    if by_handbook and not handbook_note.strip():
        raise ValidationError({"handbook_note": _("写明严重违反的是哪一条、情况怎样")})
    with transaction.atomic():
        change_draft(
            sheet,
            improvement=improvement.strip(),
            improve_by=improve_by,
            by_handbook=by_handbook,
            handbook_note=handbook_note.strip() if by_handbook else "",
        )
        entries.record(sheet, "appraisal.footer", by=by, now=now, by_handbook=by_handbook)


def submit(sheet: Sheet, *, by: Staff, now: datetime) -> None:
    """Hand the sheet in. From here on a deduction is only reversed by an appeal decision.

    With nothing found there is nothing to appeal against: the sheet is locked at once.
    """
    require_draft_of(sheet, by)
    with transaction.atomic():
        has_findings = sheet.deductions.exists()
        if has_findings:
            move(sheet, Status.SUBMITTED, submitted_at=now, seen_at=None, appeal_until=None)
            sheet.deductions.filter(handed_in_at=None).update(handed_in_at=now)
            followups.owe_reading(sheet, now=now)
        else:
            move(sheet, Status.LOCKED, submitted_at=now, locked_at=now)
            months.revise(sheet, reason="locked", by=by, now=now)
        entries.record(sheet, "appraisal.submitted", by=by, now=now, total=str(sheet.total))
        close_round(sheet.round, by=by, now=now)


def discard(sheet: Sheet, *, by: Staff, now: datetime) -> None:
    """Throw away a draft that was never handed in; its proposals may be offered again."""
    require_draft_of(sheet, by)
    if sheet.submitted_at:
        raise ValidationError(_("提交过的考评表不能删除, 扣分只能由申诉裁定撤回"))
    with transaction.atomic():
        entries.record(sheet, "appraisal.discarded", by=by, now=now)
        sheet.delete()


def see(sheet: Sheet, *, by: Staff, now: datetime) -> None:
    """The person scored has read it: from now on he may appeal, for the days of the rulebook."""
    _require_scored(sheet, by)
    _open_appeal(sheet, "appraisal.seen", by=by, now=now)


def take_as_read(sheet: Sheet, *, now: datetime) -> None:
    """Time itself: what was handed in and not opened by its moment counts as read."""
    _open_appeal(sheet, "appraisal.taken_as_read", by=None, now=now)


def _open_appeal(sheet: Sheet, event: str, *, by: Staff | None, now: datetime) -> None:
    with transaction.atomic():
        until = due("appraisal.appeal", start=now).due_at
        move(sheet, Status.SEEN, seen_at=now, appeal_until=until)
        meet(sheet, followups.SEE, by=by, now=now)
        entries.record(sheet, event, by=by, now=now)


def accept(sheet: Sheet, *, opinion: str, by: Staff, now: datetime) -> None:
    """No objection: the sheet is locked before the days to appeal are over."""
    _require_scored(sheet, by)
    if sheet.status not in (Status.SEEN, Status.DECIDED):
        raise ValidationError(_("先阅看考评表, 再签意见"))
    with transaction.atomic():
        Sheet.objects.filter(pk=sheet.pk).update(opinion=opinion.strip())
        lock(sheet, by=by, now=now)


def approve(sheet: Sheet, *, by: Staff, now: datetime) -> None:
    """A superior of the inspector signs the sheet as it is."""
    _require_review(sheet, by)
    with transaction.atomic():
        updated = Sheet.objects.filter(pk=sheet.pk, reviewed_at=None).update(
            reviewed_at=now, reviewed_by=by
        )
        if not updated:
            raise ValidationError(_("这张考评表已经复核过了"))
        entries.record(sheet, "appraisal.approved", by=by, now=now)
    sheet.refresh_from_db()


def send_back(sheet: Sheet, *, reason: str, by: Staff, now: datetime) -> None:
    """Back to the inspector, for evidence or a line that is missing; logged.

    What stood on it stays: lines handed in once can be completed, never taken off.
    """
    _require_review(sheet, by)
    if not reason.strip():
        raise ValidationError({"reason": _("写明退回原因, 检查人要按它补充")})
    if sheet.status not in (Status.SUBMITTED, Status.SEEN):
        raise ValidationError(_("申诉中、已裁定或已生效的考评表不能退回"))
    with transaction.atomic():
        move(
            sheet,
            Status.DRAFT,
            returned_reason=reason.strip(),
            reviewed_at=None,
            reviewed_by=None,
            seen_at=None,
            appeal_until=None,
        )
        cancel(sheet, followups.SEE, now=now)
        entries.record(sheet, "appraisal.sent_back", by=by, now=now, reason=reason.strip())


def lock(sheet: Sheet, *, by: Staff | None, now: datetime) -> None:
    """In force from now on; ``by`` is None when the days to appeal have passed."""
    with transaction.atomic():
        move(sheet, Status.LOCKED, locked_at=now)
        entries.record(sheet, "appraisal.locked", by=by, now=now, total=str(sheet.total))
        appeal = sheet.appeals.exclude(decided_at=None).select_related("decider").last()
        months.revise(sheet, reason="appeal" if appeal else "locked", by=by, now=now,
                      decider=appeal.decider if appeal else None)  # fmt: skip


def _require_scored(sheet: Sheet, by: Staff) -> None:
    if sheet.staff_id != by.pk:
        raise ValidationError(_("只有被考评人本人可以这样做"))


def _require_review(sheet: Sheet, by: Staff) -> None:
    if not may_review(by, sheet):
        raise ValidationError(_("只有检查人的上级可以复核这张考评表"))
