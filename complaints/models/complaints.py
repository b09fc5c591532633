"""The complaint itself: the resident's words, and where its handling stands (forms 4.2)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from complaints.choices import (
    Category,
    Cause,
    Channel,
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
            passed = Complaint.objects.filter(transfers__department=staff.post)
            return rows.filter(pk__in=passed.values("pk"))
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
    how_to_reach = models.CharField(_("怎么联系"), max_length=100, blank=True)  # without a phone
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
                condition=Q(status="registered") | ~Q(grade="") & ~Q(validity=""),
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
    def is_reachable(self):
        """Whether anybody knows how to answer the resident."""
        return bool(self.contact_phone or self.how_to_reach)

    @property
    def is_critical(self):
        return self.grade == Grade.CRITICAL

    @property
    def is_open(self):
        return self.status != Status.CLOSED
