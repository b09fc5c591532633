"""Every step of every paper: who may take it, in which state, by which form and action."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from office.actions import logs, plans, purchases, tasks, training
from office.forms import steps as forms
from office.models import (
    Assignment,
    Attendance,
    ButlerCheck,
    DailyLog,
    MonthlySummary,
    Purchase,
    TrainingPlan,
    TrainingSession,
)
from office.statuses import (
    UNDONE_TASKS,
    CheckStatus,
    LogStatus,
    PlanStatus,
    PurchaseStatus,
    SessionStatus,
    Standing,
    SummaryStatus,
    TaskStatus,
)


@dataclass(frozen=True)
class Step:
    """``may`` says who at all (else 403); ``statuses`` when it is offered; ``form`` what it asks."""

    key: str
    label: str | Promise
    icon: str
    may: Callable[[Any, Staff], bool]
    statuses: tuple[str, ...]
    act: Callable[..., Any]
    done: str | Promise
    form: type[forms.StepForm] = forms.StepForm
    grave: bool = False
    offered: Callable[[Any, Staff], bool] | None = None
    on_page: bool = False  # the page itself shows the form

    def is_open(self, paper, staff: Staff) -> bool:
        """Whether the page offers it now."""
        if paper.status not in self.statuses or not self.may(paper, staff):
            return False
        return self.offered is None or self.offered(paper, staff)


def has(permission: str) -> Callable[[Any, Staff], bool]:
    return lambda paper, staff: staff.has_perm(permission)


def _is_assignee(task, staff):
    return task.assignee_id == staff.pk


def _leads(task, staff):
    return staff.has_perm("office.tasks") and tasks.may_lead(task, staff)


def _cancels_purchase(purchase, staff):
    return staff.has_perm("office.follow_purchases") or purchase.requested_by_id == staff.pk


def _not_own(field: str):
    return lambda paper, staff: getattr(paper, f"{field}_id") != staff.pk


def _takes_part(session, staff):
    return staff.has_perm("office.attend") and (
        Attendance.objects.filter(session=session, staff=staff).exists()
    )


def _has_not_signed(session, staff):
    return Attendance.objects.filter(session=session, staff=staff, signed_at=None).exists()


def _somebody(status=None, **conditions):
    if status:
        conditions["status"] = status
    return lambda session, staff: session.attendances.filter(**conditions).exists()


def _has_every_result(session, staff):
    waiting = (Standing.TRAINING, Standing.RESIT)
    return not session.attendances.filter(status__in=waiting).exists()


def _resit(session, *, by, now, attendance, resit_on, score):
    training.record_resit(attendance, by=by, now=now, resit_on=resit_on, score=score)


def _miss(session, *, by, now, attendance):
    training.miss_resit(attendance, by=by, now=now)


def _check(check, *, by, now, **answers):
    findings = [
        tasks.Finding(
            butler=butler,
            is_good=answers[f"good_{butler.pk}"] == "1",
            note=answers[f"note_{butler.pk}"],
        )
        for butler in _butlers(check)
    ]
    tasks.record_check(check, by=by, now=now, findings=findings)


def _butlers(check):
    return tasks.people.butlers(check.estate)


WRITE, SIGN = has("office.write_log"), has("office.sign_logs")
WRITE_SUMMARY, REVIEW = has("office.write_summary"), has("office.review_summaries")
APPROVE, FOLLOW = has("office.approve_purchases"), has("office.follow_purchases")
ARRANGE, APPROVE_TRAINING = has("office.arrange_training"), has("office.approve_training")
P, S = PurchaseStatus, SessionStatus

LOG = (
    Step("save", _("保存草稿"), "device-floppy", WRITE, (LogStatus.DRAFT,), logs.save_log,
         _("草稿已保存"), forms.LogForm, on_page=True),
    Step("submit", _("提交经理签阅"), "send", WRITE, (LogStatus.DRAFT,), logs.submit_log,
         _("日志已提交"), forms.LogForm, on_page=True),
    Step("sign", _("签阅"), "signature", SIGN, (LogStatus.SUBMITTED,), logs.sign_log,
         _("已签阅"), forms.OpinionForm, offered=_not_own("submitted_by")),
    Step("return", _("退回"), "arrow-back-up", SIGN, (LogStatus.SUBMITTED,), logs.return_log,
         _("已退回"), forms.ReasonForm),
)  # fmt: skip
SUMMARY = (
    Step("save", _("保存草稿"), "device-floppy", WRITE_SUMMARY, (SummaryStatus.DRAFT,),
         logs.save_summary, _("草稿已保存"), forms.SummaryForm, on_page=True),
    Step("report", _("上报"), "send", WRITE_SUMMARY, (SummaryStatus.DRAFT,),
         logs.report_summary, _("总结已上报, 汇总表按现在的数定下"), forms.SummaryForm,
         on_page=True),
    Step("review", _("审核"), "signature", REVIEW, (SummaryStatus.REPORTED,),
         logs.review_summary, _("已审核, 报总经理阅"), forms.ReviewForm),
    Step("return", _("退回"), "arrow-back-up", REVIEW, (SummaryStatus.REPORTED,),
         logs.return_summary, _("已退回"), forms.ReasonForm),
    Step("read", _("已阅"), "check", has("office.read_up"), (SummaryStatus.REVIEWED,),
         logs.read_summary, _("已阅"), forms.OpinionForm),
)  # fmt: skip
TASK = (
    Step("begin", _("开始实施"), "player-play", _is_assignee, (TaskStatus.SET,),
         tasks.begin_task, _("已记下开始")),
    Step("report", _("汇报"), "send", _is_assignee, UNDONE_TASKS, tasks.report_task,
         _("已汇报"), forms.ReportForm),
    Step("accept", _("认可完成"), "check", _leads, (TaskStatus.REPORTED,), tasks.accept_task,
         _("任务完成"), forms.VerdictForm),
    Step("return", _("退回重做"), "arrow-back-up", _leads, (TaskStatus.REPORTED,),
         tasks.return_task, _("已退回"), forms.ReturnTaskForm),
    Step("move", _("改期限"), "calendar-event", _leads, UNDONE_TASKS, tasks.move_task,
         _("期限已改"), forms.MoveTaskForm),
    Step("cancel", _("取消任务"), "x", _leads, UNDONE_TASKS, tasks.cancel_task,
         _("任务已取消"), forms.ReasonForm, grave=True),
)  # fmt: skip
CHECK = (
    Step("record", _("保存检查结果"), "check", has("office.check_butlers"), (CheckStatus.OWED,),
         _check, _("检查结果已保存"), forms.CheckForm, on_page=True),
)  # fmt: skip
PURCHASE = (
    Step("approve", _("批准"), "check", APPROVE, (P.REQUESTED,), purchases.approve, _("已批准"),
         forms.DecisionForm, offered=_not_own("requested_by")),
    Step("reject", _("不批准"), "x", APPROVE, (P.REQUESTED,), purchases.reject, _("已记不批准"),
         forms.RejectForm, offered=_not_own("requested_by")),
    Step("order", _("下单"), "shopping-cart", FOLLOW, (P.APPROVED,), purchases.order,
         _("已下单"), forms.OrderForm),
    Step("receive", _("到货验收"), "package", FOLLOW, (P.ORDERED,), purchases.receive,
         _("已验收"), forms.ReceiveForm),
    Step("store", _("入库"), "building-warehouse", FOLLOW, (P.RECEIVED,), purchases.store,
         _("已入库"), forms.StoreForm),
    Step("issue", _("领用"), "user-check", FOLLOW, (P.RECEIVED, P.STORED), purchases.issue,
         _("已领用"), forms.IssueForm),
    Step("cancel", _("取消采购"), "x", _cancels_purchase, (P.REQUESTED, P.APPROVED, P.ORDERED),
         purchases.cancel_purchase, _("已取消"), forms.ReasonForm, grave=True),
)  # fmt: skip
PLAN = (
    Step("submit", _("提交批准"), "send", ARRANGE, (PlanStatus.DRAFT,), plans.submit_plan,
         _("计划已提交"), forms.NoteForm),
    Step("item", _("加一项"), "plus", ARRANGE, (PlanStatus.DRAFT,), plans.add_item,
         _("已加入计划"), forms.ItemForm),
    Step("remove", _("删除"), "x", ARRANGE, (PlanStatus.DRAFT,), plans.remove_item,
         _("已删除"), forms.RemoveItemForm, on_page=True),
    Step("approve", _("批准"), "check", APPROVE_TRAINING, (PlanStatus.SUBMITTED,),
         plans.approve_plan, _("计划已批准"), forms.OpinionForm,
         offered=_not_own("submitted_by")),
    Step("return", _("退回"), "arrow-back-up", APPROVE_TRAINING, (PlanStatus.SUBMITTED,),
         plans.return_plan, _("已退回"), forms.ReasonForm),
)  # fmt: skip
SESSION = (
    Step("sign", _("我来签到"), "signature", _takes_part, (S.PLANNED,), training.sign_in,
         _("已签到"), offered=_has_not_signed),
    Step("present", _("代记签到"), "user-check", ARRANGE, (S.PLANNED,), training.sign_in,
         _("已记签到"), forms.PresentForm, offered=_somebody(signed_at=None)),
    Step("hold", _("培训结束, 停止签到"), "check", ARRANGE, (S.PLANNED,), training.hold,
         _("已结束签到"), grave=True),
    Step("grade", _("登记成绩"), "edit", ARRANGE, (S.HELD,), training.grade, _("成绩已登记"),
         forms.GradeForm, offered=lambda session, staff: session.has_exam),
    Step("resit", _("登记补考"), "edit", ARRANGE, (S.GRADED,), _resit, _("补考已登记"),
         forms.ResitForm, offered=_somebody(Standing.RESIT)),
    Step("miss", _("未参加补考"), "x", ARRANGE, (S.GRADED,), _miss, _("已记不合格"),
         forms.MissForm, offered=_somebody(Standing.RESIT), grave=True),
    Step("archive", _("归档"), "archive", ARRANGE, (S.HELD, S.GRADED), training.archive,
         _("已归档"), offered=_has_every_result),
    Step("cancel", _("取消培训"), "x", ARRANGE, (S.PLANNED,), training.cancel_session,
         _("培训已取消"), forms.ReasonForm, grave=True),
)  # fmt: skip


@dataclass(frozen=True)
class Room:
    """A kind of paper: its model, its steps, and the name of its page."""

    code: str
    path: str
    model: type
    steps: tuple[Step, ...]
    joined: tuple[str, ...]

    def step(self, key: str) -> Step:
        return next(step for step in self.steps if step.key == key)

    @property
    def page(self) -> str:
        return f"office:{self.code}_detail"


ROOMS = {
    room.code: room
    for room in (
        Room("log", "logs", DailyLog, LOG, ("estate", "submitted_by", "signed_by")),
        Room("summary", "summaries", MonthlySummary, SUMMARY,
             ("estate", "reported_by", "reviewed_by", "read_by")),
        Room("task", "tasks", Assignment, TASK,
             ("estate", "set_by", "assignee", "accepted_by")),
        Room("check", "checks", ButlerCheck, CHECK, ("estate", "checked_by")),
        Room("purchase", "purchases", Purchase, PURCHASE,
             ("estate", "requested_by", "decided_by", "ordered_by", "received_by", "issued_to")),
        Room("plan", "training/plans", TrainingPlan, PLAN,
             ("estate", "submitted_by", "approved_by")),
        Room("session", "training", TrainingSession, SESSION,
             ("estate", "planned_by", "graded_by")),
    )
}  # fmt: skip
