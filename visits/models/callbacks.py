"""Call-backs of what was drawn by lot, or is called back about in full; the lots themselves."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from contacts.models import FailedCall
from estates.models import Estate, InEstateQuerySet, Unit
from repairs.models import Satisfaction
from visits.models.areas import InAreaQuerySet, is_late_entry


class Topic(models.TextChoices):
    """What is called back about beside repairs and complaints, which have records of their own."""

    HELP = "help", _("求助")
    SPECIAL = "special", _("特约服务")
    ACTIVITY = "activity", _("文体活动")


class Draw(models.Model):
    """Lots drawn for one topic and period: the seed, who could be drawn, and who was.

    Anybody can draw again from the seed and the pool and finds the same (visits/lots.py).
    """

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="+")
    topic = models.CharField(_("类别"), max_length=8, choices=Topic)
    period = models.CharField(_("期间"), max_length=40)
    share = models.DecimalField(_("比例(%)"), max_digits=5, decimal_places=2)
    seed = models.CharField(_("种子"), max_length=64)
    pool = models.JSONField(_("参加抽取"), default=list)
    drawn = models.JSONField(_("抽中"), default=list)
    drawn_at = models.DateTimeField(_("抽取时间"))

    objects = InEstateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("回访抽样")
        ordering = ["-drawn_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["estate", "topic", "period"], name="draw_once")
        ]

    def __str__(self):
        return f"{self.get_topic_display()} {self.period}"


class CallMethod(models.TextChoices):
    PHONE = "phone", _("电话")
    VISIT = "visit", _("上门")
    LETTER = "letter", _("信函")


class CallbackState(models.TextChoices):
    OWED = "owed", _("待回访")
    DONE = "done", _("已回访")
    UNREACHABLE = "unreachable", _("未接通")
    DROPPED = "dropped", _("不用回访")  # a later call-back asks about the whole


class CallbackQuerySet(InAreaQuerySet):
    permission = "visits.view"

    def over(self):
        """With a result, be it that nobody could be reached."""
        return self.filter(state__in=(CallbackState.DONE, CallbackState.UNREACHABLE))


class Callback(models.Model):
    """回访记录 (forms 4.3) of what was drawn, or is called back in full."""

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="+", verbose_name=_("项目"))
    topic = models.CharField(_("关联类别"), max_length=8, choices=Topic)
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    subject = GenericForeignKey()
    subject_label = models.CharField(_("关联单号"), max_length=60)
    subject_url = models.CharField(max_length=200, blank=True)
    what = models.CharField(_("内容"), max_length=200, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("房号")
    )
    person = models.CharField(_("受访人"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=20, blank=True)
    handled_by = models.ManyToManyField(
        Staff, related_name="+", verbose_name=_("经办人")
    )  # none of them may call
    draw = models.ForeignKey(
        Draw, models.PROTECT, null=True, related_name="callbacks", verbose_name=_("抽样")
    )
    state = models.CharField(
        _("状态"), max_length=12, choices=CallbackState, default=CallbackState.OWED
    )
    opened_at = models.DateTimeField()
    method = models.CharField(
        _("回访方式"), max_length=8, choices=CallMethod, default=CallMethod.PHONE
    )
    quality = models.CharField(_("质量评价"), max_length=200, blank=True)
    effect = models.CharField(_("服务效果评价"), max_length=200, blank=True)
    satisfaction = models.CharField(_("满意程度"), max_length=12, choices=Satisfaction, blank=True)
    weak_points = models.CharField(_("缺点与不足"), max_length=500, blank=True)
    suggestion = models.CharField(_("业户建议"), max_length=500, blank=True)
    signed = models.CharField(_("业户签名"), max_length=40, blank=True)
    review = models.CharField(_("审核意见"), max_length=500, blank=True)
    reviewed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    called_at = models.DateTimeField(_("回访日期"), null=True)  # by the phone
    received_at = models.DateTimeField(_("收到时间"), null=True)
    called_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("回访人")
    )
    client_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = CallbackQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("回访")
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["called_by", "called_at"], name="callback_by_caller")]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "topic"], name="callback_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(called_at__isnull=False, called_by__isnull=False) & ~Q(satisfaction=""),
                name="callback_done_with_answer",
            ),
        ]

    def __str__(self):
        return f"{self.get_topic_display()} {self.subject_label}"

    @property
    def was_late_entry(self):
        return is_late_entry(self.called_at, self.received_at)


class CallbackTry(FailedCall):
    """A call-back that did not get through."""

    callback = models.ForeignKey(Callback, models.CASCADE, related_name="tries")
    received_at = models.DateTimeField(_("收到时间"))

    class Meta(FailedCall.Meta):
        verbose_name = verbose_name_plural = _("未接通")

    def __str__(self):
        return f"{self.callback} {timezone.localtime(self.at):%m-%d %H:%M}"
