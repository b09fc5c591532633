"""What superiors do about a sheet: the spot check, settling what it raised, another successor."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Staff
from followups.actions import cancel, meet
from history import entries
from shifts import followups as kinds
from shifts.actions.moving import move
from shifts.models import Check, Handover
from shifts.seats import fits
from shifts.statuses import GIVEN, Status


@transaction.atomic
def spot_check(handover: Handover, *, is_good: bool, note: str, by: Staff, now: datetime) -> Check:
    """经理抽查 of a signed sheet. Raises ValidationError before both have signed, for one's own
    shift, or for a bad mark without words.
    """
    if handover.status != Status.SIGNED:
        raise ValidationError(_("双方签字后再抽查"))
    if by.pk in (handover.giver_id, handover.successor_id):
        raise ValidationError(_("自己交接的班由别人抽查"))
    if not is_good and not note.strip():
        raise ValidationError({"note": _("不合格要写明哪里不合格")})
    check = Check.objects.create(
        handover=handover, at=now, by=by, is_good=is_good, note=note.strip()[:300]
    )
    entries.record(handover, "shift.checked", by=by, now=now, good=is_good, note=check.note)
    return check


@transaction.atomic
def settle(handover: Handover, *, kind: str, note: str, by: Staff, now: datetime) -> None:
    """What a sheet raised (a difference, an unclear or missing shift, an absence) is cleared up.

    ``note`` says what was found or arranged. Raises ValidationError without it, for one's own
    shift, or when a colleague was faster.
    """
    if kind not in kinds.SETTLED:
        raise ValidationError(_("没有这一项, 刷新后再看"))
    if by.pk in (handover.giver_id, handover.successor_id):
        raise ValidationError(_("自己交接的班由别人来查"))
    if not note.strip():
        raise ValidationError({"note": _("写明查到什么、怎么处理")})
    if not meet(handover, kind, by=by, now=now):
        raise ValidationError(_("这一项已经查清"))
    entries.record(handover, "shift.settled", by=by, now=now, kind=kind, note=note.strip()[:300])


@transaction.atomic
def replace_successor(
    handover: Handover, *, successor: Staff, by: Staff, now: datetime
) -> Handover:
    """Somebody else takes a given shift over: the one who was named fell ill, say.

    By the outgoing shift or a superior. The new successor has his own minutes to sign; the old
    one owes nothing any more. Raises ValidationError for anybody else, for somebody who cannot
    take over, and when the sheet was signed or refused meanwhile.
    """
    if handover.status not in GIVEN:
        move(handover, Status.WAITING)  # refuses in words
    if by.pk != handover.giver_id and not by.has_perm("shifts.check"):
        raise ValidationError(_("换接班人由交班人或上级来办"))
    if successor.pk in (handover.giver_id, handover.successor_id):
        raise ValidationError({"successor": _("选择另一个人来接班")})
    if not fits(successor, handover.seat, handover.estate_id):
        raise ValidationError({"successor": _("%(name)s不能接这一班") % {"name": successor.name}})
    before = handover.successor
    changed = Handover.objects.filter(
        pk=handover.pk, status=handover.status, successor=before
    ).update(status=Status.WAITING, successor=successor, arrived_at=None)
    if not changed:
        handover.refresh_from_db()
        raise ValidationError(_("同事刚刚已经处理, 刷新后再看"), code="stale")
    handover.refresh_from_db()
    cancel(handover, kinds.RECEIVE, kinds.UNSIGNED, now=now)
    kinds.open_receiving(handover, now=now)
    entries.record(
        handover, "shift.successor_replaced", by=by, now=now, before=before.name, to=successor.name
    )
    return handover
