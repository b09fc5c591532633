"""The department's papers of the demo: a signed log, a reported month, tasks, purchases, training."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext as _

from appraisal.actions import rates
from office import people
from office.actions import logs, plans, purchases, tasks, training
from office.followups import open_due
from office.models import ButlerCheck, DailyLog
from office.models.training import TrainingKind
from office.periods import month_before
from office.statuses import CheckStatus, LogStatus
from office.subjects import HANDBOOK

SPACE = UUID("6f1d3a3e-0d6b-4a53-9a0c-0ff1ce000000")


def fill(estate, staff, *, now) -> None:
    """Everything through the actions, so that follow-ups and history are there as in real work."""
    assistant, manager, gm = staff["assistant"], staff["manager"], staff["gm"]
    open_due(now)
    _last_day(estate, assistant, manager, now)
    _month(estate, assistant, manager, now)
    _tasks(estate, staff, now)
    _purchases(estate, assistant, manager, staff["desk1"], now)
    _training(estate, assistant, staff, now)
    plan = plans.open_plan(
        estate=estate, year=timezone.localdate(now).year + 1, by=assistant, now=now
    )
    if plan.items.count() == 1:
        plans.add_item(plan, by=assistant, now=now, month=3, subject="repairs",
                          kind=TrainingKind.IN_SERVICE, audience=_("客服中心和管家"),
                          hours=Decimal(2), trainer=gm.name)  # fmt: skip


def _last_day(estate, assistant, manager, now):
    """The last working day: its log is signed, its check done."""
    for days in (1, 2, 3):
        before = now - timedelta(days=days)
        open_due(before)
        if DailyLog.objects.filter(estate=estate, day=timezone.localdate(before)).exists():
            break
    for log in DailyLog.objects.filter(
        estate=estate, day=timezone.localdate(before), status=LogStatus.DRAFT
    ):
        logs.submit_log(log, by=assistant, now=before, weather=_("晴"),
                        attendance=_("应到 10 人, 实到 10 人"),
                        important=_("3 栋电梯保养, 已提前贴通知"),
                        instructions=_("天冷, 提醒管家查水管保温"),
                        tomorrow=_("走访 2 栋, 培训投诉处理"))  # fmt: skip
        logs.sign_log(log, by=manager, now=now, opinion=_("保温检查要有记录"))
    for check in ButlerCheck.objects.filter(
        estate=estate, day=timezone.localdate(before), status=CheckStatus.OWED
    ):
        tasks.record_check(
            check,
            by=assistant,
            now=before,
            findings=[tasks.Finding(each, True) for each in people.butlers(estate)],
        )


def _month(estate, assistant, manager, now):
    month = month_before(timezone.localdate(now))
    summary = logs.open_summary(estate=estate, month=month, by=assistant, now=now)
    rates.enter_rate(estate, month, receivable=Decimal(268000), received=Decimal(251450),
                      by=assistant, now=now)  # fmt: skip
    logs.report_summary(summary, by=assistant, now=now,
                        summary=_("报修集中在水和电, 急修都在时限内到场。"),
                        problems=_("回访偏慢, 夜间接单有超时。"),
                        suggestions=_("夜班加一名接单人员。"),
                        measures=_("每天下班前由前台核对未回访的单子。"))  # fmt: skip
    logs.review_summary(summary, by=manager, now=now, review=_("同意, 下月看效果"))


def _tasks(estate, staff, now):
    assistant, manager = staff["assistant"], staff["manager"]
    first = tasks.set_task(estate=estate, title=_("整理空置房钥匙清单"), assignee=assistant,
                           due_at=now + timedelta(days=2), client_key=_key(1), by=manager,
                           now=now)  # fmt: skip
    tasks.begin_task(first, by=assistant, now=now)
    second = tasks.set_task(estate=estate, title=_("更新大堂通知栏"), assignee=staff["desk1"],
                            due_at=now + timedelta(hours=6), client_key=_key(2), by=assistant,
                            now=now)  # fmt: skip
    tasks.report_task(second, by=staff["desk1"], now=now, report=_("已换成冬季用水提示"))


def _purchases(estate, assistant, manager, desk, now):
    terms = {"estate": estate, "now": now, "needed_on": timezone.localdate(now)}
    purchases.request_purchase(item=_("复印纸"), spec="A4", quantity=Decimal(5),
                               unit_name=_("箱"), purpose=_("前台打印派工单"), budget=Decimal(600),
                               client_key=_key(3), by=desk, **terms)  # fmt: skip
    second = purchases.request_purchase(item=_("对讲机"), quantity=Decimal(2), unit_name=_("台"),
                                        purpose=_("夜班联络"), budget=Decimal(900),
                                        client_key=_key(4), by=assistant, **terms)  # fmt: skip
    purchases.approve(second, by=manager, now=now)
    purchases.order(second, by=assistant, now=now, supplier=_("本地电讯"),
                    expected_on=timezone.localdate(now) + timedelta(days=3))  # fmt: skip


def _training(estate, assistant, staff, now):
    began = now - timedelta(hours=3)
    there = [staff["desk1"], staff["desk2"], staff["butler1"]]
    session = training.plan_session(estate=estate, subject=HANDBOOK, starts_at=began,
                                    hours=Decimal(2), trainer=staff["manager"].name,
                                    participants=there, client_key=_key(5), by=assistant,
                                    now=began)  # fmt: skip
    if timezone.localdate(began) != timezone.localdate(now):
        return
    for each in there:
        training.sign_in(session, by=each, now=now)
    training.hold(session, by=assistant, now=now)
    scores = dict(zip(session.attendances.order_by("pk").values_list("pk", flat=True),
                      (Decimal(88), Decimal(55), Decimal(76)), strict=True))  # fmt: skip
    training.grade(session, by=assistant, now=now, graded_on=timezone.localdate(now),
                   scores=scores)  # fmt: skip


def _key(number: int) -> UUID:
    return uuid5(SPACE, str(number))
