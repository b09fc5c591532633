"""Household files (ARC-1): index, place, who has one out, how long it is kept."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from registers.models.keys import OPEN_LOAN, Loan
from registers.models.shapes import Record


class ArchiveStatus(models.TextChoices):
    ON_FILE = "on_file", _("在档")
    ASKED = "asked", _("等经理批借")
    APPROVED = "approved", _("已批准借阅")
    OUT = "out", _("借出")
    CONDEMNED = "condemned", _("申请销毁")
    DESTROYED = "destroyed", _("已销毁")


class Secrecy(models.TextChoices):
    OPEN = "open", _("一般")
    INTERNAL = "internal", _("内部")
    PERSONAL = "personal", _("个人档案、声像(不外借)")


class ArchiveFile(Record):
    LETTERS = "DA"
    slug = "archive"
    OPEN = (
        ArchiveStatus.ON_FILE,
        ArchiveStatus.ASKED,
        ArchiveStatus.APPROVED,
        ArchiveStatus.OUT,
        ArchiveStatus.CONDEMNED,
    )

    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=ArchiveStatus,
        default=ArchiveStatus.ON_FILE,
        editable=False,
    )
    volume = models.CharField(_("卷号"), max_length=20, default="1")
    title = models.CharField(_("卷名"), max_length=60, blank=True)
    filed_on = models.DateField(_("归档日期"))
    keeper = models.CharField(_("保管人"), max_length=60)
    cabinet = models.CharField(_("柜位"), max_length=20)
    secrecy = models.CharField(_("密级"), max_length=10, choices=Secrecy, default=Secrecy.INTERNAL)
    keep_until = models.DateField(
        _("保存到"), null=True, blank=True, help_text=_("空着表示长期保存")
    )
    destroy_reason = models.CharField(_("销毁原因"), max_length=200, blank=True, editable=False)
    destroy_asked_by = models.ForeignKey(
        Staff,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("申请销毁人"),
        editable=False,
    )
    destroyed_at = models.DateTimeField(_("销毁时间"), null=True, editable=False)
    destroy_approved_by = models.ForeignKey(
        Staff,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("批准销毁人"),
        editable=False,
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = _("档案")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=Q(unit__isnull=False), name="file_has_a_household"),
            models.UniqueConstraint(
                fields=["unit", "volume"],
                condition=~Q(status="destroyed"),
                name="one_file_per_volume",
                violation_error_message=_("这一户已有同一卷号的档案"),
            ),
            # ARC-1: personal files never leave; destruction is approved by somebody else.
            models.CheckConstraint(
                condition=~Q(secrecy="personal", status__in=["asked", "approved", "out"]),
                name="personal_file_never_leaves",
            ),
            models.CheckConstraint(
                condition=Q(status="destroyed", destroyed_at__isnull=False,
                            destroy_approved_by__isnull=False, destroy_asked_by__isnull=False)
                & ~Q(destroy_approved_by=models.F("destroy_asked_by"))
                | (~Q(status="destroyed") & Q(destroyed_at__isnull=True)),
                name="file_destroyed_with_approval",
            ),
        ]  # fmt: skip

    @property
    def summary(self):
        return f"{self.title or self._meta.verbose_name} {self.volume}"

    def clean(self):
        super().clean()
        errors = {}
        if not self.unit_id:
            errors["unit"] = _("写明是哪一户的档案")
        if self.filed_on and self.filed_on > timezone.localdate(self.recorded_at):
            errors["filed_on"] = _("归档日期不能晚于今天")
        if self.keep_until and self.filed_on and self.keep_until <= self.filed_on:
            errors["keep_until"] = _("保存期限要晚于归档日期")
        if self.secrecy == Secrecy.PERSONAL and self.status in ("asked", "approved", "out"):
            errors["secrecy"] = _("已经借出, 归还后再改密级")
        if errors:
            raise ValidationError(errors)

    @cached_property
    def open_loan(self):
        return self.loans.filter(status__in=OPEN_LOAN).first()


class Paper(models.TextChoices):
    NOTICE = "notice", _("入住通知书")
    OWNER = "owner", _("业主登记表")
    COVENANT = "covenant", _("管理规约")
    CONTRACT = "contract", _("服务协议")
    ACCEPTANCE = "acceptance", _("验收记录")
    TRANSFER = "transfer", _("移交清单")
    IDENTITY = "identity", _("证件复印件")
    RENOVATION = "renovation", _("装修")
    REPAIR = "repair", _("维修")
    COMPLAINT = "complaint", _("投诉")
    VISIT = "visit", _("走访")
    OTHER = "other", _("其他")


class ArchiveItem(models.Model):
    """One line of a file's index."""

    file = models.ForeignKey(ArchiveFile, models.CASCADE, related_name="items")
    paper = models.CharField(_("目录"), max_length=12, choices=Paper)
    title = models.CharField(_("内容"), max_length=100)
    pages = models.PositiveSmallIntegerField(_("页数"), null=True, blank=True)
    filed_on = models.DateField(_("归档日期"))
    filed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("归档人"))

    class Meta:
        verbose_name = verbose_name_plural = _("档案目录")
        ordering = ["filed_on", "pk"]

    def __str__(self):
        return f"{self.get_paper_display()} {self.title}"


class ArchiveLoan(Loan):
    file = models.ForeignKey(
        ArchiveFile, models.PROTECT, related_name="loans", verbose_name=_("档案")
    )
    needs_approval = models.BooleanField(_("须经理批准"), default=False)

    class Meta(Loan.Meta):
        verbose_name = verbose_name_plural = _("档案借阅")
        ordering = ["-pk"]
        constraints = [
            *Loan.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(status__in=["out", "back"], needs_approval=True)
                | Q(approved_by__isnull=False),
                name="long_file_loan_only_if_approved",
            ),
            models.UniqueConstraint(
                fields=["file"],
                condition=Q(status__in=["asked", "approved", "out"]),
                name="one_open_loan_per_file",
            ),
        ]
