"""What surveys, activities and suggestions make people owe, and what the months of the year open.

Survey (SUR-1, SUR-2): plan → approve → hand out → collect → count → report → publicise → file.
Activity (ACT-1): wishes → plan → approve → scheme → approve → notice → result → summary → file.
A suggestion (VIS-3) is owed one answer, a measure one result and then one look at it.
"""

from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import posts
from community.models import CommunityEvent, EventPlan, HandOut, Measure, Suggestion, Survey
from followups.actions import open_followup
from followups.kinds import Kind
from followups.models import FollowUp
from rulebook.worktime import ZONE

PLAN_SURVEY = "community.plan_survey"
APPROVE_SURVEY = "community.approve_survey"
OPEN_SURVEY = "community.open_survey"
HAND_OUT = "community.hand_out"
COLLECT = "community.collect"
COUNT = "community.count"
REPORT = "community.report"
PUBLICISE = "community.publicise"
FILE_SURVEY = "community.file_survey"
MEASURE = "community.measure"
CONFIRM_MEASURE = "community.confirm_measure"
WISHES = "community.wishes"
PLAN = "community.plan"
APPROVE_PLAN = "community.approve_plan"
SCHEME = "community.scheme"
APPROVE_SCHEME = "community.approve_scheme"
NOTICE = "community.notice"
RESULT = "community.result"
SUMMARY = "community.summary"
FILE_EVENT = "community.file_event"
SUGGESTION = "community.suggestion"

KINDS = (
    Kind(key=PLAN_SURVEY, label=_("征询策划"), title=gettext_noop("策划意见征询: %(what)s"),
         action=_("策划")),
    Kind(key=APPROVE_SURVEY, label=_("征询审批"), title=gettext_noop("审批意见征询: %(what)s"),
         action=_("审批")),
    Kind(key=OPEN_SURVEY, label=_("开始发放"), title=gettext_noop("开始发放问卷: %(what)s"),
         action=_("开始发放")),
    Kind(key=HAND_OUT, label=_("发放问卷"), title=gettext_noop("发放问卷: %(place)s %(what)s"),
         action=_("记发放")),
    Kind(key=COLLECT, label=_("回收问卷"), title=gettext_noop("回收问卷: %(place)s %(what)s"),
         action=_("录入")),
    Kind(key=COUNT, label=_("征询统计"), title=gettext_noop("征询截止, 录完并统计: %(what)s"),
         action=_("统计")),
    Kind(key=REPORT, label=_("征询报告"), title=gettext_noop("写征询分析报告: %(what)s"),
         action=_("写报告")),
    Kind(key=PUBLICISE, label=_("征询公示"), title=gettext_noop("派整改并公示征询结果: %(what)s"),
         action=_("公示")),
    Kind(key=FILE_SURVEY, label=_("征询归档"), title=gettext_noop("整改完成后归档: %(what)s"),
         action=_("归档")),
    Kind(key=MEASURE, label=_("整改"), title=gettext_noop("征询整改: %(what)s"),
         action=_("记结果")),
    Kind(key=CONFIRM_MEASURE, label=_("核实整改"), title=gettext_noop("核实整改: %(what)s"),
         action=_("核实")),
    Kind(key=WISHES, label=_("意向调查"), title=gettext_noop("活动意向调查: %(what)s"),
         action=_("记意向")),
    Kind(key=PLAN, label=_("活动计划"), title=gettext_noop("报批半年活动计划: %(what)s"),
         action=_("写计划")),
    Kind(key=APPROVE_PLAN, label=_("计划审批"), title=gettext_noop("审批活动计划: %(what)s"),
         action=_("审批")),
    Kind(key=SCHEME, label=_("活动方案"), title=gettext_noop("报批活动方案: %(what)s"),
         action=_("写方案")),
    Kind(key=APPROVE_SCHEME, label=_("方案审批"), title=gettext_noop("审批活动方案: %(what)s"),
         action=_("审批")),
    Kind(key=NOTICE, label=_("活动通知"), title=gettext_noop("通知业户: %(what)s"),
         action=_("记通知")),
    Kind(key=RESULT, label=_("活动结果"), title=gettext_noop("记参加人数和决算: %(what)s"),
         action=_("记结果")),
    Kind(key=SUMMARY, label=_("活动总结"), title=gettext_noop("写活动总结: %(what)s"),
         action=_("写总结")),
    Kind(key=FILE_EVENT, label=_("活动归档"), title=gettext_noop("活动归档: %(what)s"),
         action=_("归档")),
    Kind(key=SUGGESTION, label=_("答复建议"), title=gettext_noop("答复业户建议: %(place)s %(what)s"),
         action=_("记答复")),
)  # fmt: skip


