"""Special mail (MAI-1): told at once, delivered within hours, held only with consent."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from registers.models.shapes import Custody


class MailStatus(models.TextChoices):
    RECEIVED = "received", _("已接收")
    TOLD = "told", _("已通知")
    HELD = "held", _("代存")
    DELIVERED = "delivered", _("已送达")
    RETURNED = "returned", _("已退回")


class MailKind(models.TextChoices):
    REGISTERED = "registered", _("挂号信")
    EXPRESS = "express", _("特快专递")
    PARCEL = "parcel", _("包裹")
    MONEY_ORDER = "money_order", _("汇款单")
    TELEGRAM = "telegram", _("电报")


class Condition(models.TextChoices):
    INTACT = "intact", _("完好")
    DAMAGED = "damaged", _("破损")
    WET = "wet", _("受潮")
    OPENED = "opened", _("已拆封")


class ToldBy(models.TextChoices):
    PHONE = "phone", _("电话")
    DOOR = "door", _("上门")
    INTERCOM = "intercom", _("对讲")
    MESSAGE = "message", _("短信微信")


class Mail(Custody):
    LETTERS = "YJ"
    slug = "mail"
    OPEN = (MailStatus.RECEIVED, MailStatus.TOLD, MailStatus.HELD)
    PHONES = ("phone",)

    status = models.CharField(
        _("状态"), max_length=10, choices=MailStatus, default=MailStatus.RECEIVED, editable=False
    )
    kind = models.CharField(
        _("邮件类型"), max_length=12, choices=MailKind, default=MailKind.REGISTERED
    )
    tracking_number = models.CharField(_("单号"), max_length=40)
    recipient = models.CharField(_("收件人"), max_length=60)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    sent_from = models.CharField(_("寄件地"), max_length=60, blank=True)
    condition = models.CharField(
        _("完好情况"), max_length=8, choices=Condition, default=Condition.INTACT
    )
    told_at = models.DateTimeField(_("通知时间"), null=True, editable=False)
    told_how = models.CharField(
        _("通知方式"), max_length=10, choices=ToldBy, blank=True, editable=False
    )
    told_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("通知人"), editable=False
    )
    consent_by = models.CharField(_("谁同意代存"), max_length=60, blank=True, editable=False)
    consent_at = models.DateTimeField(_("同意代存时间"), null=True, editable=False)
    hold_until = models.DateTimeField(_("代存到"), null=True, editable=False)
    returned_at = models.DateTimeField(_("退回日期"), null=True, editable=False)
    return_reason = models.CharField(_("退回原因"), max_length=100, blank=True, editable=False)

    class Meta(Custody.Meta):
        verbose_name = verbose_name_plural = _("特殊邮件")
        constraints = [
            *Custody.Meta.constraints,
            models.CheckConstraint(condition=Q(unit__isnull=False), name="mail_has_a_room"),
            models.CheckConstraint(
                condition=~Q(status="held")
                | (Q(consent_at__isnull=False, hold_until__isnull=False) & ~Q(consent_by="")),
                name="mail_held_with_consent",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned")
                | (Q(returned_at__isnull=False) & ~Q(return_reason="")),
                name="mail_returned_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(status="delivered", handed_back_at__isnull=False)
                | (~Q(status="delivered") & Q(handed_back_at__isnull=True)),
                name="mail_delivered_to_someone",
            ),
            models.UniqueConstraint(
                fields=["estate", "tracking_number"],
                condition=Q(status__in=["received", "told", "held"]),
                name="mail_number_used_once",
                violation_error_message=_("这个单号已登记, 还没领走"),
            ),
        ]

    @property
    def summary(self):
        return f"{self.get_kind_display()} {self.recipient}"

    def clean(self):
        super().clean()
        if not self.unit_id:
            raise ValidationError({"unit": _("写明收件人住哪一套房")})
