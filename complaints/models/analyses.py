"""What is said about a month of complaints."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models.complaints import person
from estates.models import Estate, InEstateQuerySet


class Analysis(models.Model):
    """What the assistant says about a month of complaints (CMP-6)."""

    estate = models.ForeignKey(Estate, models.CASCADE, related_name="+", verbose_name=_("项目"))
    month = models.DateField(_("月份"))  # its first day
    words = models.TextField(_("分析与改进意见"), max_length=4000, blank=True)
    written_at = models.DateTimeField(_("提交时间"), null=True)
    written_by = person(_("分析人"))

    objects = InEstateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("投诉月度分析")
        constraints = [
            models.UniqueConstraint(fields=["estate", "month"], name="complaint_analysis_once")
        ]

    def __str__(self):
        return f"{self.estate} {self.month:%Y-%m}"
