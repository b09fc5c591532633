"""The score items (考评项目), rule groups, kinds and causes of the sheets: literal tables.

APP-6 names the seven items of a staff sheet, APP-8 the ten of the manager's, APP-5 and APP-7 the
four kinds of inspection, APP-19 the six causes and the column each is taken in.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import posts


class Kind(models.TextChoices):
    DAILY = "daily", _("日检")
    WEEKLY = "weekly", _("周检")
    MONTHLY = "monthly", _("月检")
    SPOT = "spot", _("抽检")


class Grade(models.TextChoices):
    """APP-9. The rate below target is measured, not graded: its points follow from the rate."""

    MINOR = "minor", _("一般违规")
    SERIOUS = "serious", _("严重违规")
    CONSEQUENCE = "consequence", _("引起不良后果")
    RATE = "rate", _("收费率未达标")


class Group(models.TextChoices):
    """What a rule is about; a scheme says which item each group feeds (clauses 0.2b)."""

    JOB = "job", _("岗位规程")
    HANDOVER = "handover", _("交接班")
    TRAINING = "training", _("培训")
    CONDUCT = "conduct", _("言行仪表")
    TIMELINESS = "timeliness", _("工作时效")
    FEE = "fee", _("物业费收费率")
    OTHER = "other", _("其他规程")
    REST = "rest", _("其他")


class Cause(models.TextChoices):
    """主观因素 (APP-19)."""

    TRAINING = "training", _("培训未到位")
    SKILL = "skill", _("技能素质")
    DUTY = "duty", _("责任心不够")
    FAIRNESS = "fairness", _("处事偏差")
    INTEGRITY = "integrity", _("道德水准失误")
    COOPERATION = "cooperation", _("团结不力配合不畅")


STAFF_ITEMS = {
    "job_quality": _("岗位工作质量"),
    "handover_quality": _("交接班质量"),
    "training_quality": _("培训质量"),
    "efficiency": _("工作效率"),
    "service_and_collection": _("服务质量及物业费收费率"),
    "other_sop_compliance": _("执行其他相关作业规程质量"),
    "other_quality": _("其他质量"),
}
MANAGER_ITEMS = {
    "sop_execution": _("岗位工作标准作业规程的执行质量"),
    "training_quality": _("培训质量"),
    "own_skill": _("自身工作技能"),
    "service_quality": _("服务质量"),
    "results": _("工作效果"),
    "responsibility": _("工作责任心"),
    "fairness": _("处事公正性"),
    "sop_observance": _("遵守相关作业规程"),
    "cooperation": _("部门配合情况"),
    "integrity": _("道德水准"),
}
# Bands of a score (defaults 2.1): labels only, nothing follows from them.
BANDS = {"excellent": _("优"), "good": _("良"), "pass": _("合格"), "fail": _("不合格")}
FAILING = "fail"  # the band below every floor
LABELS = STAFF_ITEMS | MANAGER_ITEMS

# APP-19: the column of the manager's sheet in which a cause is taken too.
COLUMN_OF_CAUSE = {
    Cause.TRAINING: "training_quality",
    Cause.SKILL: "own_skill",
    Cause.DUTY: "responsibility",
    Cause.FAIRNESS: "fairness",
    Cause.INTEGRITY: "integrity",
    Cause.COOPERATION: "cooperation",
}

STAFF_GROUPS = {
    Group.JOB: "job_quality",
    Group.HANDOVER: "handover_quality",
    Group.TRAINING: "training_quality",
    Group.CONDUCT: "service_and_collection",
    Group.TIMELINESS: "efficiency",
    Group.FEE: "service_and_collection",
    Group.OTHER: "other_sop_compliance",
    Group.REST: "other_quality",
}
MANAGER_GROUPS = {
    Group.JOB: "sop_execution",
    Group.HANDOVER: "sop_execution",
    Group.TRAINING: "training_quality",
    Group.CONDUCT: "service_quality",
    Group.TIMELINESS: "results",
    Group.FEE: "results",
    Group.OTHER: "sop_observance",
    Group.REST: "sop_observance",
}

# APP-2: everybody of the department has a sheet; the assistant and the cashier share the staff
# sheet, since the manual gives them none of their own (clauses 0.3 no. 2).
SCORED_POSTS = (
    posts.CS_MANAGER,
    posts.CS_ASSISTANT,
    posts.BUTLER,
    posts.FRONT_DESK,
    posts.NIGHT_DUTY,
    posts.ENV_FOREMAN,
    posts.CASHIER,
)


def items_of(post: str) -> dict:
    """Item → label of a post's sheet, in the order of the printed form."""
    return MANAGER_ITEMS if post == posts.CS_MANAGER else STAFF_ITEMS


def groups_of(post: str) -> dict[str, str]:
    """Rule group → item, as shipped."""
    return dict(MANAGER_GROUPS if post == posts.CS_MANAGER else STAFF_GROUPS)
