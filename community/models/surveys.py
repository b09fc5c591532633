"""Opinion surveys (意见征询, forms 4.15) and their questions."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Staff
from community.statuses import SurveyStatus
from estates.models import Estate, InEstateQuerySet


class Topic(models.TextChoices):
    """What a question, a measure or a suggestion is about."""

    SERVICE = "service", _("客服")
    REPAIR = "repair", _("维修")
    CLEANING = "cleaning", _("保洁")
    GREENING = "greening", _("绿化")
    ORDER = "order", _("秩序")
    FEES = "fees", _("收费")
    ATTITUDE = "attitude", _("态度")
    OTHER = "other", _("其他")


class Level(models.IntegerChoices):
    """The five levels, best first as on the form."""

    VERY_SATISFIED = 5, _("很满意")
    SATISFIED = 4, _("满意")
    RATHER_SATISFIED = 3, _("较满意")
    FAIR = 2, pgettext_lazy("评价", "一般")
    DISSATISFIED = 1, _("不满意")


LEVELS = tuple(Level)


class Survey(models.Model):
    estate = models.ForeignKey(
        Estate, models.PROTECT, related_name="surveys", verbose_name=_("项目")
    )
    number = models.CharField(_("编号"), max_length=20, editable=False)
    # "2026-11": the rulebook's month that this survey answers for; blank for one of its own.
    term = models.CharField(_("期次"), max_length=7, blank=True)
    title = models.CharField(_("名称"), max_length=60)
    purpose = models.CharField(_("目的"), max_length=300, blank=True)
    audience = models.CharField(_("对象"), max_length=120, blank=True)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("截止日期"))
    share = models.PositiveSmallIntegerField(
        _("抽取比例(%)"), default=100, help_text=_("占已入住户; 100 即全部发放")
    )
    status = models.CharField(
        _("状态"), max_length=12, choices=SurveyStatus, default=SurveyStatus.PLANNED
    )
    version = models.PositiveIntegerField(_("版本"), default=1)
    created_at = models.DateTimeField(_("建立时间"))
    planned_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("策划人")
    )
    approved_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("批准人")
    )
    approved_at = models.DateTimeField(_("批准时间"), null=True)
    opinion = models.CharField(_("审批意见"), max_length=300, blank=True)
    # Frozen when the forms are drawn, so that a later change of a number rewrites no past survey.
    occupied = models.PositiveIntegerField(_("已入住户数"), default=0)
    seed = models.BigIntegerField(_("抽取种子"), null=True)
    satisfied_levels = models.PositiveSmallIntegerField(_("前几级算满意"), default=3)
    opened_at = models.DateTimeField(_("开始发放"), null=True)
    counted_at = models.DateTimeField(_("统计时间"), null=True)
    shortfall = models.CharField(_("未达标说明"), max_length=300, blank=True)
    analysis = models.TextField(_("分析报告"), max_length=5000, blank=True)
    reported_at = models.DateTimeField(_("报告时间"), null=True)
    publicised_where = models.CharField(_("公示方式"), max_length=120, blank=True)
    publicised_at = models.DateTimeField(_("公示时间"), null=True)
    archived_at = models.DateTimeField(_("归档时间"), null=True)
    cancel_reason = models.CharField(_("取消原因"), max_length=200, blank=True)

    objects = InEstateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("意见征询")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["estate", "number"], name="survey_number_in_estate"),
            models.UniqueConstraint(
                fields=["estate", "term"],
                condition=~Q(term="") & ~Q(status="cancelled"),
                name="one_survey_per_term",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="survey_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(share__gte=1, share__lte=100), name="survey_share_is_percent"
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    def get_absolute_url(self):
        return reverse("community:survey_detail", args=[self.pk])

    @property
    def least_satisfied(self) -> int:
        """The lowest level that still counts as satisfied."""
        return Level.VERY_SATISFIED + 1 - self.satisfied_levels


class Question(models.Model):
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("序号"))
    topic = models.CharField(pgettext_lazy("topic", "项目"), max_length=10, choices=Topic)
    text = models.CharField(pgettext_lazy("survey", "问题"), max_length=120)
    is_free = models.BooleanField(_("文字回答"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("征询问题")
        ordering = ["survey", "position"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "position"], name="question_position")
        ]

    def __str__(self):
        return self.text
