"""Pictures that show what a complaint is about, what was found, and what was done."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.choices import Shows
from complaints.models.complaints import Complaint
from repairs.models import KeptPhoto


class Photo(KeptPhoto):
    """Evidence of a complaint."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="photos")
    shows = models.CharField(_("拍的是"), max_length=10, choices=Shows)
    file = models.FileField(upload_to="complaints/%Y/%m", max_length=120)

    class Meta(KeptPhoto.Meta):
        verbose_name = verbose_name_plural = _("投诉照片")

    def __str__(self):
        return f"{self.complaint} {self.pk}"

    def get_absolute_url(self):
        return reverse("complaints:photo", args=[self.complaint_id, self.pk])

    @property
    def caption(self):
        return self.get_shows_display()
