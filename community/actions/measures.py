"""Measures after a survey: handed out with an owner and a date, done with a result."""

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
    """Done, with what came of it: by its owner, or by whoever plans surveys."""
    if by.pk != measure.owner_id and not by.has_perm("community.plan_survey"):
        raise ValidationError(
            _("这项整改由%(name)s负责, 由本人或客服部经理记结果") % {"name": measure.owner.name}
        )
    move(measure, M.DONE, result=result, done_at=now, done_by=by)
    meet(measure, followups.MEASURE, by=by, now=now)
    entries.record(measure, "measure.done", by=by, now=now, result=result)


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
def reopen(measure: Measure, *, by: Staff, now: datetime, reason: str) -> None:
    """Not done after all: owed again, from today if its day has passed."""
    if measure.survey.status == SurveyStatus.ARCHIVED:
        raise ValidationError(_("这次征询已归档, 整改不能再打开"))
    move(measure, M.OPEN, done_at=None, done_by=None)
    followups.open_for_measure(measure, now=now)
    entries.record(measure, "measure.reopened", by=by, now=now, reason=reason)


@transaction.atomic
def drop(measure: Measure, *, by: Staff, now: datetime, reason: str) -> None:
    """Given up with a reason."""
    move(measure, M.CANCELLED, result=reason)
    cancel_followups(measure, followups.MEASURE, now=now)
    entries.record(measure, "measure.dropped", by=by, now=now, reason=reason)