def end_of_day(day: date) -> datetime:
    """Midnight in Shanghai after ``day``."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZONE)


def open_for_survey(survey: Survey, kind: str, *, now: datetime, owner_post: str, **terms):
    return open_followup(
        survey, kind, now=now, owner_post=owner_post, estate=survey.estate,
        params={"what": survey.title}, url=survey.get_absolute_url(), **terms,
    )  # fmt: skip


def open_for_hand_out(row: HandOut, kind: str, *, now: datetime, **terms) -> FollowUp:
    """One building's forms: the butler of the area (SUR-2), the desk where there is none."""
    forms = reverse("community:form_list", args=[row.survey_id])
    url = f"{forms}?building={row.building_id}"
    return open_followup(
        row, kind, now=now, owner=row.butler, estate=row.survey.estate, url=url,
        owner_post=posts.BUTLER if row.butler else posts.FRONT_DESK,
        place_label=str(row.building), params={"what": row.survey.title}, **terms,
    )  # fmt: skip


def open_for_measure(measure: Measure, *, now: datetime) -> FollowUp:
    return open_followup(
        measure, MEASURE, now=now, owner=measure.owner, owner_post=measure.owner.post,
        estate=measure.survey.estate, params={"what": measure.what[:60]},
        url=measure.get_absolute_url(), due_at=end_of_day(measure.due_on),
    )  # fmt: skip


def open_confirming(measure: Measure, *, now: datetime) -> FollowUp:
    """Whoever planned the survey looks whether it is so; the general manager at his own measure."""
    planner = measure.survey.planned_by
    is_own = planner is None or planner.pk == measure.owner_id
    return open_followup(
        measure, CONFIRM_MEASURE, now=now, owner=None if is_own else planner,
        owner_post=posts.GENERAL_MANAGER if is_own else posts.CS_MANAGER,
        estate=measure.survey.estate, params={"what": measure.what[:60]},
        url=measure.get_absolute_url(), limit_key="surveys.confirm",
    )  # fmt: skip


def open_for_plan(plan: EventPlan, kind: str, *, now: datetime, owner_post: str, **terms):
    return open_followup(
        plan, kind, now=now, owner_post=owner_post, estate=plan.estate,
        params={"what": str(plan)}, url=plan.get_absolute_url(), **terms,
    )  # fmt: skip


def open_for_event(event: CommunityEvent, kind: str, *, now: datetime, **terms) -> FollowUp:
    """What is owed about an activity; by its owner unless ``owner_post`` names another post."""
    if "owner_post" not in terms:
        terms |= {"owner": event.owner, "owner_post": event.owner.post}
    return open_followup(
        event, kind, now=now, estate=event.estate, place_label=event.place,
        params={"what": event.theme}, url=event.get_absolute_url(), **terms,
    )  # fmt: skip


def open_for_suggestion(suggestion: Suggestion, *, now: datetime) -> FollowUp:
    owner = suggestion.owner
    return open_followup(
        suggestion, SUGGESTION, now=now, owner=owner, estate=suggestion.estate,
        owner_post=owner.post if owner else posts.FRONT_DESK, unit=suggestion.unit,
        params={"what": suggestion.content[:40]}, url=suggestion.get_absolute_url(),
        limit_key="suggestions.answer",
    )  # fmt: skip
