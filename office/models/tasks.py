"""Tasks that a superior sets (MGT-1, MGT-5, MGT-6), and the daily look at the butlers (MGT-2)."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.models import Estate, InEstateQuerySet
from office.models.scope import PaperQuerySet, line_of, person
from office.statuses import CHECK_MOVES, TASK_MOVES, CheckStatus, TaskStatus


class TaskQuerySet(InEstateQuerySet):
    def visible_to(self, staff: Staff):
        """Own tasks, those one has set, and those of everybody below in the line."""
        if not staff.has_perm("office.tasks"):
            return self.none()
        mine = Q(assignee=staff) | Q(set_by=staff) | Q(assignee__in=line_of(staff))
        return super().visible_to(staff).filter(mine)


class Assignment(models.Model):
    """工作任务: what, by when, and what came back."""

    MOVES = TASK_MOVES

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="+", verbose_name=_("项目"))
    client_key = models.UUIDField(unique=True, editable=False)
    status = models.CharField(_("状态"), max_length=10, choices=TaskStatus, default=TaskStatus.SET)
    version = models.PositiveIntegerField(_("版本"), default=1)
    title = models.CharField(_("任务"), max_length=100)
    content = models.TextField(_("要求"), max_length=2000, blank=True)
    set_by = person(_("布置人"), null=False, blank=False)
    set_at = models.DateTimeField(_("布置时间"))
    assignee = person(_("负责人"), null=False, blank=False)
    due_at = models.DateTimeField(_("完成期限"))
    report = models.TextField(_("汇报"), max_length=4000, blank=True)
    reported_at = models.DateTimeField(_("汇报时间"), null=True)
    return_reason = models.CharField(_("退回原因"), max_length=500, blank=True)
    returns = models.PositiveSmallIntegerField(_("退回次数"), default=0)
    accepted_at = models.DateTimeField(_("认可时间"), null=True)
    accepted_by = person(_("认可人"))
    verdict = models.CharField(_("认可意见"), max_length=500, blank=True)
    cancel_reason = models.CharField(_("取消原因"), max_length=200, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("工作任务")
        ordering = ["-set_at", "-pk"]
        indexes = [
            models.Index(fields=["assignee", "-set_at"], name="task_by_assignee"),
            models.Index(fields=["estate", "-set_at", "-id"], name="task_list"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(set_by=F("assignee")), name="task_set_to_somebody_else"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["reported", "done"])
                | (Q(reported_at__isnull=False) & ~Q(report="")),
                name="task_reported_in_words",
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | Q(accepted_by__isnull=False),
                name="task_accepted_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True) | ~Q(accepted_by=F("assignee")),
                name="task_not_accepted_by_assignee",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("office:task_detail", args=[self.pk])


class CheckQuerySet(PaperQuerySet):
    permission = "office.check_butlers"


class ButlerCheck(models.Model):
    """管家日常工作检查 of one estate and working day (MGT-2)."""

    MOVES = CHECK_MOVES

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="+", verbose_name=_("项目"))
    day = models.DateField(_("日期"))
    status = models.CharField(
        _("状态"), max_length=10, choices=CheckStatus, default=CheckStatus.OWED
    )
    version = models.PositiveIntegerField(_("版本"), default=1)
    opened_at = models.DateTimeField()
    checked_at = models.DateTimeField(_("检查时间"), null=True)
    checked_by = person(_("检查人"))

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("管家日常检查")
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["estate", "day"], name="butler_check_once_a_day"),
            models.CheckConstraint(
                condition=Q(status="owed") | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="butler_check_by_someone",
            ),
        ]

    def __str__(self):
        return _("%(day)s 管家检查") % {"day": f"{self.day:%Y-%m-%d}"}

    def get_absolute_url(self):
        return reverse("office:check_detail", args=[self.pk])


class CheckResult(models.Model):
    """What was found at one butler."""

    check_of = models.ForeignKey(ButlerCheck, models.CASCADE, related_name="results")
    butler = person(_("管家"), null=False, blank=False)
    is_good = models.BooleanField(_("合格"))
    note = models.CharField(_("发现与要求"), max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("检查结果")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["check_of", "butler"], name="butler_checked_once"),
            models.CheckConstraint(
                condition=Q(is_good=True) | ~Q(note=""), name="bad_result_has_note"
            ),
        ]

    def __str__(self):
        return f"{self.check_of} {self.butler}"
