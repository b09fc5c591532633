"""Visits to households, what changed there, and the call-backs that are drawn by lot."""

from datetime import timedelta

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.models import Estate, InEstateQuerySet, Resident, Unit, building_ids_of, estate_ids_of
from repairs.models import Satisfaction

LATE_ENTRY = timedelta(minutes=10)  # sent later than this after it happened: 补传


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


class InAreaQuerySet(InEstateQuerySet):
    """For whatever has a ``unit``: a butler sees his own buildings."""

    permission = ""

    def visible_to(self, staff: Staff):
        rows = self.filter(estate__in=estate_ids_of(staff))
        if not staff.has_perm(self.permission):
            return rows.none()
        if staff.duty.scope == "area":
            return rows.filter(self.area(staff))
        return rows if staff.duty.scope == "all" else rows.none()

    def area(self, staff: Staff) -> Q:
        return Q(unit__building__in=building_ids_of(staff))


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


def is_late_entry(happened_at, received_at) -> bool:
    return bool(happened_at and received_at and received_at - happened_at > LATE_ENTRY)


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


class VisitPhoto(models.Model):
    """Served with unit, time and name drawn on it; the picture without them is kept as well."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="photos")
    file = models.FileField(upload_to="visits/%Y/%m", max_length=120)
    original = models.FileField(upload_to="visits/%Y/%m", max_length=120)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    client_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("走访照片")
        ordering = ["added_at", "pk"]

    def __str__(self):
        return f"{self.visit} {self.pk}"


class ChangeState(models.TextChoices):
    PROPOSED = "proposed", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    REJECTED = "rejected", _("未采纳")


class ResidentChange(models.Model):
    """业户信息更新: what a butler learnt at the door. The desk confirms; nothing changes before."""

    class Field(models.TextChoices):
        NAME = "name", _("姓名")
        PHONE = "phone", _("电话")
        POSITION = "position", _("职位")
        CARE_NOTE = "care_note", _("关怀提醒")
        NOTE = "note", _("备注")

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("房屋"))
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="changes")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="+", verbose_name=_("业户"))
    field = models.CharField(_("项目名"), max_length=10, choices=Field)
    before = models.CharField(_("原来"), max_length=200, blank=True)
    after = models.CharField(_("改为"), max_length=200, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=ChangeState, default=ChangeState.PROPOSED
    )
    proposed_at = models.DateTimeField(_("提出时间"))
    proposed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("确认时间"), null=True)
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("未采纳原因"), max_length=200, blank=True)

    class ChangeQuerySet(InAreaQuerySet):
        permission = "visits.view"

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("业户信息更新")
        ordering = ["proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "resident", "field"], name="change_once"),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(reason=""), name="change_rejected_with_reason"
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.get_field_display()}"


class Topic(models.TextChoices):
    """What is called back about beside repairs and complaints, which have records of their own."""

    HELP = "help", _("求助")
    SPECIAL = "special", _("特约服务")
    ACTIVITY = "activity", _("文体活动")


class Draw(models.Model):
    """Lots drawn for one topic and period: the seed, who could be drawn, and who was.

    Anybody can draw again from the seed and the pool and finds the same (visits/lots.py).
    """

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="+")
    topic = models.CharField(_("类别"), max_length=8, choices=Topic)
    period = models.CharField(_("期间"), max_length=40)
    share = models.DecimalField(_("比例(%)"), max_digits=5, decimal_places=2)
    seed = models.CharField(_("种子"), max_length=64)
    pool = models.JSONField(_("参加抽取"), default=list)
    drawn = models.JSONField(_("抽中"), default=list)
    drawn_at = models.DateTimeField(_("抽取时间"))

    objects = InEstateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("回访抽样")
        ordering = ["-drawn_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["estate", "topic", "period"], name="draw_once")
        ]

    def __str__(self):
        return f"{self.get_topic_display()} {self.period}"


class CallMethod(models.TextChoices):
    PHONE = "phone", _("电话")
    VISIT = "visit", _("上门")
    LETTER = "letter", _("信函")


class CallbackState(models.TextChoices):
    OWED = "owed", _("待回访")
    DONE = "done", _("已回访")
    UNREACHABLE = "unreachable", _("未接通")
    DROPPED = "dropped", _("不用回访")  # a later call-back asks about the whole


class CallbackQuerySet(InAreaQuerySet):
    permission = "visits.view"

    def over(self):
        """With a result, be it that nobody could be reached."""
        return self.filter(state__in=(CallbackState.DONE, CallbackState.UNREACHABLE))


class Callback(models.Model):
    """回访记录 (forms 4.3) of what was drawn, or is called back in full."""

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="+", verbose_name=_("项目"))
    topic = models.CharField(_("关联类别"), max_length=8, choices=Topic)
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    subject = GenericForeignKey()
    subject_label = models.CharField(_("关联单号"), max_length=60)
    subject_url = models.CharField(max_length=200, blank=True)
    what = models.CharField(_("内容"), max_length=200, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("房号")
    )
    person = models.CharField(_("受访人"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=20, blank=True)
    handled_by = models.ManyToManyField(
        Staff, related_name="+", verbose_name=_("经办人")
    )  # none of them may call
    draw = models.ForeignKey(
        Draw, models.PROTECT, null=True, related_name="callbacks", verbose_name=_("抽样")
    )
    state = models.CharField(
        _("状态"), max_length=12, choices=CallbackState, default=CallbackState.OWED
    )
    opened_at = models.DateTimeField()
    method = models.CharField(
        _("回访方式"), max_length=8, choices=CallMethod, default=CallMethod.PHONE
    )
    quality = models.CharField(_("质量评价"), max_length=200, blank=True)
    effect = models.CharField(_("服务效果评价"), max_length=200, blank=True)
    satisfaction = models.CharField(_("满意程度"), max_length=12, choices=Satisfaction, blank=True)
    weak_points = models.CharField(_("缺点与不足"), max_length=500, blank=True)
    suggestion = models.CharField(_("业户建议"), max_length=500, blank=True)
    signed = models.CharField(_("业户签名"), max_length=40, blank=True)
    review = models.CharField(_("审核意见"), max_length=500, blank=True)
    reviewed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    called_at = models.DateTimeField(_("回访日期"), null=True)  # by the phone
    received_at = models.DateTimeField(_("收到时间"), null=True)
    called_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("回访人")
    )
    client_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = CallbackQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("回访")
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["called_by", "called_at"], name="callback_by_caller")]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "topic"], name="callback_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(called_at__isnull=False, called_by__isnull=False) & ~Q(satisfaction=""),
                name="callback_done_with_answer",
            ),
        ]

    def __str__(self):
        return f"{self.get_topic_display()} {self.subject_label}"

    @property
    def was_late_entry(self):
        return is_late_entry(self.called_at, self.received_at)


class CallbackTry(models.Model):
    """A call-back that did not get through: a call, or at last a message."""

    callback = models.ForeignKey(Callback, models.CASCADE, related_name="tries")
    happened_at = models.DateTimeField(_("时间"))
    received_at = models.DateTimeField(_("收到时间"))
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    is_message = models.BooleanField(_("留言"), default=False)
    client_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("未接通")
        ordering = ["happened_at", "pk"]

    def __str__(self):
        return f"{self.callback} {timezone.localtime(self.happened_at):%m-%d %H:%M}"
