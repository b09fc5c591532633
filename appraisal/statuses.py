"""The life of a score sheet (forms 4.5) and of a month's result, and which state may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已提交")
    SEEN = "seen", _("本人已阅")
    APPEALED = "appealed", _("申诉中")
    DECIDED = "decided", _("已裁定")
    LOCKED = "locked", _("已生效")


S = Status

# A sheet with nothing found leaves nothing to appeal against: it is locked as it is handed in.
MOVES = {
    S.DRAFT: {S.SUBMITTED, S.LOCKED},
    S.SUBMITTED: {S.SEEN, S.DRAFT},
    S.SEEN: {S.APPEALED, S.LOCKED, S.DRAFT},
    S.APPEALED: {S.DECIDED, S.LOCKED},
    S.DECIDED: {S.APPEALED, S.LOCKED},
    S.LOCKED: set(),
}


class Outcome(models.TextChoices):
    OPEN = "", _("待裁定")
    UPHELD = "upheld", _("申诉成立")
    PARTLY = "partly", _("部分成立")
    REJECTED = "rejected", _("维持原扣分")


class MonthStatus(models.TextChoices):
    """计算 → 经理审核 → 公布 → 归档; what changes after its review goes back to 计算."""

    COMPUTED = "computed", _("待审核")
    REVIEWED = "reviewed", _("已审核")
    PUBLISHED = "published", _("已公布")
    ARCHIVED = "archived", _("已归档")
