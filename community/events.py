"""What happened, in the words of a timeline."""

from django.utils.translation import gettext_lazy as _

EVENTS = {
    "survey.opened": _("按期建立"),
    "survey.planned": _("建立"),
    "survey.edited": _("修改方案"),
    "survey.questions_set": _("修改问题"),
    "survey.submitted": _("报批"),
    "survey.approved": _("批准"),
    "survey.sent_back": _("退回修改"),
    "survey.distributed": _("开始发放"),
    "survey.sent": _("发出问卷"),
    "survey.counted": _("截止并统计"),
    "survey.reported": _("写分析报告"),
    "survey.publicised": _("公示"),
    "survey.archived": _("归档"),
    "survey.cancelled": _("取消"),
    "measure.given": _("派整改"),
    "measure.done": _("整改完成"),
    "measure.handed_over": _("换责任人"),
    "measure.dropped": _("取消整改"),
    "measure.reopened": _("重新打开"),
    "plan.opened": _("开始意向调查"),
    "plan.wish_added": _("记意向"),
    "plan.wishes_ended": _("结束意向调查"),
    "plan.submitted": _("报批计划"),
    "plan.approved": _("批准"),
    "plan.sent_back": _("退回修改"),
    "event.added": _("加入"),
    "event.edited": _("修改方案"),
    "event.submitted": _("报批方案"),
    "event.approved": _("批准"),
    "event.sent_back": _("退回修改"),
    "event.noticed": _("通知业户"),
    "event.held": _("举办"),
    "event.participants": _("记参加业户"),
    "event.summarised": _("总结"),
    "event.archived": _("归档"),
    "event.cancelled": _("取消"),
    "suggestion.taken": _("记下建议"),
    "suggestion.answered": _("答复"),
    "suggestion.reopened": _("重新打开"),
}
# Details that a line tells after its words, in this order.
TOLD = (
    "what", "households", "asked", "opinion", "reason", "where", "owner", "result", "answer",
    "shortfall", "count", "forms", "sent", "returned", "attendance", "spent", "notice", "seed",
)  # fmt: skip


def lines_of(entries) -> list[dict]:
    """History entries as lines of a timeline, newest first."""
    return [
        {
            "at": entry.at,
            "who": entry.by_name,
            "what": EVENTS.get(entry.event, entry.event),
            "words": " · ".join(
                str(entry.detail[key]) for key in TOLD if entry.detail.get(key) not in (None, "")
            ),
        }
        for entry in entries
    ]
