"""The rules a deduction can cite, with their wording: what the manual says may be found wanting.

Not the whole manual: one line per thing an inspector can see. ``sop`` is the code of one of the
15 procedures, or empty for what the handbook itself demands (TRN-2, FEE-2, MGT-7). ``posts`` are
the only ones that a rule is about; empty for all.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import posts
from appraisal.items import Group


@dataclass(frozen=True)
class Rule:
    key: str
    clause: str
    sop: str
    group: str
    wording: str | Promise
    posts: tuple[str, ...] = ()


# fmt: off
RULES = (
    Rule("supervise", "APP-18", "appraisal", Group.JOB,
         _("未按各规程的要领、程序组织作业和监控检查"), (posts.CS_MANAGER,)),
    Rule("patrol", "PAT-1", "patrol", Group.JOB, _("未按规程巡视责任区")),
    Rule("repair_dispatch", "REP-3", "repairs", Group.JOB, _("报修单未按时转工程")),
    Rule("repair_told", "REP-5", "repairs", Group.JOB, _("不能按时维修, 未回复业户")),
    Rule("repair_callback", "REP-6", "repairs", Group.JOB, _("维修后未按规程回访")),
    Rule("repair_dissatisfied", "REP-9", "repairs", Group.JOB, _("跟进的维修, 业户回访不满意")),
    Rule("help", "SRV-3", "help", Group.JOB, _("业户求助未尽力协助或未记录")),
    Rule("complaint", "CMP-2", "complaints", Group.JOB, _("投诉未按规程跟进处理")),
    Rule("complaint_dissatisfied", "CMP-2", "complaints", Group.JOB, _("跟进的投诉, 业户回访不满意")),
    Rule("visit", "VIS-1", "visits", Group.JOB, _("未按规程走访回访")),
    Rule("vacant", "VAC-1", "vacant", Group.JOB, _("空置房未按规程检查")),
    Rule("violation", "VIO-1", "violations", Group.JOB, _("违章未及时劝止或上报")),
    Rule("activity", "ACT-1", "activities", Group.JOB, _("社区文体活动未按规程组织")),
    Rule("storage", "STO-1", "storage", Group.JOB, _("小件物品寄存不合规程")),
    Rule("service", "SRV-1", "service_requests", Group.JOB, _("业户申请服务未按规程办理")),
    Rule("keys", "KEY-1", "keys", Group.JOB, _("钥匙委托管理不合规程")),
    Rule("archive", "ARC-1", "archive", Group.JOB, _("档案未按规程整理")),
    Rule("handover", "DUT-4", "shifts", Group.HANDOVER, _("交接班不清、迟交或未交")),
    Rule("exam", "TRN-2", "", Group.TRAINING, _("未按要求参加培训或考试不合格")),
    Rule("patience", "MAN-5", "conduct", Group.CONDUCT, _("对业户缺乏耐心, 不能心平气和地工作")),
    Rule("smile", "MAN-6", "conduct", Group.CONDUCT, _("三米微笑制: 与业户相遇未保持善意的微笑")),
    Rule("bearing", "MAN-9", "conduct", Group.CONDUCT, _("言行举止、仪容仪表不得体, 责任心不强")),
    Rule("pleasant_words", "MAN-7", "conduct", Group.CONDUCT, _("唱诺制: 说“不知道、不清楚”或大包大揽")),
    Rule("promise", "MAN-8", "conduct", Group.TIMELINESS, _("时效制: 未在承诺的时间内完成")),
    Rule("missed", "MGT-7", "", Group.TIMELINESS, _("未按工作时效要求按时完成")),
    Rule("rate", "FEE-2", "", Group.FEE, _("物业费收费率低于目标")),
    Rule("handbook", "MGT-7", "", Group.REST, _("未依照客服部管理制度手册工作")),
)
# fmt: on
BY_KEY = {rule.key: rule for rule in RULES}
# What may be cited although it belongs to none of the 15 procedures.
HANDBOOK_CLAUSES = ("MGT-7", "TRN-1", "TRN-2", "FEE-2")
# SOP → the group that its breaches belong to by name; every other SOP is the post's work itself.
GROUP_OF_SOP = {"shifts": Group.HANDOVER, "conduct": Group.CONDUCT}


def rule_of(key: str) -> Rule:
    """KeyError for a key that the table does not hold."""
    return BY_KEY[key]
