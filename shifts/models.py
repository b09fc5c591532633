"""The handover sheet (交接班记录表, forms 4.4), what it carries on, the cash book, instructions."""

from django.db import models
from django.db.models import OuterRef, Q, Subquery, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.models import Estate, InEstateQuerySet
from roster.patterns import SHIFT_CHOICES
from shifts.seats import BUTLER, SEAT_CHOICES
from shifts.statuses import GIVEN, Refusal, Status


class HandoverQuerySet(InEstateQuerySet):
    def visible_to(self, staff: Staff):
        """The estates' sheets; a butler those of butlers that he gave or takes, and the desk's."""
        rows = super().visible_to(staff)
        if not staff.has_perm("shifts.view"):
            return rows.none()
        if staff.has_perm("shifts.check") or staff.duty.scope == "all":
            return rows
        return rows.filter(~Q(seat=BUTLER) | Q(owner=staff) | Q(giver=staff) | Q(successor=staff))

    def signed(self):
        return self.filter(status=Status.SIGNED)

    def given(self):
        return self.filter(status__in=GIVEN)


class Handover(models.Model):
    """One shift of one seat. A night belongs to the date on which it began."""

    estate = models.ForeignKey(
        Estate, models.PROTECT, related_name="handovers", verbose_name=_("项目")
    )
    seat = models.CharField(_("岗"), max_length=10, choices=SEAT_CHOICES)
    owner = models.ForeignKey(  # whose sheet it is, for butlers; the desk's belongs to the desk
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("管家")
    )
    day = models.DateField(_("日期"))
    shift = models.CharField(_("班次"), max_length=12, choices=SHIFT_CHOICES)
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT)
    drafted_at = models.DateTimeField(_("起草时间"))

    giver = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("交班人")
    )
    given_at = models.DateTimeField(_("交班人签名时间"), null=True)
    successor = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("接班人")
    )
    arrived_at = models.DateTimeField(_("到岗时间"), null=True)
    arrive_by = models.DateTimeField(_("应到岗时间"), null=True)
    received_at = models.DateTimeField(_("接班人签名时间"), null=True)
    received_here = models.BooleanField(_("在交班人的机器上签"), default=False)
    refusal = models.CharField(_("拒接原因"), max_length=10, choices=Refusal, blank=True)
    refusal_note = models.CharField(_("拒接说明"), max_length=300, blank=True)

    events = models.TextField(_("当班主要事项"), max_length=2000, blank=True)
    equipment = models.CharField(_("设备用具"), max_length=300, blank=True)
    cleanliness = models.CharField(_("环境卫生"), max_length=300, blank=True)
    bills = models.CharField(_("票据"), max_length=100, blank=True)
    note = models.TextField(_("备注"), max_length=1000, blank=True)
    # What is typed before signing: struck items with reasons, counted numbers; and, for blocking
    # reasons, which way out was taken: {"previous": iso, "followup:7": iso, "count:keys": "11"}.
    strikes = models.JSONField(default=dict)
    counted = models.JSONField(default=dict)
    cleared = models.JSONField(default=dict)
    # Written at the outgoing signature and never again.
    figures = models.JSONField(_("本班小结"), default=dict)
    counts = models.JSONField(_("清点"), default=list)
    # Number → the rows that it counts; for things ``[pk, pieces]``. Sheets of before have none.
    behind = models.JSONField(default=dict)
    # Key → through how many shifts, of everything that was carried on; written with both signatures.
    passed_on = models.JSONField(default=dict)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("交接班记录表")
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["estate", "seat", "-starts_at"], name="handover_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "day", "shift"], condition=Q(owner=None), name="one_desk_sheet"
            ),
            models.UniqueConstraint(
                fields=["estate", "day", "shift", "owner"], name="one_sheet_per_butler"
            ),
            models.CheckConstraint(
                condition=~Q(status="signed")
                | Q(
                    giver__isnull=False,
                    given_at__isnull=False,
                    successor__isnull=False,
                    received_at__isnull=False,
                ),
                name="handover_signed_by_both",
            ),
        ]

    def __str__(self):
        return f"{self.day:%m-%d} {self.get_shift_display()}"

    def get_absolute_url(self):
        return reverse("shifts:handover_detail", args=[self.pk])

    @property
    def is_punctual(self):
        """Whether the next shift came early enough (DUT-5); None while nobody has come."""
        if self.arrived_at is None or self.arrive_by is None:
            return None
        return self.arrived_at <= self.arrive_by


