"""Complaints: the resident's words, who answers for them, and how it ended (forms 4.2)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from complaints.choices import (
    Category,
    Cause,
    Channel,
    Department,
    Grade,
    Method,
    Validity,
)
from complaints.statuses import Status
from contacts.models import Contact
from estates.models import (
    Estate,
    InEstateQuerySet,
    PublicPlace,
    Resident,
    Unit,
    building_ids_of,
    estate_ids_of,
)
from repairs.models import Repair, Satisfaction


class ComplaintQuerySet(InEstateQuerySet):
    def visible_to(self, staff: Staff):
        """All of the estates; a butler's own area; a department what was passed on to it.

        A butler sees every complaint of the area, whoever recorded it (CMP-3).
        """
        rows = self.filter(estate__in=estate_ids_of(staff))
        if staff.has_perm("complaints.view"):
            if staff.duty.scope == "all":
                return rows
            return rows.filter(in_area(staff) | Q(registered_by=staff))
        if staff.has_perm("complaints.answer"):
            passed = Transfer.objects.filter(department=staff.post).values("complaint")
            return rows.filter(pk__in=passed)
        return rows.none()

    def watched_by(self, staff: Staff):
        """What a person keeps an eye on without being asked: the area, or for assistants all."""
        rows = self.visible_to(staff)
        return rows.filter(in_area(staff)) if staff.duty.scope == "area" else rows

    def open(self):
        return self.exclude(status=Status.CLOSED)


def in_area(staff: Staff) -> Q:
    """The complaints of a butler's buildings, and of the grounds that are everybody's."""
    buildings = building_ids_of(staff)
    return (
        Q(unit__building__in=buildings)
        | Q(place__building__in=buildings)
        | Q(place__isnull=False, place__building__isnull=True)
        | Q(butler=staff)
    )


def person(label, **kwargs):
    return models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label, **kwargs
    )


class Complaint(models.Model):
    estate = models.ForeignKey(
        Estate, models.PROTECT, related_name="complaints", verbose_name=_("项目")
    )
    number = models.CharField(_("编号"), max_length=20, editable=False)
    client_key = models.UUIDField(unique=True, editable=False)
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.REGISTERED)
    version = models.PositiveIntegerField(_("版本"), default=1)

    # Who complains, about what. The words themselves are closed to every UPDATE (migration 0002).
    source = models.CharField(_("投诉方式"), max_length=10, choices=Channel, default=Channel.PHONE)
    complained_at = models.DateTimeField(_("投诉日期时间"))
    entered_at = models.DateTimeField(_("录入时间"))
    late_entry_reason = models.CharField(_("补录原因"), max_length=100, blank=True)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("房号"),
    )
    place = models.ForeignKey(
        PublicPlace,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("公共部位"),
    )
    resident = models.ForeignKey(
        Resident,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("业户"),
    )
    contact_name = models.CharField(_("投诉人"), max_length=60, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=20, blank=True)
    happened_at = models.DateTimeField(_("事发时间"), null=True, blank=True)
    where = models.CharField(_("事发地点"), max_length=100, blank=True)
    against = models.CharField(_("被投诉人或部门"), max_length=60, blank=True)
    content = models.TextField(_("投诉内容"), max_length=2000)
    demand = models.TextField(_("业户要求"), max_length=1000, blank=True)
    category = models.CharField(
        _("投诉类别"), max_length=12, choices=Category, default=Category.OTHER
    )
    contact = models.OneToOneField(
        Contact, models.PROTECT, null=True, blank=True, related_name="complaint"
    )
    origin = models.ForeignKey(
        Repair,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("回访不满意的工单"),
    )
    butler = person(_("跟进管家"))
    registered_by = models.ForeignKey(
        Staff, models.PROTECT, related_name="+", verbose_name=_("登记人")
    )

    # Graded and taken on.
    grade = models.CharField(_("投诉等级"), max_length=10, choices=Grade, blank=True, default="")
    validity = models.CharField(
        _("是否有效"), max_length=10, choices=Validity, blank=True, default=""
    )
    accepted_at = models.DateTimeField(_("受理时间"), null=True)
    accepted_by = person(_("受理人"))
    upgraded_at = models.DateTimeField(_("自动升级时间"), null=True)
    first_replied_at = models.DateTimeField(_("首次回复时间"), null=True)
    first_replied_by = person(_("首次回复人"))
    promised_at = models.DateTimeField(_("承诺时限"), null=True)

    # Looked into, decided, done.
    verified_at = models.DateTimeField(_("核实时间"), null=True)
    investigation = models.TextField(_("调查情况"), max_length=4000, blank=True)
    cause = models.CharField(_("原因类别"), max_length=14, choices=Cause, blank=True, default="")
    cause_words = models.TextField(_("原因分析"), max_length=2000, blank=True)
    decided_at = models.DateTimeField(_("处理意见时间"), null=True)
    plan = models.TextField(_("处理意见"), max_length=4000, blank=True)
    measures = models.TextField(_("处理措施"), max_length=4000, blank=True)
    handled_at = models.DateTimeField(_("完成时间"), null=True)
    handled_by = person(_("处理人"))
    repair = models.ForeignKey(
        Repair,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("为投诉开的工单"),
    )
    waits_for_repair = models.BooleanField(_("等维修完工"), default=False)

    # Answered, asked, ended.
    replied_at = models.DateTimeField(_("回复业户时间"), null=True)
    replied_by = person(_("回复人"))
    reply_method = models.CharField(_("回复方式"), max_length=8, choices=Method, blank=True)
    reply = models.TextField(_("回复内容"), max_length=4000, blank=True)
    feedback = models.TextField(_("业户反馈"), max_length=2000, blank=True)
    caller = person(_("指定回访人"))
    called_back_at = models.DateTimeField(_("回访时间"), null=True)
    called_back_by = person(_("回访人"))
    satisfaction = models.CharField(
        _("满意程度"), max_length=12, choices=Satisfaction, blank=True, default=""
    )
    late_rounds = models.PositiveSmallIntegerField(_("超时处理次数"), default=0)
    reopenings = models.PositiveSmallIntegerField(_("重开次数"), default=0)
    responsibility = models.TextField(_("责任认定"), max_length=1000, blank=True)
    corrective = models.TextField(_("纠正措施"), max_length=2000, blank=True)
    preventive = models.TextField(_("预防措施"), max_length=2000, blank=True)
    manager_opinion = models.TextField(_("经理意见"), max_length=1000, blank=True)
    gm_opinion = models.TextField(_("总经理意见"), max_length=1000, blank=True)
    gm_answered_at = models.DateTimeField(_("总经理答复时间"), null=True)
    closed_at = models.DateTimeField(_("结案时间"), null=True)
    closed_by = person(_("结案人"))

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("投诉处理单")
        ordering = ["-complained_at", "-pk"]
        indexes = [
            models.Index(fields=["-complained_at", "-id"], name="complaint_newest"),
            models.Index(fields=["estate", "-complained_at", "-id"], name="complaint_list"),
            models.Index(
                fields=["-complained_at", "-id"],
                name="complaint_open_newest",
                condition=~Q(status="closed"),
            ),
            models.Index(fields=["unit", "-complained_at"], name="complaint_by_unit"),
            models.Index(fields=["place", "-complained_at"], name="complaint_by_place"),
            models.Index(fields=["butler", "-complained_at"], name="complaint_by_butler"),
            models.Index(
                fields=["repair"], name="complaint_waiting", condition=Q(waits_for_repair=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["estate", "number"], name="complaint_number_in_estate"),
            models.CheckConstraint(
                condition=Q(status="registered") | ~Q(grade="", validity=""),
                name="complaint_graded_before_work",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["replied", "called_back"])
                | Q(replied_at__isnull=False, replied_by__isnull=False),
                name="complaint_replied_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(status="called_back") | Q(called_back_at__isnull=False),
                name="complaint_called_back_at",
            ),
            # Whoever is still dissatisfied has an open complaint.
            models.CheckConstraint(
                condition=~Q(status__in=["called_back", "closed"], satisfaction="dissatisfied"),
                name="complaint_not_closed_dissatisfied",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed")
                | Q(closed_at__isnull=False, closed_by__isnull=False, validity="invalid")
                | Q(
                    ~Q(cause="") & ~Q(responsibility="") & ~Q(corrective="") & ~Q(preventive=""),
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    validity="valid",
                    called_back_at__isnull=False,
                ),
                name="complaint_closed_with_cause_and_measures",
            ),
            models.CheckConstraint(
                condition=Q(waits_for_repair=False) | Q(repair__isnull=False),
                name="complaint_waits_for_a_repair",
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def place_label(self):
        """Where, in a few characters: the unit's code or the public place's name."""
        return self.unit.code if self.unit_id else (self.place.name if self.place_id else "")

    @property
    def is_critical(self):
        return self.grade == Grade.CRITICAL

    @property
    def is_open(self):
        return self.status != Status.CLOSED


class Note(models.Model):
    """What is written beside the resident's words: a correction, or a remark."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="notes")
    is_correction = models.BooleanField(_("更正"), default=False)
    text = models.TextField(_("备注"), max_length=1000)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("备注与更正")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.complaint} {self.text[:20]}"


