"""培训 (TRN-1, TRN-3): the yearly plan, sessions with sign-in, exams, and who passed."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.models import Estate, InEstateQuerySet
from office.models.scope import PaperQuerySet, person
from office.statuses import (
    PLAN_MOVES,
    SESSION_MOVES,
    STANDING_MOVES,
    PlanStatus,
    SessionStatus,
    Standing,
)
from office.subjects import SUBJECT_CHOICES


class TrainingKind(models.TextChoices):
    INDUCTION = "induction", _("入职")
    IN_SERVICE = "in_service", _("在岗")
    TRANSFER = "transfer", _("转岗")


QUALIFYING = (TrainingKind.INDUCTION, TrainingKind.TRANSFER)


class ExamMethod(models.TextChoices):
    WRITTEN = "written", _("笔试")
    ORAL = "oral", _("口试")
    PRACTICAL = "practical", _("实操")
    NONE = "none", _("不考核")


def hours_field(label):
    return models.DecimalField(
        label,
        max_digits=5,
        decimal_places=1,
        validators=[MinValueValidator(0.5), MaxValueValidator(100)],
    )


class PlanQuerySet(PaperQuerySet):
    permission = "office.view_training"


class TrainingPlan(models.Model):
    """年度培训计划: one per estate and year, finished by 15 December of the year before."""

    MOVES = PLAN_MOVES

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="+", verbose_name=_("项目"))
    year = models.PositiveSmallIntegerField(
        _("年度"), validators=[MinValueValidator(2000), MaxValueValidator(2199)]
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=PlanStatus, default=PlanStatus.DRAFT
    )
    version = models.PositiveIntegerField(_("版本"), default=1)
    opened_at = models.DateTimeField()
    note = models.TextField(_("说明"), max_length=2000, blank=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    submitted_by = person(_("编制人"))
    approved_at = models.DateTimeField(_("批准时间"), null=True)
    approved_by = person(_("批准人"))
    opinion = models.CharField(_("批准意见"), max_length=500, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("年度培训计划")
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["estate", "year"], name="training_plan_once_a_year"),
            models.CheckConstraint(
                condition=~Q(status="approved")
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="training_plan_approved_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("submitted_by")),
                name="training_plan_not_approved_by_writer",
            ),
        ]

    def __str__(self):
        return _("%(year)s 年度培训计划") % {"year": self.year}

    def get_absolute_url(self):
        return reverse("office:plan_detail", args=[self.pk])


class PlanItem(models.Model):
    """One line of the plan: in which month, what, for whom."""

    plan = models.ForeignKey(TrainingPlan, models.CASCADE, related_name="items")
    month = models.PositiveSmallIntegerField(
        _("月份"), validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    subject = models.CharField(_("主题"), max_length=20, choices=SUBJECT_CHOICES)
    kind = models.CharField(
        _("类别"), max_length=10, choices=TrainingKind, default=TrainingKind.IN_SERVICE
    )
    audience = models.CharField(_("参加人"), max_length=100)
    hours = hours_field(_("课时"))
    trainer = models.CharField(_("讲师"), max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("培训计划项")
        ordering = ["month", "pk"]

    def __str__(self):
        return f"{self.plan} {self.month} {self.get_subject_display()}"


class SessionQuerySet(InEstateQuerySet):
    def visible_to(self, staff: Staff):
        """All of the estates for those who arrange training; others where they take part."""
        rows = super().visible_to(staff)
        if staff.has_perm("office.view_training"):
            return rows
        if staff.has_perm("office.attend"):
            return rows.filter(pk__in=Attendance.objects.filter(staff=staff).values("session"))
        return rows.none()


class TrainingSession(models.Model):
    MOVES = SESSION_MOVES

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="+", verbose_name=_("项目"))
    client_key = models.UUIDField(unique=True, editable=False)
    status = models.CharField(
        _("状态"), max_length=10, choices=SessionStatus, default=SessionStatus.PLANNED
    )
    version = models.PositiveIntegerField(_("版本"), default=1)
    item = models.ForeignKey(
        PlanItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("计划项"),
    )
    subject = models.CharField(_("主题"), max_length=20, choices=SUBJECT_CHOICES)
    title = models.CharField(_("题目"), max_length=60, blank=True)
    kind = models.CharField(
        _("类别"), max_length=10, choices=TrainingKind, default=TrainingKind.IN_SERVICE
    )
    starts_at = models.DateTimeField(_("时间"))
    hours = hours_field(_("课时"))
    trainer = models.CharField(_("讲师"), max_length=40)
    material = models.CharField(_("教材或规程"), max_length=200, blank=True)
    exam = models.CharField(
        _("考核方式"), max_length=10, choices=ExamMethod, default=ExamMethod.WRITTEN
    )
    pass_mark = models.DecimalField(_("合格线"), max_digits=4, decimal_places=1)
    planned_by = person(_("安排人"), null=False, blank=False)
    planned_at = models.DateTimeField(_("安排时间"))
    held_at = models.DateTimeField(_("结束签到时间"), null=True)
    graded_on = models.DateField(_("考核日期"), null=True)
    graded_by = person(_("阅卷人"))
    review = models.CharField(_("评价"), max_length=500, blank=True)
    cancel_reason = models.CharField(_("取消原因"), max_length=200, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("培训")
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["estate", "-starts_at", "-id"], name="training_list")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="graded") | Q(graded_on__isnull=False, graded_by__isnull=False),
                name="training_graded_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["induction", "transfer"]) | ~Q(exam="none"),
                name="training_for_a_post_has_exam",
            ),
        ]

    def __str__(self):
        return self.title or self.get_subject_display()

    def get_absolute_url(self):
        return reverse("office:session_detail", args=[self.pk])

    @property
    def has_exam(self):
        return self.exam != ExamMethod.NONE


class StaffRecord(models.Model):
    """人员资格登记: who was qualified already when an estate began to work with the system (TRN-1).

    One per estate. Once it is recorded, everybody who is not qualified is to be trained.
    """

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="+", verbose_name=_("项目"))
    opened_at = models.DateTimeField(_("开始"))
    recorded_at = models.DateTimeField(_("登记完成时间"), null=True, blank=True)
    recorded_by = person(_("登记人"))

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("人员资格登记")
        ordering = ["estate"]
        constraints = [models.UniqueConstraint(fields=["estate"], name="one_staff_record")]

    def __str__(self):
        return str(self.estate)

    def get_absolute_url(self):
        return reverse("office:staff_record", args=[self.pk])


class Attendance(models.Model):
    """One person in one training: sign-in, mark, resit, and how he stands."""

    MOVES = STANDING_MOVES

    session = models.ForeignKey(TrainingSession, models.CASCADE, related_name="attendances")
    staff = person(_("参加人"), null=False, blank=False, related_name="trainings")
    status = models.CharField(_("结果"), max_length=12, choices=Standing, default=Standing.TRAINING)
    version = models.PositiveIntegerField(default=1)
    signed_at = models.DateTimeField(_("签到时间"), null=True)
    signed_by = person(_("签到人"))  # himself, or who noted that he was there
    score = models.DecimalField(_("成绩"), max_digits=4, decimal_places=1, null=True, blank=True)
    resit_by = models.DateField(_("补考期限"), null=True)
    resit_on = models.DateField(_("补考日期"), null=True)
    resit_score = models.DecimalField(
        _("补考成绩"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    ended_on = models.DateField(_("出结果日期"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("培训记录")
        ordering = ["pk"]
        indexes = [models.Index(fields=["staff", "ended_on"], name="training_result")]
        constraints = [
            models.UniqueConstraint(fields=["session", "staff"], name="attends_once"),
            models.CheckConstraint(
                condition=Q(status__in=["training", "absent"]) | Q(signed_at__isnull=False),
                name="examined_only_if_present",
            ),
            models.CheckConstraint(
                condition=Q(resit_score__isnull=True) | Q(resit_on__lte=models.F("resit_by")),
                name="resit_within_days",
            ),
        ]

    def __str__(self):
        return f"{self.session} {self.staff}"
