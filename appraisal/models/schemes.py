"""A scheme (考评方案): which items a post's sheet has, with which marks, and what may be cited."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from accounts.posts import POST_CHOICES


class Scheme(models.Model):
    """One version for one post. Version 0 is the shipped one of ``appraisal.schemes``.

    ``full`` item → full marks (as text), ``groups`` rule group → item, ``sops`` codes that may be
    cited, ``other_sops`` codes that may be cited on the item of other procedures only (APP-17).
    """

    post = models.CharField(_("岗位"), max_length=20, choices=POST_CHOICES)
    version = models.PositiveIntegerField(_("版本"))
    full = models.JSONField(_("满分"))
    groups = models.JSONField(_("规则归项"))
    sops = models.JSONField(_("可引用规程"))
    other_sops = models.JSONField(_("其他规程"), default=list)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    drafted_by = models.ForeignKey(
        Staff, models.PROTECT, related_name="+", verbose_name=_("起草人")
    )
    drafted_at = models.DateTimeField(_("起草时间"))
    effective_on = models.DateField(_("生效日期"), null=True)
    published_at = models.DateTimeField(_("公布时间"), null=True)
    published_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("考评方案")
        ordering = ["post", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["post", "version"], name="scheme_version_once"),
            models.UniqueConstraint(
                fields=["post"], condition=Q(published_at=None), name="one_draft_scheme_per_post"
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(effective_on__isnull=False),
                name="published_scheme_has_day",
            ),
        ]

    def __str__(self):
        return f"{self.get_post_display()} v{self.version}"
