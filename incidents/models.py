"""Major incidents (重大事件): the button, who was told when, and who answered (DUT-3)."""

from datetime import datetime, timedelta

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import posts
from accounts.models import Staff
from estates.models import Estate, InEstateQuerySet, PublicPlace, Unit
from incidents.statuses import Status


class Category(models.TextChoices):
    FIRE = "fire", _("火灾")
    FLOOD = "flood", _("水浸")
    SECURITY = "security", _("治安")
    INJURY = "injury", _("伤病")
    OUTAGE = "outage", _("停电停水")
    LIFT = "lift", _("电梯困人")
    CROWD = "crowd", _("群体事件")
    OTHER = "other", _("其他")


class Department(models.TextChoices):
    CUSTOMER_SERVICE = posts.CUSTOMER_SERVICE, _("客服部")
    ENGINEERING = posts.ENGINEERING, _("工程部")
    MANAGEMENT = posts.MANAGEMENT, _("管理层")
    OTHER = posts.OTHER, _("其他部门")


class IncidentQuerySet(InEstateQuerySet):
    def visible_to(self, staff: Staff):
        """All of the estates for those who read incidents; others what they raised or were told."""
        rows = super().visible_to(staff)
        if staff.has_perm("incidents.view"):
            return rows
        told = Notice.objects.filter(staff=staff).values("incident")
        return rows.filter(models.Q(reported_by=staff) | models.Q(pk__in=told))

    def recent(self, now: datetime):
        """Of the last half hour: whoever presses the button sees that a colleague has."""
        return self.filter(reported_at__gt=now - timedelta(minutes=30))


class Incident(models.Model):
    estate = models.ForeignKey(
        Estate, models.PROTECT, related_name="incidents", verbose_name=_("项目")
    )
    category = models.CharField(_("类别"), max_length=10, choices=Category)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="incidents")
    place = models.ForeignKey(
        PublicPlace, models.PROTECT, null=True, blank=True, related_name="incidents"
    )
    where = models.CharField(_("地点"), max_length=100)
    what = models.TextField(_("经过"), max_length=2000)
    happened_at = models.DateTimeField(_("发生时间"))
    reported_by = models.ForeignKey(
        Staff, models.PROTECT, related_name="+", verbose_name=_("报告人")
    )
    reported_at = models.DateTimeField(_("报告时间"))
    manager_told_at = models.DateTimeField(_("报告客服经理时间"), null=True)  # null: nobody to tell
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.HANDLING)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    losses = models.TextField(_("损失及伤亡"), max_length=1000, blank=True)
    aftermath = models.TextField(_("后续"), max_length=1000, blank=True)
    report = models.TextField(_("书面报告"), max_length=4000, blank=True)
    report_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("写报告人")
    )
    report_at = models.DateTimeField(_("书面报告时间"), null=True)
    opinion = models.TextField(_("经理意见"), max_length=1000, blank=True)
    opinion_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    archived_at = models.DateTimeField(_("归档时间"), null=True)
    client_key = models.UUIDField(unique=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("重大事件")
        ordering = ["-reported_at", "-pk"]
        indexes = [
            models.Index(fields=["estate", "-reported_at", "-id"], name="incident_list"),
        ]

    def __str__(self):
        return f"{self.get_category_display()} {self.where}"

    def get_absolute_url(self):
        return reverse("incidents:incident_detail", args=[self.pk])

    @property
    def told(self):
        return len(self.notices.all())

    @property
    def known(self):
        return sum(1 for notice in self.notices.all() if notice.acknowledged_at)


class Measure(models.Model):
    """处置措施: what was done, when, by whom; never changed afterwards."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="measures")
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("处置人"))
    what = models.CharField(_("措施"), max_length=500)

    class Meta:
        verbose_name = verbose_name_plural = _("处置措施")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.at:%H:%M} {self.what}"


class Notice(models.Model):
    """One person told of an incident; his acknowledgement is what he owes."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="notices")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="incident_notices")
    department = models.CharField(_("部门"), max_length=20, choices=Department)
    as_manager = models.BooleanField(_("作为经理"), default=False)  # the manager or his deputy
    told_at = models.DateTimeField(_("通知时间"))
    acknowledged_at = models.DateTimeField(_("知悉时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("事件通知")
        constraints = [
            models.UniqueConstraint(fields=["incident", "staff"], name="one_notice_per_person"),
            models.CheckConstraint(
                condition=models.Q(acknowledged_at__isnull=True)
                | models.Q(acknowledged_at__gte=models.F("told_at")),
                name="notice_acknowledged_after_told",
            ),
        ]

    def __str__(self):
        return f"{self.incident} → {self.staff}"