class Item(models.Model):
    """One thing that a shift left: carried on to the next, or struck with a reason."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="items")
    source = models.CharField(_("来源"), max_length=12)
    key = models.CharField(max_length=40)  # "repair:31": the same thing through every shift
    number = models.CharField(_("单号"), max_length=30, blank=True)
    text = models.CharField(_("内容"), max_length=200)
    next_step = models.CharField(_("下一步"), max_length=60, blank=True)
    who = models.CharField(_("责任人"), max_length=60, blank=True)
    due_at = models.DateTimeField(_("期限"), null=True)
    url = models.CharField(max_length=200, blank=True)
    urgent = models.BooleanField(_("急"), default=False)
    carried = models.PositiveIntegerField(_("已经过几班"), default=1)
    struck = models.CharField(_("不交原因"), max_length=200, blank=True)
    came_late = models.BooleanField(_("交班签字后新来"), default=False)
    done_at = models.DateTimeField(_("跟进完成时间"), null=True)
    done_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("跟进人")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("交接事项")
        ordering = ["handover", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "key"], name="once_per_handover")
        ]

    def __str__(self):
        return f"{self.number} {self.text}".strip()


class Check(models.Model):
    """经理抽查: a superior looked at a signed sheet."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="checks")
    at = models.DateTimeField(_("抽查时间"))
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("抽查人"))
    is_good = models.BooleanField(_("合格"))
    note = models.CharField(_("抽查意见"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("交接班抽查")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.handover} {self.by.name}"


class InstructionQuerySet(InEstateQuerySet):
    def open(self):
        return self.filter(done_at__isnull=True)


class Instruction(models.Model):
    """领导交办事项: what a superior told the desk to do; every shift hands it on until done."""

    estate = models.ForeignKey(
        Estate, models.PROTECT, related_name="instructions", verbose_name=_("项目")
    )
    seat = models.CharField(_("交给"), max_length=10, choices=SEAT_CHOICES)
    text = models.CharField(_("内容"), max_length=200)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("交办人"))
    at = models.DateTimeField(_("交办时间"))
    due_at = models.DateTimeField(_("期限"))
    done_at = models.DateTimeField(_("完成时间"), null=True)
    done_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("完成人")
    )
    done_note = models.CharField(_("完成情况"), max_length=200, blank=True)

    objects = InstructionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("领导交办事项")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return self.text


class CashQuerySet(InEstateQuerySet):
    def balance(self, estate: Estate):
        """What should be in the drawer, in yuan."""
        sums = self.filter(estate=estate).aggregate(total=Sum("amount"))
        return sums["total"] or 0

    def with_balance(self):
        """Each line with what was in the drawer after it (``balance_after``)."""
        until = CashEntry.objects.filter(estate=OuterRef("estate"), pk__lte=OuterRef("pk"))
        total = until.order_by().values("estate").annotate(total=Sum("amount")).values("total")
        return self.annotate(balance_after=Subquery(total))


class CashEntry(models.Model):
    """One line of the desk's cash book: in (positive) or out (negative), with its reason."""

    estate = models.ForeignKey(
        Estate, models.PROTECT, related_name="cash_entries", verbose_name=_("项目")
    )
    at = models.DateTimeField(_("时间"))
    amount = models.DecimalField(_("金额"), max_digits=10, decimal_places=2)
    reason = models.CharField(_("事由"), max_length=200)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("经手人"))
    client_key = models.UUIDField(unique=True)

    objects = CashQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("现金簿")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["estate", "-at"], name="cash_book")]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="cash_is_not_nothing")]

    def __str__(self):
        return f"{self.amount} {self.reason}"

    @property
    def paid_out(self):
        return -self.amount
