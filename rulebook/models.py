"""The manual as data: SOPs, numbers with their history, and the working calendar."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff


class SOP(models.Model):
    """One of the 15 standard operating procedures (clauses 1.17)."""

    code = models.CharField(_("代码"), max_length=30, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    order = models.PositiveSmallIntegerField(_("次序"))

    class Meta:
        verbose_name = verbose_name_plural = _("标准作业规程")
        ordering = ["order"]

    def __str__(self):
        return self.name


class NumberVersion(models.Model):
    """One value of one number of the manual from one moment on.

    Which numbers exist, their units, defaults and sources stand in ``rulebook/numbers.py``.
    A change adds a version; what was opened under an older one keeps it.
    """

    key = models.CharField(_("数字"), max_length=60)
    version = models.PositiveIntegerField(_("版本"))
    value = models.DecimalField(_("数值"), max_digits=10, decimal_places=2)
    effective_at = models.DateTimeField(_("生效时间"))
    is_confirmed = models.BooleanField(_("已核定"), default=False)
    by = models.ForeignKey(
        Staff, models.SET_NULL, null=True, related_name="+", verbose_name=_("修改人")
    )
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("数字版本")
        ordering = ["key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="number_version_once")
        ]

    def __str__(self):
        return f"{self.key} v{self.version}"


class WorkWindow(models.Model):
    """A span of a working weekday; a day may have several (lunch break).

    One that ends no later than it starts runs into the next day (a night shift).
    """

    weekday = models.PositiveSmallIntegerField(_("星期"))  # 0 Monday … 6 Sunday
    starts = models.TimeField(_("开始"))
    ends = models.TimeField(_("结束"))

    class Meta:
        verbose_name = verbose_name_plural = _("工作时段")
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(ends=models.F("starts")), name="window_not_empty"
            ),
            models.UniqueConstraint(fields=["weekday", "starts"], name="window_once"),
        ]

    def __str__(self):
        return f"{self.weekday} {self.starts:%H:%M}-{self.ends:%H:%M}"


class DayOverride(models.Model):
    """A holiday, or a weekend day worked in exchange (调休)."""

    day = models.DateField(_("日期"), unique=True)
    is_workday = models.BooleanField(_("上班"))
    name = models.CharField(_("名称"), max_length=40, blank=True)
    source = models.CharField(_("来源"), max_length=60, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = verbose_name_plural = _("节假日与调休")
        ordering = ["day"]

    def __str__(self):
        return f"{self.day} {self.name}"
