"""The life of a survey: plan → approval → field → figures → report → measures → notice → file."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import posts
from accounts.models import Staff
from community import followups
from community.actions.moving import change, move, must_be
from community.figures import figures_of, topics_without_measure
from community.models import Question, Survey
from community.months import add_usual_questions
from community.numbering import next_survey_number
from community.statuses import MeasureStatus, SurveyStatus
from estates.models import Estate
from followups.actions import cancel as cancel_followups
from followups.actions import meet
from history import entries
from rulebook.limits import due, limit

S = SurveyStatus
EDITABLE = ("title", "purpose", "audience", "starts_on", "ends_on", "share")


def plan(
    *,
    estate: Estate,
    by: Staff,
    now: datetime,
    title: str,
    starts_on: date,
    ends_on: date,
    **fields,
) -> Survey:
    """The manager plans a survey of his own (SUR-1), with one question a topic to begin with.

    In a month of the rulebook it answers for that month, so the reminder has nothing left to
    open. Raises ValidationError by field.
    """
    today = timezone.localdate(now)
    survey = Survey(
        estate=estate, title=title, starts_on=starts_on, ends_on=ends_on, created_at=now,
        planned_by=by, term=_term(estate, starts_on, now), **fields,
    )  # fmt: skip
    _check_dates(starts_on, ends_on, today=today)
    try:
        with transaction.atomic():
            survey.number = next_survey_number(estate, today.year)
            survey.save(force_insert=True)
            add_usual_questions(survey)
            followups.open_for_survey(
                survey, followups.PLAN_SURVEY, now=now, owner=by, owner_post=by.post,
                due_at=max(now, followups.end_of_day(starts_on)),
            )  # fmt: skip
            entries.record(survey, "survey.planned", by=by, now=now)
    except IntegrityError as error:
        raise ValidationError(
            _("同事刚刚建了一次征询。刷新列表看一下, 再决定要不要另建")
        ) from error
    return survey


def _term(estate: Estate, day: date, now: datetime) -> str:
    months = {int(limit(f"surveys.{key}_month", at=now).value) for key in ("first", "second")}
    term = f"{day:%Y-%m}"
    taken = Survey.objects.filter(estate=estate, term=term).exclude(status=S.CANCELLED)
    return term if day.month in months and not taken.exists() else ""


def _check_dates(starts_on: date, ends_on: date, *, today: date | None = None) -> None:
    if ends_on < starts_on:
        raise ValidationError({"ends_on": _("截止日期要晚于开始日期")})
    if today and ends_on < today:
        raise ValidationError({"ends_on": _("截止日期已经过了。选今天或以后")})


@transaction.atomic
def edit(survey: Survey, *, by: Staff, now: datetime, **fields) -> None:
    """Change the plan while it is being made; ValidationError by field."""
    must_be(survey, S.PLANNED)
    _check_dates(fields["starts_on"], fields["ends_on"])
    changed = {
        name: [str(getattr(survey, name)), str(value)]
        for name, value in fields.items()
        if name in EDITABLE and getattr(survey, name) != value
    }
    change(survey, **{name: fields[name] for name in changed})
    entries.record(survey, "survey.edited", by=by, now=now, changed=changed)


@transaction.atomic
def set_questions(
    survey: Survey, rows: Iterable[tuple[str, str, bool]], *, by: Staff, now: datetime
) -> None:
    """Replace the questions: (topic, text, is_free) in their order; only while planning.

    Raises ValidationError without a question that has levels, or for the same text twice.
    """
    must_be(survey, S.PLANNED)
    rows = list(rows)
    if not any(not is_free for _topic, _text, is_free in rows):
        raise ValidationError(_("至少要有一个按五级评价的问题"))
    texts = [text for _topic, text, _free in rows]
    if len(set(texts)) < len(texts):
        raise ValidationError(_("有两个一样的问题, 删去一个"))
    change(survey)
    survey.questions.all().delete()
    Question.objects.bulk_create(
        Question(survey=survey, position=n, topic=topic, text=text, is_free=is_free)
        for n, (topic, text, is_free) in enumerate(rows, start=1)
    )
    entries.record(survey, "survey.questions_set", by=by, now=now, count=len(rows))


@transaction.atomic
def submit(survey: Survey, *, by: Staff, now: datetime) -> None:
    """To the general manager for approval; needs a purpose and enough households (SUR-1)."""
    if not survey.purpose:
        raise ValidationError(_("先写目的, 再报批"))
    if not survey.questions.filter(is_free=False).exists():
        raise ValidationError(_("先写问题, 再报批"))
    check_share(survey, now)
    move(survey, S.SUBMITTED, planned_by=survey.planned_by or by)
    meet(survey, followups.PLAN_SURVEY, by=by, now=now)
    followups.open_for_survey(
        survey, followups.APPROVE_SURVEY, now=now, owner_post=posts.GENERAL_MANAGER,
        limit_key="surveys.approve",
    )  # fmt: skip
    entries.record(survey, "survey.submitted", by=by, now=now)


def check_share(survey: Survey, now: datetime) -> None:
    """Raise ValidationError when too few households would be asked (surveys.sent)."""
    least = limit("surveys.sent", at=now).value
    if survey.share < least:
        raise ValidationError(
            _("抽取比例 %(share)s%% 不够: 按规定至少发给已入住户的 %(least)s%%")
            % {"share": survey.share, "least": f"{least:.0f}"}
        )


@transaction.atomic
def approve(survey: Survey, *, by: Staff, now: datetime, opinion: str = "") -> None:
    """The general manager approves; never whoever planned it."""
    if survey.planned_by_id == by.pk:
        raise ValidationError(_("策划人不能批准自己的方案"))
    move(survey, S.APPROVED, approved_by=by, approved_at=now, opinion=opinion)
    meet(survey, followups.APPROVE_SURVEY, by=by, now=now)
    followups.open_for_survey(
        survey, followups.OPEN_SURVEY, now=now, owner=survey.planned_by,
        owner_post=posts.CS_MANAGER,
        due_at=followups.end_of_day(max(survey.starts_on, timezone.localdate(now))),
    )  # fmt: skip
    entries.record(survey, "survey.approved", by=by, now=now, opinion=opinion)


@transaction.atomic
def send_back(survey: Survey, *, by: Staff, now: datetime, opinion: str) -> None:
    """Back to planning with what has to change."""
    move(survey, S.PLANNED, opinion=opinion)
    meet(survey, followups.APPROVE_SURVEY, by=by, now=now)
    followups.open_for_survey(
        survey, followups.PLAN_SURVEY, now=now, owner=survey.planned_by,
        owner_post=posts.CS_MANAGER, limit_key="surveys.approve",
    )  # fmt: skip
    entries.record(survey, "survey.sent_back", by=by, now=now, opinion=opinion)


@transaction.atomic
def report(survey: Survey, *, by: Staff, now: datetime, analysis: str) -> None:
    """The written analysis under the figures."""
    move(survey, S.REPORTED, analysis=analysis, reported_at=now)
    meet(survey, followups.REPORT, by=by, now=now)
    followups.open_for_survey(
        survey, followups.PUBLICISE, now=now, owner=survey.planned_by,
        owner_post=posts.CS_MANAGER, limit_key="surveys.publicise",
    )  # fmt: skip
    entries.record(survey, "survey.reported", by=by, now=now)


@transaction.atomic
def publicise(survey: Survey, *, by: Staff, now: datetime, where: str) -> None:
    """Results and measures are shown to the residents.

    Raises ValidationError while a topic below the target of the rulebook has no measure.
    """
    target = limit("surveys.satisfied_target", at=now).value
    missing = topics_without_measure(survey, figures_of(survey), target=target)
    if missing:
        raise ValidationError(
            _("%(topics)s 的满意率低于目标 %(target)s%%, 先派整改措施再公示")
            % {
                "topics": "、".join(str(topic.label) for topic in missing),
                "target": f"{target:.0f}",
            }
        )
    move(survey, S.PUBLICISED, publicised_where=where, publicised_at=now)
    meet(survey, followups.PUBLICISE, by=by, now=now)
    last = survey.measures.filter(status=MeasureStatus.OPEN).order_by("-due_on").first()
    day = max(last.due_on, timezone.localdate(now)) if last else timezone.localdate(now)
    followups.open_for_survey(
        survey, followups.FILE_SURVEY, now=now, owner=survey.planned_by,
        owner_post=posts.CS_MANAGER, due_at=due("surveys.publicise", start=followups.end_of_day(day)).due_at,
    )  # fmt: skip
    entries.record(survey, "survey.publicised", by=by, now=now, where=where)


@transaction.atomic
def archive(survey: Survey, *, by: Staff, now: datetime) -> None:
    """File it; ValidationError while a measure is not done, or nobody looked at it."""
    waiting = survey.measures.filter(status__in=(MeasureStatus.OPEN, MeasureStatus.DONE)).count()
    if waiting:
        raise ValidationError(
            _("还有 %(count)s 项整改没完成或没核实, 核实后再归档") % {"count": waiting}
        )
    move(survey, S.ARCHIVED, archived_at=now)
    meet(survey, followups.FILE_SURVEY, by=by, now=now)
    entries.record(survey, "survey.archived", by=by, now=now)


@transaction.atomic
def cancel(survey: Survey, *, by: Staff, now: datetime, reason: str) -> None:
    """Give it up with a reason; open links say that it has ended."""
    move(survey, S.CANCELLED, cancel_reason=reason)
    cancel_followups(survey, now=now)
    for row in survey.hand_outs.all():
        cancel_followups(row, now=now)
    entries.record(survey, "survey.cancelled", by=by, now=now, reason=reason)
