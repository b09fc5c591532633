"""A score sheet (考评表, forms 4.5), its deductions with evidence, and what was offered for it."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.lines import Line
from accounts.models import Staff
from accounts.posts import CS_MANAGER, GENERAL_MANAGER, POST_CHOICES
from appraisal.arithmetic import Charge, ItemScore, Rules, score_items
from appraisal.items import LABELS, Cause, Grade, Group, Kind
from appraisal.models.rounds import Round
from appraisal.statuses import Status
from estates.models import Estate, estate_ids_of
from rulebook.models import SOP

HUNDRED = Decimal(100)


class SheetQuerySet(models.QuerySet):
    def visible_to(self, staff: Staff):
        """One's own once handed in, those one wrote or is asked to decide, and those of the line.

        The manager and the general manager see their estates; a peer of the manager's post is
        nobody's business but of his own line.
        """
        handed_in = ~Q(status=Status.DRAFT)
        seen = Q(inspector=staff) | (Q(staff=staff) & handed_in)
        seen |= Q(pk__in=self.model.objects.filter(appeals__decider=staff).values("pk"))
        seen |= Q(staff__in=Line.load_people().below(staff.pk)) & handed_in
        here = Q(estate__in=estate_ids_of(staff)) & handed_in & ~Q(staff=staff)
        if staff.post == GENERAL_MANAGER:
            seen |= here
        elif staff.post == CS_MANAGER:
            seen |= here & ~Q(post=CS_MANAGER)
        return self.filter(seen)

    def locked(self):
        return self.filter(status=Status.LOCKED)


class Sheet(models.Model):
    estate = models.ForeignKey(Estate, models.PROTECT, related_name="+", verbose_name=_("项目"))
    staff = models.ForeignKey(
        Staff, models.PROTECT, related_name="sheets", verbose_name=_("被考评人")
    )
    post = models.CharField(_("岗位"), max_length=20, choices=POST_CHOICES)
    inspector = models.ForeignKey(
        Staff, models.PROTECT, related_name="sheets_written", verbose_name=_("检查人")
    )
    kind = models.CharField(_("考评类别"), max_length=8, choices=Kind)
    day = models.DateField(_("考评日期"))
    slot = models.CharField(_("检查时段"), max_length=40, blank=True)
    round = models.ForeignKey(Round, models.SET_NULL, null=True, related_name="sheets")
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT)
    scheme_version = models.PositiveIntegerField(_("方案版本"))
    rules = models.JSONField(_("计分规则"))  # full marks and points as they stood
    total = models.DecimalField(_("总分"), max_digits=5, decimal_places=2, default=HUNDRED)
    created_at = models.DateTimeField(_("开始时间"))
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    seen_at = models.DateTimeField(_("本人已阅"), null=True)
    appeal_until = models.DateTimeField(_("可申诉至"), null=True)
    opinion = models.CharField(_("被考评人意见"), max_length=500, blank=True)
    improvement = models.CharField(_("改进要求"), max_length=500, blank=True)
    improve_by = models.DateField(_("整改期限"), null=True, blank=True)
    by_handbook = models.BooleanField(_("按员工手册处理"), default=False)
    handbook_note = models.CharField(_("说明"), max_length=300, blank=True)
    reviewed_at = models.DateTimeField(_("复核时间"), null=True)
    reviewed_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("复核人")
    )
    returned_reason = models.CharField(_("退回原因"), max_length=500, blank=True)
    locked_at = models.DateTimeField(_("生效时间"), null=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("考评表")
        ordering = ["-day", "-pk"]
        indexes = [
            models.Index(fields=["staff", "-day"], name="sheet_of_staff"),
            models.Index(fields=["status", "day", "staff", "kind"], name="sheet_month"),
            models.Index(fields=["inspector", "-day"], name="sheet_of_inspector"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(staff=F("inspector")), name="nobody_scores_himself"
            ),
            models.UniqueConstraint(
                fields=["staff", "inspector", "kind", "day"], name="one_sheet_per_kind_and_day"
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0, total__lte=100), name="sheet_total_in_range"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.LOCKED) | Q(locked_at__isnull=False),
                name="locked_sheet_has_time",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("appraisal:sheet_detail", args=[self.pk])

    @property
    def number(self):
        return f"KP{self.day:%Y%m%d}-{self.pk}"

    @property
    def is_draft(self):
        return self.status == Status.DRAFT

    @cached_property
    def rules_then(self) -> Rules:
        """The rules as they stood when the sheet was opened."""
        return Rules.from_json(self.rules)

    def scores(self) -> list[ItemScore]:
        """Every item with what stands against it, from the lines as they are now."""
        lines = self.deductions.prefetch_related("linked")
        return score_items(self.rules_then.full, [line.as_charge() for line in lines])


class Deduction(models.Model):
    """One violation found. Once handed in it is only ever reversed by an appeal decision."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="deductions")
    item = models.CharField(_("考评项目"), max_length=30)
    group = models.CharField(_("规则类别"), max_length=12, choices=Group)
    rule = models.CharField(_("规则"), max_length=30, blank=True)
    sop = models.ForeignKey(
        SOP, models.PROTECT, null=True, related_name="+", verbose_name=_("依据规程")
    )
    clause = models.CharField(_("条款"), max_length=20)
    fact = models.CharField(_("违规事实"), max_length=500)
    happened_at = models.DateTimeField(_("违规时间"))
    grade = models.CharField(_("违规等级"), max_length=12, choices=Grade)
    points = models.DecimalField(_("扣分"), max_digits=5, decimal_places=2)
    shortfall = models.DecimalField(_("低于目标"), max_digits=5, decimal_places=2, default=0)
    reason = models.CharField(_("扣分理由"), max_length=500, blank=True)
    reversed_points = models.DecimalField(_("已撤回"), max_digits=5, decimal_places=2, default=0)
    added_at = models.DateTimeField(_("记录时间"))
    handed_in_at = models.DateTimeField(_("提交时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("扣分")
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=0)
                & Q(reversed_points__gte=0)
                & Q(reversed_points__lte=F("points")),
                name="deduction_reversed_at_most_whole",
            ),
            models.CheckConstraint(
                condition=~Q(grade=Grade.CONSEQUENCE) | ~Q(reason=""),
                name="consequence_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(clause="") & ~Q(fact=""), name="deduction_says_what_and_why"
            ),
        ]

    def __str__(self):
        return f"{self.item_label} -{self.points.normalize():f}"

    @property
    def item_label(self):
        return str(LABELS[self.item])

    @property
    def standing(self) -> Decimal:
        """The points that still stand."""
        return self.points - self.reversed_points

    def as_charge(self) -> Charge:
        return Charge(
            self.item, self.standing, {each.item: each.standing for each in self.linked.all()}
        )


