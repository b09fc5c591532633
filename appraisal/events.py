"""What happened to a sheet, as its history says it: one code, one label."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

EVENTS = {
    "appraisal.opened": gettext_lazy("开始填写"),
    "appraisal.footer": gettext_lazy("改页脚"),
    "appraisal.deducted": gettext_lazy("扣分"),
    "appraisal.linked": gettext_lazy("连带扣分"),
    "appraisal.line_removed": gettext_lazy("删去草稿扣分"),
    "appraisal.evidence": gettext_lazy("加证据"),
    "appraisal.put_aside": gettext_lazy("建议不扣"),
    "appraisal.submitted": gettext_lazy("提交"),
    "appraisal.seen": gettext_lazy("本人已阅"),
    "appraisal.taken_as_read": gettext_lazy("到期未阅, 视为已阅"),
    "appraisal.approved": gettext_lazy("复核"),
    "appraisal.sent_back": gettext_lazy("退回"),
    "appraisal.appealed": gettext_lazy("申诉"),
    "appraisal.reviewer_named": gettext_lazy("指定复核人"),
    "appraisal.decided": gettext_lazy("裁定"),
    "appraisal.locked": gettext_lazy("生效"),
    "appraisal.published": gettext_lazy("公布"),
    "appraisal.revised": gettext_lazy("重算"),
}
TOLD = ("clause", "fact", "points", "label", "reason", "text", "to", "decision", "before", "after",
        "total")  # fmt: skip


@dataclass(frozen=True)
class Line:
    at: datetime
    what: str | Promise
    who: str
    words: str


def lines(entries) -> list[Line]:
    """Entries as lines that people read, in the given order; time itself is named 系统."""
    return [
        Line(
            entry.at,
            EVENTS.get(entry.event, entry.event),
            entry.by_name or _("系统"),
            " · ".join(str(entry.detail[name]) for name in TOLD if entry.detail.get(name)),
        )
        for entry in entries
    ]
