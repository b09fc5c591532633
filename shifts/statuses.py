"""The life of a handover (forms 4.4): its states, and which may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("草稿")
    WAITING = "waiting", _("待接班")
    CHECKING = "checking", _("接班核对")
    SIGNED = "signed", _("已交接")
    REFUSED = "refused", _("拒接")


S = Status

# status → the states that may follow it. An action names its own target; this is the whole map.
MOVES = {
    S.DRAFT: {S.WAITING},
    S.WAITING: {S.CHECKING, S.SIGNED, S.REFUSED},
    S.CHECKING: {S.SIGNED, S.REFUSED},
    S.REFUSED: {S.WAITING},
    S.SIGNED: set(),
}

WRITING = (S.DRAFT, S.REFUSED)  # the outgoing shift still writes
GIVEN = (S.WAITING, S.CHECKING)  # signed by the outgoing shift, not yet by the next


class Refusal(models.TextChoices):
    """When a shift is not taken over (defaults 2.5)."""

    UNCLEAR = "unclear", _("上一班情况没有交代清楚")
    CASH = "cash", _("现金不符")
    COUNT = "count", _("钥匙、卡、物品或邮件数量不符")
    IN_HAND = "in_hand", _("有事件正在处理")
    OTHER = "other", _("其他(写在说明里)")
