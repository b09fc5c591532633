"""What happened to a sheet, as its history says it: one code, one label."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

EVENTS = {
    "appraisal.opened": pgettext_lazy("event", "开始填写"),
    "appraisal.footer": pgettext_lazy("event", "改了改进要求"),
    "appraisal.deducted": pgettext_lazy("event", "扣分"),
    "appraisal.linked": pgettext_lazy("event", "连带扣分"),
    "appraisal.line_removed": pgettext_lazy("event", "删去草稿扣分"),
    "appraisal.evidence": pgettext_lazy("event", "加证据"),
    "appraisal.put_aside": pgettext_lazy("event", "建议不采纳"),
    "appraisal.submitted": pgettext_lazy("event", "提交"),
    "appraisal.seen": pgettext_lazy("event", "本人已阅"),
    "appraisal.taken_as_read": pgettext_lazy("event", "到期未阅, 视为已阅"),
    "appraisal.approved": pgettext_lazy("event", "复核"),
    "appraisal.sent_back": pgettext_lazy("event", "退回"),
    "appraisal.appealed": pgettext_lazy("event", "申诉"),
    "appraisal.reviewer_named": pgettext_lazy("event", "指定复核人"),
    "appraisal.decided": pgettext_lazy("event", "裁定"),
    "appraisal.locked": pgettext_lazy("event", "生效"),
    "appraisal.published": pgettext_lazy("event", "公布"),
    "appraisal.revised": pgettext_lazy("event", "重算"),
}
TOLD = ("clause", "fact", "points", "label", "reason", "text", "to", "decision", "total")  # fmt: skip


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
            _words(entry.detail),
        )
        for entry in entries
    ]


def _words(detail: dict) -> str:
    told = [str(detail[name]) for name in TOLD if detail.get(name)]
    if detail.get("before") and detail.get("after"):
        told.append(f"{detail['before']} → {detail['after']}")
    return " · ".join(told)
