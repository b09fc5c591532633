"""Forms of an appeal: what is said, what is decided, and who decides."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal.forms.lines import ProofForm


class AppealForm(ProofForm):
    text = forms.CharField(label=_("申诉理由"), widget=forms.Textarea({"rows": 3}))
    lines = forms.ModelMultipleChoiceField(
        None, label=_("申诉的扣分"), widget=forms.CheckboxSelectMultiple
    )
    label = forms.CharField(label=_("照片或口头证据的说明"), max_length=200, required=False)
    photo = forms.FileField(label=_("证据照片"), required=False)

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lines"].queryset = lines
        self.fields["lines"].label_from_instance = lambda each: (
            f"{each.item_label} -{each.standing.normalize():f} · {each.fact[:40]}"
        )


class DecisionForm(forms.Form):
    """How much of every point stands, and why."""

    decision = forms.CharField(label=_("裁定理由"), widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args, points, **kwargs):
        super().__init__(*args, **kwargs)
        for point in points:
            self.fields[f"kept_{point.deduction_id}"] = forms.DecimalField(
                label=_("裁定后扣分: %(what)s") % {"what": point.deduction},
                min_value=0,
                max_value=point.standing,
                decimal_places=2,
                initial=f"{point.standing.normalize():f}",
                help_text=_("0 为撤回, %(all)s 为维持")
                % {"all": f"{point.standing.normalize():f}"},
            )
        self.order_fields([*[name for name in self.fields if name != "decision"], "decision"])

    def kept(self) -> dict[int, Decimal]:
        return {
            int(name.removeprefix("kept_")): value
            for name, value in self.cleaned_data.items()
            if name.startswith("kept_")
        }


class ReviewerForm(forms.Form):
    reviewer = forms.ModelChoiceField(None, label=_("复核人"))

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].queryset = people
        self.fields["reviewer"].label_from_instance = lambda each: (
            f"{each.name} ({each.get_post_display()})"
        )
