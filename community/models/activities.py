"""Community activities (社区文体活动, forms 4.16): wishes, the half-yearly plan, each event."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from community.statuses import EventStatus, PlanStatus
from estates.models import Estate, InEstateQuerySet, Unit
from repairs.models import KeptPhoto


class EventPlan(models.Model):
    """The activities of half a year, from the wishes of the residents."""

    estate = models.ForeignKey(
        Estate, models.PROTECT, related_name="event_plans", verbose_name=_("项目")
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    half = models.PositiveSmallIntegerField(_("半年"), choices=[(1, _("上半年")), (2, _("下半年"))])
    status = models.CharField(
        _("状态"), max_length=12, choices=PlanStatus, default=PlanStatus.WISHES
    )
    version = models.PositiveIntegerField(_("版本"), default=1)
    opened_at = models.DateTimeField(_("开始调查"))
    asked = models.PositiveIntegerField(_("调查户数"), null=True)
    surveyed_at = models.DateTimeField(_("意向调查完成"), null=True)
    note = models.TextField(_("计划说明"), max_length=2000, blank=True)
    submitted_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("报批人")
    )
    approved_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("批准人")
    )
    approved_at = models.DateTimeField(_("批准时间"), null=True)
    opinion = models.CharField(_("审批意见"), max_length=300, blank=True)

    objects = InEstateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("活动计划")
        ordering = ["-year", "-half", "estate"]
        constraints = [
            models.UniqueConstraint(fields=["estate", "year", "half"], name="one_plan_per_half"),
            models.CheckConstraint(condition=Q(half__in=(1, 2)), name="plan_half_is_1_or_2"),
        ]

    def __str__(self):
        return _("%(year)s年%(half)s活动计划") % {
            "year": self.year,
            "half": self.get_half_display(),
        }

    def get_absolute_url(self):
        return reverse("community:plan_detail", args=[self.pk])


class Wish(models.Model):
    """What residents would like, and how many households said so."""

    plan = models.ForeignKey(EventPlan, models.CASCADE, related_name="wishes")
    what = models.CharField(_("希望的活动"), max_length=60)
    households = models.PositiveIntegerField(_("户数"))
    added_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("活动意向")
        ordering = ["-households", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "what"], name="one_wish_per_plan")]

    def __str__(self):
        return self.what


class CommunityEventQuerySet(InEstateQuerySet):
    def finished(self):
        """Held, so that some of those who came are to be called back (VIS-2, ACT-1)."""
        held = (EventStatus.HELD, EventStatus.SUMMARISED, EventStatus.ARCHIVED)
        return self.filter(status__in=held)


class CommunityEvent(models.Model):
    estate = models.ForeignKey(
        Estate, models.PROTECT, related_name="community_events", verbose_name=_("项目")
    )
    plan = models.ForeignKey(
        EventPlan, models.PROTECT, null=True, related_name="events", verbose_name=_("所属计划")
    )
    status = models.CharField(
        _("状态"), max_length=12, choices=EventStatus, default=EventStatus.PLANNED
    )
    version = models.PositiveIntegerField(_("版本"), default=1)
    created_at = models.DateTimeField(_("建立时间"))
    theme = models.CharField(_("主题"), max_length=60)
    purpose = models.CharField(_("目的"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("时间"))
    place = models.CharField(_("地点"), max_length=60, blank=True)
    audience = models.CharField(_("对象"), max_length=120, blank=True)
    programme = models.TextField(_("项目与方式"), max_length=2000, blank=True)
    equipment = models.CharField(_("设施设备"), max_length=300, blank=True)
    budget = models.DecimalField(_("经费预算(元)"), max_digits=10, decimal_places=2, default=0)
    division = models.TextField(_("分工"), max_length=1000, blank=True)
    safety = models.TextField(_("安全预案"), max_length=2000, blank=True)
    owner = models.ForeignKey(
        Staff, models.PROTECT, related_name="community_events", verbose_name=_("负责人")
    )
    approved_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("批准人")
    )
    approved_at = models.DateTimeField(_("批准时间"), null=True)
    opinion = models.CharField(_("审批意见"), max_length=300, blank=True)
    notice = models.TextField(_("通知内容"), max_length=1000, blank=True)
    noticed_at = models.DateTimeField(_("通知时间"), null=True)
    held_at = models.DateTimeField(_("举办记录时间"), null=True)
    attendance = models.PositiveIntegerField(_("参加人数"), null=True)
    spent = models.DecimalField(_("决算(元)"), max_digits=10, decimal_places=2, null=True)
    over_reason = models.CharField(_("超预算原因"), max_length=200, blank=True)
    evaluation = models.TextField(_("效果评价"), max_length=1000, blank=True)
    summary = models.TextField(_("总结"), max_length=3000, blank=True)
    summarised_at = models.DateTimeField(_("总结时间"), null=True)
    review = models.CharField(_("审核意见"), max_length=300, blank=True)
    reviewed_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("审核人")
    )
    archived_at = models.DateTimeField(_("归档时间"), null=True)
    cancel_reason = models.CharField(_("取消原因"), max_length=200, blank=True)

    objects = CommunityEventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("社区活动")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(budget__gte=0), name="event_budget_not_negative"),
            models.CheckConstraint(
                condition=Q(held_at__isnull=True)
                | Q(attendance__isnull=False, spent__isnull=False, spent__gte=0),
                name="event_held_with_result",
            ),
        ]

    def __str__(self):
        return self.theme

    def get_absolute_url(self):
        return reverse("community:event_detail", args=[self.pk])

    @property
    def over_budget(self):
        """How much more than planned was spent, in yuan; None before the result is known."""
        return None if self.spent is None else self.spent - self.budget


class Participant(models.Model):
    """A household that came, so that it can be called back."""

    event = models.ForeignKey(CommunityEvent, models.CASCADE, related_name="participants")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("房屋"))
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=20, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("参加业户")
        ordering = ["event", "unit__code"]
        constraints = [
            models.UniqueConstraint(fields=["event", "unit"], name="participant_once_per_event")
        ]

    def __str__(self):
        return f"{self.unit.code} {self.name}"


class EventPhoto(KeptPhoto):
    """A picture of the activity (记录照片)."""

    event = models.ForeignKey(CommunityEvent, models.CASCADE, related_name="photos")
    file = models.FileField(upload_to="activities/%Y/%m", max_length=120)

    class Meta(KeptPhoto.Meta):
        verbose_name = verbose_name_plural = _("活动照片")

    def __str__(self):
        return f"{self.event} {self.pk}"

    def get_absolute_url(self):
        return reverse("community:event_photo", args=[self.event_id, self.pk])