class Linked(models.Model):
    """The same violation's points in the column of its subjective cause (APP-19, APP-20)."""

    deduction = models.ForeignKey(Deduction, models.CASCADE, related_name="linked")
    cause = models.CharField(_("主观因素"), max_length=12, choices=Cause)
    item = models.CharField(_("连带扣分项目"), max_length=30)
    points = models.DecimalField(_("连带扣分"), max_digits=5, decimal_places=2)
    reversed_points = models.DecimalField(_("已撤回"), max_digits=5, decimal_places=2, default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("连带扣分")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["deduction", "cause"], name="cause_taken_once"),
            models.CheckConstraint(
                condition=Q(reversed_points__gte=0) & Q(reversed_points__lte=F("points")),
                name="linked_reversed_at_most_whole",
            ),
        ]

    def __str__(self):
        return f"{self.get_cause_display()} -{self.points.normalize():f}"

    @property
    def item_label(self):
        return str(LABELS[self.item])

    @property
    def standing(self) -> Decimal:
        return self.points - self.reversed_points


class Evidence(models.Model):
    """What proves a deduction or an appeal: a record of the house by its address, or a photo."""

    deduction = models.ForeignKey(Deduction, models.CASCADE, null=True, related_name="evidence")
    appeal = models.ForeignKey(
        "appraisal.Appeal", models.CASCADE, null=True, related_name="evidence"
    )
    label = models.CharField(_("证据"), max_length=200)
    url = models.CharField(_("链接"), max_length=200, blank=True)
    file = models.FileField(upload_to="appraisal/%Y/%m", max_length=120, blank=True)
    at = models.DateTimeField(_("时间"), null=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("证据")
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(deduction__isnull=True) ^ Q(appeal__isnull=True),
                name="evidence_of_one_thing",
            )
        ]

    def __str__(self):
        return self.label


class Offer(models.Model):
    """A proposal that somebody answered: taken, or put aside with a reason. Shown once."""

    key = models.CharField(max_length=80, unique=True)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="offers")
    deduction = models.ForeignKey(Deduction, models.CASCADE, null=True, related_name="offers")
    label = models.CharField(max_length=200)
    reason = models.CharField(_("不扣的理由"), max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("扣分建议")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(deduction__isnull=False) | ~Q(reason=""),
                name="offer_taken_or_put_aside_with_reason",
            )
        ]

    def __str__(self):
        return self.label
