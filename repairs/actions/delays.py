"""When engineering cannot come in time (REP-5), and when the promise changes (改约, MAN-8)."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import posts
from accounts.models import Staff
from followups.actions import meet
from history import entries
from repairs import followups
from repairs.actions.moving import change, move, must_be
from repairs.actions.work import tell
from repairs.models import Repair
from repairs.promises import check_not_past, make_promise
from repairs.statuses import UNFINISHED, Status

CANNOT_COME = gettext_noop("工程不能按时到场: %(place)s %(what)s")


@transaction.atomic
def cannot_come(
    repair: Repair,
    *,
    reason: str,
    new_promise: datetime,
    resident_told_at: datetime | None = None,
    butler_told_at: datetime | None = None,
    by: Staff,
    now: datetime,
) -> Repair:
    """Nobody can come in time: reason, new promise, and both notices in one step (REP-5).

    The desk states when the resident and when the butler were told; without a butler there is
    nobody to tell. When engineering says it, the system tells the butler at this moment, and the
    desk owes the resident the news within five minutes. The earlier promise stays on record.
    """
    reason = reason.strip()
    by_engineering = by.duty.department == posts.ENGINEERING
    errors = {}
    if not reason:
        errors["reason"] = _("写不能按时到场的原因")
    if by_engineering:
        resident_told_at, butler_told_at = None, now if repair.butler_id else None
    else:
        told = {"resident_told_at": resident_told_at}
        if repair.butler_id:
            told["butler_told_at"] = butler_told_at
        for name, moment in told.items():
            if moment is None:
                errors[name] = (
                    _("先告诉业户, 再写回复业户的时间")
                    if name == "resident_told_at"
                    else _("先通知管家, 再写通知管家的时间")
                )
            elif not repair.reported_at <= moment <= now:
                errors[name] = _("时间应在报修之后, 现在之前")
    if errors:
        raise ValidationError(errors)
    check_not_past(new_promise, now=now, field="new_promise")
    move(repair, Status.DELAYED, by=by, now=now, delay_reason=reason[:200],
         promised_at=new_promise, resident_told_at=resident_told_at,
         butler_told_at=butler_told_at)  # fmt: skip
    make_promise(repair, reason=reason[:200], by=by, now=now)
    followups.put_off(repair, now=now)
    if by_engineering:
        followups.open_for(repair, followups.TELL_RESIDENT, now=now, owner_post=posts.FRONT_DESK,
                           limit_key=followups.TELL_RESIDENT)  # fmt: skip
    if repair.butler_id and repair.butler_id != by.pk:
        tell(repair, CANNOT_COME, to=repair.butler, key="cannot_come", now=now, rings=True)
    entries.record(
        repair,
        "repair.cannot_come",
        by=by,
        now=now,
        reason=reason,
        new_promise=_iso(new_promise),
        resident_told_at=_iso(resident_told_at),
        butler_told_at=_iso(butler_told_at),
    )
    return repair


@transaction.atomic
def resident_told(repair: Repair, *, by: Staff, now: datetime) -> Repair:
    """The desk has told the resident that nobody comes in time (REP-5)."""
    if not meet(repair, followups.TELL_RESIDENT, by=by, now=now):
        raise ValidationError(_("已经回复过业户。页面已更新"))
    change(repair, by=by, now=now, resident_told_at=now)
    entries.record(repair, "repair.resident_told", by=by, now=now)
    return repair


@transaction.atomic
def continue_work(repair: Repair, *, by: Staff, now: datetime) -> Repair:
    """After a delay the same repairer goes; without one, the job must be given out."""
    must_be(repair, Status.DELAYED, by=by, now=now)
    if not repair.repairer_id:
        raise ValidationError(_("还没有维修人员。用“派工”选一位"))
    move(repair, Status.IN_PROGRESS, by=by, now=now)
    entries.record(repair, "repair.continued", by=by, now=now)
    return repair


@transaction.atomic
def change_promise(
    repair: Repair,
    *,
    promised_at: datetime,
    reason: str,
    appointment_at: datetime | None = None,
    by: Staff,
    now: datetime,
) -> Repair:
    """改约: a new promise beside the old one, which stays (MAN-8)."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("写改约原因, 如“业户不在家”")})
    must_be(repair, *UNFINISHED, by=by, now=now)
    check_not_past(promised_at, now=now, field="promised_at")
    changes = {"promised_at": promised_at}
    if appointment_at:
        check_not_past(appointment_at, now=now, field="appointment_at")
        if appointment_at > promised_at:
            raise ValidationError({"promised_at": _("承诺完成时间不能早于预约上门时间")})
        changes["appointment_at"] = appointment_at
    was = repair.promised_at
    change(repair, by=by, now=now, **changes)
    make_promise(repair, reason=reason[:200], by=by, now=now)
    followups.move_promise(repair, now=now, appointment_changed=appointment_at is not None)
    entries.record(repair, "repair.promise_changed", by=by, now=now, reason=reason, was=_iso(was),
                   promised_at=_iso(promised_at), appointment_at=_iso(appointment_at))  # fmt: skip
    return repair


def _iso(moment: datetime | None) -> str:
    return timezone.localtime(moment).isoformat() if moment else ""
