"""What a complaint may be: how it came, about what, how grave, why, and who answers for it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import posts


class Channel(models.TextChoices):
    """投诉方式 (forms 4.2)."""

    PHONE = "phone", _("来电")
    VISIT = "visit", _("来访")
    LETTER = "letter", _("来函")
    ONLINE = "online", _("网络")
    SUPERIOR = "superior", _("上级转办")


class Category(models.TextChoices):
    REPAIR = "repair", _("维修")
    CLEANING = "cleaning", _("保洁绿化")
    ORDER = "order", _("秩序")
    FEES = "fees", _("收费")
    ATTITUDE = "attitude", _("服务态度")
    NEIGHBOURS = "neighbours", _("邻里")
    OTHER = "other", _("其他")


class Grade(models.TextChoices):
    """What each means stands in ``rulebook.grades``."""

    NONE = "", _("未定级")
    MINOR = "minor", _("轻微")
    MAJOR = "major", _("重要")
    CRITICAL = "critical", _("重大")


class Validity(models.TextChoices):
    UNDECIDED = "", _("待判定")
    VALID = "valid", _("有效")
    INVALID = "invalid", _("无效")


class Cause(models.TextChoices):
    """Why it came to the complaint: the analysis counts these."""

    NONE = "", _("未判定")
    ATTITUDE = "attitude", _("服务态度")
    SKILL = "skill", _("技能不足")
    DUTY = "duty", _("责任心不够")
    PROCESS = "process", _("流程或制度")
    EQUIPMENT = "equipment", _("设施设备")
    COOPERATION = "cooperation", _("部门配合")
    OUTSIDE = "outside", _("外部原因")
    MISUNDERSTOOD = "misunderstood", _("误会或不了解")


class Department(models.TextChoices):
    """The post that answers for a department; its code is the post's."""

    ENGINEERING = posts.ENG_MANAGER, _("工程部")
    ENVIRONMENT = posts.ENV_FOREMAN, _("绿化保洁")
    PUBLIC_AFFAIRS = posts.PUBLIC_AFFAIRS, _("公共事务部等其他部门")
    CUSTOMER_SERVICE = posts.CS_ASSISTANT, _("客服部")


class Shows(models.TextChoices):
    """What a photo is evidence of."""

    COMPLAINT = "complaint", _("投诉的事")
    FINDING = "finding", _("核实所见")
    WORK = "work", _("处理结果")


class Method(models.TextChoices):
    PHONE = "phone", _("电话")
    VISIT = "visit", _("上门")
    LETTER = "letter", _("书面")
