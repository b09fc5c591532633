"""Complaints (投诉), visits (走访) and the call-backs (回访) of all that is no repair."""

from django.utils.translation import gettext_lazy as _

from rulebook.numbers.row import (
    COUNT,
    DAYS,
    FAMILY,
    HOURS,
    JUDGEMENT,
    LOCAL,
    MONTH_DAYS,
    PERCENT,
    SIMILAR,
    WORKING_DAYS,
    row,
)

SOP = "complaints"
VISITS = "visits"

# fmt: off
NUMBERS = (
    row("complaints.first_reply", _("投诉首次回复"), 1, WORKING_DAYS, (1, 10), SIMILAR,
        _("同类制度多为一个工作日或二十四小时;某地标准两天内答复"), "CMP-2", sop=SOP),
    row("complaints.solve_minor", _("轻微投诉办结"), 2, DAYS, (1, 30), SIMILAR,
        _("同类投诉规程:一般投诉两天内办结"), "CMP-2", "CMP-6", sop=SOP),
    row("complaints.solve_major", _("重要投诉办结"), 3, DAYS, (1, 30), SIMILAR,
        _("同类投诉制度:最长不超过三天"), "CMP-2", "CMP-6", sop=SOP),
    row("complaints.critical_report", _("重大投诉报总经理"), 12, HOURS, (1, 72), JUDGEMENT,
        _("未见出处;凭印象为当日,按十二小时计"), "CMP-5", sop=SOP),
    row("complaints.critical_answer", _("重大投诉给出明确答复"), 2, DAYS, (1, 30), JUDGEMENT,
        _("未见出处;凭印象,未经核对"), "CMP-2", sop=SOP),
    row("complaints.solve_critical", _("重大投诉办结"), 10, DAYS, (1, 90), JUDGEMENT,
        _("未见出处;凭印象,未经核对"), "CMP-2", sop=SOP),
    row("complaints.upgrade", _("有效投诉未决多久升为重大"), 30, DAYS, (7, 180), FAMILY,
        _("同系列投诉规程:有效投诉一个月内未解决即为重大投诉"), "CMP-3", "CMP-5", sop=SOP),
    row("complaints.callback", _("投诉处理后回访"), 3, DAYS, (1, 30), FAMILY,
        _("同系列回访规程:处理后三天内"), "CMP-2", sop=SOP),
    row("complaints.callback_share", _("投诉回访覆盖率"), 100, PERCENT, (1, 100), FAMILY,
        _("同系列回访规程:投诉全部回访"), "CMP-2", sop=SOP),
    row("complaints.statistics", _("投诉月度统计分析完成日"), 5, MONTH_DAYS, (1, 28), FAMILY,
        _("同系列投诉规程:每月统计分析;日期为判断"), "CMP-6", sop=SOP),
    row("complaints.handled_target", _("投诉处理率目标"), 100, PERCENT, (50, 100), SIMILAR,
        _("同类服务标准"), "CMP-2", sop=SOP),
    row("complaints.satisfied_target", _("投诉处理满意率目标"), 95, PERCENT, (50, 100), SIMILAR,
        _("同类服务标准 95%;另有按总体满意 90% 的"), "CMP-2", sop=SOP),
    row("visits.year_share", _("管家每年走访住户比例"), 100, PERCENT, (1, 100), SIMILAR,
        _("同类回访制度每年走访全部住户;某地标准为 70% 以上"), "VIS-1", sop=VISITS),
    row("visits.quarter_share", _("管家每季至少走访住户比例"), 25, PERCENT, (0, 100), SIMILAR,
        _("按全年走访一遍均分到四季"), "VIS-1", sop=VISITS),
    row("visits.rounds_month", _("全部住户分几个月走完(月定额的除数)"), 12, COUNT, (1, 24),
        JUDGEMENT, _("未见出处;责任区户数除以十二,向上取整"), "VIS-1", sop=VISITS),
    row("visits.move_in", _("新入住后走访"), 30, DAYS, (1, 180), JUDGEMENT,
        _("未见出处"), "VIS-1", sop=VISITS),
    row("visits.manager_rounds", _("经理本人每年走访轮数"), 2, COUNT, (0, 12), SIMILAR,
        _("同类回访制度:每年一至二次"), "VIS-4", sop=VISITS),
    row("callbacks.special_share", _("特约服务回访比例"), 30, PERCENT, (0, 100), FAMILY,
        _("同系列回访规程:服务中期和结束时回访三成;另有全部回访的"), "VIS-2", "VIS-5", sop=VISITS),
    row("callbacks.help_share", _("求助回访比例"), 30, PERCENT, (0, 100), FAMILY,
        _("同系列回访规程三成;另有五成的"), "VIS-2", "VIS-5", sop=VISITS),
    row("callbacks.first_aid", _("急救求助后回访"), 7, DAYS, (1, 60), FAMILY,
        _("同系列回访规程:一周内;另有三天的"), "VIS-2", sop=VISITS),
    row("callbacks.activity_share", _("文体活动回访比例"), 10, PERCENT, (0, 100), FAMILY,
        _("同系列回访规程一成"), "VIS-2", "ACT-1", sop=VISITS),
    row("callbacks.activity", _("文体活动后回访"), 30, DAYS, (1, 90), FAMILY,
        _("同系列回访规程:一个月内;另有十五天的"), "VIS-2", "ACT-1", sop=VISITS),
    row("callbacks.other", _("其他服务后回访"), 7, DAYS, (1, 60), FAMILY,
        _("同系列回访规程:一周内;另有五天的"), "VIS-2", "VIS-5", sop=VISITS),
    row("visits.contact_floor", _("全年沟通面最低比例"), 70, PERCENT, (0, 100), LOCAL,
        _("某地一级前期服务标准"), "VIS-4", sop=VISITS),
)
# fmt: on
