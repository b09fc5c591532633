"""A line of a register, and a workbook of lines."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates import lookup
from estates.inputs import DayInput, MomentInput
from estates.models import Estate, Unit
from estates.typed import clean_text, half_width
from registers.catalogue import Register
from registers.models.cards import living_in
from registers.rooms import named


class RecordForm(forms.ModelForm):
    """A line of a register. Homes and holders are typed as people say them: 3-2-1102, 王秀梅."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, staff: Staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.staff = staff
        record = self.instance
        if "unit" in self.fields:
            needs = record.slug != "storage"
            self._say_instead(
                "unit", forms.CharField(
                    label=_("房号"), required=needs, max_length=30,
                    initial=record.unit.code if record.unit_id else "",
                    error_messages={"required": _("写房号, 如 3-2-1102")},
                    widget=forms.TextInput(attrs={"placeholder": "3-2-1102", "autocomplete": "off"}),
                ),
            )  # fmt: skip
        if "holder" in self.fields:
            self._say_instead(
                "holder", forms.CharField(
                    label=_("持卡人"), max_length=60, help_text=_("住在这套房的人, 写登记的姓名"),
                    initial=record.holder.name if record.holder_id else "",
                    error_messages={"required": _("写持卡人的姓名")},
                ),
            )  # fmt: skip
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = DayInput()
            elif isinstance(field, forms.DateTimeField):
                field.widget = MomentInput()
        self.fields["version"].initial = record.version

    def _say_instead(self, name: str, field: forms.Field) -> None:
        self.initial.pop(name, None)
        self.fields[name] = field

    def clean_unit(self):
        typed = half_width(clean_text(self.cleaned_data["unit"]))
        if not typed:
            return None
        estate = self.instance.estate
        unit = Unit.objects.filter(estate=estate, code=typed).select_related(
            "building"
        ).first() or named(estate, typed)
        if unit:
            return unit
        found = [
            match.unit for match in lookup.find(typed, staff=self.staff)
            if match.unit and match.unit.estate_id == estate.pk
        ]  # fmt: skip
        codes = list(dict.fromkeys(unit.code for unit in found))
        if codes:
            raise ValidationError(
                _("没有“%(typed)s”这套房。是不是: %(codes)s")
                % {"typed": typed[:20], "codes": "、".join(codes[:5])}
            )
        raise ValidationError(
            _("%(estate)s没有“%(typed)s”这套房, 写成 3-2-1102 这样")
            % {"estate": estate.name, "typed": typed[:20]}
        )

    def clean_holder(self):
        unit, name = self.cleaned_data.get("unit"), clean_text(self.cleaned_data["holder"])
        if unit is None:
            return None
        people = [
            row.resident for row in living_in(unit.pk, self.instance.recorded_at or timezone.now())
        ]
        for person in people:
            if person.name == name:
                return person
        raise ValidationError(
            _("%(name)s不是%(unit)s的住户。这一户登记的是: %(people)s")
            % {
                "name": name,
                "unit": unit.code,
                "people": "、".join(person.name for person in people[:6]) or _("没有人"),
            }
        )

    def add_error(self, field, error):
        """One message per field, and what no field shows stands above the form."""
        if hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                shown = name if name in self.fields else None
                if name == NON_FIELD_ERRORS or shown is None or name not in self.errors:
                    super().add_error(shown, errors)
            return
        super().add_error(field, error)

    def _get_validation_exclusions(self):
        # The action checks the whole line; here only the shape and the register's own rules.
        # Who lives there cannot be asked of a home that is not known: one message says enough.
        unasked = {"holder"} if "unit" in self.errors else set()
        return super()._get_validation_exclusions() | {"estate"} | unasked

    def validate_unique(self):
        """Left to the action, which holds the lock."""

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.cleaned_data if name != "version"}


def form_class(register: Register, names: tuple[str, ...]) -> type[RecordForm]:
    return forms.modelform_factory(register.model, form=RecordForm, fields=list(names))


def new_form(
    register: Register, *, estate: Estate, staff: Staff, now: datetime,
    data: Mapping | None = None, initial: dict | None = None,
) -> RecordForm:  # fmt: skip
    """The form of a new line in one estate."""
    blank = register.model(estate=estate, recorded_by=staff, recorded_at=now)
    form = form_class(register, register.fields)(data, instance=blank, staff=staff)
    for name, value in (initial or {}).items():
        if name in form.fields:
            form.fields[name].initial = form.initial[name] = value
    return form


class UploadForm(forms.Form):
    estate = forms.ModelChoiceField(Estate.objects.none(), label=_("项目"), empty_label=None)
    file = forms.FileField(
        label=_("Excel 工作簿"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("选一个 .xlsx 文件")},
    )

    def __init__(self, *args, estates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["estate"].queryset = estates
        if len(estates) == 1:
            self.fields["estate"].widget = forms.HiddenInput()
            self.fields["estate"].initial = estates[0].pk
