"""Fields that several forms share."""

from django import forms
from django.utils.translation import gettext_lazy as _

from estates.inputs import DayInput, MomentInput
from estates.typed import clean_text


class CleanTextField(forms.CharField):
    """Text without control characters, as every room stores it."""

    def to_python(self, value):
        return super().to_python(clean_text(value))


def moment(label, **kwargs):
    return forms.DateTimeField(
        label=label,
        widget=MomentInput(),
        error_messages={
            "required": _("写明时间"),
            "invalid": _("时间没看懂, 写成 2026-11-23 15:30 这样"),
        },
        **kwargs,
    )


def day(label, **kwargs):
    return forms.DateField(
        label=label,
        widget=DayInput(),
        error_messages={
            "required": _("写明日期"),
            "invalid": _("日期没看懂, 写成 2026-11-23 这样"),
        },
        **kwargs,
    )


def text(label, *, rows=3, required=True, length=2000, missing=None, help_text=""):
    return CleanTextField(
        label=label,
        required=required,
        max_length=length,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing or _("还没有写")},
    )


def line(label, *, length, required=True, missing=None, help_text=""):
    return CleanTextField(
        label=label,
        required=required,
        max_length=length,
        help_text=help_text,
        error_messages={"required": missing or _("还没有写")},
    )


def number(label, *, places=2, digits=10, least=0, most=None, **kwargs):
    return forms.DecimalField(
        label=label,
        max_digits=digits,
        decimal_places=places,
        min_value=least,
        max_value=most,
        error_messages={"required": _("写一个数")},
        **kwargs,
    )


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, staff):
        return f"{staff.name} · {staff.get_post_display()}"


class PeopleChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, staff):
        return f"{staff.name} · {staff.get_post_display()}"
