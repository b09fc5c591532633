"""Duty and handover, patrols, vacant units, violations, landscaping and cleaning checks."""

from django.utils.translation import gettext_lazy as _

from rulebook.numbers.row import (
    AWAITED,
    COUNT,
    DAYS,
    FAMILY,
    HOUR_OF_DAY,
    HOURS,
    JUDGEMENT,
    MANUAL,
    MINUTES,
    MONTH_DAYS,
    SIMILAR,
    WORKING_DAYS,
    row,
)

SHIFTS = "shifts"
PATROL = "patrol"
VACANT = "vacant"
VIOLATIONS = "violations"

# fmt: off
NUMBERS = (
    row("shifts.arrive_before", _("接班提前到岗"), 15, MINUTES, (0, 120), SIMILAR,
        _("三份同类交接班制度均为十五分钟"), "DUT-4", "DUT-5", sop=SHIFTS),
    row("shifts.sign", _("交班后接班人签字"), 15, MINUTES, (1, 120), JUDGEMENT,
        _("手册只写按规程交接;十五分钟没有双签即报经理"), "DUT-4", sop=SHIFTS),
    row("shifts.settle", _("交班不符、不清、缺记录, 上级多久查清"), 1, WORKING_DAYS, (1, 10), JUDGEMENT,
        _("手册只写不符不交班;上级当即得知, 下一个工作日内查清"), "DUT-4", sop=SHIFTS),
    row("shifts.morning_starts", _("早班开始"), 8, HOUR_OF_DAY, (0, 24), SIMILAR,
        _("同类交接班制度:三班制;各项目班次不一"), "DUT-4", sop=SHIFTS),
    row("shifts.afternoon_starts", _("中班开始"), 16, HOUR_OF_DAY, (0, 24), SIMILAR,
        _("同类交接班制度:三班制;各项目班次不一"), "DUT-4", sop=SHIFTS),
    row("shifts.night_starts", _("夜班开始"), 0, HOUR_OF_DAY, (0, 24), SIMILAR,
        _("同类交接班制度:三班制;各项目班次不一"), "DUT-4", sop=SHIFTS),
    row("shifts.day_starts", _("两班制白班开始"), "8.5", HOUR_OF_DAY, (0, 24), SIMILAR,
        _("同类制度:白班八点半起;8.5 即 8:30"), "DUT-4", sop=SHIFTS),
    row("shifts.day_ends", _("两班制白班结束、夜值开始"), "17.5", HOUR_OF_DAY, (0, 24), SIMILAR,
        _("同类制度:夜值十七点半接班;17.5 即 17:30"), "DUT-4", sop=SHIFTS),
    row("shifts.roster_before", _("下月排班表在当月几日前公布"), 28, MONTH_DAYS, (1, 31), FAMILY,
        _("同系列值班规程:月底前排出下月;日期取各月都有的最后一天"), "DUT-4", sop=SHIFTS),
    row("patrol.per_day", _("管家每天巡视责任区"), 1, COUNT, (1, 10), MANUAL,
        _("手册:每日对所负责区域进行巡视;另有每天两次的"), "PAT-1", sop=PATROL, unread=AWAITED),
    row("patrol.due", _("当日巡视完成的截止时刻"), 18, HOUR_OF_DAY, (8, 24), JUDGEMENT,
        _("手册只写每日;按下班时刻"), "PAT-1", sop=PATROL, unread=AWAITED),
    row("patrol.plan", _("下月巡视计划在当月几日前完成"), 28, MONTH_DAYS, (1, 31), FAMILY,
        _("同系列巡查规程:月底前定下月计划;日期取各月都有的最后一天"), "PAT-3", sop=PATROL, unread=AWAITED),
    row("patrol.written_result", _("问题处理完后书面报告经理"), 24, HOURS, (1, 168), JUDGEMENT,
        _("手册要求书面报告未写时限"), "PAT-2", sop=PATROL, unread=AWAITED),
    row("vacant.check", _("空置房入户检查间隔"), 15, DAYS, (1, 90), SIMILAR,
        _("同类空置房规程:每十五天;另有每月的"), "VAC-1", sop=VACANT, unread=AWAITED),
    row("vacant.air", _("空置房通风间隔(当季)"), 7, DAYS, (1, 90), SIMILAR,
        _("同类空置房规程:每周通风,或按季节"), "VAC-1", sop=VACANT, unread=AWAITED),
    row("vacant.clean", _("空置房清洁间隔"), 30, DAYS, (1, 180), SIMILAR,
        _("三份同类规程为每月;另有十天的"), "VAC-1", sop=VACANT, unread=AWAITED),
    row("vacant.after_storm", _("台风暴雨后加查"), 24, HOURS, (1, 168), SIMILAR,
        _("同类规程:暴风雨后加查;时限为判断"), "VAC-1", sop=VACANT, unread=AWAITED),
    row("vacant.list", _("空置房清单每月更新截止日"), 5, MONTH_DAYS, (1, 28), SIMILAR,
        _("同类空置房规定:每月五日前"), "VAC-1", sop=VACANT, unread=AWAITED),
    row("vacant.inform_owner", _("每月通报空置房业主截止日"), 12, MONTH_DAYS, (1, 28), SIMILAR,
        _("同类空置房规定:每月十二日前"), "VAC-1", sop=VACANT, unread=AWAITED),
    row("vacant.manager_sample", _("经理每月抽查空置房户数"), 30, COUNT, (0, 500), SIMILAR,
        _("同类空置房办法:每月不少于三十户"), "VAC-1", sop=VACANT, unread=AWAITED),
    row("violations.minor", _("轻微违章整改"), 1, DAYS, (1, 30), JUDGEMENT,
        _("未见出处;当日整改"), "VIO-1", sop=VIOLATIONS, unread=AWAITED),
    row("violations.ordinary", _("一般违章整改"), 3, DAYS, (1, 60), JUDGEMENT,
        _("未见出处"), "VIO-1", sop=VIOLATIONS, unread=AWAITED),
    row("violations.serious_notice", _("严重违章发出书面通知"), 24, HOURS, (1, 168), JUDGEMENT,
        _("未见出处;当场制止,一天内书面通知"), "VIO-1", sop=VIOLATIONS, unread=AWAITED),
    row("violations.objection", _("业户对违章通知提出异议"), 5, DAYS, (1, 60), SIMILAR,
        _("同类违章规程:五天内"), "VIO-1", sop=VIOLATIONS, unread=AWAITED),
    row("cleaning.per_day", _("绿化保洁每区每天检查"), 1, COUNT, (1, 10), SIMILAR,
        _("同类保洁检查表:每天一次,随时抽查"), "CLN-1", "CLN-2", unread=AWAITED),
    row("cleaning.full_marks", _("绿化保洁检查满分"), 100, COUNT, (10, 100), SIMILAR,
        _("同类保洁考核方案:合格与否并记百分制得分"), "CLN-4", unread=AWAITED),
)
# fmt: on
