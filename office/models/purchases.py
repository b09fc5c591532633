"""物品采购 from request to receipt (PUR-1)."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.models import Estate, InEstateQuerySet
from office.models.scope import person
from office.statuses import OPEN_PURCHASES, PURCHASE_MOVES, PurchaseStatus


class PurchaseQuerySet(InEstateQuerySet):
    def visible_to(self, staff: Staff):
        """All of the estates for those who follow or approve; others what they asked for."""
        rows = super().visible_to(staff)
        if staff.has_perm("office.follow_purchases") or staff.has_perm("office.approve_purchases"):
            return rows
        if staff.has_perm("office.request_purchase"):
            return rows.filter(requested_by=staff)
        return rows.none()

    def open(self):
        return self.filter(status__in=OPEN_PURCHASES)


class Purchase(models.Model):
    MOVES = PURCHASE_MOVES

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="+", verbose_name=_("项目"))
    client_key = models.UUIDField(unique=True, editable=False)
    number = models.CharField(_("单号"), max_length=20, editable=False)
    status = models.CharField(
        _("状态"), max_length=10, choices=PurchaseStatus, default=PurchaseStatus.REQUESTED
    )
    version = models.PositiveIntegerField(_("版本"), default=1)
    item = models.CharField(_("物品"), max_length=60)
    spec = models.CharField(_("规格"), max_length=60, blank=True)
    quantity = models.DecimalField(
        _("数量"), max_digits=8, decimal_places=2, validators=[MinValueValidator(0.01)]
    )
    unit_name = models.CharField(_("单位"), max_length=10)
    purpose = models.CharField(_("用途"), max_length=200)
    budget = models.DecimalField(
        _("预算(元)"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)]
    )
    needed_on = models.DateField(_("需用日期"))
    requested_by = person(_("申请人"), null=False, blank=False)
    requested_at = models.DateTimeField(_("申请时间"))
    decided_by = person(_("审批人"))
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    decision = models.CharField(_("审批意见"), max_length=300, blank=True)
    supplier = models.CharField(_("供应商"), max_length=60, blank=True)
    ordered_by = person(_("采购人"))
    ordered_at = models.DateTimeField(_("下单时间"), null=True)
    expected_on = models.DateField(_("预计到货"), null=True, blank=True)
    arrived_on = models.DateField(_("到货日期"), null=True, blank=True)
    received_quantity = models.DecimalField(
        _("验收数量"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    cost = models.DecimalField(
        _("实际金额(元)"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    check_note = models.CharField(_("验收情况"), max_length=300, blank=True)
    received_by = person(_("验收人"))
    received_at = models.DateTimeField(_("验收时间"), null=True)
    place = models.CharField(_("存放处"), max_length=60, blank=True)
    issued_to = person(_("领用人"))
    ended_at = models.DateTimeField(_("入库或领用时间"), null=True)
    cancel_reason = models.CharField(_("取消原因"), max_length=200, blank=True)

    objects = PurchaseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("采购")
        ordering = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["estate", "-requested_at", "-id"], name="purchase_list")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "number"], name="purchase_number_in_estate"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="purchase_not_approved_by_asker",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "ordered", "received", "stored", "issued"])
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="purchase_approved_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["received", "stored", "issued"])
                | Q(
                    arrived_on__isnull=False,
                    received_by__isnull=False,
                    received_quantity__isnull=False,
                ),
                name="purchase_received_by_someone",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.item}"

    def get_absolute_url(self):
        return reverse("office:purchase_detail", args=[self.pk])

    @property
    def amount(self):
        """数量 with its unit, as written on paper."""
        return f"{self.quantity.normalize():f} {self.unit_name}"
