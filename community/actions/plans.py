"""The half-yearly plan of activities: wishes of the residents, then the general manager's word."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import posts
from accounts.models import Staff
from community import followups
from community.actions.events import owe_scheme
from community.actions.moving import change, move, must_be
from community.models import EventPlan, Wish
from community.months import owe_plan
from community.statuses import EventStatus, PlanStatus
from estates.models import Estate
from followups.actions import meet
from history import entries

P = PlanStatus


@transaction.atomic
def begin(*, estate: Estate, year: int, half: int, by: Staff, now: datetime) -> EventPlan:
    """Start a plan before its month comes; ValidationError if it exists or its half is over."""
    today = timezone.localdate(now)
    if (year, half) < (today.year, 1 if today.month <= 6 else 2):
        raise ValidationError({"year": _("这半年已经过去了")})
    plan, is_new = EventPlan.objects.get_or_create(
        estate=estate, year=year, half=half, defaults={"opened_at": now}
    )
    if not is_new:
        raise ValidationError(_("%(plan)s已经有了, 在列表里打开它") % {"plan": plan})
    owe_plan(plan, now=now, owner=by, owner_post=by.post)
    entries.record(plan, "plan.opened", by=by, now=now)
    return plan


@transaction.atomic
def add_wish(
    plan: EventPlan, *, what: str, households: int, by: Staff, now: datetime
) -> Wish | None:
    """So many households would like this; said again, the number is replaced.

    Nought takes a wish noted by mistake off the list; ValidationError if it is not there.
    """
    must_be(plan, P.WISHES)
    if not households:
        deleted, _each = plan.wishes.filter(what=what).delete()
        if not deleted:
            raise ValidationError(
                {"households": _("没有记过“%(what)s”, 户数写 1 以上") % {"what": what}}
            )
        entries.record(plan, "plan.wish_removed", by=by, now=now, what=what)
        return None
    wish, _is_new = Wish.objects.update_or_create(
        plan=plan, what=what, defaults={"households": households, "added_by": by}
    )
    entries.record(plan, "plan.wish_added", by=by, now=now, what=what, households=households)
    return wish


@transaction.atomic
def end_wishes(plan: EventPlan, *, asked: int, by: Staff, now: datetime) -> None:
    """The wish survey is over: how many households were asked (ACT-1)."""
    must_be(plan, P.WISHES)
    most = max((wish.households for wish in plan.wishes.all()), default=0)
    if not most:
        raise ValidationError(_("还没有记下业户的意向, 先加意向再结束调查"))
    if asked < most:
        raise ValidationError(
            {"asked": _("有 %(most)s 户提出同一个意向, 调查户数不会比它少") % {"most": most}}
        )
    change(plan, asked=asked, surveyed_at=now)
    meet(plan, followups.WISHES, by=by, now=now)
    entries.record(plan, "plan.wishes_ended", by=by, now=now, asked=asked)


@transaction.atomic
def submit(plan: EventPlan, *, by: Staff, now: datetime, note: str) -> None:
    """The plan with its activities and budget goes to the general manager (ACT-1).

    Raises ValidationError before the wishes were asked, or without an activity.
    """
    if plan.surveyed_at is None:
        raise ValidationError(_("先做完意向调查, 再报批计划"))
    if not plan.events.exclude(status=EventStatus.CANCELLED).exists():
        raise ValidationError(_("计划里还没有活动, 先加活动再报批"))
    move(plan, P.SUBMITTED, note=note, submitted_by=by)
    meet(plan, followups.PLAN, by=by, now=now)
    followups.open_for_plan(
        plan, followups.APPROVE_PLAN, now=now, owner_post=posts.GENERAL_MANAGER,
        limit_key="activities.approve",
    )  # fmt: skip
    entries.record(plan, "plan.submitted", by=by, now=now)


@transaction.atomic
def approve(plan: EventPlan, *, by: Staff, now: datetime, opinion: str = "") -> None:
    """The general manager approves plan and budget; then every activity owes its steps."""
    if plan.submitted_by_id == by.pk:
        raise ValidationError(_("报批人不能批准自己的计划"))
    move(plan, P.APPROVED, approved_by=by, approved_at=now, opinion=opinion)
    meet(plan, followups.APPROVE_PLAN, by=by, now=now)
    for event in plan.events.filter(status=EventStatus.PLANNED).select_related("owner", "estate"):
        owe_scheme(event, now=now)
    entries.record(plan, "plan.approved", by=by, now=now, opinion=opinion)


@transaction.atomic
def send_back(plan: EventPlan, *, by: Staff, now: datetime, opinion: str) -> None:
    """Back with what has to change; the plan is owed again."""
    submitter = plan.submitted_by
    move(plan, P.WISHES, opinion=opinion)
    meet(plan, followups.APPROVE_PLAN, by=by, now=now)
    followups.open_for_plan(
        plan, followups.PLAN, now=now, owner=submitter, owner_post=submitter.post,
        limit_key="activities.approve",
    )  # fmt: skip
    entries.record(plan, "plan.sent_back", by=by, now=now, opinion=opinion)
