"""Which step may be taken in which state, by which right, with which form: one table a noun."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from community import forms
from community.actions import (
    events,
    fieldwork,
    measures,
    participants,
    plans,
    suggestions,
    surveys,
)
from community.models import CommunityEvent, EventPlan, Measure, Suggestion, Survey
from community.statuses import (
    EventStatus,
    MeasureStatus,
    PlanStatus,
    SuggestionStatus,
    SurveyStatus,
)

PLAN_SURVEY, APPROVE = "community.plan_survey", "community.approve"
ORGANISE, SUGGEST, VIEW = "community.organise", "community.suggest", "followups.view"


@dataclass(frozen=True)
class Verb:
    """A step. ``form`` asks for its words; a ``grave`` one cannot be taken back."""

    key: str
    label: str | Promise
    done: str | Promise
    permission: str
    states: frozenset[str]
    act: Callable
    form: type[django_forms.Form] = forms.StepForm
    when: Callable[[Any], bool] = lambda _record: True  # beside the state, for what is offered
    who: Callable[[Any, Staff], bool] = lambda _record, _staff: True  # beside the permission
    is_main: bool = False
    grave: bool = False

    @property
    def needs_words(self) -> bool:
        return self.form is not forms.StepForm


@dataclass(frozen=True)
class Noun:
    """A record with its steps. ``path`` is where its pages live."""

    key: str
    path: str
    model: type[models.Model]
    permission: str
    related: tuple[str, ...]
    verbs: tuple[Verb, ...]

    def verbs_for(self, staff: Staff, record: models.Model) -> list[Verb]:
        return [
            verb
            for verb in self.verbs
            if record.status in verb.states
            and verb.when(record)
            and staff.has_perm(verb.permission)
            and verb.who(record, staff)
        ]

    def verb(self, key: str) -> Verb:
        return next(verb for verb in self.verbs if verb.key == key)


def verb(key, label, done, permission, states, act, form=forms.StepForm, **flags) -> Verb:
    return Verb(key, label, done, permission, frozenset(states), act, form, **flags)


def _asks(plan: EventPlan) -> bool:
    return plan.surveyed_at is None


def _has_asked(plan: EventPlan) -> bool:
    return plan.surveyed_at is not None


def _finishes(measure: Measure, staff: Staff) -> bool:
    return staff.pk == measure.owner_id or staff.has_perm(PLAN_SURVEY)


V, M, P, E, G = SurveyStatus, MeasureStatus, PlanStatus, EventStatus, SuggestionStatus

# fmt: off
NOUNS = (
    Noun("survey", "surveys", Survey, "community.view",
         ("estate", "planned_by", "approved_by"), (
        verb("submit", _("报批"), _("已报总经理审批"), PLAN_SURVEY, {V.PLANNED}, surveys.submit,
             is_main=True),
        verb("approve", _("批准"), _("已批准"), APPROVE, {V.SUBMITTED}, surveys.approve,
             forms.OpinionForm, is_main=True),
        verb("send_back", _("退回修改"), _("已退回"), APPROVE, {V.SUBMITTED}, surveys.send_back,
             forms.SendBackForm),
        verb("distribute", _("开始发放"), _("已开始发放, 各楼的管家收到任务"), PLAN_SURVEY,
             {V.APPROVED}, fieldwork.distribute, is_main=True),
        verb("count", _("截止并统计"), _("已统计, 不再收问卷"), PLAN_SURVEY, {V.FIELD},
             fieldwork.count, forms.CountForm, grave=True),
        verb("report", _("写分析报告"), _("报告已保存"), PLAN_SURVEY, {V.COUNTED}, surveys.report,
             forms.ReportForm, is_main=True),
        verb("give_measure", _("派整改措施"), _("整改已派出"), PLAN_SURVEY,
             {V.COUNTED, V.REPORTED, V.PUBLICISED}, measures.give, forms.MeasureForm),
        verb("publicise", _("公示"), _("已公示"), PLAN_SURVEY, {V.REPORTED}, surveys.publicise,
             forms.PublicForm, is_main=True),
        verb("archive", _("归档"), _("已归档"), PLAN_SURVEY, {V.PUBLICISED}, surveys.archive,
             is_main=True),
        verb("cancel", _("取消征询"), _("已取消"), PLAN_SURVEY,
             {V.PLANNED, V.SUBMITTED, V.APPROVED, V.FIELD}, surveys.cancel, forms.ReasonForm,
             grave=True),
    )),
    Noun("measure", "measures", Measure, VIEW,
         ("survey__estate", "survey__planned_by", "owner", "given_by", "done_by", "confirmed_by"), (
        verb("finish", _("记结果"), _("结果已记下, 等核实"), VIEW, {M.OPEN}, measures.finish,
             forms.ResultForm, is_main=True, who=_finishes),
        verb("confirm", _("核实合格"), _("整改已核实"), VIEW, {M.DONE}, measures.confirm,
             forms.FindingForm, is_main=True, who=measures.may_confirm),
        verb("hand_over", _("换责任人"), _("已换责任人"), PLAN_SURVEY, {M.OPEN}, measures.hand_over,
             forms.OwnerForm),
        verb("drop", _("取消整改"), _("已取消"), PLAN_SURVEY, {M.OPEN}, measures.drop,
             forms.ReasonForm, grave=True),
        verb("reopen", _("退回重做"), _("已退回责任人重做"), VIEW, {M.DONE, M.CONFIRMED},
             measures.reopen, forms.AgainForm, who=measures.may_confirm),
    )),
    Noun("plan", "activities/plans", EventPlan, "community.view",
         ("estate", "submitted_by", "approved_by"), (
        verb("add_wish", _("加意向"), _("意向已记下"), ORGANISE, {P.WISHES}, plans.add_wish,
             forms.WishForm, when=_asks, is_main=True),
        verb("end_wishes", _("结束意向调查"), _("意向调查已结束"), ORGANISE, {P.WISHES},
             plans.end_wishes, forms.AskedForm, when=_asks),
        verb("submit", _("报批计划"), _("已报总经理审批"), ORGANISE, {P.WISHES}, plans.submit,
             forms.PlanNoteForm, when=_has_asked, is_main=True),
        verb("approve", _("批准"), _("计划已批准"), APPROVE, {P.SUBMITTED}, plans.approve,
             forms.OpinionForm, is_main=True),
        verb("send_back", _("退回修改"), _("已退回"), APPROVE, {P.SUBMITTED}, plans.send_back,
             forms.SendBackForm),
    )),
    Noun("event", "activities", CommunityEvent, "community.view",
         ("estate", "plan", "owner", "approved_by", "reviewed_by"), (
        verb("submit", _("报批方案"), _("方案已报总经理审批"), ORGANISE, {E.PLANNED}, events.submit,
             is_main=True),
        verb("approve", _("批准"), _("方案已批准"), APPROVE, {E.SCHEMED}, events.approve,
             forms.OpinionForm, is_main=True),
        verb("send_back", _("退回修改"), _("已退回"), APPROVE, {E.SCHEMED}, events.send_back,
             forms.SendBackForm),
        verb("give_notice", _("记通知"), _("通知已记下"), ORGANISE, {E.APPROVED}, events.give_notice,
             forms.NoticeForm, is_main=True),
        verb("hold", _("记结果"), _("活动结果已记下"), ORGANISE, {E.NOTICED}, events.hold,
             forms.HeldForm, is_main=True),
        verb("set_participants", _("记报名、参加业户"), _("参加业户已记下"), ORGANISE,
             set(participants.NOTED_IN), participants.set_participants, forms.ParticipantsForm),
        verb("postpone", _("改期"), _("已改期, 要再通知业户"), ORGANISE, {E.APPROVED, E.NOTICED},
             events.postpone, forms.PostponeForm),
        verb("summarise", _("写总结"), _("总结已保存"), ORGANISE, {E.HELD}, events.summarise,
             forms.SummaryForm, is_main=True),
        verb("archive", _("审核归档"), _("已归档"), PLAN_SURVEY, {E.SUMMARISED}, events.archive,
             forms.ReviewForm, is_main=True),
        verb("cancel", _("取消活动"), _("已取消"), ORGANISE,
             {E.PLANNED, E.SCHEMED, E.APPROVED, E.NOTICED}, events.cancel, forms.ReasonForm,
             grave=True),
    )),
    Noun("suggestion", "suggestions", Suggestion, "community.view",
         ("estate", "unit__building", "resident", "taken_by", "owner", "answered_by"), (
        verb("answer", _("记答复"), _("答复已记下"), SUGGEST, {G.OPEN}, suggestions.answer,
             forms.AnswerForm, is_main=True),
        verb("reopen", _("业户不满意, 重新答复"), _("已重新打开"), SUGGEST, {G.ANSWERED},
             suggestions.reopen, forms.ReasonForm),
    )),
)
# fmt: on
BY_KEY = {noun.key: noun for noun in NOUNS}
