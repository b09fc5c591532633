"""Pictures that show what a complaint is about, what was found, and what was done."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from complaints.choices import Shows
from complaints.models.complaints import Complaint


class Photo(models.Model):
    """Evidence: re-encoded on arrival and private, served only through the complaint."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="photos")
    shows = models.CharField(_("拍的是"), max_length=10, choices=Shows)
    file = models.FileField(upload_to="complaints/%Y/%m", max_length=120)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    client_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("投诉照片")
        ordering = ["added_at", "pk"]

    def __str__(self):
        return f"{self.complaint} {self.pk}"

    def get_absolute_url(self):
        return reverse("complaints:photo", args=[self.complaint_id, self.pk])

    @property
    def caption(self):
        return self.get_shows_display()
