"""年度培训计划 (TRN-1, TRN-3): its lines, submitted by the assistant, approved by the manager."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import posts
from accounts.models import Staff
from estates.models import Estate
from followups.actions import meet
from history import entries
from office import followups as kinds
from office.models import PlanItem, TrainingPlan
from office.moving import change, move, must_be
from office.periods import end_of
from office.statuses import PlanStatus
from office.subjects import HANDBOOK
from rulebook.limits import limits


def open_plan(*, estate: Estate, year: int, by: Staff, now: datetime) -> TrainingPlan:
    """Begin a year's plan before the calendar does; the same row if it is there.

    ValidationError for a year that is over.
    """
    today = timezone.localdate(now)
    if year < today.year:
        raise ValidationError({"year": _("这一年已经过了")})
    numbers = limits("training.plan_month", "training.plan_day", at=now)
    due_on = date(
        year - 1,
        int(numbers["training.plan_month"].value),
        min(int(numbers["training.plan_day"].value), 28),
    )
    plan = TrainingPlan(estate=estate, year=year, opened_at=now)
    kinds.begin_plan(plan, due_at=end_of(max(due_on, today)), now=now)
    return TrainingPlan.objects.get(estate=estate, year=year)


@transaction.atomic
def add_item(plan: TrainingPlan, *, by: Staff, now: datetime, **fields) -> PlanItem:
    must_be(plan, PlanStatus.DRAFT, by=by, now=now)
    change(plan, by=by, now=now)
    item = PlanItem.objects.create(plan=plan, **fields)
    entries.record(plan, "plan.item_added", by=by, now=now, item=str(item.get_subject_display()))
    return item


@transaction.atomic
def remove_item(plan: TrainingPlan, *, by: Staff, now: datetime, item: PlanItem) -> None:
    must_be(plan, PlanStatus.DRAFT, by=by, now=now)
    change(plan, by=by, now=now)
    entries.record(plan, "plan.item_removed", by=by, now=now, item=str(item.get_subject_display()))
    item.delete()


@transaction.atomic
def submit_plan(plan: TrainingPlan, *, by: Staff, now: datetime, note: str = "") -> TrainingPlan:
    """TRN-1: the plan goes to the manager. TRN-3: without the project's handbook it does not."""
    if not plan.items.filter(subject=HANDBOOK).exists():
        raise ValidationError(_("计划里要有“项目部门运作手册”(TRN-3)"))
    move(plan, PlanStatus.SUBMITTED, by=by, now=now, note=note, submitted_at=now, submitted_by=by)
    meet(plan, kinds.PLAN, by=by, now=now)
    post = posts.GENERAL_MANAGER if by.post == posts.CS_MANAGER else posts.CS_MANAGER
    kinds.owe(plan, kinds.APPROVE_PLAN, now=now, post=post, limit_key="training.approve_plan")
    entries.record(plan, "plan.submitted", by=by, now=now)
    return plan


@transaction.atomic
def approve_plan(plan: TrainingPlan, *, by: Staff, now: datetime, opinion: str = ""):
    if plan.submitted_by_id == by.pk:
        raise ValidationError(_("自己编的计划要由上级批准"))
    move(plan, PlanStatus.APPROVED, by=by, now=now, approved_at=now, approved_by=by,
         opinion=opinion)  # fmt: skip
    meet(plan, kinds.APPROVE_PLAN, by=by, now=now)
    entries.record(plan, "plan.approved", by=by, now=now, opinion=opinion)
    return plan


@transaction.atomic
def return_plan(plan: TrainingPlan, *, by: Staff, now: datetime, reason: str) -> TrainingPlan:
    if not reason.strip():
        raise ValidationError({"reason": _("写明退回原因")})
    move(plan, PlanStatus.DRAFT, by=by, now=now, submitted_at=None, submitted_by=None)
    meet(plan, kinds.APPROVE_PLAN, by=by, now=now)
    kinds.reopen(plan, kinds.PLAN, now=now, post=posts.CS_ASSISTANT)
    entries.record(plan, "plan.returned", by=by, now=now, reason=reason)
    return plan
