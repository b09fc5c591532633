"""Daily log, monthly summary, tasks, purchases: by when each is owed."""

from django.utils.translation import gettext_lazy as _

from rulebook.numbers.row import HOUR_OF_DAY, JUDGEMENT, MONTH_DAYS, WORKING_DAYS, Number, row

NUMBERS: tuple[Number, ...] = (
    row("office.daily_log", _("工作日志几点前提交"), 18, HOUR_OF_DAY, (12, 23), JUDGEMENT,
        _("手册只写“每日”;取下班时"), "LOG-1"),
    row("office.sign_log", _("经理签阅工作日志"), 1, WORKING_DAYS, (1, 10), JUDGEMENT,
        _("未见出处"), "LOG-1"),
    row("office.butler_check", _("管家日常检查几点前完成"), 18, HOUR_OF_DAY, (12, 23), JUDGEMENT,
        _("手册只写“日常工作进行监督检查”"), "MGT-2"),
    row("office.monthly_summary", _("月度总结上报日(次月)"), 5, MONTH_DAYS, (1, 28), JUDGEMENT,
        _("手册只写“每月”、“及时上报”"), "SUM-1"),
    row("office.review_summary", _("经理审月度总结"), 2, WORKING_DAYS, (1, 10), JUDGEMENT,
        _("未见出处"), "SUM-1"),
    row("office.read_summary", _("总经理阅月度总结"), 3, WORKING_DAYS, (1, 10), JUDGEMENT,
        _("未见出处"), "SUM-1"),
    row("office.accept_task", _("布置人认可或退回汇报"), 1, WORKING_DAYS, (1, 10), JUDGEMENT,
        _("未见出处"), "MGT-1", "MGT-5", "MGT-6"),
    row("office.approve_purchase", _("采购申请审批"), 2, WORKING_DAYS, (1, 20), JUDGEMENT,
        _("未见出处"), "PUR-1"),
    row("office.order_purchase", _("批准后下单采购"), 3, WORKING_DAYS, (1, 30), JUDGEMENT,
        _("未见出处"), "PUR-1"),
    row("office.store_purchase", _("验收后入库或领用"), 1, WORKING_DAYS, (1, 10), JUDGEMENT,
        _("未见出处"), "PUR-1"),
    row("training.approve_plan", _("批准年度培训计划"), 5, WORKING_DAYS, (1, 20), JUDGEMENT,
        _("未见出处"), "TRN-1"),
    row("office.record_staff", _("启用后登记谁已合格上岗"), 3, WORKING_DAYS, (1, 20), JUDGEMENT,
        _("手册只写合格后上岗;启用时已在岗的人一次登记"), "TRN-1"),
    row("training.grade", _("培训后登记成绩"), 3, WORKING_DAYS, (1, 20), JUDGEMENT,
        _("未见出处"), "TRN-1"),
)  # fmt: skip