class Transfer(models.Model):
    """Passed on to a department (CMP-1), and who signed for it."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="transfers")
    department = models.CharField(_("转交部门"), max_length=20, choices=Department)
    words = models.CharField(_("转交说明"), max_length=500, blank=True)
    at = models.DateTimeField(_("转交时间"))
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("转交人"))
    received_at = models.DateTimeField(_("接收时间"), null=True)
    receiver = person(_("接收人"))
    returned_at = models.DateTimeField(_("退回时间"), null=True)
    return_reason = models.CharField(_("退回原因"), max_length=200, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("转交")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(returned_at__isnull=True, answered_at__isnull=True),
                name="complaint_at_one_department",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | ~Q(return_reason=""),
                name="transfer_returned_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, receiver__isnull=True)
                | Q(received_at__isnull=False, receiver__isnull=False),
                name="transfer_received_by_someone",
            ),
        ]

    def __str__(self):
        return f"{self.complaint} → {self.department}"


PENDING = Q(dropped_at__isnull=True) & (
    Q(decided_at__isnull=True) | Q(is_approved=True, resident_told_at__isnull=True)
)


class ExtensionQuerySet(models.QuerySet):
    def pending(self):
        """Waits for a superior's word, or approved for the resident to be told."""
        return self.filter(PENDING)


