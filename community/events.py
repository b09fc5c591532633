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
    "survey.links_exported": _("导出个人链接"),
    "survey.links_printed": _("打印扫码条"),
    "survey.counted": _("截止并统计"),
    "survey.reported": _("写分析报告"),
    "survey.publicised": _("公示"),
    "survey.archived": _("归档"),
    "survey.cancelled": _("取消"),
    "survey.exported": _("导出"),
    "measure.given": _("派整改"),
    "measure.done": _("整改完成"),
    "measure.confirmed": _("核实整改"),
    "measure.handed_over": _("换责任人"),
    "measure.dropped": _("取消整改"),
    "measure.reopened": _("退回重做"),
    "plan.opened": _("开始意向调查"),
    "plan.wish_added": _("记意向"),
    "plan.wish_removed": _("删去意向"),
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
    "event.postponed": _("改期"),
    "event.held": _("举办"),
    "event.photo_added": _("加照片"),
    "event.participants": _("记参加业户"),
    "event.participant_removed": _("删去参加业户"),
    "event.summarised": _("总结"),
    "event.archived": _("审核归档"),
    "event.cancelled": _("取消"),
    "suggestion.taken": _("记下建议"),
    "suggestion.answered": _("答复"),
    "suggestion.reopened": _("重新打开"),
}
# Details that a line tells after its words, in this order, each in words of its own.
TOLD = {
    "what": "%s",
    "households": _("%s 户"),
    "asked": _("调查 %s 户"),
    "opinion": "%s",
    "reason": "%s",
    "was": _("原为 %s"),
    "to": _("改为 %s"),
    "where": "%s",
    "owner": "%s",
    "result": "%s",
    "answer": "%s",
    "shortfall": "%s",
    "links": _("%s 条链接"),
    "occupied": _("已入住 %s 户"),
    "forms": _("应发 %s 份"),
    "sent": _("实发 %s 份"),
    "returned": _("回收 %s 份"),
    "attendance": _("%s 人参加"),
    "spent": _("决算 %s 元"),
    "notice": "%s",
    "seed": _("种子 %s"),
}
# ``count`` counts something else at every event.
COUNTED = {
    "survey.sent": _("%s 份"),
    "survey.questions_set": _("%s 题"),
    "event.participants": _("%s 户"),
}


def lines_of(entries) -> list[dict]:
    """History entries as lines of a timeline, newest first."""
    return [
        {
            "at": entry.at,
            "who": entry.by_name,
            "what": EVENTS.get(entry.event, entry.event),
            "words": " · ".join(
                str(words) % entry.detail[key]
                for key, words in (TOLD | {"count": COUNTED.get(entry.event, "%s")}).items()
                if entry.detail.get(key) not in (None, "")
            ),
        }
        for entry in entries
    ]
