"""Rounds (检查轮次): the inspections that one person owes for one period, and random draws."""

from datetime import date

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from appraisal.items import Kind
from estates.models import Estate


class RoundQuerySet(models.QuerySet):
    def visible_to(self, staff: Staff):
        """A round is its inspector's own work list."""
        return self.filter(inspector=staff)

    def of(self, staff: Staff, *, kind: str, day: date, by: Staff) -> "Round | None":
        """The inspector's round of that day's period which this person belongs to."""
        return self.filter(
            inspector=by, kind=kind, people=staff, starts_on__lte=day, ends_on__gte=day
        ).first()


class Round(models.Model):
    estate = models.ForeignKey(Estate, models.CASCADE, related_name="+", verbose_name=_("项目"))
    inspector = models.ForeignKey(
        Staff, models.PROTECT, related_name="rounds", verbose_name=_("检查人")
    )
    kind = models.CharField(_("考评类别"), max_length=8, choices=Kind)
    starts_on = models.DateField(_("期间起"))
    ends_on = models.DateField(_("期间止"))
    people = models.ManyToManyField(Staff, related_name="+", verbose_name=_("被考评人"))
    # By the inspector, with a reason: nobody puts them back.
    left_out = models.ManyToManyField(Staff, related_name="+", verbose_name=_("这次不查的"))
    opened_at = models.DateTimeField(_("开出时间"))

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("检查轮次")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "inspector", "kind", "starts_on"], name="one_round_per_period"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="round_ends_later"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.starts_on:%Y-%m-%d}"

    def get_absolute_url(self):
        return reverse("appraisal:round_detail", args=[self.pk])


class Draw(models.Model):
    """A random choice of whom to spot-check; the seed lets anybody draw the same again."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="draws")
    seed = models.CharField(_("随机种子"), max_length=40)
    pool = models.JSONField(_("抽取范围"))  # staff ids, in order
    picked = models.JSONField(_("抽中"))  # staff ids, as drawn
    at = models.DateTimeField(_("抽取时间"))
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")  # nobody: the scan

    class Meta:
        verbose_name = verbose_name_plural = _("抽签")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.round} {self.seed}"
