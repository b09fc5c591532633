"""工作日志 of a day and 月度总结 of a month (LOG-1, SUM-1)."""

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from estates.models import Estate
from office.models.scope import PaperQuerySet, person
from office.periods import Span, day_span, month_span
from office.statuses import LOG_MOVES, SUMMARY_MOVES, LogStatus, SummaryStatus


class CountedQuerySet(PaperQuerySet):
    def visible_to(self, staff):
        """Without the ids behind the numbers: only the list of a number needs them."""
        return super().visible_to(staff).defer("rows")


class LogQuerySet(CountedQuerySet):
    permission = "office.read_logs"


class DailyLog(models.Model):
    """One row per estate and working day, opened by the calendar; the row keeps it from opening twice."""

    MOVES = LOG_MOVES

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="+", verbose_name=_("项目"))
    day = models.DateField(_("日期"))
    status = models.CharField(_("状态"), max_length=10, choices=LogStatus, default=LogStatus.DRAFT)
    version = models.PositiveIntegerField(_("版本"), default=1)
    opened_at = models.DateTimeField()
    weather = models.CharField(_("天气"), max_length=40, blank=True)
    attendance = models.CharField(_("出勤"), max_length=300, blank=True)
    important = models.TextField(_("重要事项"), max_length=4000, blank=True)
    instructions = models.TextField(_("上级指示"), max_length=2000, blank=True)
    tomorrow = models.TextField(_("明日安排"), max_length=2000, blank=True)
    # Filled when it is submitted: the numbers, and the ids of the rows behind each.
    figures = models.JSONField(_("当日件数"), default=dict)
    rows = models.JSONField(default=dict)
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    submitted_by = person(_("填写人"))
    signed_at = models.DateTimeField(_("签阅时间"), null=True)
    signed_by = person(_("经理签阅"))
    opinion = models.CharField(_("签阅意见"), max_length=500, blank=True)

    objects = LogQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("工作日志")
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["estate", "day"], name="log_once_a_day"),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="log_submitted_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(status="signed") | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="log_signed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=models.F("submitted_by")),
                name="log_not_signed_by_writer",
            ),
        ]

    def __str__(self):
        return _("%(day)s 工作日志") % {"day": f"{self.day:%Y-%m-%d}"}

    def get_absolute_url(self):
        return reverse("office:log_detail", args=[self.pk])

    @property
    def is_counted(self):
        """Whether the figures are kept; until then they follow the work."""
        return self.status != LogStatus.DRAFT

    def span(self, now: datetime) -> Span:
        """The day that its figures are about, as one looks at it ``now``."""
        return day_span(self.day, now)


class SummaryQuerySet(CountedQuerySet):
    permission = "office.read_summaries"


class MonthlySummary(models.Model):
    """One row per estate and month. Its tables are computed, and kept as they were when reported."""

    MOVES = SUMMARY_MOVES

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="+", verbose_name=_("项目"))
    month = models.DateField(_("月份"))  # its first day
    status = models.CharField(
        _("状态"), max_length=10, choices=SummaryStatus, default=SummaryStatus.DRAFT
    )
    version = models.PositiveIntegerField(_("版本"), default=1)
    opened_at = models.DateTimeField()
    summary = models.TextField(_("工作总结"), max_length=6000, blank=True)
    problems = models.TextField(_("存在问题"), max_length=4000, blank=True)
    suggestions = models.TextField(_("建议"), max_length=4000, blank=True)
    measures = models.TextField(_("整改措施"), max_length=4000, blank=True)
    figures = models.JSONField(_("汇总表"), default=dict)
    rows = models.JSONField(default=dict)  # the ids behind each number, as they were counted
    reported_at = models.DateTimeField(_("上报时间"), null=True)
    reported_by = person(_("上报人"))
    reviewed_at = models.DateTimeField(_("审核时间"), null=True)
    reviewed_by = person(_("审核人"))
    review = models.CharField(_("经理意见"), max_length=1000, blank=True)
    read_at = models.DateTimeField(_("总经理阅时间"), null=True)
    read_by = person(_("总经理"))
    gm_opinion = models.CharField(_("总经理意见"), max_length=1000, blank=True)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("月度总结")
        ordering = ["-month", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["estate", "month"], name="summary_once_a_month"),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(reported_at__isnull=False, reported_by__isnull=False)
                & ~Q(suggestions="")
                & ~Q(measures=""),
                name="summary_reported_with_measures",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["reviewed", "read"]) | Q(reviewed_by__isnull=False),
                name="summary_reviewed_by_someone",
            ),
        ]

    def __str__(self):
        return _("%(month)s 月度总结") % {"month": f"{self.month:%Y-%m}"}

    def get_absolute_url(self):
        return reverse("office:summary_detail", args=[self.pk])

    @property
    def is_counted(self):
        """Whether the figures are kept; until then they follow the work."""
        return self.status != SummaryStatus.DRAFT

    def span(self, now: datetime) -> Span:
        """The month that its figures are about, as one looks at it ``now``."""
        return month_span(self.month, now)

    @property
    def next_month(self) -> date:
        return (self.month + timedelta(days=31)).replace(day=1)
