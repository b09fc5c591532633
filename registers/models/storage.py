"""Small things left at the desk, or found and waiting for their owner (STO-1)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from registers.models.shapes import SignedCustody, ticked_when_signed


class DepositStatus(models.TextChoices):
    STORED = "stored", _("在库")
    CLAIMED = "claimed", _("已领取")
    DISPOSED = "disposed", _("已处置")
    REFUSED = "refused", _("拒收")


class Occasion(models.TextChoices):
    LEFT = "left", _("寄存")
    FOUND = "found", _("拾遗待领")


class Goods(models.TextChoices):
    PARCEL = "parcel", _("包裹")
    CASE = "case", _("手提箱包")
    SMALL = "small", _("小件物品")
    INFLAMMABLE = "inflammable", _("易燃")
    EXPLOSIVE = "explosive", _("易爆")
    POISON = "poison", _("有毒")
    CASH = "cash", _("现金、有价证券")
    VALUABLES = "valuables", _("贵重物品")
    UNFIT = "unfit", _("其他不宜寄存")


REFUSED_GOODS = (
    Goods.INFLAMMABLE, Goods.EXPLOSIVE, Goods.POISON, Goods.CASH, Goods.VALUABLES, Goods.UNFIT,
)  # fmt: skip


class Deposit(SignedCustody):
    LETTERS = "JC"
    slug = "storage"
    OPEN = (DepositStatus.STORED,)
    PHONES = ("phone",)
    SIGNATURE = "signed"

    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=DepositStatus,
        default=DepositStatus.STORED,
        editable=False,
    )
    occasion = models.CharField(_("类别"), max_length=6, choices=Occasion, default=Occasion.LEFT)
    goods = models.CharField(
        _("物品种类"), max_length=12, choices=Goods, default=Goods.SMALL,
        help_text=_("易燃易爆有毒、现金证券、贵重物品不收"),
    )  # fmt: skip
    depositor = models.CharField(_("寄存人"), max_length=60)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    item = models.CharField(_("物品名称"), max_length=60)
    quantity = models.PositiveSmallIntegerField(_("数量"), default=1)
    features = models.CharField(_("特征"), max_length=120, blank=True)
    declared_value = models.DecimalField(
        _("申报价值(元)"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    place = models.CharField(_("存放位置"), max_length=40, blank=True)
    claim_on = models.DateField(_("预计领取"), null=True, blank=True)
    signed = models.BooleanField(
        _("寄存人已签名"),
        default=False,
        help_text=_("还没签的先不勾: 登记并打印, 寄存人签好再记签名"),
    )
    refusal = models.CharField(
        _("拒收原因"), max_length=100, blank=True, help_text=_("不收的物品, 写怎样对住户说的")
    )
    asked_times = models.PositiveSmallIntegerField(_("催领次数"), default=0, editable=False)
    decision = models.CharField(_("处置决定"), max_length=200, blank=True, editable=False)
    decided_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("决定人"), editable=False
    )
    decided_at = models.DateTimeField(_("处置时间"), null=True, editable=False)

    class Meta(SignedCustody.Meta):
        verbose_name = verbose_name_plural = _("小件寄存")
        constraints = [
            *SignedCustody.Meta.constraints,
            models.CheckConstraint(condition=Q(quantity__gte=1), name="deposit_is_at_least_one"),
            ticked_when_signed("signed", "deposit_signed_when"),
            # STO-1: what may not be kept is never in the store, whoever enters it.
            models.CheckConstraint(
                condition=(
                    Q(goods__in=[goods.value for goods in REFUSED_GOODS], status="refused")
                    & ~Q(refusal="")
                )
                | (
                    ~Q(goods__in=[goods.value for goods in REFUSED_GOODS])
                    & ~Q(status="refused")
                    & ~Q(place="")
                ),
                name="deposit_refuses_dangerous_goods",
            ),
            models.CheckConstraint(
                condition=~Q(status="disposed")
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decision="")),
                name="deposit_disposed_by_decision",
            ),
            models.CheckConstraint(
                condition=Q(status="claimed", handed_back_at__isnull=False)
                | (~Q(status="claimed") & Q(handed_back_at__isnull=True)),
                name="deposit_claimed_by_someone",
            ),
        ]

    @property
    def summary(self):
        return f"{self.item} ×{self.quantity}"

    @property
    def awaits_signature(self):
        """Nobody signs for what was found."""
        return self.occasion == Occasion.LEFT and super().awaits_signature

    def clean(self):
        super().clean()
        errors = {}
        if self.goods in REFUSED_GOODS:
            if self.pk and self.status != DepositStatus.REFUSED:
                errors["goods"] = _("已收下的物品不能改成不收的种类")
            elif not self.refusal:
                errors["refusal"] = _("这类物品不收。写明拒收原因, 登记为拒收")
            else:
                self.status = DepositStatus.REFUSED
        else:
            if self.refusal:
                errors["refusal"] = _("这类物品可以收。拒收原因空着, 或改物品种类")
            if not self.place:
                errors["place"] = _("写明放在哪里")
            if self.occasion == Occasion.LEFT and not self.phone:
                errors["phone"] = _("留个电话, 到期要催领")
        if errors:
            raise ValidationError(errors)
