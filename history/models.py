"""Append-only entries: what happened to a record, when, and by whom.

Subjects are stored as text and id without foreign keys, so history outlives what it describes.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EntryQuerySet(models.QuerySet):
    def about(self, subject):
        """Entries of one record, newest first."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).order_by(
            "-at", "-pk"
        )


class Entry(models.Model):
    subject_type = models.CharField(_("记录类型"), max_length=60)
    subject_id = models.BigIntegerField(_("记录编号"))
    subject_label = models.CharField(_("记录名称"), max_length=200)
    event = models.CharField(_("事件"), max_length=60)
    at = models.DateTimeField(_("时间"))
    by_id = models.BigIntegerField(_("操作人编号"), null=True)
    by_name = models.CharField(_("操作人"), max_length=60, blank=True)
    detail = models.JSONField(_("内容"), default=dict)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("历史")
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-at"], name="history_by_subject")
        ]

    def __str__(self):
        return f"{self.subject_label} {self.event}"
