"""Keys that owners entrust to the desk (KEY-1), and who borrowed them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from registers.models.shapes import SignedCustody, ticked_when_signed


class KeyStatus(models.TextChoices):
    HELD = "held", _("在管")
    ASKED = "asked", _("申请借用")
    APPROVED = "approved", _("已批准借用")
    LENT = "lent", _("借出")
    LOST = "lost", _("丢失损坏")
    RETURNED = "returned", _("业主领回")
    SETTLED = "settled", _("已处理关闭")


IN_CABINET = (KeyStatus.HELD, KeyStatus.ASKED, KeyStatus.APPROVED)


class KeyKind(models.TextChoices):
    DOOR = "door", _("入户门")
    ROOM = "room", _("房间门")
    LETTER_BOX = "letter_box", _("信箱")
    STORE = "store", _("储藏间")
    CAR_PARK = "car_park", _("车库")
    OTHER = "other", _("其他")


class KeyCustody(SignedCustody):
    LETTERS = "YS"
    slug = "keys"
    OPEN = (*IN_CABINET, KeyStatus.LENT, KeyStatus.LOST)
    PHONES = ("owner_phone",)
    SIGNATURE = "owner_signed"

    status = models.CharField(
        _("状态"), max_length=10, choices=KeyStatus, default=KeyStatus.HELD, editable=False
    )
    owner_name = models.CharField(_("业主姓名"), max_length=60)
    owner_phone = models.CharField(_("电话"), max_length=40)
    kind = models.CharField(_("钥匙种类"), max_length=10, choices=KeyKind, default=KeyKind.DOOR)
    quantity = models.PositiveSmallIntegerField(_("数量"), default=1)
    label = models.CharField(_("标签"), max_length=20, help_text=_("钥匙牌上的号, 不写房号"))
    cabinet = models.CharField(_("柜位"), max_length=20)
    seal_number = models.CharField(_("封条号"), max_length=20, blank=True)
    reason = models.CharField(_("托存原因"), max_length=100)
    terms = models.CharField(
        _("领取要求"), max_length=100, blank=True, help_text=_("除业主外谁可以领, 怎样核对")
    )
    disclaimer_told = models.BooleanField(_("已告知免责说明"), default=False)
    owner_signed = models.BooleanField(
        _("业主已签委托书"),
        default=False,
        help_text=_("还没签的先不勾: 登记并打印, 业主签好再记签名"),
    )
    memo = models.CharField(_("处理备忘"), max_length=500, blank=True, editable=False)

    class Meta(SignedCustody.Meta):
        verbose_name = verbose_name_plural = _("钥匙")
        constraints = [
            *SignedCustody.Meta.constraints,
            models.CheckConstraint(condition=Q(quantity__gte=1), name="key_is_at_least_one"),
            models.CheckConstraint(
                condition=Q(disclaimer_told=True, unit__isnull=False),
                name="key_is_entrusted_in_writing",
            ),
            ticked_when_signed("owner_signed", "key_signed_when"),
            # KEY-1: without the owner's signature a key stays in its cabinet.
            models.CheckConstraint(
                condition=Q(owner_signed=True) | ~Q(status__in=["asked", "approved", "lent"]),
                name="key_lent_only_if_signed",
            ),
            models.CheckConstraint(
                condition=Q(status="returned", handed_back_at__isnull=False)
                | (~Q(status="returned") & Q(handed_back_at__isnull=True)),
                name="key_returned_to_owner",
            ),
            models.UniqueConstraint(
                fields=["estate", "label"],
                condition=~Q(status__in=["returned", "settled"]),
                name="key_label_used_once",
                violation_error_message=_("这个标签已挂着别的钥匙, 换一个标签"),
            ),
        ]

    @property
    def summary(self):
        return f"{self.get_kind_display()} {self.label}"

    def clean(self):
        super().clean()
        errors = {}
        if not self.unit_id:
            errors["unit"] = _("写明是哪一套房的钥匙")
        if not self.disclaimer_told:
            errors["disclaimer_told"] = _("先告诉业主: 屋内财物公司不负保管责任")
        if errors:
            raise ValidationError(errors)

    @cached_property
    def open_loan(self):
        """The loan asked for, approved or out; there is at most one."""
        return self.loans.filter(status__in=OPEN_LOAN).first()


class LoanStatus(models.TextChoices):
    ASKED = "asked", _("等批准")
    APPROVED = "approved", _("已批准")
    OUT = "out", _("借出")
    BACK = "back", _("已归还")
    REFUSED = "refused", _("未批准")
    WITHDRAWN = "withdrawn", _("撤回")
    LOST = "lost", _("借用中丢失损坏")


OPEN_LOAN = (LoanStatus.ASKED, LoanStatus.APPROVED, LoanStatus.OUT)


class Loan(models.Model):
    """Something lent for a few days: asked for, allowed, out, back."""

    status = models.CharField(
        _("状态"), max_length=10, choices=LoanStatus, default=LoanStatus.ASKED
    )
    borrower = models.CharField(_("借用人"), max_length=60)
    department = models.CharField(_("部门"), max_length=60, blank=True)
    reason = models.CharField(_("事由"), max_length=200)
    asked_by = models.ForeignKey(
        Staff, models.PROTECT, related_name="+", verbose_name=_("申请登记人")
    )
    asked_at = models.DateTimeField(_("申请时间"))
    approved_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("批准人")
    )
    approved_at = models.DateTimeField(_("批准时间"), null=True)
    lent_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("发放人")
    )
    lent_at = models.DateTimeField(_("借用时间"), null=True)
    back_by = models.DateTimeField(_("预计归还"))
    returned_at = models.DateTimeField(_("归还时间"), null=True)
    received_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("接收人")
    )
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(approved_at__isnull=True, approved_by__isnull=True)
                    | Q(approved_at__isnull=False, approved_by__isnull=False)
                ),
                name="%(class)s_approved_by_someone",
            ),
            models.CheckConstraint(
                condition=(
                    ~Q(status__in=["out", "back", "lost"])
                    | Q(lent_at__isnull=False, lent_by__isnull=False)
                ),
                name="%(class)s_lent_by_someone",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="back", returned_at__isnull=False, received_by__isnull=False)
                    | (~Q(status="back") & Q(returned_at__isnull=True, received_by__isnull=True))
                ),
                name="%(class)s_received_by_someone",
            ),
        ]

    def __str__(self):
        return f"{self.borrower} {self.reason}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_LOAN


class KeyLoan(Loan):
    key = models.ForeignKey(
        KeyCustody, models.PROTECT, related_name="loans", verbose_name=_("钥匙")
    )
    phone = models.CharField(_("电话"), max_length=40)
    quantity = models.PositiveSmallIntegerField(_("数量"), default=1)
    owner_contacted_at = models.DateTimeField(_("联系业主时间"))
    owner_answer = models.CharField(_("业主答复"), max_length=100)
    seal_number = models.CharField(_("归还后封条号"), max_length=20, blank=True)

    class Meta(Loan.Meta):
        verbose_name = verbose_name_plural = _("钥匙借用")
        ordering = ["-pk"]
        constraints = [
            *Loan.Meta.constraints,
            # KEY-1: no key leaves before the owner was asked and a superior approved.
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "out", "back", "lost"])
                | (
                    Q(approved_by__isnull=False, owner_contacted_at__lte=F("approved_at"))
                    & ~Q(approved_by=F("asked_by"))
                ),
                name="key_lent_only_if_approved",
            ),
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(status__in=["asked", "approved", "out"]),
                name="one_open_loan_per_key",
            ),
        ]
