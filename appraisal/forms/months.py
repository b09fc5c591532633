"""Forms of a month: numbers typed for a trial, and the collection rate."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal.arithmetic import Marks
from appraisal.items import Kind
from appraisal.replay import Trial
from appraisal.schemes import BAND_KEYS, MARK_KEYS, MONTH_KEYS, MonthTerms
from estates.models import Estate
from rulebook.numbers import number_of

# What a trial may change: points of the grades, weights of the kinds, floors of the bands. The
# most that bad consequences take is the item itself, whatever the usual most.
TRIED = (
    *(name for name in MARK_KEYS if name != "consequence_most"),
    *(key.removeprefix("appraisal.") for key in MONTH_KEYS),
)


class TrialForm(forms.Form):
    """Numbers to try a month with; what is typed here is stored nowhere.

    ``initial`` holds them by key without the room's prefix, as they will stand.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in TRIED:
            number = number_of(f"appraisal.{name}")
            self.fields[name] = forms.DecimalField(
                label=number.label, min_value=number.low, max_value=number.high, decimal_places=2,
                help_text=number.unit_label,
            )  # fmt: skip
        self.points = [self[name] for name in TRIED if name in MARK_KEYS]
        self.weights = [self[name] for name in TRIED if name.startswith("weight_")]
        self.bands = [self[name] for name in TRIED if name.startswith("band_")]

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        if not any(data[field.name] for field in self.weights):
            raise forms.ValidationError(_("四种检查的权重不能都是 0"))
        floors = [data[field.name] for field in self.bands]
        if floors != sorted(floors, reverse=True):
            raise forms.ValidationError(_("等级线要从高到低: 优、良、合格"))
        return data

    @property
    def is_changed(self) -> bool:
        """Whether something was typed that differs from the numbers as they will stand."""
        return any(self.cleaned_data[name] != Decimal(self.initial[name]) for name in TRIED)

    def trial(self) -> Trial:
        data = self.cleaned_data
        marks = {name: Decimal(data.get(name, self.initial[name])) for name in MARK_KEYS}
        return Trial(
            Marks(**marks),
            MonthTerms(
                {kind.value: data[f"weight_{kind}"] for kind in Kind},
                tuple((band, data[f"band_{band}"]) for band in BAND_KEYS),
            ),
        )


class RateForm(forms.Form):
    estate = forms.ModelChoiceField(None, label=_("项目"))
    month = forms.DateField(
        label=_("月份"), widget=forms.DateInput({"type": "month"}), input_formats=["%Y-%m"]
    )
    receivable = forms.DecimalField(label=_("应收(元)"), max_digits=12, decimal_places=2)
    received = forms.DecimalField(label=_("实收(元)"), max_digits=12, decimal_places=2)

    def __init__(self, *args, staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["estate"].queryset = Estate.objects.visible_to(staff).order_by("pk")
        self.fields["estate"].initial = self.fields["estate"].queryset.first()
