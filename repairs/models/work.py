"""What the work used, and what it looked like."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from repairs.models.repairs import Repair


class Material(models.Model):
    repair = models.ForeignKey(Repair, models.CASCADE, related_name="materials")
    name = models.CharField(_("名称"), max_length=60)
    spec = models.CharField(_("规格"), max_length=60, blank=True)
    quantity = models.DecimalField(_("数量"), max_digits=8, decimal_places=2)
    unit_price = models.DecimalField(_("单价"), max_digits=10, decimal_places=2)

    class Meta:
        verbose_name = verbose_name_plural = _("使用材料")
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, unit_price__gte=0), name="material_amounts"
            )
        ]

    def __str__(self):
        return self.name

    @property
    def amount(self):
        return self.quantity * self.unit_price


class KeptPhoto(models.Model):
    """A picture of a record of any room, re-encoded on arrival, kept once, and private: served
    only through its record.
    """

    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    client_key = models.UUIDField(unique=True)

    class Meta:
        abstract = True
        ordering = ["added_at", "pk"]


class Photo(KeptPhoto):
    repair = models.ForeignKey(Repair, models.CASCADE, related_name="photos")
    file = models.FileField(upload_to="repairs/%Y/%m", max_length=120)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta(KeptPhoto.Meta):
        verbose_name = verbose_name_plural = _("照片")

    def __str__(self):
        return f"{self.repair} {self.pk}"

    def get_absolute_url(self):
        return reverse("repairs:photo", args=[self.repair_id, self.pk])
