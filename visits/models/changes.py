"""What a butler learnt about a household, until the desk has confirmed it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.models import Estate, Resident, Unit
from visits.models.areas import InAreaQuerySet
from visits.models.visits import Visit


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
