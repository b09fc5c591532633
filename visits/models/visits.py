"""A visit to a household: planned, then met, not at home or refused, with what belongs to it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.models import Estate, Resident, Unit
from repairs.models import KeptPhoto, Satisfaction
from visits.models.areas import InAreaQuerySet, is_late_entry


class VisitKind(models.TextChoices):
    ROUTINE = "routine", _("例行")
    MOVE_IN = "move_in", _("新入住")
    FESTIVAL = "festival", _("节日")
    ARREARS = "arrears", _("欠费")
    KEY = "key", _("重点业户")


class VisitStatus(models.TextChoices):
    PLANNED = "planned", _("计划")
    MISSED = "missed", _("未遇(改约)")
    VISITED = "visited", _("已走访")
    REFUSED = "refused", _("拒访")
    CLOSED = "closed", _("完结")
    CANCELLED = "cancelled", _("取消")


class Department(models.TextChoices):
    CUSTOMER_SERVICE = "cs", _("客服部")
    ENGINEERING = "engineering", _("工程部")
    SECURITY = "security", _("秩序部")
    CLEANING = "cleaning", _("保洁绿化")
    OTHER = "other", _("其他部门")


OWED = (VisitStatus.PLANNED, VisitStatus.MISSED)
MET = (VisitStatus.VISITED, VisitStatus.CLOSED)  # somebody of the household was spoken to


class VisitQuerySet(InAreaQuerySet):
    permission = "visits.view"

    def area(self, staff):
        return super().area(staff) | Q(butler=staff)

    def owed(self):
        return self.filter(status__in=OWED)

    def met(self):
        return self.filter(status__in=MET)


class Visit(models.Model):
    """走访记录 (forms 4.3): planned for a household, then met, not at home, or refused."""

    estate = models.ForeignKey(
        Estate, models.PROTECT, related_name="visits", verbose_name=_("项目")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="visits", verbose_name=_("房屋"))
    kind = models.CharField(
        _("走访类别"), max_length=8, choices=VisitKind, default=VisitKind.ROUTINE
    )
    # One visit of a kind per household and period: a month, or the day the household moved in.
    period = models.CharField(max_length=20)
    status = models.CharField(
        _("状态"), max_length=10, choices=VisitStatus, default=VisitStatus.PLANNED
    )
    version = models.PositiveIntegerField(_("版本"), default=1)
    butler = models.ForeignKey(Staff, models.PROTECT, related_name="visits", verbose_name=_("管家"))
    planned_for = models.DateField(_("计划日期"))
    opened_at = models.DateTimeField(_("列入计划时间"))
    opened_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("计划人")
    )

    # What was found.
    visited_on = models.DateField(_("走访日期"), null=True)
    happened_at = models.DateTimeField(_("走访时间"), null=True)  # by the phone
    received_at = models.DateTimeField(_("收到时间"), null=True)  # by the server
    recorded_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("走访人")
    )
    client_key = models.UUIDField(null=True, unique=True, editable=False)
    resident = models.ForeignKey(
        Resident, models.PROTECT, null=True, related_name="visits", verbose_name=_("受访业户")
    )
    resident_name = models.CharField(_("业户姓名"), max_length=60, blank=True)
    companions = models.CharField(_("陪同人"), max_length=60, blank=True)
    satisfaction = models.CharField(_("满意程度"), max_length=12, choices=Satisfaction, blank=True)
    content = models.TextField(_("走访内容"), max_length=2000, blank=True)
    suggestion = models.TextField(_("业户意见建议"), max_length=2000, blank=True)
    signed = models.CharField(_("业户签名"), max_length=40, blank=True)
    refusal = models.CharField(_("拒访原因"), max_length=200, blank=True)

    # What follows from it.
    measure = models.CharField(_("处理措施"), max_length=500, blank=True)
    department = models.CharField(_("责任部门"), max_length=12, choices=Department, blank=True)
    finish_by = models.DateField(_("完成时限"), null=True, blank=True)
    outcome = models.CharField(_("完成情况"), max_length=500, blank=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    reviewed_at = models.DateTimeField(_("审核时间"), null=True)
    reviewed_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("审核人")
    )
    review = models.CharField(_("主管审核"), max_length=500, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("走访")
        ordering = ["planned_for", "pk"]
        indexes = [
            models.Index(fields=["unit", "-visited_on"], name="visit_by_unit"),
            models.Index(fields=["butler", "period"], name="visit_by_butler"),
            models.Index(fields=["estate", "-happened_at", "-id"], name="visit_newest"),
            models.Index(
                fields=["estate", "planned_for", "id"],
                name="visit_owed",
                condition=Q(status__in=["planned", "missed"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind", "period"], name="visit_once_per_period"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["visited", "closed", "refused"])
                | Q(visited_on__isnull=False, happened_at__isnull=False, recorded_by__isnull=False),
                name="visit_recorded_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(measure="") | Q(finish_by__isnull=False), name="visit_measure_has_date"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True) | Q(reviewed_by__isnull=False),
                name="visit_reviewed_by_someone",
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.get_kind_display()}"

    @property
    def is_owed(self):
        return self.status in OWED

    @property
    def was_late_entry(self):
        """补传: what the phone could not send at once."""
        return is_late_entry(self.happened_at, self.received_at)


class VisitTry(models.Model):
    """Nobody at home: when, and the new date."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="tries")
    happened_at = models.DateTimeField(_("时间"))
    received_at = models.DateTimeField(_("收到时间"))
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    new_date = models.DateField(_("改约日期"))
    note = models.CharField(_("备注"), max_length=200, blank=True)
    client_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("未遇")
        ordering = ["happened_at", "pk"]

    def __str__(self):
        return f"{self.visit} {timezone.localtime(self.happened_at):%m-%d %H:%M}"

    @property
    def was_late_entry(self):
        return is_late_entry(self.happened_at, self.received_at)


class Addendum(models.Model):
    """A record that reached a visit which was already over: kept beside it, never thrown away."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="addenda")
    happened_at = models.DateTimeField(_("时间"))
    received_at = models.DateTimeField(_("收到时间"))
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    detail = models.JSONField(_("内容"), default=dict)
    client_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("补充记录")
        ordering = ["happened_at", "pk"]

    def __str__(self):
        return f"{self.visit} {timezone.localtime(self.happened_at):%m-%d %H:%M}"


class VisitPhoto(KeptPhoto):
    """Served with unit, time and name drawn on it; the picture without them is kept as well."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="photos")
    file = models.FileField(upload_to="visits/%Y/%m", max_length=120)
    original = models.FileField(upload_to="visits/%Y/%m", max_length=120)

    class Meta(KeptPhoto.Meta):
        verbose_name = verbose_name_plural = _("走访照片")

    def __str__(self):
        return f"{self.visit} {self.pk}"
