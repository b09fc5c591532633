"""A workbook on its way into a register: read, looked at, then written or dropped."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.models import Estate, InEstateQuerySet


class ImportState(models.TextChoices):
    PREVIEW = "preview", _("待确认")
    DONE = "done", _("已导入")
    DISCARDED = "discarded", _("已放弃")
    UNDONE = "undone", _("已撤销")


ADD, CHANGE, SAME = "add", "change", "same"  # what a good row does


class RegisterImport(models.Model):
    estate = models.ForeignKey(Estate, models.CASCADE, related_name="+", verbose_name=_("项目"))
    slug = models.CharField(_("登记簿"), max_length=10)
    file_name = models.CharField(_("文件"), max_length=120)
    state = models.CharField(
        _("状态"), max_length=10, choices=ImportState, default=ImportState.PREVIEW
    )
    headers = models.JSONField(default=list)
    # {"line", "cells", "does", "says"}; of what was written also "pk", "version" and, changed, "was"
    good_rows = models.JSONField(default=list)
    bad_rows = models.JSONField(default=list)  # {"line", "cells", "problem"}
    written = models.PositiveIntegerField(_("已写入"), default=0)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("导入人"))
    created_at = models.DateTimeField(_("上传时间"))
    written_at = models.DateTimeField(_("写入时间"), null=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True)
    kept = models.JSONField(_("撤销时保留"), default=list)  # {"line", "problem"}

    objects = InEstateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("登记簿导入")
        ordering = ["-pk"]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("registers:import_detail", args=[self.slug, self.pk])

    @property
    def added(self) -> list[dict]:
        return [row for row in self.good_rows if row.get("does", ADD) == ADD]

    @property
    def changed(self) -> list[dict]:
        return [row for row in self.good_rows if row.get("does") == CHANGE]

    @property
    def unchanged(self) -> int:
        return len(self.good_rows) - len(self.added) - len(self.changed)
