"""工作流程 (MGT-4): for each procedure of the manual, the steps that this software runs."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rulebook.models import SOP
from rulebook.sops import CLAUSES

# procedure → its steps in order: what is done, and the page where it is done.
STEPS: dict[str, tuple[tuple[str | Promise, str], ...]] = {
    "patrol": (
        (_("按计划巡视, 记录发现"), "rounds:patrol_list"),
        (_("发现要修的, 登记报修"), "desk:intake"),
        (_("跟进到解决"), "followups:followup_list"),
    ),
    "repairs": (
        (_("受理: 来电、来函、来访登记"), "desk:intake"),
        (_("转工程, 工程部接单派工"), "repairs:dispatch_board"),
        (_("到场维修, 来不了先回复业户"), "repairs:repair_list"),
        (_("返单、回访、存档"), "repairs:repair_list"),
    ),
    "help": (
        (_("接到求助, 马上登记"), "desk:intake"),
        (_("重大的按“重大事件”上报"), "incidents:raise"),
        (_("答复业户, 待回电的按时回电"), "followups:followup_list"),
    ),
    "complaints": (
        (_("受理, 记业户原话"), "complaints:complaint_list"),
        (_("定级、核实、转责任部门"), "complaints:complaint_list"),
        (_("处理、回复、回访、结案"), "complaints:complaint_list"),
        (_("每月分析原因"), "complaints:analysis"),
    ),
    "visits": (
        (_("每月按计划走访"), "visits:visit_list"),
        (_("业户信息更新由前台确认"), "visits:change_list"),
        (_("抽样回访"), "visits:callback_list"),
        (_("看走访覆盖"), "visits:coverage"),
    ),
    "vacant": (
        (_("空置房登记"), "estates:unit_list"),
        (_("按期巡查, 记录发现"), "rounds:vacant_list"),
    ),
    "violations": (
        (_("发现、劝阻、登记"), "rounds:violation_list"),
        (_("限期整改, 复查"), "followups:followup_list"),
    ),
    "activities": (
        (_("征询意愿, 编计划, 总经理批准"), "community:event_list"),
        (_("通知业户、组织、总结"), "community:event_list"),
    ),
    "storage": (
        (_("登记寄存, 开两联牌"), "registers:register_list"),
        (_("凭牌领取, 超期告知"), "registers:register_list"),
    ),
    "service_requests": (
        (_("登记申请, 告知价目"), "services:item_list"),
        (_("安排上门服务"), "repairs:repair_list"),
        (_("回访"), "visits:callback_list"),
    ),
    "keys": (
        (_("委托登记, 封存"), "registers:register_list"),
        (_("借用先联系业主、经批准, 到期催还"), "registers:register_list"),
        (_("每月盘点"), "registers:register_list"),
    ),
    "archive": (
        (_("按户建档、编索引"), "registers:register_list"),
        (_("借阅、归还、销毁经批准"), "registers:register_list"),
    ),
    "shifts": (
        (_("编排班表, 月底前公布"), "roster:roster_list"),
        (_("接班、值班、交班签字"), "shifts:close"),
        (_("遗留事项转下一班跟进"), "followups:followup_list"),
    ),
    "conduct": (
        (_("培训合格后上岗"), "office:session_list"),
        (_("布置任务, 汇报"), "office:task_list"),
        (_("写工作日志, 经理签阅"), "office:log_list"),
        (_("检查管家日常工作"), "office:check_list"),
        (_("采购: 申请、审批、验收"), "office:purchase_list"),
        (_("月度总结, 逐级上报"), "office:summary_list"),
    ),
    "appraisal": (
        (_("日检、周检、月检、抽检打分"), "appraisal:sheet_list"),
        (_("每月汇总, 本人确认, 可申诉"), "appraisal:sheet_list"),
    ),
}


@dataclass(frozen=True)
class Workflow:
    sop: SOP
    clauses: tuple[str, ...]
    steps: list[tuple[str | Promise, str]]


def workflows() -> list[Workflow]:
    """Every procedure in the manual's order; a step whose page is not built yet has no address."""
    return [
        Workflow(
            sop,
            CLAUSES[sop.code],
            [(words, _address(name)) for words, name in STEPS[sop.code]],
        )
        for sop in SOP.objects.order_by("order")
    ]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
