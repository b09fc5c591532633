"""Measures after a survey: handed out with an owner and a date, done, and looked at."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Staff
from community import followups
from community.actions.moving import change, move, must_be
from community.models import Measure, Survey
from community.statuses import MeasureStatus, SurveyStatus
from estates.models import estate_ids_of
from followups.actions import cancel as cancel_followups
from followups.actions import hand_to, meet
from history import entries

M = MeasureStatus
GIVEN_IN = (SurveyStatus.COUNTED, SurveyStatus.REPORTED, SurveyStatus.PUBLICISED)


@transaction.atomic
def give(
    survey: Survey, *, topic: str, problem: str, what: str, owner: Staff, due_on: date, by: Staff,
    now: datetime,
) -> Measure:  # fmt: skip
    """Owe a measure to a person of the survey's estate by a day; ValidationError by field."""
    must_be(survey, *GIVEN_IN)
    if survey.estate_id not in estate_ids_of(owner) or not owner.is_active:
        raise ValidationError({"owner": _("%(name)s不属于这个项目") % {"name": owner.name}})
    if due_on < timezone.localdate(now):
        raise ValidationError({"due_on": _("完成时间选今天或以后")})
    measure = Measure.objects.create(
        survey=survey, topic=topic, problem=problem, what=what, owner=owner, due_on=due_on,
        given_by=by, given_at=now,
    )  # fmt: skip
    followups.open_for_measure(measure, now=now)
    entries.record(measure, "measure.given", by=by, now=now, owner=owner.name, due=f"{due_on}")
    return measure


@transaction.atomic
def finish(measure: Measure, *, by: Staff, now: datetime, result: str) -> None:
    """Done, with what came of it: by its owner, or by whoever plans surveys.

    From now on somebody else owes a look whether it is so.
    """
    if by.pk != measure.owner_id and not by.has_perm("community.plan_survey"):
        raise ValidationError(
            _("这项整改由%(name)s负责, 由本人或客服部经理记结果") % {"name": measure.owner.name}
        )
    move(measure, M.DONE, result=result, done_at=now, done_by=by)
    meet(measure, followups.MEASURE, by=by, now=now)
    followups.open_confirming(measure, now=now)
    entries.record(measure, "measure.done", by=by, now=now, result=result)


def may_confirm(measure: Measure, staff: Staff) -> bool:
    """Who plans or approves surveys, but never the one who was to do it."""
    may = staff.has_perm("community.plan_survey") or staff.has_perm("community.approve")
    return may and staff.pk != measure.owner_id


@transaction.atomic
def confirm(measure: Measure, *, by: Staff, now: datetime, finding: str) -> None:
    """Somebody looked, and it is so; ValidationError for its owner and for who may not."""
    if not may_confirm(measure, by):
        raise ValidationError(_("责任人不能核实自己的整改; 由客服部经理或总经理核实"))
    move(measure, M.CONFIRMED, finding=finding, confirmed_at=now, confirmed_by=by)
    meet(measure, followups.CONFIRM_MEASURE, by=by, now=now)
    entries.record(measure, "measure.confirmed", by=by, now=now, opinion=finding)


@transaction.atomic
def hand_over(measure: Measure, *, owner: Staff, by: Staff, now: datetime) -> None:
    """Somebody else owes it now, by the same day."""
    must_be(measure, M.OPEN)
    if measure.survey.estate_id not in estate_ids_of(owner) or not owner.is_active:
        raise ValidationError({"owner": _("%(name)s不属于这个项目") % {"name": owner.name}})
    was = measure.owner.name
    change(measure, owner=owner)
    hand_to(measure, followups.MEASURE, owner=owner, now=now, owner_post=owner.post)
    entries.record(measure, "measure.handed_over", by=by, now=now, was=was, owner=owner.name)


@transaction.atomic
def reopen(measure: Measure, *, by: Staff, now: datetime, reason: str, due_on: date) -> None:
    """Not done after all: owed again, by ``due_on``, which is today or later."""
    if measure.survey.status == SurveyStatus.ARCHIVED:
        raise ValidationError(_("这次征询已归档, 整改不能再打开"))
    if not may_confirm(measure, by):
        raise ValidationError(_("责任人不能核实自己的整改; 由客服部经理或总经理核实"))
    if due_on < timezone.localdate(now):
        raise ValidationError({"due_on": _("完成时间选今天或以后")})
    move(measure, M.OPEN, due_on=due_on, done_at=None, done_by=None, confirmed_at=None,
         confirmed_by=None, finding="")  # fmt: skip
    cancel_followups(measure, followups.CONFIRM_MEASURE, now=now)
    followups.open_for_measure(measure, now=now)
    entries.record(measure, "measure.reopened", by=by, now=now, reason=reason, to=f"{due_on}")


@transaction.atomic
def drop(measure: Measure, *, by: Staff, now: datetime, reason: str) -> None:
    """Given up with a reason."""
    move(measure, M.CANCELLED, result=reason)
    cancel_followups(measure, followups.MEASURE, now=now)
    entries.record(measure, "measure.dropped", by=by, now=now, reason=reason)
