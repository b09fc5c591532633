"""The slip itself, from the call to the archive."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from contacts.models import Source
from estates.models import (
    Estate,
    InEstateQuerySet,
    PublicPlace,
    Resident,
    Unit,
    building_ids_of,
    estate_ids_of,
)
from repairs.models.choices import CallbackMethod, CallbackResult, Category, Priority, Satisfaction
from repairs.statuses import CLOSED, Status
from services.models import ServiceItem


class RepairQuerySet(InEstateQuerySet):
    def visible_to(self, staff: Staff):
        """By the post's scope: all of the estates, the butler's buildings, or own jobs only."""
        rows = self.filter(estate__in=estate_ids_of(staff))
        if not staff.has_perm("repairs.view"):
            return rows.none()
        if staff.duty.scope == "all":
            return rows
        if staff.duty.scope == "area":
            return rows.filter(
                Q(unit__building__in=building_ids_of(staff))
                | Q(place__building__in=building_ids_of(staff))
                | Q(place__isnull=False, place__building__isnull=True)
                | Q(registered_by=staff)
                | Q(butler=staff)
            )
        # Repairers: own jobs, and slips that nobody has accepted yet (forms 4.1, at night).
        return rows.filter(Q(repairer=staff) | Q(status=Status.DISPATCHED) | Q(accepted_by=staff))

    def open(self):
        return self.exclude(status__in=CLOSED)


class Repair(models.Model):
    estate = models.ForeignKey(
        Estate, models.PROTECT, related_name="repairs", verbose_name=_("项目")
    )
    number = models.CharField(_("单号"), max_length=20, editable=False)
    status = models.CharField(_("状态"), max_length=14, choices=Status, default=Status.TO_DISPATCH)
    version = models.PositiveIntegerField(_("版本"), default=1)

    # Who called, about what, where.
    source = models.CharField(_("报修方式"), max_length=10, choices=Source, default=Source.PHONE)
    reported_at = models.DateTimeField(_("报修时间"))  # first key of the record, or the real time
    late_entry_reason = models.CharField(_("补录原因"), max_length=100, blank=True)
    entered_at = models.DateTimeField(_("录入时间"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="repairs", verbose_name=_("房屋")
    )
    place = models.ForeignKey(
        PublicPlace,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="repairs",
        verbose_name=_("公共部位"),
    )
    where = models.CharField(_("具体位置"), max_length=60, blank=True)
    resident = models.ForeignKey(
        Resident,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="repairs",
        verbose_name=_("业户"),
    )
    contact_name = models.CharField(_("联系人"), max_length=60, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=20, blank=True)
    content = models.TextField(_("报修内容"), max_length=2000)
    category = models.CharField(_("类别"), max_length=10, choices=Category, default=Category.OTHER)
    priority = models.CharField(
        _("紧急程度"), max_length=12, choices=Priority, default=Priority.NORMAL
    )
    appointment_at = models.DateTimeField(_("预约时间"), null=True, blank=True)
    promised_at = models.DateTimeField(_("承诺完成时间"))
    service_item = models.ForeignKey(
        ServiceItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("服务项目"),
    )
    is_paid = models.BooleanField(_("有偿"), default=False)
    butler = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("跟进管家")
    )
    registered_by = models.ForeignKey(
        Staff, models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    rework_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reworks",
        verbose_name=_("返修原单"),
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("并入")
    )

    # Slip handover (REP-3, REP-4).
    dispatched_at = models.DateTimeField(_("转单时间"), null=True)
    dispatched_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("转单人")
    )
    accepted_at = models.DateTimeField(_("接单时间"), null=True)
    accepted_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("接单人")
    )
    accepted_verbally_by = models.CharField(_("口头接单人"), max_length=40, blank=True)

    # The work.
    assigned_at = models.DateTimeField(_("派工时间"), null=True)
    assigned_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("派工人")
    )
    repairer = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("维修人员")
    )
    arrived_at = models.DateTimeField(_("到场时间"), null=True)
    finished_at = models.DateTimeField(_("完工时间"), null=True)
    cause = models.CharField(_("故障原因"), max_length=200, blank=True)
    work_done = models.TextField(_("维修内容"), max_length=2000, blank=True)
    labour_fee = models.DecimalField(_("人工费"), max_digits=10, decimal_places=2, default=0)
    material_fee = models.DecimalField(_("材料费"), max_digits=10, decimal_places=2, default=0)
    paid_by = models.CharField(_("收款方式"), max_length=20, blank=True)
    resident_opinion = models.CharField(
        _("业户意见"), max_length=12, choices=Satisfaction, blank=True
    )
    resident_signed = models.CharField(_("业户签名"), max_length=40, blank=True)
    returned_at = models.DateTimeField(_("返单时间"), null=True)
    returned_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("返单人")
    )

    # Waiting for parts or for an outside firm; the promise goes on running.
    wait_reason = models.CharField(_("等待原因"), max_length=200, blank=True)
    look_again_at = models.DateTimeField(_("再查看时间"), null=True, blank=True)

    # Cannot come in time (REP-5).
    delay_reason = models.CharField(_("延期原因"), max_length=200, blank=True)
    resident_told_at = models.DateTimeField(_("回复业户时间"), null=True)
    butler_told_at = models.DateTimeField(_("通知管家时间"), null=True)

    # Call-back and archive (REP-6, REP-9, ARC-2).
    callback_result = models.CharField(
        _("回访结果"), max_length=12, choices=CallbackResult, blank=True, default=""
    )
    satisfaction = models.CharField(_("满意程度"), max_length=12, choices=Satisfaction, blank=True)
    called_back_at = models.DateTimeField(_("回访时间"), null=True)
    called_back_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("回访人")
    )
    callback_method = models.CharField(
        _("回访方式"), max_length=8, choices=CallbackMethod, blank=True, default=""
    )
    callback_note = models.CharField(_("回访备注"), max_length=500, blank=True)
    callback_key = models.UUIDField(null=True, unique=True, editable=False)
    archived_at = models.DateTimeField(_("存档时间"), null=True)
    archived_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("存档人")
    )
    cancel_reason = models.CharField(_("取消原因"), max_length=200, blank=True)

    objects = RepairQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("报修单")
        ordering = ["-reported_at", "-pk"]
        indexes = [
            models.Index(fields=["estate", "-reported_at", "-id"], name="repair_list"),
            models.Index(
                fields=["estate", "status", "-reported_at", "-id"],
                name="repair_open",
                condition=~Q(status__in=["archived", "cancelled", "merged"]),
            ),
            models.Index(fields=["estate", "status", "-reported_at"], name="repair_by_status"),
            models.Index(
                fields=["promised_at"],
                name="repair_unfinished",
                condition=Q(finished_at__isnull=True),
            ),
            models.Index(fields=["unit", "-reported_at"], name="repair_by_unit"),
            models.Index(fields=["place", "-reported_at"], name="repair_by_place"),
            models.Index(fields=["contact_phone", "-reported_at"], name="repair_by_phone"),
            models.Index(fields=["repairer", "-reported_at"], name="repair_by_repairer"),
            models.Index(fields=["butler", "-reported_at"], name="repair_by_butler"),
            # The orders that the list offers, across estates (repairs/filters.py).
            models.Index(fields=["-reported_at", "-id"], name="repair_newest"),
            models.Index(fields=["-number", "-id"], name="repair_by_number"),
            models.Index(
                fields=["-reported_at", "-id"],
                name="repair_open_newest",
                condition=~Q(status__in=["archived", "cancelled", "merged"]),
            ),
            models.Index(
                fields=["promised_at", "id"],
                name="repair_open_promise",
                condition=~Q(status__in=["archived", "cancelled", "merged"]),
            ),
            models.Index(
                fields=["-called_back_at", "-id"],
                name="repair_called_back",
                condition=Q(called_back_at__isnull=False),
            ),
            models.Index(
                fields=["promised_at", "id"],
                name="repair_overdue",
                condition=Q(finished_at__isnull=True)
                & ~Q(status__in=["archived", "cancelled", "merged"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["estate", "number"], name="repair_number_in_estate"),
            models.CheckConstraint(
                condition=Q(dispatched_at__isnull=True, dispatched_by__isnull=True)
                | Q(dispatched_at__isnull=False, dispatched_by__isnull=False),
                name="repair_dispatched_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(status="archived") | ~Q(callback_result=""),
                name="repair_archived_after_callback",
            ),
            models.CheckConstraint(
                condition=~Q(status="delayed") | ~Q(delay_reason=""),
                name="repair_delayed_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["waiting_parts", "outsourced"])
                | (~Q(wait_reason="") & Q(look_again_at__isnull=False)),
                name="repair_waits_with_reason_and_date",
            ),
            models.CheckConstraint(
                condition=~Q(status="merged") | Q(merged_into__isnull=False),
                name="repair_merged_into_one",
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(cancel_reason=""),
                name="repair_cancelled_with_reason",
            ),
        ]

    def __str__(self):
        return self.number

    # Django's own would translate every choice for each row of a list; these the chosen one.

    def get_status_display(self) -> str:
        return str(Status(self.status).label)

    def get_category_display(self) -> str:
        return str(Category(self.category).label)

    def get_priority_display(self) -> str:
        return str(Priority(self.priority).label)

    @property
    def place_label(self):
        """Where, in a few characters: the unit's code or the public place's name."""
        return self.unit.code if self.unit_id else (self.place.name if self.place_id else "")

    @property
    def total_fee(self):
        return self.labour_fee + self.material_fee

    @property
    def is_urgent(self):
        return self.priority == Priority.EMERGENCY


class DayNumber(models.Model):
    """The last number of an estate, series and day; its row lock keeps numbers without gaps."""

    estate = models.ForeignKey(Estate, models.CASCADE, related_name="+")
    series = models.CharField(max_length=4, default="WX")
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("单号序列")
        constraints = [
            models.UniqueConstraint(fields=["estate", "series", "day"], name="day_number_once")
        ]

    def __str__(self):
        return f"{self.day} {self.last}"


class Viewing(models.Model):
    """Soft presence: somebody has this slip open."""

    repair = models.ForeignKey(Repair, models.CASCADE, related_name="viewings")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("正在查看")
        constraints = [models.UniqueConstraint(fields=["repair", "staff"], name="viewing_once")]

    def __str__(self):
        return f"{self.staff} · {self.repair}"
