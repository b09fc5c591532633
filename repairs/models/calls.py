"""Who called about a slip, what was promised, and who was not reached."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from contacts.models import Contact, FailedCall
from repairs.models.repairs import Repair


class Caller(models.Model):
    """One contact about this repair; each is owed the answer."""

    repair = models.ForeignKey(Repair, models.CASCADE, related_name="callers")
    contact = models.OneToOneField(Contact, models.PROTECT, related_name="caller")
    is_first = models.BooleanField(_("报修人"), default=False)  # answered by the call-back itself
    attached_at = models.DateTimeField()
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    answered_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(_("收到时间"), null=True)
    answer = models.TextField(_("说了什么"), max_length=1000, blank=True)
    was_reached = models.BooleanField(_("接通"), null=True)
    client_key = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("来电人")
        indexes = [
            models.Index(
                fields=["-answered_at", "-id"],
                name="caller_answered",
                condition=Q(answered_at__isnull=False, is_first=False),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="caller_answered_by_someone",
            )
        ]

    def __str__(self):
        return f"{self.repair} ← {self.contact}"


class Promise(models.Model):
    """A moment promised to the resident (MAN-8). A new one never erases the old."""

    repair = models.ForeignKey(Repair, models.CASCADE, related_name="promises")
    generation = models.PositiveSmallIntegerField(_("第几次"))
    promised_at = models.DateTimeField(_("承诺时间"))
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("承诺于"))
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("承诺")
        ordering = ["generation"]
        constraints = [
            models.UniqueConstraint(fields=["repair", "generation"], name="promise_generation_once")
        ]

    def __str__(self):
        return f"{self.repair} {self.promised_at:%Y-%m-%d %H:%M}"


class CallTry(FailedCall):
    """A call-back that did not get through."""

    repair = models.ForeignKey(Repair, models.CASCADE, related_name="call_tries")

    class Meta(FailedCall.Meta):
        verbose_name = verbose_name_plural = _("未接通")

    def __str__(self):
        return f"{self.repair} {self.at:%m-%d %H:%M}"
