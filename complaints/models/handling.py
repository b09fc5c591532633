"""What is written beside a complaint while it is handled: notes, passings-on, extensions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from complaints.choices import Department
from complaints.models.complaints import Complaint, person


class Note(models.Model):
    """What is written beside the resident's words: a correction, or a remark."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="notes")
    is_correction = models.BooleanField(_("更正"), default=False)
    text = models.TextField(_("备注"), max_length=1000)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("备注与更正")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.complaint} {self.text[:20]}"


class Transfer(models.Model):
    """Passed on to a department (CMP-1), and who signed for it."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="transfers")
    department = models.CharField(_("转交部门"), max_length=20, choices=Department)
    words = models.CharField(_("转交说明"), max_length=500, blank=True)
    at = models.DateTimeField(_("转交时间"))
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("转交人"))
    received_at = models.DateTimeField(_("接收时间"), null=True)
    receiver = person(_("接收人"))
    returned_at = models.DateTimeField(_("退回时间"), null=True)
    return_reason = models.CharField(_("退回原因"), max_length=200, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("转交")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(returned_at__isnull=True, answered_at__isnull=True),
                name="complaint_at_one_department",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | ~Q(return_reason=""),
                name="transfer_returned_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, receiver__isnull=True)
                | Q(received_at__isnull=False, receiver__isnull=False),
                name="transfer_received_by_someone",
            ),
        ]

    def __str__(self):
        return f"{self.complaint} → {self.department}"


PENDING = Q(dropped_at__isnull=True) & (
    Q(decided_at__isnull=True) | Q(is_approved=True, resident_told_at__isnull=True)
)


class ExtensionQuerySet(models.QuerySet):
    def pending(self):
        """Waits for a superior's word, or approved for the resident to be told."""
        return self.filter(PENDING)


class Extension(models.Model):
    """More time: asked with a reason, approved by a superior, in force once the resident knows."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="extensions")
    reason = models.CharField(_("延期原因"), max_length=300)
    new_promise = models.DateTimeField(_("新的时限"))
    asked_at = models.DateTimeField(_("申请时间"))
    asked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("申请人"))
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    decided_by = person(_("审批人"))
    is_approved = models.BooleanField(_("同意"), null=True)
    decision_note = models.CharField(_("审批意见"), max_length=300, blank=True)
    resident_told_at = models.DateTimeField(_("告知业户时间"), null=True)
    resident_told_by = person(_("告知人"))
    dropped_at = models.DateTimeField(_("作废时间"), null=True)  # the work ended without it

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("延期")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_reason"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")),
                name="extension_not_approved_by_asker",
            ),
            models.CheckConstraint(
                condition=Q(resident_told_at__isnull=True) | Q(is_approved=True),
                name="extension_told_after_approval",
            ),
            models.UniqueConstraint(
                fields=["complaint"],
                condition=PENDING,
                name="complaint_one_extension_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=True) | Q(resident_told_at__isnull=True),
                name="extension_in_force_is_not_dropped",
            ),
        ]

    def __str__(self):
        return f"{self.complaint} → {self.new_promise:%m-%d %H:%M}"
