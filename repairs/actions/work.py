"""Engineering's work: who goes, when he is there, what he did, and the slip's way back."""

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import Staff
from estates.models import Membership
from followups.actions import cancel, meet, open_followup, pause
from followups.actions import resume as run_on
from history import entries
from notifications import ledger
from repairs import followups
from repairs.actions.moving import change, move, must_be
from repairs.models import Repair
from repairs.promises import check_not_past
from repairs.statuses import WAITING, Status

YOURS = gettext_noop("派给您: %(place)s %(what)s")
AT_THE_DOOR = gettext_noop("维修人员已到场, 可入户跟进: %(place)s %(what)s")


@transaction.atomic
def assign(repair: Repair, *, repairer: Staff, by: Staff, now: datetime) -> Repair:
    """Give the job to a repairer (派工), or to another one (改派) until he is there.

    Raises ValidationError for somebody who does not repair in this estate.
    """
    works_here = (
        repairer.is_active
        and repairer.has_perm("repairs.work")
        and Membership.objects.filter(staff=repairer, estate=repair.estate_id).exists()
    )
    if not works_here:
        raise ValidationError(
            {"repairer": _("%(name)s 不是本项目在岗的维修人员, 换一位") % {"name": repairer.name}}
        )
    take_job(repair, repairer=repairer, by=by, now=now)
    if repairer != by:
        tell(repair, YOURS, to=repairer, key="assigned", now=now, rings=repair.is_urgent)
    return repair


def take_job(repair: Repair, *, repairer: Staff, by: Staff, now: datetime) -> None:
    """Inside the caller's transaction: the job has its repairer, who now owes the clocks."""
    was = repair.repairer.name if repair.repairer_id else ""
    given = {"repairer": repairer, "assigned_at": now, "assigned_by": by}
    if repair.status == Status.IN_PROGRESS:
        change(repair, by=by, now=now, **given)
        event = "repair.reassigned"
    else:
        must_be(repair, Status.ACCEPTED, Status.DELAYED, by=by, now=now)
        move(repair, Status.IN_PROGRESS, by=by, now=now, **given)
        event = "repair.assigned"
    followups.hand_work(repair, now=now)
    entries.record(repair, event, by=by, now=now, repairer=repairer.name, was=was)


@transaction.atomic
def undo_assign(repair: Repair, *, by: Staff, now: datetime) -> Repair:
    """Take the job back from the repairer before he is there; the dispatchers owe it again."""
    must_be(repair, Status.IN_PROGRESS, by=by, now=now)
    was = repair.repairer.name if repair.repairer_id else ""
    move(repair, Status.ACCEPTED, by=by, now=now, repairer=None, assigned_at=None, assigned_by=None)
    followups.hand_work(repair, now=now)
    entries.record(repair, "repair.assign_undone", by=by, now=now, was=was)
    return repair


@transaction.atomic
def arrive(repair: Repair, *, by: Staff, now: datetime) -> Repair:
    """The repairer is there; the butler of a home is told, to follow on the spot (REP-8)."""
    must_be(repair, Status.IN_PROGRESS, *WAITING, by=by, now=now)
    move(repair, Status.ARRIVED, by=by, now=now, arrived_at=repair.arrived_at or now,
         wait_reason="", look_again_at=None)  # fmt: skip
    meet(repair, followups.ARRIVE, by=by, now=now)
    meet(repair, followups.NEXT_CHECK, by=by, now=now)
    entries.record(repair, "repair.arrived", by=by, now=now)
    if repair.unit_id and repair.butler_id and repair.butler_id != by.pk:
        tell(repair, AT_THE_DOOR, to=repair.butler, key="arrived", now=now)
    return repair


@transaction.atomic
def finish(
    repair: Repair,
    *,
    cause: str = "",
    work_done: str,
    materials: list[dict] | None = None,
    labour_fee: Decimal | None = None,
    paid_by: str = "",
    resident_opinion: str = "",
    resident_signed: str = "",
    by: Staff,
    now: datetime,
) -> Repair:
    """The work is done and signed for. ``materials``: name, spec, quantity, unit_price (yuan).

    Closing without a word on what was done is refused. Meets the promise (MAN-8); the slip is
    owed back to the desk, and everybody else who called is owed the answer.
    """
    work_done = work_done.strip()
    if not work_done:
        raise ValidationError({"work_done": _("写一句修了什么, 业户和前台都要看")})
    for row in materials or ():
        repair.materials.create(**row)
    move(
        repair, Status.FINISHED, by=by, now=now,
        finished_at=now, arrived_at=repair.arrived_at or now, cause=cause.strip(),
        work_done=work_done, paid_by=paid_by, resident_opinion=resident_opinion,
        resident_signed=resident_signed.strip(), wait_reason="", look_again_at=None,
        material_fee=material_total(repair),
        labour_fee=repair.labour_fee if labour_fee is None else labour_fee,
    )  # fmt: skip
    meet(repair, followups.ARRIVE, by=by, now=now)
    meet(repair, followups.FINISH, by=by, now=now)
    followups.finish_all(repair, now=now)
    followups.open_return(repair, now=now)
    followups.owe_answers(repair, now=now)
    entries.record(repair, "repair.finished", by=by, now=now, cause=repair.cause,
                   work_done=work_done, opinion=resident_opinion, signed=repair.resident_signed)  # fmt: skip
    return repair


