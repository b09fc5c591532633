"""What the months of the year open: surveys to plan, wishes to ask, plans to write."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import posts
from accounts.models import Staff
from community import followups as owed
from community.models import EventPlan, Survey
from community.numbering import next_survey_number
from estates.models import Estate
from history import entries
from rulebook.limits import limit, limits


def open_months(now: datetime) -> None:
    """In the months of the rulebook: a survey to plan, wishes to ask and a plan to write.

    Each is a row of its own, made once per estate and month, so running twice changes nothing.
    """
    today = timezone.localdate(now)
    numbers = limits(
        "surveys.first_month", "surveys.second_month", "surveys.per_year", "activities.wishes_first",
        "activities.wishes_second", at=now,
    )  # fmt: skip
    number = {key: int(each.value) for key, each in numbers.items()}
    months = (number["surveys.first_month"], number["surveys.second_month"])
    if today.month in months[: number["surveys.per_year"]]:
        _open_surveys(today, now)
    if today.month in (number["activities.wishes_first"], number["activities.wishes_second"]):
        _open_plans(today, now)


def _open_surveys(today: date, now: datetime) -> None:
    term = f"{today:%Y-%m}"
    known = Survey.objects.filter(term=term).values("estate")
    last = end_of_month(today)
    for estate in Estate.objects.exclude(pk__in=known):
        try:
            with transaction.atomic():
                survey = Survey.objects.create(
                    estate=estate,
                    number=next_survey_number(estate, today.year),
                    term=term,
                    title=_title(today),
                    starts_on=today,
                    ends_on=last,
                    created_at=now,
                )  # fmt: skip
                add_usual_questions(survey)
                owed.open_for_survey(survey, owed.PLAN_SURVEY, now=now, owner_post=posts.CS_MANAGER,
                                due_at=owed.end_of_day(min(today + timedelta(days=10), last)))  # fmt: skip
                entries.record(survey, "survey.opened", by=None, now=now, term=term)
        except IntegrityError:
            if not Survey.objects.filter(estate=estate, term=term).exists():
                raise


def _title(day: date) -> str:
    """In Chinese, as the paper is printed, whoever scans."""
    with translation.override("zh-hans"):
        return gettext("%(year)s年%(month)s月意见征询") % {"year": day.year, "month": day.month}


def next_half(day: date) -> tuple[int, int]:
    """Year and half that a plan made on ``day`` is for: June prepares July on, December January on."""
    return (day.year, 2) if day.month <= 6 else (day.year + 1, 1)


def _open_plans(today: date, now: datetime) -> None:
    year, half = next_half(today)
    known = EventPlan.objects.filter(year=year, half=half).values("estate")
    for estate in Estate.objects.exclude(pk__in=known):
        try:
            with transaction.atomic():
                plan = EventPlan.objects.create(estate=estate, year=year, half=half, opened_at=now)
                owe_plan(plan, now=now, owner_post=posts.CS_ASSISTANT)
                entries.record(plan, "plan.opened", by=None, now=now)
        except IntegrityError:
            if not EventPlan.objects.filter(estate=estate, year=year, half=half).exists():
                raise


def owe_plan(
    plan: EventPlan, *, now: datetime, owner_post: str, owner: Staff | None = None
) -> None:
    """Wishes and plan by their days of the month before the half begins, whenever it was begun.

    The second half's are asked in the first month of the rulebook (June), the first half's in the
    second (December of the year before).
    """
    year, key = (
        (plan.year, "activities.wishes_first")
        if plan.half == 2
        else (plan.year - 1, "activities.wishes_second")
    )
    month = date(year, int(limit(key, at=now).value), 1)
    for kind, key in (
        (owed.WISHES, "activities.wishes_day"),
        (owed.PLAN, "activities.plan_day"),
    ):
        day = month.replace(day=min(int(limit(key, at=now).value), end_of_month(month).day))
        owed.open_for_plan(
            plan, kind, now=now, owner_post=owner_post, owner=owner, limit_key=key,
            due_at=owed.end_of_day(day),
        )  # fmt: skip


def end_of_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


# What a survey begins with; the manager changes it while planning.
USUAL_QUESTIONS = (
    ("service", _("客服接待和答复是否及时")),
    ("repair", _("维修是否及时、质量如何")),
    ("cleaning", _("楼道、电梯和园区的保洁")),
    ("greening", _("绿化养护")),
    ("order", _("门岗、巡逻和停车秩序")),
    ("fees", _("收费是否公开、清楚")),
    ("attitude", _("工作人员的态度")),
)


def add_usual_questions(survey: Survey) -> None:
    """One question a topic, in the language of the paper."""
    with translation.override("zh-hans"):
        survey.questions.bulk_create(
            survey.questions.model(survey=survey, position=n, topic=topic, text=str(text))
            for n, (topic, text) in enumerate(USUAL_QUESTIONS, start=1)
        )