class Extension(models.Model):
    """More time: asked with a reason, approved by a superior, in force once the resident knows."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="extensions")
    reason = models.CharField(_("延期原因"), max_length=300)
    new_promise = models.DateTimeField(_("新的时限"))
    asked_at = models.DateTimeField(_("申请时间"))
    asked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("申请人"))
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    decided_by = person(_("审批人"))
    is_approved = models.BooleanField(_("同意"), null=True)
    decision_note = models.CharField(_("审批意见"), max_length=300, blank=True)
    resident_told_at = models.DateTimeField(_("告知业户时间"), null=True)
    resident_told_by = person(_("告知人"))
    dropped_at = models.DateTimeField(_("作废时间"), null=True)  # the work ended without it

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("延期")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_reason"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")),
                name="extension_not_approved_by_asker",
            ),
            models.CheckConstraint(
                condition=Q(resident_told_at__isnull=True) | Q(is_approved=True),
                name="extension_told_after_approval",
            ),
            models.UniqueConstraint(
                fields=["complaint"],
                condition=PENDING,
                name="complaint_one_extension_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=True) | Q(resident_told_at__isnull=True),
                name="extension_in_force_is_not_dropped",
            ),
        ]

    def __str__(self):
        return f"{self.complaint} → {self.new_promise:%m-%d %H:%M}"


class Callback(models.Model):
    """One call-back or one try; a later round never overwrites an earlier one."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="callbacks")
    round = models.PositiveSmallIntegerField(_("第几轮"))
    at = models.DateTimeField(_("回访时间"))
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("回访人"))
    handled_by = person(_("本轮处理人"))  # the complaint forgets him when it is opened again
    method = models.CharField(_("回访方式"), max_length=8, choices=Method, default=Method.PHONE)
    is_reached = models.BooleanField(_("接通"), default=True)
    satisfaction = models.CharField(_("满意程度"), max_length=12, choices=Satisfaction, blank=True)
    note = models.CharField(_("业户说了什么"), max_length=500, blank=True)
    signed = models.CharField(_("业户签名"), max_length=40, blank=True)
    client_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("投诉回访")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.complaint} {self.at:%m-%d %H:%M}"


class Analysis(models.Model):
    """What the assistant says about a month of complaints (CMP-6)."""

    estate = models.ForeignKey(Estate, models.CASCADE, related_name="+", verbose_name=_("项目"))
    month = models.DateField(_("月份"))  # its first day
    words = models.TextField(_("分析与改进意见"), max_length=4000, blank=True)
    written_at = models.DateTimeField(_("提交时间"), null=True)
    written_by = person(_("分析人"))

    objects = InEstateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("投诉月度分析")
        constraints = [
            models.UniqueConstraint(fields=["estate", "month"], name="complaint_analysis_once")
        ]

    def __str__(self):
        return f"{self.estate} {self.month:%Y-%m}"
