"""Measures after a survey (整改): who improves what by when, and who checked that it is so."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Staff
from community.models.surveys import Survey, Topic
from community.statuses import MeasureStatus
from estates.models import estate_ids_of
from incidents.models import Department


class MeasureQuerySet(models.QuerySet):
    def visible_to(self, staff: Staff):
        """Who may see the survey sees its measures; anybody sees what he himself owes."""
        rows = self.filter(survey__estate__in=estate_ids_of(staff))
        if staff.has_perm("community.view"):
            return rows
        return rows.filter(owner=staff)


class Measure(models.Model):
    """A measure after a survey (整改): who does what by when."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="measures")
    topic = models.CharField(pgettext_lazy("topic", "项目"), max_length=10, choices=Topic)
    problem = models.CharField(_("问题"), max_length=300)
    what = models.CharField(_("措施"), max_length=300)
    owner = models.ForeignKey(
        Staff, models.PROTECT, related_name="measures", verbose_name=_("责任人")
    )
    due_on = models.DateField(_("完成时间"))
    status = models.CharField(
        _("状态"), max_length=10, choices=MeasureStatus, default=MeasureStatus.OPEN
    )
    version = models.PositiveIntegerField(_("版本"), default=1)
    given_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("派单人"))
    given_at = models.DateTimeField(_("派单时间"))
    result = models.CharField(_("结果"), max_length=500, blank=True)
    done_at = models.DateTimeField(_("完成于"), null=True)
    done_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("核实时间"), null=True)
    confirmed_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("核实人")
    )
    finding = models.CharField(_("核实情况"), max_length=300, blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("整改措施")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="confirmed") | Q(confirmed_at__isnull=False),
                name="measure_confirmed_at_a_moment",
            )
        ]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return reverse("community:measure_detail", args=[self.pk])

    @property
    def department(self):
        """责任部门: where its owner works."""
        return Department(self.owner.duty.department).label
