"""The lives of the office's papers (forms 4.19, 4.21): their states, and which may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LogStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已提交")
    SIGNED = "signed", _("已签阅")


class SummaryStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    REPORTED = "reported", _("已上报")
    REVIEWED = "reviewed", _("经理已审")
    READ = "read", _("总经理已阅")


class TaskStatus(models.TextChoices):
    SET = "set", _("已布置")
    DOING = "doing", _("实施中")
    REPORTED = "reported", _("已汇报")
    DONE = "done", _("完成")
    CANCELLED = "cancelled", _("取消")


class CheckStatus(models.TextChoices):
    OWED = "owed", _("待检查")
    DONE = "done", _("已检查")


class PurchaseStatus(models.TextChoices):
    REQUESTED = "requested", _("待审批")
    APPROVED = "approved", _("已批准")
    REJECTED = "rejected", _("未批准")
    ORDERED = "ordered", _("采购中")
    RECEIVED = "received", _("已到货验收")
    STORED = "stored", _("已入库")
    ISSUED = "issued", _("已领用")
    CANCELLED = "cancelled", _("取消")


class PlanStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待批准")
    APPROVED = "approved", _("已批准")


class SessionStatus(models.TextChoices):
    PLANNED = "planned", _("待实施")
    HELD = "held", _("已实施")
    GRADED = "graded", _("已考核")
    ARCHIVED = "archived", _("已归档")
    CANCELLED = "cancelled", _("取消")


class Standing(models.TextChoices):
    """How one person stands in one training (forms 4.21)."""

    TRAINING = "training", _("在训")
    PASSED = "passed", _("合格")
    RESIT = "resit", _("待补考")
    PASSED_RESIT = "passed_resit", _("补考合格")
    FAILED = "failed", _("不合格(不得上岗)")
    ABSENT = "absent", _("缺席")


L, M, T, C = LogStatus, SummaryStatus, TaskStatus, CheckStatus
P, Y, S, G = PurchaseStatus, PlanStatus, SessionStatus, Standing

# status → the states that may follow it, one map per paper.
LOG_MOVES = {L.DRAFT: {L.SUBMITTED}, L.SUBMITTED: {L.SIGNED, L.DRAFT}, L.SIGNED: set()}
SUMMARY_MOVES = {
    M.DRAFT: {M.REPORTED},
    M.REPORTED: {M.REVIEWED, M.DRAFT},
    M.REVIEWED: {M.READ},
    M.READ: set(),
}
TASK_MOVES = {
    T.SET: {T.DOING, T.REPORTED, T.CANCELLED},
    T.DOING: {T.REPORTED, T.CANCELLED},
    T.REPORTED: {T.DONE, T.DOING},
    T.DONE: set(),
    T.CANCELLED: set(),
}
CHECK_MOVES = {C.OWED: {C.DONE}, C.DONE: set()}
PURCHASE_MOVES = {
    P.REQUESTED: {P.APPROVED, P.REJECTED, P.CANCELLED},
    P.APPROVED: {P.ORDERED, P.CANCELLED},
    P.ORDERED: {P.RECEIVED, P.CANCELLED},
    P.RECEIVED: {P.STORED, P.ISSUED},
    P.STORED: {P.ISSUED},
    P.REJECTED: set(),
    P.ISSUED: set(),
    P.CANCELLED: set(),
}
PLAN_MOVES = {Y.DRAFT: {Y.SUBMITTED}, Y.SUBMITTED: {Y.APPROVED, Y.DRAFT}, Y.APPROVED: set()}
SESSION_MOVES = {
    S.PLANNED: {S.HELD, S.CANCELLED},
    S.HELD: {S.GRADED, S.ARCHIVED},
    S.GRADED: {S.ARCHIVED},
    S.ARCHIVED: set(),
    S.CANCELLED: set(),
}
STANDING_MOVES = {
    G.TRAINING: {G.PASSED, G.RESIT, G.FAILED, G.ABSENT},
    G.RESIT: {G.PASSED_RESIT, G.FAILED},
    G.PASSED: set(),
    G.PASSED_RESIT: set(),
    G.FAILED: set(),
    G.ABSENT: set(),
}

UNDONE_TASKS = (T.SET, T.DOING)
OPEN_PURCHASES = (P.REQUESTED, P.APPROVED, P.ORDERED, P.RECEIVED)
QUALIFIED = (G.PASSED, G.PASSED_RESIT)
