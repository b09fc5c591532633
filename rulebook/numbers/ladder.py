"""Warnings, escalation and quiet hours: how a follow-up makes itself heard."""

from django.utils.translation import gettext_lazy as _

from rulebook.numbers.row import HOUR_OF_DAY, JUDGEMENT, MINUTES, PERCENT, row

# fmt: off
NUMBERS = (
    row("followups.warn_share", _("到期前提醒:剩余时限的比例"), 25, PERCENT, (1, 90), JUDGEMENT,
        _("未见出处;剩四分之一时提醒本人"), "MAN-8"),
    row("followups.warn_least", _("到期前提醒:至少提前"), 1, MINUTES, (0, 60), JUDGEMENT,
        _("未见出处;再短就来不及办"), "MAN-8"),
    row("followups.step_share", _("逾期后每升一级:时限的比例"), 50, PERCENT, (1, 400), JUDGEMENT,
        _("未见出处;再过半个时限上报一级"), "MAN-8"),
    row("followups.step_least", _("逾期后每升一级:至少间隔"), 10, MINUTES, (1, 240), JUDGEMENT,
        _("未见出处;短时限也给上级处理的时间"), "MAN-8"),
    row("followups.step_least_urgent", _("急修逾期后每升一级:至少间隔"), 5, MINUTES, (1, 120),
        JUDGEMENT, _("未见出处;急修减半"), "MAN-8"),
    row("followups.repeat", _("无人接手时重复提醒间隔"), 30, MINUTES, (5, 1440), JUDGEMENT,
        _("未见出处;直到有人具名接手"), "MAN-8"),
    row("followups.repeat_urgent", _("急修无人接手时重复提醒间隔"), 10, MINUTES, (2, 240),
        JUDGEMENT, _("未见出处;直到有人具名接手"), "MAN-8"),
    row("quiet.starts", _("免打扰开始"), 21, HOUR_OF_DAY, (0, 24), JUDGEMENT,
        _("未见出处;急修、重大事件和夜值事项不受限制")),
    row("quiet.ends", _("免打扰结束"), 8, HOUR_OF_DAY, (0, 24), JUDGEMENT,
        _("未见出处;其间的提醒留到此时发出")),
)
# fmt: on
