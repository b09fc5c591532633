"""Every number of the manual, as shipped (version 0). Changes live in ``NumberVersion``.

One table per topic; where each default comes from is told in docs/numbers.md.
"""

from django.utils.translation import gettext_lazy as _

from rulebook.numbers import (
    appraisal,
    community,
    complaints,
    ladder,
    office,
    registers,
    repairs,
    rounds,
)
from rulebook.numbers.row import Number

NUMBERS: tuple[Number, ...] = (
    repairs.NUMBERS
    + ladder.NUMBERS
    + complaints.NUMBERS
    + rounds.NUMBERS
    + registers.NUMBERS
    + community.NUMBERS
    + office.NUMBERS
    + appraisal.NUMBERS
)

BY_KEY = {number.key: number for number in NUMBERS}

TOPIC_LABELS = {
    "repairs": _("报修"),
    "contacts": _("来电来访"),
    "incidents": _("重大事件"),
    "followups": _("提醒与升级"),
    "quiet": _("免打扰"),
    "complaints": _("投诉"),
    "visits": _("走访"),
    "callbacks": _("其他回访"),
    "shifts": _("值班与交接班"),
    "patrol": _("巡视"),
    "vacant": _("空置房"),
    "violations": _("违章"),
    "cleaning": _("绿化保洁检查"),
    "keys": _("钥匙"),
    "cards": _("功能卡"),
    "mail": _("特殊邮件"),
    "storage": _("小件寄存"),
    "archive": _("档案"),
    "help": _("求助"),
    "activities": _("文体活动"),
    "surveys": _("意见征询"),
    "suggestions": _("业户建议"),
    "office": _("日志、总结与采购"),
    "training": _("培训"),
    "fees": _("收费与催收"),
    "appraisal": _("绩效考评"),
}


def number_of(key: str) -> Number:
    """The row of a number; KeyError for a key that no table holds."""
    return BY_KEY[key]
