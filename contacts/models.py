"""Contacts (来电来访来函): every call, visit and letter is a row from its first key on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.models import (
    Estate,
    InEstateQuerySet,
    PublicPlace,
    Resident,
    Unit,
    building_ids_of,
)


class Source(models.TextChoices):
    """报修方式 (REP-2 and forms 4.1)."""

    PHONE = "phone", _("来电")
    LETTER = "letter", _("来函")
    WALK_IN = "walk_in", _("来访")
    BUTLER = "butler", _("管家代报")
    PATROL = "patrol", _("巡视发现")


class Outcome(models.TextChoices):
    """How a contact ended; blank while it is open. None is left open silently."""

    OPEN = "", _("未处理")
    REPAIR = "repair", _("转报修")
    COMPLAINT = "complaint", _("转投诉")
    ANSWERED = "answered", _("已答复")
    HELPED = "helped", _("已协助")
    CALL_BACK = "call_back", _("待回电")
    CALLED_BACK = "called_back", _("已回电")
    UNREACHABLE = "unreachable", _("回电未接通")
    DISMISSED = "dismissed", _("无需处理")


class ContactQuerySet(InEstateQuerySet):
    def unfinished(self):
        return self.filter(outcome=Outcome.OPEN)

    def answered_by(self, staff: Staff):
        """Those whose caller a person may phone back: a butler the area's and the own ones."""
        rows = self.visible_to(staff)
        if staff.duty.scope != "area":
            return rows
        here = Q(unit__building__in=building_ids_of(staff)) | Q(
            place__building__in=building_ids_of(staff)
        )
        return rows.filter(here | Q(received_by=staff) | Q(called_back_by=staff))


class Contact(models.Model):
    estate = models.ForeignKey(
        Estate, models.PROTECT, related_name="contacts", verbose_name=_("项目")
    )
    client_key = models.UUIDField(_("页面标识"), unique=True)
    source = models.CharField(_("方式"), max_length=10, choices=Source, default=Source.PHONE)
    started_at = models.DateTimeField(_("开始时间"))
    received_by = models.ForeignKey(
        Staff, models.PROTECT, related_name="contacts", verbose_name=_("接待人")
    )
    caller_name = models.CharField(_("联系人"), max_length=60, blank=True)
    phone = models.CharField(_("联系电话"), max_length=20, blank=True)
    resident = models.ForeignKey(
        Resident,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("业户"),
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="contacts", verbose_name=_("房屋")
    )
    place = models.ForeignKey(
        PublicPlace,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("公共部位"),
    )
    text = models.TextField(_("内容"), max_length=2000, blank=True)
    draft = models.JSONField(_("草稿"), default=dict)
    outcome = models.CharField(
        _("结果"), max_length=12, choices=Outcome, blank=True, default=Outcome.OPEN
    )
    answer = models.TextField(_("答复"), max_length=1000, blank=True)
    closed_at = models.DateTimeField(_("处理时间"), null=True)
    closed_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("处理人")
    )

    # The promised call-back: what was said stands in ``answer``.
    called_back_at = models.DateTimeField(_("回电时间"), null=True)  # by the phone
    call_received_at = models.DateTimeField(_("收到时间"), null=True)  # by the server
    called_back_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("回电人")
    )
    was_reached = models.BooleanField(_("接通"), null=True)
    call_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = ContactQuerySet.as_manager()
    owes_finish = True  # False in the one transaction that both begins and ends it

    class Meta:
        verbose_name = verbose_name_plural = _("来电来访")
        ordering = ["-started_at", "-pk"]
        indexes = [
            models.Index(fields=["estate", "-started_at"], name="contact_recent"),
            models.Index(fields=["received_by"], name="contact_open", condition=Q(outcome="")),
            models.Index(fields=["unit", "-started_at"], name="contact_by_unit"),
            models.Index(fields=["phone", "-started_at"], name="contact_by_phone"),
            models.Index(
                fields=["-called_back_at", "-id"],
                name="contact_called_back",
                condition=Q(called_back_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    called_back_at__isnull=True,
                    called_back_by__isnull=True,
                    was_reached__isnull=True,
                )
                | Q(
                    called_back_at__isnull=False,
                    called_back_by__isnull=False,
                    was_reached__isnull=False,
                ),
                name="contact_called_back_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at__isnull=True, closed_by__isnull=True)
                | Q(~Q(outcome=""), closed_at__isnull=False, closed_by__isnull=False),
                name="contact_closed_with_outcome",
            ),
        ]

    def __str__(self):
        return f"{self.caller_name or self.phone} {self.started_at:%m-%d %H:%M}"

    @property
    def place_label(self):
        """Where, in a few characters: the unit's code or the public place's name."""
        return self.unit.code if self.unit_id else (self.place.name if self.place_id else "")


class FailedCall(models.Model):
    """Somebody of any room's record was not reached: a call, or at last a message."""

    at = models.DateTimeField(_("时间"))  # by the phone
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    message = models.TextField(_("发给业户的话"), max_length=500, blank=True)
    client_key = models.UUIDField(unique=True)

    class Meta:
        abstract = True
        ordering = ["at", "pk"]


class CallTry(FailedCall):
    """Whoever wrote or called was not reached."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="call_tries")

    class Meta(FailedCall.Meta):
        verbose_name = verbose_name_plural = _("回电未接通")

    def __str__(self):
        return f"{self.contact} {self.at:%m-%d %H:%M}"
