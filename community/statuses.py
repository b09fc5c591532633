"""The lives of a survey, an activity and a suggestion: their states, and which may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SurveyStatus(models.TextChoices):
    PLANNED = "planned", _("策划中")
    SUBMITTED = "submitted", _("待审批")
    APPROVED = "approved", _("已批准")
    FIELD = "field", _("发放回收中")
    COUNTED = "counted", _("已统计")
    REPORTED = "reported", _("已出报告")
    PUBLICISED = "publicised", _("已公示")
    ARCHIVED = "archived", _("已归档")
    CANCELLED = "cancelled", _("已取消")


V = SurveyStatus

# forms 4.15; status → the states that may follow it.
SURVEY_MOVES = {
    V.PLANNED: {V.SUBMITTED, V.CANCELLED},
    V.SUBMITTED: {V.APPROVED, V.PLANNED, V.CANCELLED},
    V.APPROVED: {V.FIELD, V.CANCELLED},
    V.FIELD: {V.COUNTED, V.CANCELLED},
    V.COUNTED: {V.REPORTED},
    V.REPORTED: {V.PUBLICISED},
    V.PUBLICISED: {V.ARCHIVED},
    V.ARCHIVED: set(),
    V.CANCELLED: set(),
}


class MeasureStatus(models.TextChoices):
    OPEN = "open", _("整改中")
    DONE = "done", _("待核实")
    CONFIRMED = "confirmed", _("已核实")
    CANCELLED = "cancelled", _("已取消")


M = MeasureStatus

MEASURE_MOVES = {
    M.OPEN: {M.DONE, M.CANCELLED},
    M.DONE: {M.CONFIRMED, M.OPEN},
    M.CONFIRMED: {M.OPEN},
    M.CANCELLED: set(),
}


class PlanStatus(models.TextChoices):
    WISHES = "wishes", _("意向调查中")
    SUBMITTED = "submitted", _("待审批")
    APPROVED = "approved", _("已批准")


P = PlanStatus

PLAN_MOVES = {P.WISHES: {P.SUBMITTED}, P.SUBMITTED: {P.APPROVED, P.WISHES}, P.APPROVED: set()}


class EventStatus(models.TextChoices):
    PLANNED = "planned", _("计划中")
    SCHEMED = "schemed", _("方案待批")
    APPROVED = "approved", _("方案已批")
    NOTICED = "noticed", _("已通知")
    HELD = "held", _("已举办")
    SUMMARISED = "summarised", _("已总结")
    ARCHIVED = "archived", _("已归档")
    CANCELLED = "cancelled", _("已取消")


E = EventStatus

# forms 4.16
EVENT_MOVES = {
    E.PLANNED: {E.SCHEMED, E.CANCELLED},
    E.SCHEMED: {E.APPROVED, E.PLANNED, E.CANCELLED},
    E.APPROVED: {E.NOTICED, E.CANCELLED},
    E.NOTICED: {E.HELD, E.APPROVED, E.CANCELLED},  # put off: the residents are told again
    E.HELD: {E.SUMMARISED},
    E.SUMMARISED: {E.ARCHIVED},
    E.ARCHIVED: set(),
    E.CANCELLED: set(),
}


class SuggestionStatus(models.TextChoices):
    OPEN = "open", _("待答复")
    ANSWERED = "answered", _("已答复")


G = SuggestionStatus

SUGGESTION_MOVES = {G.OPEN: {G.ANSWERED}, G.ANSWERED: {G.OPEN}}
