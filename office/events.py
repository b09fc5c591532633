"""What happened to a paper, as its history says it: one code, one label."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history.models import Entry

EVENTS = {
    "log.saved": gettext_lazy("保存日志"),
    "log.submitted": gettext_lazy("提交日志"),
    "log.returned": gettext_lazy("退回日志"),
    "log.signed": gettext_lazy("签阅日志"),
    "summary.saved": gettext_lazy("保存总结"),
    "summary.reported": gettext_lazy("上报总结"),
    "summary.returned": gettext_lazy("退回总结"),
    "summary.reviewed": gettext_lazy("审核总结"),
    "summary.read": gettext_lazy("总经理阅"),
    "task.set": gettext_lazy("布置任务"),
    "task.begun": gettext_lazy("开始实施"),
    "task.reported": gettext_lazy("汇报"),
    "task.returned": gettext_lazy("退回汇报"),
    "task.accepted": gettext_lazy("认可完成"),
    "task.moved": gettext_lazy("改期限"),
    "task.cancelled": gettext_lazy("取消任务"),
    "check.done": gettext_lazy("完成检查"),
    "purchase.requested": gettext_lazy("申请采购"),
    "purchase.approved": gettext_lazy("批准"),
    "purchase.rejected": gettext_lazy("不批准"),
    "purchase.ordered": gettext_lazy("下单"),
    "purchase.received": gettext_lazy("到货验收"),
    "purchase.stored": gettext_lazy("入库"),
    "purchase.issued": gettext_lazy("领用"),
    "purchase.cancelled": gettext_lazy("取消采购"),
    "staff_record.closed": gettext_lazy("登记完人员资格"),
    "plan.item_added": gettext_lazy("加计划项"),
    "plan.item_removed": gettext_lazy("删计划项"),
    "plan.submitted": gettext_lazy("提交计划"),
    "plan.returned": gettext_lazy("退回计划"),
    "plan.approved": gettext_lazy("批准计划"),
    "training.planned": gettext_lazy("安排培训"),
    "training.signed": gettext_lazy("签到"),
    "training.held": gettext_lazy("结束签到"),
    "training.graded": gettext_lazy("登记成绩"),
    "training.resit": gettext_lazy("登记补考"),
    "training.resit_missed": gettext_lazy("未参加补考"),
    "training.archived": gettext_lazy("归档"),
    "training.cancelled": gettext_lazy("取消培训"),
}


@dataclass(frozen=True)
class Line:
    at: datetime
    who: str
    what: str | Promise
    words: str


def lines_of(subject) -> list[Line]:
    """The newest history entries of a paper as lines, newest first: one query."""
    return [
        Line(
            entry.at,
            entry.by_name or _("系统"),
            EVENTS.get(entry.event, entry.event),
            " · ".join(
                value
                for value in entry.detail.values()
                if value and isinstance(value, str) and value != entry.by_name
            ),
        )
        for entry in Entry.objects.about(subject)[:50]
    ]
