"""The monthly counts: the keys on their hooks (KEY-1), the files in their cabinets (ARC-1)."""

from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.models import Estate, InEstateQuerySet
from registers.models.keys import KeyCustody


class StockCount(models.Model):
    """One month's count of an estate: what should be there, and what was.

    Its ``lines`` are the places where the number found was not the number in the book.
    """

    slug = ""  # the register that is counted
    page = ""  # the name of its address

    estate = models.ForeignKey(Estate, models.CASCADE, related_name="+", verbose_name=_("项目"))
    month = models.DateField(_("月份"))
    expected = models.PositiveIntegerField(_("应有"), default=0)
    found = models.PositiveIntegerField(_("实有"), null=True)
    reason = models.CharField(_("差异说明"), max_length=300, blank=True)
    counted_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("盘点人")
    )
    counted_at = models.DateTimeField(_("盘点时间"), null=True)
    result = models.CharField(_("处理结果"), max_length=200, blank=True)
    settled_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("处理人")
    )
    settled_at = models.DateTimeField(_("处理时间"), null=True)

    objects = InEstateQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-month", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["estate", "month"], name="one_%(class)s_a_month"),
            models.CheckConstraint(
                condition=(
                    Q(counted_at__isnull=True, counted_by__isnull=True, found__isnull=True)
                    | Q(counted_at__isnull=False, counted_by__isnull=False, found__isnull=False)
                ),
                name="%(class)s_by_someone",
            ),
            models.CheckConstraint(
                condition=(
                    Q(settled_at__isnull=True, settled_by__isnull=True, result="")
                    | Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(result="")
                ),
                name="%(class)s_settled_by_someone",
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.month:%Y-%m}"

    def get_absolute_url(self):
        return reverse(f"registers:{self.page}", args=[self.pk])

    @property
    def difference(self) -> int | None:
        return None if self.found is None else self.found - self.expected

    @property
    def remarks(self) -> list[tuple[Any, str]]:
        """What was written down beside the numbers, with the words before it."""
        return [(_("差异说明"), self.reason)] if self.reason else []


class KeyCount(StockCount):
    slug = "keys"
    page = "key_count"

    class Meta(StockCount.Meta):
        verbose_name = verbose_name_plural = _("钥匙盘点")


class ArchiveCheck(StockCount):
    """Besides the count: what was put in order, and where the copy of the files is."""

    slug = "archive"
    page = "archive_check"

    tidied = models.CharField(_("整理情况"), max_length=200, blank=True)
    backup = models.CharField(_("备份情况"), max_length=200, blank=True)

    class Meta(StockCount.Meta):
        verbose_name = verbose_name_plural = _("档案清点")
        constraints = [
            *StockCount.Meta.constraints,
            models.CheckConstraint(
                condition=Q(counted_at__isnull=True) | (~Q(tidied="") & ~Q(backup="")),
                name="archive_tidied_and_backed_up",
            ),
        ]

    @property
    def remarks(self):
        return [*super().remarks, (_("整理情况"), self.tidied), (_("备份情况"), self.backup)]


class CountLine(models.Model):
    """A place whose number was not the number in the book."""

    expected = models.PositiveSmallIntegerField(_("应有"))
    found = models.PositiveSmallIntegerField(_("实有"))

    class Meta:
        abstract = True
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(found=F("expected")), name="%(class)s_differs")
        ]

    def __str__(self):
        return f"{self.place} {self.expected} → {self.found}"


class KeyCountLine(CountLine):
    count = models.ForeignKey(KeyCount, models.CASCADE, related_name="lines")
    key = models.ForeignKey(KeyCustody, models.PROTECT, related_name="+")

    class Meta(CountLine.Meta):
        verbose_name = verbose_name_plural = _("盘点差异")
        constraints = [
            *CountLine.Meta.constraints,
            models.UniqueConstraint(fields=["count", "key"], name="one_line_per_key"),
        ]

    @property
    def place(self) -> str:
        return f"{self.key.unit.code} {self.key.summary}"

    @property
    def url(self) -> str:
        return self.key.get_absolute_url()


class ArchiveCheckLine(CountLine):
    count = models.ForeignKey(ArchiveCheck, models.CASCADE, related_name="lines")
    cabinet = models.CharField(_("柜位"), max_length=20)

    class Meta(CountLine.Meta):
        verbose_name = verbose_name_plural = _("清点差异")
        constraints = [
            *CountLine.Meta.constraints,
            models.UniqueConstraint(fields=["count", "cabinet"], name="one_line_per_cabinet"),
        ]

    @property
    def place(self) -> str:
        return self.cabinet

    @property
    def url(self) -> str:
        """The files of that cabinet."""
        return (
            f"{reverse('registers:record_list', args=['archive'])}?{urlencode({'q': self.cabinet})}"
        )
