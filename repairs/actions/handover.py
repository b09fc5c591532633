"""The slip between the desk and engineering (REP-3, REP-4)."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import posts
from accounts.models import Staff
from followups.actions import cancel, meet
from history import entries
from notifications import ledger
from repairs import followups
from repairs.actions.moving import move, must_be
from repairs.actions.prices import ask_price
from repairs.actions.work import assign, take_job
from repairs.models import Repair
from repairs.statuses import Status

UNDO = timedelta(minutes=5)
REFUSED = gettext_noop("工程退回: %(place)s %(what)s (%(reason)s)")
URGED = gettext_noop("催接: %(place)s %(what)s")


@transaction.atomic
def dispatch(repair: Repair, *, by: Staff, now: datetime) -> Repair:
    """Pass the slip to engineering: the desk's half of the handover (REP-3, REP-4)."""
    must_be(repair, Status.TO_DISPATCH, by=by, now=now)
    move(repair, Status.DISPATCHED, by=by, now=now, dispatched_at=now, dispatched_by=by)
    meet(repair, followups.DISPATCH, by=by, now=now)
    followups.open_accept(repair, now=now)
    entries.record(repair, "repair.dispatched", by=by, now=now)
    return repair


@transaction.atomic
def recall(repair: Repair, *, by: Staff, now: datetime) -> Repair:
    """Undo of dispatch, within five minutes and until somebody accepts (screens 3.6).

    The dispatch clock goes on from where it began: taking a slip back wins no time.
    """
    must_be(repair, Status.DISPATCHED, by=by, now=now)
    in_time(repair.dispatched_at, now=now)
    move(repair, Status.TO_DISPATCH, by=by, now=now, dispatched_at=None, dispatched_by=None)
    cancel(repair, followups.ACCEPT, now=now)
    followups.reopen(repair, followups.DISPATCH, now=now)
    entries.record(repair, "repair.recalled", by=by, now=now)
    return repair


@transaction.atomic
def accept(repair: Repair, *, by: Staff, now: datetime) -> Repair:
    """Engineering signs for the slip (REP-4). A repairer who accepts takes the job himself.

    Something paid that is not in the price list goes to assessment at once (defaults 2.2).
    """
    must_be(repair, Status.DISPATCHED, by=by, now=now)
    move(repair, Status.ACCEPTED, by=by, now=now, accepted_at=now, accepted_by=by,
         accepted_verbally_by="")  # fmt: skip
    meet(repair, followups.ACCEPT, by=by, now=now)
    followups.open_work(repair, now=now)
    entries.record(repair, "repair.accepted", by=by, now=now)
    if repair.is_paid and repair.service_item_id is None:
        ask_price(repair, by=by, now=now)
    elif by.post == posts.REPAIRER:
        take_job(repair, repairer=by, by=by, now=now)
    return repair


@transaction.atomic
def accept_for(repair: Repair, *, repairer: Staff, by: Staff, now: datetime) -> Repair:
    """Accept and give out in one press of the board (派给); both or neither."""
    accept(repair, by=by, now=now)
    return assign(repair, repairer=repairer, by=by, now=now)


@transaction.atomic
def accept_verbally(repair: Repair, *, name: str, at: datetime, by: Staff, now: datetime) -> Repair:
    """The desk writes down who in engineering accepted on the phone, and when (REP-4, 代签)."""
    must_be(repair, Status.DISPATCHED, by=by, now=now)
    name = name.strip()
    if not name:
        raise ValidationError({"name": _("写工程部是谁接的单")})
    if not (repair.dispatched_at and repair.dispatched_at <= at <= now):
        raise ValidationError({"at": _("接单时间应在转单之后, 现在之前")})
    move(repair, Status.ACCEPTED, by=by, now=now, accepted_at=at, accepted_by=by,
         accepted_verbally_by=name[:40])  # fmt: skip
    meet(repair, followups.ACCEPT, by=by, now=at)
    followups.open_work(repair, now=now)
    entries.record(repair, "repair.accepted_verbally", by=by, now=now, name=name,
                   accepted_at=timezone.localtime(at).isoformat())  # fmt: skip
    return repair


@transaction.atomic
def undo_accept(repair: Repair, *, by: Staff, now: datetime) -> Repair:
    """Undo of accept, within five minutes, by whoever accepted, before the job is given out."""
    must_be(repair, Status.ACCEPTED, by=by, now=now)
    in_time(repair.accepted_at, now=now)
    own(repair.accepted_by, by=by)
    move(repair, Status.DISPATCHED, by=by, now=now, accepted_at=None, accepted_by=None,
         accepted_verbally_by="")  # fmt: skip
    cancel(repair, followups.ARRIVE, followups.FINISH, followups.ONSITE, now=now)
    followups.reopen(repair, followups.ACCEPT, now=now)
    entries.record(repair, "repair.accept_undone", by=by, now=now)
    return repair


@transaction.atomic
def refuse(repair: Repair, *, reason: str, by: Staff, now: datetime) -> Repair:
    """Engineering gives the slip back with a reason; the desk is told and has a new clock."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("选一个退回原因, 前台要照它回复业户")})
    must_be(repair, Status.DISPATCHED, by=by, now=now)
    sender = repair.dispatched_by
    move(repair, Status.TO_DISPATCH, by=by, now=now, dispatched_at=None, dispatched_by=None)
    cancel(repair, followups.ACCEPT, now=now)
    followups.open_dispatch(repair, owner=sender, start=now, now=now)
    entries.record(repair, "repair.refused", by=by, now=now, reason=reason)
    told = followups.about(repair)
    ledger.owe(
        f"repairs.refused:{repair.pk}:{repair.version}:{sender.pk}",
        to=sender,
        title=REFUSED,
        params={**told["params"], "reason": reason[:60]},
        url=told["url"],
        estate=repair.estate,
        rings=repair.is_urgent,
        why={"rule": "REP-4"},
        now=now,
    )
    return repair


@transaction.atomic
def urge(repair: Repair, *, by: Staff, now: datetime) -> Repair:
    """Ring engineering's dispatchers once more (F9); at most once a minute."""
    must_be(repair, Status.DISPATCHED, by=by, now=now)
    told = followups.about(repair)
    for dispatcher in Staff.objects.active().filter(
        post=posts.ENG_DISPATCHER, memberships__estate=repair.estate
    ):
        ledger.owe(
            f"repairs.urged:{repair.pk}:{dispatcher.pk}:{int(now.timestamp()) // 60}",
            to=dispatcher,
            title=URGED,
            params=told["params"],
            url=told["url"],
            estate=repair.estate,
            rings=True,
            why={"rule": "REP-4"},
            now=now,
        )
    entries.record(repair, "repair.urged", by=by, now=now)
    return repair


def in_time(moment: datetime | None, *, now: datetime) -> None:
    if moment is None or now - moment > UNDO:
        raise ValidationError(_("超过 5 分钟, 不能撤回。在备注里写明更正"))


def own(who: Staff | None, *, by: Staff) -> None:
    if who != by:
        raise ValidationError(
            _("这一步是 %(name)s 做的, 由本人撤回") % {"name": who.name if who else "-"}
        )
