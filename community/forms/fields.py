"""The fields that the forms of this room share, and how a form asks for an estate or a household."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates import lookup
from estates.inputs import DayInput, MomentInput
from estates.models import Unit
from estates.typed import clean_text


class TypedField(forms.CharField):
    """Text as people type it: NUL and control signs are dropped, not refused."""

    def to_python(self, value):
        return clean_text(super().to_python(value))


def words(label, *, rows=2, most=300, required=True, missing="", **kwargs):
    return TypedField(
        label=label,
        required=required,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing or _("这一项要写")},
        **kwargs,
    )


def line(label, *, most=60, required=True, **kwargs):
    return TypedField(
        label=label, required=required, max_length=most,
        error_messages={"required": _("这一项要写")}, **kwargs,
    )  # fmt: skip


def day(label, **kwargs):
    return forms.DateField(
        label=label, widget=DayInput(),
        error_messages={"required": _("写明日期"), "invalid": _("日期写成 2026-11-23 这样")},
        **kwargs,
    )  # fmt: skip


def moment(label, **kwargs):
    return forms.DateTimeField(
        label=label, widget=MomentInput(),
        error_messages={"required": _("写明时间"), "invalid": _("时间写成 2026-11-23 15:00 这样")},
        **kwargs,
    )  # fmt: skip


def money(label, **kwargs):
    return forms.DecimalField(
        label=label, max_digits=10, decimal_places=2, min_value=0,
        widget=forms.NumberInput(attrs={"min": "0", "step": "0.01", "inputmode": "decimal"}),
        error_messages={"required": _("写明金额, 没有就写 0"), "invalid": _("金额写数字, 如 1280.50")},
        **kwargs,
    )  # fmt: skip


def colleagues(estate):
    """The active people of an estate, by name."""
    return Staff.objects.active().filter(memberships__estate=estate).order_by("name", "pk")


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, staff):
        return f"{staff.name} · {staff.get_post_display()}"


def person(label, **kwargs):
    return PersonField(
        label=label, queryset=Staff.objects.none(),
        error_messages={"required": _("选一个人"), "invalid_choice": _("选一个在职的人")}, **kwargs,
    )  # fmt: skip


class EstateMixin:
    """Asks for the estate only of those who work for several."""

    def _choose_estate(self, estates):
        self.estates = estates
        if len(estates) == 1:
            del self.fields["estate"]
        else:
            self.fields["estate"].choices = [(each.pk, each.name) for each in estates]

    def chosen_estate(self):
        if len(self.estates) == 1:
            return self.estates[0]
        wanted = int(self.cleaned_data["estate"])
        return next(each for each in self.estates if each.pk == wanted)


class HouseholdMixin:
    """A household by what people type: a room, a phone, a name of the own estate."""

    def read_room(self, text, staff) -> Unit | None:
        if not text:
            return None
        matches = [match for match in lookup.find(text, staff=staff, limit=6) if match.unit]
        best = [match for match in matches if match.rank == matches[0].rank]
        units = {match.unit.pk: match.unit for match in best}
        if len(units) == 1:
            return best[0].unit
        if not units:
            raise ValidationError(_("没有找到“%(text)s”。写房号, 如 3-2-1102") % {"text": text})
        codes = "、".join(unit.code for unit in list(units.values())[:4])
        raise ValidationError(_("“%(text)s”对得上几户: %(codes)s。写完整房号")
                              % {"text": text, "codes": codes})  # fmt: skip
