"""Function cards (功能卡, CRD-1): never for the wrong room, blocked at once when lost."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.models import Relation, Residence, Resident
from registers.models.shapes import Record
from rulebook.limits import limit


class CardStatus(models.TextChoices):
    ASKED = "asked", _("申领")
    CHECKED = "checked", _("已核对房号")
    ISSUED = "issued", _("已发放")
    LOST = "lost", _("挂失")
    BACK = "back", _("收回")
    VOID = "void", _("注销")


AT_DESK = (CardStatus.ASKED, CardStatus.CHECKED, CardStatus.BACK)
OF_HOUSEHOLD = (CardStatus.ASKED, CardStatus.CHECKED, CardStatus.ISSUED)


class CardKind(models.TextChoices):
    ENTRANCE = "entrance", _("门禁")
    LIFT = "lift", _("电梯")
    GARAGE = "garage", _("车库")
    CLUB = "club", _("会所")


class FeeKind(models.TextChoices):
    __empty__ = _("没收费")
    DEPOSIT = "deposit", _("押金")
    COST = "cost", _("工本费")


class AccessCard(Record):
    LETTERS = "GK"
    slug = "cards"
    OPEN = (*AT_DESK, CardStatus.ISSUED, CardStatus.LOST)

    status = models.CharField(
        _("状态"), max_length=10, choices=CardStatus, default=CardStatus.ASKED, editable=False
    )
    card_number = models.CharField(_("卡号"), max_length=30)
    kind = models.CharField(_("卡类型"), max_length=10, choices=CardKind, default=CardKind.ENTRANCE)
    holder = models.ForeignKey(Resident, models.PROTECT, related_name="+", verbose_name=_("持卡人"))
    relation = models.CharField(
        _("与房屋关系"), max_length=8, choices=Relation, blank=True, editable=False
    )
    fee_kind = models.CharField(
        _("收的是"), max_length=8, choices=FeeKind, blank=True, help_text=_("押金退卡时退还, 工本费不退"),
    )  # fmt: skip
    fee = models.DecimalField(
        _("押金/工本费(元)"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    receipt = models.CharField(_("收据号"), max_length=30, blank=True)
    fee_note = models.CharField(_("收费说明"), max_length=100, blank=True)
    refund = models.DecimalField(
        _("退还押金(元)"), max_digits=8, decimal_places=2, null=True, editable=False
    )
    refunded_at = models.DateTimeField(_("退押金时间"), null=True, editable=False)
    refunded_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("退款人"), editable=False
    )
    refunded_to = models.CharField(_("押金领取人"), max_length=60, blank=True, editable=False)
    refund_note = models.CharField(_("押金说明"), max_length=100, blank=True, editable=False)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("补办自"),
        editable=False,
    )
    document = models.CharField(_("证件核对"), max_length=60, blank=True, editable=False)
    checked_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("核对人"), editable=False
    )
    checked_at = models.DateTimeField(_("核对时间"), null=True, editable=False)
    issued_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("发放人"), editable=False
    )
    issued_at = models.DateTimeField(_("领取日期"), null=True, editable=False)
    signed_name = models.CharField(_("领取人签名"), max_length=60, blank=True, editable=False)
    lost_at = models.DateTimeField(_("挂失日期"), null=True, editable=False)
    lost_said = models.CharField(_("挂失人和经过"), max_length=100, blank=True, editable=False)
    blocked_at = models.DateTimeField(_("系统停用时间"), null=True, editable=False)
    back_at = models.DateTimeField(_("收回日期"), null=True, editable=False)
    void_at = models.DateTimeField(_("注销日期"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = _("功能卡")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=Q(unit__isnull=False), name="card_has_a_room"),
            # CRD-1: the room was checked by somebody before the card left the desk.
            models.CheckConstraint(
                condition=Q(status__in=["asked", "back", "void"])
                | (Q(checked_by__isnull=False, checked_at__isnull=False) & ~Q(document="")),
                name="card_room_was_checked",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["issued", "lost"])
                | (Q(issued_by__isnull=False, issued_at__isnull=False) & ~Q(signed_name="")),
                name="card_issued_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(status="lost") | Q(lost_at__isnull=False), name="card_lost_when"
            ),
            # A deposit is settled once, by somebody, and never gives back more than was taken.
            models.CheckConstraint(
                condition=Q(refund__isnull=True, refunded_at__isnull=True, refunded_by__isnull=True)
                | Q(
                    fee_kind="deposit",
                    refund__gte=0,
                    refund__lte=F("fee"),
                    refunded_at__isnull=False,
                    refunded_by__isnull=False,
                ),
                name="card_deposit_given_back_once",
                violation_error_message=_("押金已经退了, 金额和种类不能再改"),
            ),
            models.CheckConstraint(
                condition=Q(refund__isnull=True) | Q(refund=F("fee")) | ~Q(refund_note=""),
                name="card_deposit_kept_with_reason",
                violation_error_message=_("押金已经退了, 金额和种类不能再改"),
            ),
            models.UniqueConstraint(
                fields=["estate", "card_number"],
                condition=~Q(status="void"),
                name="card_number_used_once",
                violation_error_message=_("这个卡号已登记过。收回的卡先注销, 再给别人"),
            ),
        ]

    @property
    def summary(self):
        return f"{self.get_kind_display()} {self.card_number}"

    @property
    def owes_deposit(self) -> bool:
        """A deposit was taken, and what becomes of it is not settled."""
        return bool(self.fee) and self.fee_kind == FeeKind.DEPOSIT and self.refunded_at is None

    @property
    def money(self) -> str:
        """What was taken and given back, in a few words for the list."""
        if not self.fee:
            return ""
        taken = f"{self.get_fee_kind_display()} {self.fee}".strip()
        if self.refund is None:
            return taken
        return f"{taken} · " + _("已退 %(sum)s") % {"sum": self.refund}

    @property
    def kin(self):
        """The lost card that this one replaces, and the one that replaced it."""
        old, new = self.replaces, getattr(self, "replaced_by", None)
        return [(words, card) for words, card in ((_("补办自"), old), (_("已补办"), new)) if card]

    def clean(self):
        super().clean()
        if not self.unit_id:
            raise ValidationError({"unit": _("写明发给哪一套房")})
        if self.fee and not self.fee_kind:
            raise ValidationError({"fee_kind": _("写明收的是押金还是工本费")})
        if self.fee and not self.receipt:
            raise ValidationError({"receipt": _("收了押金或工本费, 写收据号")})
        if self.fee_kind and not self.fee:
            raise ValidationError({"fee": _("写收了多少; 没收费的, “收的是”空着")})
        if not self.holder_id:
            return
        if self.pk is not None:  # who lives where may change afterwards
            return
        residence = residence_of(self.holder_id, self.unit_id, self.recorded_at)
        if residence is None:
            raise ValidationError({"holder": not_living_there(self.holder, self.unit)})
        self.relation = residence.relation
        if not self.fee_note:
            held = AccessCard.objects.filter(unit=self.unit, status__in=OF_HOUSEHOLD).count()
            most = int(limit("cards.per_household", at=self.recorded_at).value)
            if held >= most:
                raise ValidationError(
                    {
                        "fee_note": _(
                            "%(unit)s已有 %(held)s 张卡, 每户 %(most)s 张。再发要写明收费说明"
                        )
                        % {"unit": self.unit.code, "held": held, "most": most}
                    }
                )


def living_in(unit_id: int, at: datetime) -> models.QuerySet[Residence]:
    """Who lives in or owns a home at that moment."""
    still = Q(until=None) | Q(until__gt=timezone.localdate(at))
    return (
        Residence.objects.filter(still, unit_id=unit_id).select_related("resident").order_by("pk")
    )


def residence_of(holder_id: int, unit_id: int, at: datetime) -> Residence | None:
    """How that person lives there at that moment; None if not (any more)."""
    return living_in(unit_id, at).filter(resident_id=holder_id).first()


def not_living_there(holder: Resident, unit) -> str:
    return _("%(name)s不是%(unit)s的住户。核对房号, 或先在业户资料里登记") % {
        "name": holder.name,
        "unit": unit.code,
    }
