"""Common phrases of the intake."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models import Category as IncidentCategory
from repairs.models.choices import Category, Priority
from services.models import ServiceItem


class Phrase(models.Model):
    """A common phrase: one key fills text, category, place and urgency."""

    text = models.CharField(_("用语"), max_length=60, unique=True)
    category = models.CharField(_("类别"), max_length=10, choices=Category)
    where = models.CharField(_("具体位置"), max_length=60, blank=True)
    priority = models.CharField(
        _("紧急程度"), max_length=12, choices=Priority, default=Priority.NORMAL
    )
    initials = models.CharField(_("拼音首字母"), max_length=30, db_index=True)
    service_item = models.ForeignKey(ServiceItem, models.SET_NULL, null=True, blank=True)
    incident_category = models.CharField(
        _("同时报重大事件"), max_length=10, choices=IncidentCategory, blank=True, default=""
    )
    is_active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("常用语")
        ordering = ["text"]

    def __str__(self):
        return self.text