@transaction.atomic
def undo_finish(repair: Repair, *, by: Staff, now: datetime) -> Repair:
    """Undo of a finish pressed by mistake, before the slip is returned."""
    must_be(repair, Status.FINISHED, by=by, now=now)
    move(repair, Status.ARRIVED, by=by, now=now, finished_at=None)
    cancel(repair, followups.RETURN, now=now)
    followups.cancel_answers(repair, now=now)
    followups.reopen(repair, followups.FINISH, now=now)
    entries.record(repair, "repair.finish_undone", by=by, now=now)
    return repair


@transaction.atomic
def return_slip(repair: Repair, *, by: Staff, now: datetime) -> Repair:
    """Engineering hands the slip back; from now on the call-back is owed (REP-6, REP-9)."""
    must_be(repair, Status.FINISHED, by=by, now=now)
    move(repair, Status.RETURNED, by=by, now=now, returned_at=now, returned_by=by)
    meet(repair, followups.RETURN, by=by, now=now)
    followups.open_callback(repair, now=now)
    entries.record(repair, "repair.returned", by=by, now=now)
    return repair


@transaction.atomic
def wait_for(
    repair: Repair, *, status: str, reason: str, look_again_at: datetime, by: Staff, now: datetime
) -> Repair:
    """Wait for parts (待材料) or an outside firm (转外委): a reason and a day to look again.

    Pauses the arrival clock; the promise runs on, and only 改约 moves it.
    """
    reason = _reason(reason)
    check_not_past(look_again_at, now=now, field="look_again_at")
    if status not in WAITING:
        raise ValidationError({"status": _("选“待材料”或“转外委”")})
    waited = repair.status in WAITING
    move(repair, Status(status), by=by, now=now, wait_reason=reason, look_again_at=look_again_at)
    if waited:
        meet(repair, followups.NEXT_CHECK, by=by, now=now)
    _pause_arrival(repair, by=by, now=now)
    _look_at(repair, now=now)
    entries.record(repair, "repair.waiting", by=by, now=now, status=status, reason=reason,
                   look_again_at=timezone.localtime(look_again_at).isoformat())  # fmt: skip
    return repair


@transaction.atomic
def look_again(
    repair: Repair, *, reason: str, look_again_at: datetime, by: Staff, now: datetime
) -> Repair:
    """Looked, and it still waits: a new reason and a new day."""
    reason = _reason(reason)
    check_not_past(look_again_at, now=now, field="look_again_at")
    must_be(repair, *WAITING, by=by, now=now)
    change(repair, by=by, now=now, wait_reason=reason, look_again_at=look_again_at)
    meet(repair, followups.NEXT_CHECK, by=by, now=now)
    _pause_arrival(repair, by=by, now=now)
    _look_at(repair, now=now)
    entries.record(repair, "repair.looked_again", by=by, now=now, reason=reason,
                   look_again_at=timezone.localtime(look_again_at).isoformat())  # fmt: skip
    return repair


@transaction.atomic
def resume(repair: Repair, *, by: Staff, now: datetime) -> Repair:
    """The parts are here, or the firm has come: work goes on, and the arrival clock with it."""
    must_be(repair, *WAITING, by=by, now=now)
    move(repair, Status.IN_PROGRESS, by=by, now=now, wait_reason="", look_again_at=None)
    meet(repair, followups.NEXT_CHECK, by=by, now=now)
    arrival = followups.open_rows(repair).get(followups.ARRIVE)
    if arrival and arrival.paused_at:  # the scan may have ended the pause already
        run_on(repair, followups.ARRIVE, by=by, now=now)
    entries.record(repair, "repair.resumed", by=by, now=now)
    return repair


@transaction.atomic
def onsite_check(repair: Repair, *, note: str, by: Staff, now: datetime) -> Repair:
    """The butler was there and says how it goes (REP-7, REP-8)."""
    note = note.strip()
    if not note:
        raise ValidationError({"note": _("写一句现场情况")})
    if not meet(repair, followups.ONSITE, by=by, now=now):
        raise ValidationError(_("这张单没有待办的入户跟进。要补充情况, 写在备注里"))
    entries.record(repair, "repair.onsite_checked", by=by, now=now, note=note)
    return repair


def material_total(repair: Repair) -> Decimal:
    """What the used materials cost together, in yuan."""
    return sum((row.amount for row in repair.materials.all()), Decimal(0))


def tell(repair: Repair, title: str, *, to: Staff, key: str, now: datetime, rings=False) -> None:
    """One line in somebody's inbox about this state of the repair, once."""
    told = followups.about(repair)
    ledger.owe(
        f"repairs.{key}:{repair.pk}:{repair.version}:{to.pk}",
        to=to,
        title=title,
        params=told["params"],
        url=told["url"],
        estate=repair.estate,
        rings=rings,
        why={"rule": key},
        now=now,
    )


def _pause_arrival(repair: Repair, *, by: Staff, now: datetime) -> None:
    arrival = followups.open_rows(repair).get(followups.ARRIVE)
    if arrival and not arrival.paused_at:
        pause(repair, followups.ARRIVE, reason=repair.wait_reason,
              look_again_at=repair.look_again_at, by=by, now=now)  # fmt: skip


def _look_at(repair: Repair, *, now: datetime) -> None:
    worker = repair.repairer
    open_followup(
        repair, followups.NEXT_CHECK, now=now, owner=worker,
        owner_post=worker.post if worker else followups.posts.ENG_DISPATCHER,
        due_at=repair.look_again_at, **followups.about(repair),
    )  # fmt: skip


def _reason(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError({"reason": _("写一句在等什么")})
    return text[:200]
