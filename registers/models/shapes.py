"""The two shapes that every register has: a record, and a thing held until it is handed back."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.models import Estate, Unit, building_ids_of, estate_ids_of
from estates.phones import clean_phone
from estates.typed import clean_text


class RecordQuerySet(models.QuerySet):
    def visible_to(self, staff: Staff):
        """Rows of a person's estates; a butler's only for the buildings of the area."""
        rows = self.filter(estate__in=estate_ids_of(staff))
        if not staff.has_perm("registers.view"):
            return rows.none()
        if staff.duty.scope == "area":
            return rows.filter(unit__building__in=building_ids_of(staff))
        return rows if staff.duty.scope == "all" else rows.none()

    def open(self):
        """Rows that somebody still has to do something about."""
        return self.filter(status__in=self.model.OPEN)


class Record(models.Model):
    """One line of a register: about which home, entered by whom and when.

    A register declares ``Status`` as its choices, ``OPEN`` as the states that are not over, and
    ``PHONES`` as the fields that hold a number to dial.
    """

    OPEN: tuple[str, ...] = ()
    PHONES: tuple[str, ...] = ()
    LETTERS = ""  # before its numbers, as the paper form is called
    slug = ""  # the register's word in addresses
    SIGNATURE = ""  # the field that is ticked once the paper form is signed

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="+", verbose_name=_("项目"))
    number = models.CharField(_("编号"), max_length=20, editable=False)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("房号")
    )
    note = models.CharField(_("备注"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        Staff, models.PROTECT, related_name="+", verbose_name=_("经办人"), editable=False
    )
    recorded_at = models.DateTimeField(_("登记时间"), editable=False)
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["estate", "number"], name="%(class)s_number_in_estate")
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.number}"

    def get_absolute_url(self):
        return reverse("registers:record_detail", args=[self.slug, self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def summary(self) -> str:
        """What it is, in a few words, for follow-ups and counts."""
        return self.number

    @property
    def starts_at(self) -> datetime:
        """The moment from which what a new line owes is counted."""
        return self.recorded_at

    @property
    def kin(self) -> list[tuple[Any, "Record"]]:
        """Lines that belong to this one, each with the words before it."""
        return []

    @property
    def awaits_signature(self) -> bool:
        """Its paper form is still to be signed."""
        return False

    def full_clean(self, exclude=None, validate_unique=False, validate_constraints=False):
        """The rules of the fields and of the register.

        The database asks its constraints and foreign keys itself when the line is written; asking
        each of them before would cost a query a piece.
        """
        known = {
            field.name
            for field in self._meta.concrete_fields
            if field.is_relation and getattr(self, field.attname) is not None
        }
        super().full_clean(known | set(exclude or ()), validate_unique, validate_constraints)

    def clean(self):
        """Texts without invisible signs, phones in one spelling, the home within the estate."""
        errors = {}
        for field in self._meta.concrete_fields:
            if isinstance(field, models.CharField) and not field.choices:
                setattr(self, field.attname, clean_text(getattr(self, field.attname)))
        for name in self.PHONES:
            try:
                setattr(self, name, clean_phone(getattr(self, name)))
            except ValidationError as error:
                errors[name] = error.messages
        if self.unit_id and self.estate_id and self.unit.estate_id != self.estate_id:
            errors["unit"] = _("这套房不在这个项目里")
        if errors:
            raise ValidationError(errors)


class Custody(Record):
    """A thing that the desk keeps until it is handed back to somebody who signs."""

    handed_back_at = models.DateTimeField(_("领取时间"), null=True, blank=True, editable=False)
    handed_to = models.CharField(_("领取人"), max_length=60, blank=True, editable=False)
    handed_document = models.CharField(_("证件"), max_length=60, blank=True, editable=False)
    handed_back_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("发放人"), editable=False
    )

    class Meta(Record.Meta):
        abstract = True
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=(
                    Q(handed_back_at__isnull=True, handed_back_by__isnull=True, handed_to="")
                    | (
                        Q(handed_back_at__isnull=False, handed_back_by__isnull=False)
                        & ~Q(handed_to="")
                    )
                ),
                name="%(class)s_returned_to_someone",
            ),
        ]


class SignedCustody(Custody):
    """A custody whose paper is printed with what was typed and signed before the tick is given."""

    signed_at = models.DateTimeField(_("签名时间"), null=True, editable=False)
    signature_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("签名经手人"),
        editable=False,
    )  # fmt: skip

    class Meta(Custody.Meta):
        abstract = True

    @property
    def awaits_signature(self):
        return self.is_open and not getattr(self, self.SIGNATURE)


def ticked_when_signed(tick: str, name: str) -> models.CheckConstraint:
    """The tick of a signed form says when, and who of the staff saw it."""
    return models.CheckConstraint(
        condition=Q(**{tick: True}, signed_at__isnull=False, signature_by__isnull=False)
        | Q(**{tick: False}, signed_at__isnull=True, signature_by__isnull=True),
        name=name,
    )


class RegisterNumber(models.Model):
    """The last number given out in an estate, a register and a year."""

    estate = models.ForeignKey(Estate, models.CASCADE, related_name="+")
    letters = models.CharField(_("字母"), max_length=4)
    year = models.PositiveSmallIntegerField(_("年"))
    last = models.PositiveIntegerField(_("最后一号"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("登记编号")
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "letters", "year"], name="one_counter_per_register"
            )
        ]

    def __str__(self):
        return f"{self.letters}{self.year}: {self.last}"
