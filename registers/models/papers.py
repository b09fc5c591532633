"""Papers of a formality that is over, waiting at the desk to be filed (ARC-1)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from registers.models.archive import ArchiveFile, Paper
from registers.models.shapes import Record


class PapersStatus(models.TextChoices):
    WAITING = "waiting", _("待归档")
    FILED = "filed", _("已归档")
    DROPPED = "dropped", _("不归档")


class FilingPapers(Record):
    """What a resident signed or brought; within a day it is in the household's file."""

    LETTERS = "DG"
    slug = "papers"
    OPEN = (PapersStatus.WAITING,)

    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=PapersStatus,
        default=PapersStatus.WAITING,
        editable=False,
    )
    paper = models.CharField(_("材料种类"), max_length=12, choices=Paper, default=Paper.NOTICE)
    title = models.CharField(_("内容"), max_length=100)
    pages = models.PositiveSmallIntegerField(_("页数"), null=True, blank=True)
    formality_at = models.DateTimeField(_("办完手续时间"), help_text=_("从这时起算归档时限"))
    brought_by = models.CharField(_("交件人"), max_length=60, blank=True)
    place = models.CharField(_("暂放位置"), max_length=40, blank=True)
    file = models.ForeignKey(
        ArchiveFile,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("归入档案"),
        editable=False,
    )
    filed_at = models.DateTimeField(_("归档时间"), null=True, editable=False)
    filed_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("归档人"), editable=False
    )
    drop_reason = models.CharField(_("不归档原因"), max_length=100, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = _("待归档材料")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=Q(unit__isnull=False), name="papers_have_a_household"),
            models.CheckConstraint(
                condition=Q(status="filed", file__isnull=False, filed_at__isnull=False,
                            filed_by__isnull=False)
                | (~Q(status="filed") & Q(file__isnull=True, filed_at__isnull=True)),
                name="papers_filed_somewhere",
            ),
            models.CheckConstraint(
                condition=~Q(status="dropped") | ~Q(drop_reason=""), name="papers_dropped_why"
            ),
        ]  # fmt: skip

    @property
    def summary(self):
        return f"{self.get_paper_display()} {self.title}"

    @property
    def starts_at(self):
        return self.formality_at

    @property
    def kin(self):
        return [(_("归入"), self.file)] if self.file_id else []

    def clean(self):
        super().clean()
        errors = {}
        if not self.unit_id:
            errors["unit"] = _("写明是哪一户的材料")
        if self.formality_at and self.formality_at > self.recorded_at:
            errors["formality_at"] = _("手续办完以后再登记, 时间不能晚于现在")
        if errors:
            raise ValidationError(errors)
