"""The duty roster (值班排班表, forms 4.4): a month of an estate, its turns, and swaps of turns."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from accounts.posts import POST_CHOICES
from estates.models import Estate, InEstateQuerySet, estate_ids_of
from roster.patterns import PATTERN_CHOICES, SHIFT_CHOICES


class Status(models.TextChoices):
    DRAFT = "draft", _("编制")
    PUBLISHED = "published", _("已公布")


class Roster(models.Model):
    estate = models.ForeignKey(
        Estate, models.PROTECT, related_name="rosters", verbose_name=_("项目")
    )
    month = models.DateField(_("月份"))  # its first day
    pattern = models.CharField(_("班制"), max_length=6, choices=PATTERN_CHOICES)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT)
    drafted_by = models.ForeignKey(
        Staff, models.PROTECT, related_name="+", verbose_name=_("编制人")
    )
    drafted_at = models.DateTimeField(_("编制时间"))
    published_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("公布人")
    )
    published_at = models.DateTimeField(_("公布时间"), null=True)

    objects = InEstateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("排班表")
        ordering = ["-month", "estate"]
        constraints = [
            models.UniqueConstraint(fields=["estate", "month"], name="one_roster_per_month"),
            models.CheckConstraint(
                condition=Q(status="draft", published_at__isnull=True)
                | Q(status="published", published_at__isnull=False),
                name="roster_published_with_time",
            ),
        ]

    def __str__(self):
        return f"{self.estate} {self.month:%Y-%m}"

    def get_absolute_url(self):
        return reverse("roster:roster_detail", args=[self.pk])


class DutyQuerySet(models.QuerySet):
    def visible_to(self, staff: Staff):
        return self.filter(roster__estate__in=estate_ids_of(staff))

    def published(self):
        return self.filter(roster__status=Status.PUBLISHED)

    def covering(self, now: datetime):
        return self.filter(starts_at__lte=now, ends_at__gt=now)


class Duty(models.Model):
    """One person's turn: a shift of a day, in his post. A night belongs to the day it begins."""

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="duties")
    day = models.DateField(_("日期"))
    shift = models.CharField(_("班次"), max_length=12, choices=SHIFT_CHOICES)
    post = models.CharField(_("岗位"), max_length=20, choices=POST_CHOICES)
    staff = models.ForeignKey(
        Staff, models.PROTECT, related_name="duties", verbose_name=_("值班人")
    )
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("值班")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["ends_at", "starts_at"], name="duty_covering")]
        constraints = [
            models.UniqueConstraint(
                fields=["roster", "day", "shift", "staff"], name="once_per_shift"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="duty_ends_after_start"
            ),
        ]

    def __str__(self):
        return f"{self.staff.name} {self.day:%m-%d} {self.get_shift_display()}"


class SwapStatus(models.TextChoices):
    ASKED = "asked", _("待批准")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", _("不同意")
    WITHDRAWN = "withdrawn", _("已撤回")


class SwapQuerySet(models.QuerySet):
    def visible_to(self, staff: Staff):
        return self.filter(duty__roster__estate__in=estate_ids_of(staff))


class Swap(models.Model):
    """换班申请: somebody gives a turn to a colleague, perhaps for one of the colleague's turns."""

    duty = models.ForeignKey(Duty, models.CASCADE, related_name="swaps", verbose_name=_("班"))
    giver = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("换出人"))
    taker = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("换入人"))
    back = models.ForeignKey(
        Duty,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("换回的班"),
    )
    reason = models.CharField(_("事由"), max_length=200)
    status = models.CharField(
        _("状态"), max_length=10, choices=SwapStatus, default=SwapStatus.ASKED
    )
    asked_at = models.DateTimeField(_("申请时间"))
    decided_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("批准人")
    )
    decided_at = models.DateTimeField(_("批准时间"), null=True)
    decision_note = models.CharField(_("批准意见"), max_length=200, blank=True)

    objects = SwapQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("换班申请")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["duty"], condition=Q(status="asked"), name="one_open_swap_per_duty"
            )
        ]

    def __str__(self):
        return f"{self.duty} → {self.taker.name}"
