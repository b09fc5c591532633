"""What residents suggest (VIS-3): collected from calls, visits and surveys, each owed an answer."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Staff
from community.models.surveys import Topic
from community.statuses import SuggestionStatus
from estates.models import Estate, Resident, Unit, building_ids_of, estate_ids_of


class Origin(models.TextChoices):
    CALL = "call", _("来电来访")
    VISIT = "visit", _("走访")
    SURVEY = "survey", _("意见征询")
    LETTER = "letter", _("来函")
    OTHER = "other", _("其他")


class Verdict(models.TextChoices):
    ADOPTED = "adopted", _("采纳")
    PARTLY = "partly", _("部分采纳")
    PASSED_ON = "passed_on", _("已转有关方面")
    NOT_NOW = "not_now", _("暂不采纳")


class Told(models.TextChoices):
    """How the resident heard the answer."""

    CALL = "call", _("电话")
    VISIT = "visit", _("当面")
    MESSAGE = "message", _("短信或微信")
    LETTER = "letter", _("书面")
    NOTICE = "notice", _("公示 (找不到本人)")


class SuggestionQuerySet(models.QuerySet):
    def visible_to(self, staff: Staff):
        """The estate's; a butler those of the own area, and what he took or owes."""
        rows = self.filter(estate__in=estate_ids_of(staff))
        if not staff.has_perm("community.view"):
            return rows.none()
        if staff.duty.scope == "area":
            return rows.filter(
                Q(unit__building__in=building_ids_of(staff)) | Q(taken_by=staff) | Q(owner=staff)
            )
        return rows


class Suggestion(models.Model):
    estate = models.ForeignKey(
        Estate, models.PROTECT, related_name="suggestions", verbose_name=_("项目")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="suggestions", verbose_name=_("房屋")
    )
    resident = models.ForeignKey(
        Resident, models.PROTECT, null=True, related_name="+", verbose_name=_("业户")
    )
    name = models.CharField(_("建议人"), max_length=60, blank=True)
    phone = models.CharField(_("联系电话"), max_length=20, blank=True)
    origin = models.CharField(_("来源"), max_length=8, choices=Origin)
    # The record it came from, as text and id, so that it arrives once: "contacts.contact", 12.
    origin_type = models.CharField(max_length=60, blank=True)
    origin_id = models.BigIntegerField(null=True)
    topic = models.CharField(
        pgettext_lazy("topic", "项目"), max_length=10, choices=Topic, default=Topic.OTHER
    )
    content = models.TextField(_("建议内容"), max_length=2000)
    said_at = models.DateTimeField(_("提出时间"))
    taken_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("记录人")
    )
    owner = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("答复责任人")
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=SuggestionStatus, default=SuggestionStatus.OPEN
    )
    version = models.PositiveIntegerField(_("版本"), default=1)
    verdict = models.CharField(_("处理"), max_length=10, choices=Verdict, blank=True)
    answer = models.TextField(_("答复"), max_length=1000, blank=True)
    told_how = models.CharField(_("怎样告知"), max_length=8, choices=Told, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    answered_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("答复人")
    )
    reopened = models.PositiveSmallIntegerField(_("重新答复次数"), default=0)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("业户建议")
        ordering = ["-said_at", "-pk"]
        indexes = [
            models.Index(fields=["estate", "-said_at"], name="suggestion_recent"),
            models.Index(fields=["unit", "-said_at"], name="suggestion_by_unit"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["origin_type", "origin_id"],
                condition=~Q(origin_type=""),
                name="one_suggestion_per_origin",
            ),
            models.CheckConstraint(
                condition=Q(status="open")
                | Q(~Q(answer="") & ~Q(verdict=""), answered_at__isnull=False),
                name="suggestion_answered_with_words",
            ),
        ]

    def __str__(self):
        return self.content[:40]

    def get_absolute_url(self):
        return reverse("community:suggestion_detail", args=[self.pk])
