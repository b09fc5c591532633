"""Forms of a scheme: drafted, and published."""

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal.items import Group, items_of
from appraisal.schemes import Terms
from rulebook.models import SOP


class SchemeForm(forms.Form):
    """Full marks per item, group → item, and the procedures that may be cited."""

    def __init__(self, *args, terms: Terms, **kwargs):
        super().__init__(*args, **kwargs)
        items = items_of(terms.post)
        self.items = list(items)
        for item, label in items.items():
            self.fields[f"full_{item}"] = forms.DecimalField(
                label=label, min_value=0, max_value=100, decimal_places=2,
                initial=f"{terms.full[item].normalize():f}",
            )  # fmt: skip
        for group in Group:
            self.fields[f"group_{group}"] = forms.ChoiceField(
                label=group.label, choices=list(items.items()), initial=terms.groups[group]
            )
        names = list(SOP.objects.values_list("code", "name"))
        self.fields["sops"] = forms.MultipleChoiceField(
            label=_("可引用的规程"), choices=names, initial=list(terms.sops),
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
        self.fields["other_sops"] = forms.MultipleChoiceField(
            label=_("可在“其他规程”一项引用的规程"), choices=names, initial=list(terms.other_sops),
            widget=forms.CheckboxSelectMultiple, required=False,
        )  # fmt: skip
        self.fields["note"] = forms.CharField(label=_("说明"), max_length=200, required=False)

    def drafted(self) -> dict:
        data = self.cleaned_data
        return {
            "full": {item: data[f"full_{item}"] for item in self.items},
            "groups": {group.value: data[f"group_{group}"] for group in Group},
            "sops": data["sops"],
            "other_sops": data["other_sops"],
            "note": data["note"],
        }


class PublishForm(forms.Form):
    effective_on = forms.DateField(
        label=_("生效日期"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
