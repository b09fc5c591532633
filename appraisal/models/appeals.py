"""Appeals (申诉): what the person scored says, and what a superior who did not score decided."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from appraisal.models.sheets import Deduction, Sheet
from appraisal.statuses import Outcome


class Appeal(models.Model):
    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="appeals")
    level = models.PositiveSmallIntegerField(_("第几级"), default=1)
    text = models.TextField(_("申诉理由"))
    at = models.DateTimeField(_("申诉时间"))
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    # Nobody while the general manager has to name a reviewer.
    decider = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="appeals", verbose_name=_("裁定人")
    )
    named_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    is_final = models.BooleanField(_("终审"), default=False)
    outcome = models.CharField(_("裁定"), max_length=10, choices=Outcome, blank=True)
    decision = models.TextField(_("裁定理由"), blank=True)
    decided_at = models.DateTimeField(_("裁定时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("申诉")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "level"], name="one_appeal_per_level"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, outcome="")
                | (Q(decided_at__isnull=False, decider__isnull=False) & ~Q(outcome="")),
                name="appeal_decided_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | ~Q(decision=""),
                name="appeal_decision_has_text",
            ),
        ]

    def __str__(self):
        return f"{self.sheet} {self.level}"

    def get_absolute_url(self):
        return reverse("appraisal:appeal_detail", args=[self.pk])


class Point(models.Model):
    """One deduction that is appealed against, and what the decision took back of it."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="points")
    deduction = models.ForeignKey(Deduction, models.PROTECT, related_name="appeal_points")
    standing = models.DecimalField(_("申诉时扣分"), max_digits=5, decimal_places=2)
    kept = models.DecimalField(_("裁定后扣分"), max_digits=5, decimal_places=2, null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("申诉事项")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["appeal", "deduction"], name="appealed_once_per_level")
        ]

    def __str__(self):
        return f"{self.appeal} {self.deduction}"
