"""What the complaint procedure calls light, important and grave (defaults 2.3, same family)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Definition:
    """One grade: when it applies, and who handles it."""

    code: str
    label: str | Promise
    words: str | Promise
    handled_by: str | Promise


DEFINITIONS = (
    Definition(
        "minor",
        _("轻微"),
        _("设施、设备或管理水平有限, 给业户生活或工作带来轻微不便, 容易改进的"),
        _("客服助理处理"),
    ),
    Definition(
        "major",
        _("重要"),
        _("服务工作不到位、有过失, 经改进可以较快解决的"),
        _("客服部经理处理"),
    ),
    Definition(
        "critical",
        _("重大"),
        _(
            "承诺或合同约定的服务没有做到或做得差, 业户多次投诉仍未解决的; "
            "因公司责任给业户造成重大损失或人身伤害的; 有效投诉一个月内没有解决的"
        ),
        _("客服部经理组织处理, 当日报物业总经理"),
    ),
)
