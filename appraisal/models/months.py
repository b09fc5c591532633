"""The month's result of a person, its publication, and the collection rate entered per month."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from appraisal.statuses import MonthStatus
from estates.models import Estate, InEstateQuerySet

PUBLIC = (MonthStatus.PUBLISHED, MonthStatus.ARCHIVED)


class MonthResultQuerySet(models.QuerySet):
    def public(self):
        """What the people themselves may see."""
        return self.filter(status__in=PUBLIC)


class MonthResult(models.Model):
    """What was reviewed, and then published. ``parts`` are the kinds with mean, weight and share.

    Before the review a month has no row: it is computed from the sheets as they are. Back in
    计算 is one that changed after its review. ``revisions`` keeps every earlier score with the
    reason: an appeal decided later flows in.
    """

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="months")
    month = models.DateField(_("月份"))  # its first day
    status = models.CharField(_("状态"), max_length=10, choices=MonthStatus)
    parts = models.JSONField(default=list)
    score = models.DecimalField(_("得分"), max_digits=5, decimal_places=2)
    band = models.CharField(_("等级"), max_length=12)
    reviewed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(_("审核时间"), null=True)
    published_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("公布时间"), null=True)
    revisions = models.JSONField(default=list)

    objects = MonthResultQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("月度得分")
        ordering = ["-month", "staff"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "month"], name="one_result_per_month"),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=100), name="month_score_in_range"
            ),
            models.CheckConstraint(
                condition=Q(status="computed")
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="month_reviewed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["computed", "reviewed"]) | Q(published_at__isnull=False),
                name="month_public_with_time",
            ),
        ]

    def __str__(self):
        return f"{self.staff} {self.month:%Y-%m}"

    @property
    def is_public(self) -> bool:
        """Whether the person himself may see it."""
        return self.status in PUBLIC


class Publication(models.Model):
    """One press of 公布: worked off in slices, with progress, also when the page is closed."""

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="+")
    month = models.DateField(_("月份"))
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    waiting = models.JSONField(default=list)  # staff ids still to publish
    total = models.PositiveIntegerField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("公布")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "month", "by"],
                condition=Q(finished_at=None),
                name="one_running_publication",
            )
        ]

    def __str__(self):
        return f"{self.month:%Y-%m}"

    @property
    def done(self):
        return self.total - len(self.waiting)


class CollectionRate(models.Model):
    """物业费收费率 of an estate and month, entered by the assistant until fees have a room (FEE-2)."""

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="+", verbose_name=_("项目"))
    month = models.DateField(_("月份"))
    receivable = models.DecimalField(_("应收"), max_digits=12, decimal_places=2)
    received = models.DecimalField(_("实收"), max_digits=12, decimal_places=2)
    entered_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects = InEstateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("收费率")
        ordering = ["-month", "estate"]
        constraints = [
            models.UniqueConstraint(fields=["estate", "month"], name="one_rate_per_month"),
            models.CheckConstraint(
                condition=Q(receivable__gt=0, received__gte=0), name="rate_amounts_sensible"
            ),
        ]

    def __str__(self):
        return f"{self.estate} {self.month:%Y-%m}"

    @property
    def rate(self) -> Decimal:
        """实收 / 应收 in percent, to the hundredth."""
        return (self.received * 100 / self.receivable).quantize(Decimal("0.01"))
