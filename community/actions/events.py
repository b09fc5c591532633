"""One activity (ACT-1): scheme half a month before, notice a week before, result, review, file."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import posts
from accounts.models import Staff
from community import followups
from community.actions import participants
from community.actions.moving import change, move, must_be
from community.models import CommunityEvent, EventPlan
from community.statuses import EventStatus, PlanStatus
from estates.models import Estate
from followups.actions import cancel as cancel_followups
from followups.actions import hand_to, meet
from followups.actions import move as move_followup
from followups.models import FollowUp
from history import entries
from rulebook.limits import due, limit
from visits.models import CallbackState

E = EventStatus
EDITABLE = (
    "theme", "purpose", "starts_at", "place", "audience", "programme", "equipment", "budget",
    "division", "safety", "owner",
)  # fmt: skip
# What the detailed scheme has to say before it may go to the general manager.
SCHEME = ("purpose", "place", "audience", "programme", "division", "safety")
AHEAD = ((followups.SCHEME, "activities.scheme"), (followups.NOTICE, "activities.notice"))


@transaction.atomic
def add(
    *, estate: Estate, plan: EventPlan | None, theme: str, starts_at: datetime, owner: Staff,
    by: Staff, now: datetime, **fields,
) -> CommunityEvent:  # fmt: skip
    """Put an activity into a plan being made, or hold one of its own beside the plans.

    Raises ValidationError for a plan that went to the general manager already, a time outside
    its half year, or a past one.
    """
    if plan is not None:
        must_be(plan, PlanStatus.WISHES)
    _check_time(starts_at, plan=plan, now=now)
    event = CommunityEvent.objects.create(
        estate=estate, plan=plan, theme=theme, starts_at=starts_at, owner=owner, created_at=now,
        **fields,
    )  # fmt: skip
    if plan is None:
        owe_scheme(event, now=now)
    entries.record(event, "event.added", by=by, now=now)
    return event


def _check_time(starts_at: datetime, *, plan: EventPlan | None, now: datetime) -> None:
    if starts_at <= now:
        raise ValidationError({"starts_at": _("活动时间要晚于现在")})
    local = starts_at.astimezone(followups.ZONE)
    if plan and (local.year, 1 if local.month <= 6 else 2) != (plan.year, plan.half):
        raise ValidationError({"starts_at": _("这个时间不在%(plan)s里") % {"plan": plan}})


def owe_scheme(event: CommunityEvent, *, now: datetime) -> None:
    """The detailed scheme, so many days before the activity (activities.scheme)."""
    followups.open_for_event(
        event, followups.SCHEME, now=now, limit_key="activities.scheme",
        due_at=_ahead(event.starts_at, "activities.scheme", now),
    )  # fmt: skip


def _ahead(starts_at: datetime, key: str, now: datetime) -> datetime:
    return starts_at - timedelta(seconds=limit(key, at=now).seconds)


@transaction.atomic
def edit(event: CommunityEvent, *, by: Staff, now: datetime, **fields) -> None:
    """Write the plan or the scheme on; the clocks follow a new time and a new owner.

    Raises ValidationError while the general manager reads the plan it belongs to: what he
    approves is what was submitted.
    """
    must_be(event, E.PLANNED)
    if event.plan and event.plan.status == PlanStatus.SUBMITTED:
        raise ValidationError(_("计划正在总经理处审批, 批准或退回后再改活动"))
    if fields.get("starts_at", event.starts_at) != event.starts_at:
        _check_time(fields["starts_at"], plan=event.plan, now=now)
    changed = {
        name: value
        for name, value in fields.items()
        if name in EDITABLE and getattr(event, name) != value
    }
    told = {name: [str(getattr(event, name)), str(value)] for name, value in changed.items()}
    change(event, **changed)
    owed = set(FollowUp.objects.open().about(event).values_list("kind", flat=True))
    for kind, key in AHEAD:
        if kind in owed and "starts_at" in changed:
            move_followup(event, kind, due_at=_ahead(event.starts_at, key, now), now=now)
        if kind in owed and "owner" in changed:
            hand_to(event, kind, owner=event.owner, owner_post=event.owner.post, now=now)
    entries.record(event, "event.edited", by=by, now=now, changed=told)


def lacks(event: CommunityEvent) -> list[str]:
    """The names of what the scheme has to say and does not yet."""
    return [
        str(event._meta.get_field(name).verbose_name) for name in SCHEME if not getattr(event, name)
    ]


@transaction.atomic
def submit(event: CommunityEvent, *, by: Staff, now: datetime) -> None:
    """The scheme goes to the general manager; ValidationError names what it lacks."""
    if event.plan and event.plan.status != PlanStatus.APPROVED:
        raise ValidationError(_("半年计划还没有批准, 批准后再报方案"))
    if lacking := lacks(event):
        raise ValidationError(_("方案还缺: %(fields)s") % {"fields": "、".join(lacking)})
    move(event, E.SCHEMED)
    meet(event, followups.SCHEME, by=by, now=now)
    followups.open_for_event(
        event, followups.APPROVE_SCHEME, now=now, owner_post=posts.GENERAL_MANAGER,
        limit_key="activities.approve",
    )  # fmt: skip
    entries.record(event, "event.submitted", by=by, now=now)


@transaction.atomic
def approve(event: CommunityEvent, *, by: Staff, now: datetime, opinion: str = "") -> None:
    """The general manager approves; from now on the notice to the residents is owed."""
    if event.owner_id == by.pk:
        raise ValidationError(_("负责人不能批准自己的方案"))
    must_be(event, E.SCHEMED)
    move(event, E.APPROVED, approved_by=by, approved_at=now, opinion=opinion)
    meet(event, followups.APPROVE_SCHEME, by=by, now=now)
    _owe_notice(event, now=now)
    entries.record(event, "event.approved", by=by, now=now, opinion=opinion)


def _owe_notice(event: CommunityEvent, *, now: datetime) -> None:
    followups.open_for_event(
        event, followups.NOTICE, now=now, limit_key="activities.notice",
        due_at=_ahead(event.starts_at, "activities.notice", now),
    )  # fmt: skip


@transaction.atomic
def send_back(event: CommunityEvent, *, by: Staff, now: datetime, opinion: str) -> None:
    """Back with what has to change; the scheme is owed again by the same rule."""
    move(event, E.PLANNED, opinion=opinion)
    meet(event, followups.APPROVE_SCHEME, by=by, now=now)
    owe_scheme(event, now=now)
    entries.record(event, "event.sent_back", by=by, now=now, opinion=opinion)


@transaction.atomic
def give_notice(event: CommunityEvent, *, by: Staff, now: datetime, notice: str) -> None:
    """The residents were told: what was said and when (ACT-1)."""
    move(event, E.NOTICED, notice=notice, noticed_at=now)
    meet(event, followups.NOTICE, by=by, now=now)
    followups.open_for_event(
        event, followups.RESULT, now=now,
        due_at=due("activities.result", start=max(now, event.starts_at)).due_at,
    )  # fmt: skip
    entries.record(event, "event.noticed", by=by, now=now, notice=notice[:200])


@transaction.atomic
def postpone(
    event: CommunityEvent, *, by: Staff, now: datetime, starts_at: datetime, reason: str
) -> None:
    """Another day for an approved activity; the notice is owed (again) before the new one.

    The scheme stays approved; ValidationError for a time that is past.
    """
    must_be(event, E.APPROVED, E.NOTICED)
    _check_time(starts_at, plan=None, now=now)
    was = timezone.localtime(event.starts_at)
    if event.status == E.NOTICED:
        move(event, E.APPROVED, starts_at=starts_at, notice="", noticed_at=None)
        cancel_followups(event, followups.RESULT, now=now)
        _owe_notice(event, now=now)
    else:
        change(event, starts_at=starts_at)
        due_at = _ahead(starts_at, "activities.notice", now)
        move_followup(event, followups.NOTICE, due_at=due_at, now=now)
    entries.record(
        event, "event.postponed", by=by, now=now, reason=reason, was=f"{was:%Y-%m-%d %H:%M}",
        to=f"{timezone.localtime(starts_at):%Y-%m-%d %H:%M}",
    )  # fmt: skip


@transaction.atomic
def hold(
    event: CommunityEvent, *, by: Staff, now: datetime, attendance: int, spent: Decimal,
    evaluation: str, over_reason: str = "",
) -> None:  # fmt: skip
    """It was held: how many came, what it cost, how it went. Not before its time.

    ``spent`` is in yuan; ValidationError when it is more than the approved budget without a reason.
    """
    if now < event.starts_at:
        raise ValidationError(_("活动还没有开始, 举办之后再记结果"))
    if spent > event.budget and not over_reason:
        raise ValidationError(
            {
                "over_reason": _("决算比批准的预算 %(budget)s 元多, 写明原因")
                % {"budget": event.budget}
            }
        )
    over_reason = over_reason if spent > event.budget else ""
    move(event, E.HELD, held_at=now, attendance=attendance, spent=spent, evaluation=evaluation,
         over_reason=over_reason)  # fmt: skip
    meet(event, followups.RESULT, by=by, now=now)
    followups.open_for_event(event, followups.SUMMARY, now=now, limit_key="activities.summary")
    entries.record(event, "event.held", by=by, now=now, attendance=attendance, spent=str(spent))


@transaction.atomic
def summarise(event: CommunityEvent, *, by: Staff, now: datetime, summary: str) -> None:
    """The written summary. Some of those who came are drawn to be called back (VIS-2).

    The lots, their seed and the call-backs are the visits room's; whoever ran the activity does
    not call. The manager reviews and files it afterwards. Raises ValidationError when people came
    and no household is noted, for then nobody could be called back.
    """
    if event.attendance and not event.participants.exists():
        raise ValidationError(_("先记参加业户再写总结: 总结后要从中抽户回访"))
    move(event, E.SUMMARISED, summary=summary, summarised_at=now)
    participants.draw(event, now=now)
    meet(event, followups.SUMMARY, by=by, now=now)
    followups.open_for_event(
        event, followups.FILE_EVENT, now=now, owner_post=posts.CS_MANAGER,
        due_at=due("callbacks.activity", start=now).due_at,
    )  # fmt: skip
    entries.record(event, "event.summarised", by=by, now=now)


@transaction.atomic
def archive(event: CommunityEvent, *, by: Staff, now: datetime, review: str) -> None:
    """The manager's review, and the file; ValidationError while a call-back is still owed."""
    waiting = participants.callbacks_of(event).filter(state=CallbackState.OWED).count()
    if waiting:
        raise ValidationError(_("还有 %(count)s 户没有回访, 回访后再归档") % {"count": waiting})
    move(event, E.ARCHIVED, archived_at=now, review=review, reviewed_by=by)
    meet(event, followups.FILE_EVENT, by=by, now=now)
    entries.record(event, "event.archived", by=by, now=now, opinion=review)


@transaction.atomic
def cancel(event: CommunityEvent, *, by: Staff, now: datetime, reason: str) -> None:
    """Not held, with a reason."""
    move(event, E.CANCELLED, cancel_reason=reason)
    cancel_followups(event, now=now)
    entries.record(event, "event.cancelled", by=by, now=now, reason=reason)
