"""Asking the resident afterwards: each call-back and each try that did not get through."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from complaints.choices import Method
from complaints.models.complaints import Complaint, person
from repairs.models import Satisfaction


class Callback(models.Model):
    """One call-back or one try; a later round never overwrites an earlier one."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="callbacks")
    round = models.PositiveSmallIntegerField(_("第几轮"))
    at = models.DateTimeField(_("回访时间"))
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("回访人"))
    handled_by = person(_("本轮处理人"))  # the complaint forgets him when it is opened again
    method = models.CharField(_("回访方式"), max_length=8, choices=Method, default=Method.PHONE)
    is_reached = models.BooleanField(_("接通"), default=True)
    satisfaction = models.CharField(_("满意程度"), max_length=12, choices=Satisfaction, blank=True)
    note = models.CharField(_("业户说了什么"), max_length=500, blank=True)
    message = models.TextField(_("发给业户的话"), max_length=500, blank=True)
    signed = models.CharField(_("业户签名"), max_length=40, blank=True)
    client_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("投诉回访")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_reached=False, satisfaction="")
                | Q(is_reached=True) & ~Q(satisfaction=""),
                name="complaint_callback_reached_with_answer",
            )
        ]

    def __str__(self):
        return f"{self.complaint} {self.at:%m-%d %H:%M}"
