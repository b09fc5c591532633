"""What a slip may say: categories, urgency, and how its call-back ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    WATER = "water", _("水")
    POWER = "power", _("电")
    STRUCTURE = "structure", _("土建")
    DOORS = "doors", _("门窗")
    FACILITY = "facility", _("公共设施")
    OTHER = "other", _("其他")


class Priority(models.TextChoices):
    EMERGENCY = "emergency", _("急修")
    NORMAL = "normal", _("一般")
    APPOINTMENT = "appointment", _("预约")


class Satisfaction(models.TextChoices):
    SATISFIED = "satisfied", _("满意")
    FAIR = "fair", _("基本满意")
    DISSATISFIED = "dissatisfied", _("不满意")


class CallbackResult(models.TextChoices):
    NONE = "", _("未回访")
    SOLVED = "solved", _("已解决")
    UNSOLVED = "unsolved", _("未解决")
    UNREACHABLE = "unreachable", _("三次未接通")


class CallbackMethod(models.TextChoices):
    PHONE = "phone", _("电话")
    VISIT = "visit", _("上门")
    DESK = "desk", _("当面")
