"""Forms of a sheet: whom it is about, and what has to get better."""

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal.items import Kind


class NewSheetForm(forms.Form):
    staff = forms.ModelChoiceField(None, label=_("被考评人"))
    kind = forms.ChoiceField(label=_("考评类别"), choices=Kind.choices)
    day = forms.DateField(label=_("考评日期"), widget=forms.DateInput({"type": "date"}))
    slot = forms.CharField(label=_("检查时段"), max_length=40, required=False)

    def __init__(self, *args, people, day, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = people
        self.fields["staff"].label_from_instance = lambda each: (
            f"{each.name} ({each.get_post_display()})"
        )
        self.fields["day"].initial = day.isoformat()


class FooterForm(forms.Form):
    improvement = forms.CharField(
        label=_("改进要求"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )
    improve_by = forms.DateField(
        label=_("整改期限"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    by_handbook = forms.BooleanField(label=_("严重违反, 按员工手册处理"), required=False)
    handbook_note = forms.CharField(label=_("手册处理说明"), max_length=300, required=False)

    def is_filled(self) -> bool:
        """Something is stored already, so that the page shows it."""
        return any(self.initial.values())
