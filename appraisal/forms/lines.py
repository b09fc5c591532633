"""Forms of a deduction: what was found, its causes, and what proves it."""

from collections.abc import Mapping

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appraisal.items import Cause, Grade, Group, items_of
from appraisal.rules import rule_of
from appraisal.schemes import Terms
from followups.evidence import Record
from rulebook.models import SOP


class ProofForm(forms.Form):
    """Records of the house that prove something, picked from a list or pasted as an address.

    ``known``: those that may be picked, by key.
    """

    records = forms.MultipleChoiceField(
        label=_("证据"), required=False,
        error_messages={"invalid_choice": _("选中的记录已经不在列表里, 重新选")},
    )  # fmt: skip
    url = forms.CharField(
        label=_("或贴一条记录的页面地址"), max_length=300, required=False,
        help_text=_("打开那张单或那条登记, 从浏览器地址栏复制; 您自己能打开的才能作证据"),
    )  # fmt: skip

    def __init__(self, *args, known: Mapping[str, Record] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = known or {}
        self.fields["records"].choices = [(key, each.label) for key, each in self.known.items()]

    def picked(self) -> list[Record]:
        """What is ticked, also on a form that was refused for something else."""
        ticked = self["records"].value() or []
        return [self.known[key] for key in ticked if key in self.known]


class DeductionForm(ProofForm):
    """One violation: by a rule with its wording, or by any procedure and clause of the scheme."""

    rule = forms.ChoiceField(label=_("违反的规则"), required=False)
    group = forms.ChoiceField(label=_("归入"), choices=Group.choices, required=False)
    sop = forms.ChoiceField(label=_("依据规程"), required=False)
    clause = forms.CharField(label=_("条款"), max_length=20, required=False)
    fact = forms.CharField(label=_("违规事实"), max_length=500, widget=forms.Textarea({"rows": 2}))
    happened_at = forms.DateTimeField(
        label=_("违规时间"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    grade = forms.ChoiceField(
        label=_("违规等级"),
        choices=[choice for choice in Grade.choices if choice[0] != Grade.RATE],
        widget=forms.RadioSelect,
        initial=Grade.MINOR,
    )
    points = forms.DecimalField(
        label=_("不良后果扣分"), required=False, max_digits=5, decimal_places=2, min_value=0
    )
    reason = forms.CharField(label=_("不良后果理由"), max_length=500, required=False)
    causes = forms.MultipleChoiceField(
        label=_("主观因素(连带扣分)"),
        choices=Cause.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, terms: Terms, now, is_manager=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.terms = terms
        labels = items_of(terms.post)
        by_item: dict[str, list] = {}
        for rule in terms.rules():
            group = self._group(rule)
            choice = (rule.key, f"{rule.clause} {rule.wording}")
            by_item.setdefault(str(labels[terms.item_of(group)]), []).append(choice)
        self.fields["rule"].choices = [("", _("自选规程条款")), *by_item.items()]
        names = dict(SOP.objects.values_list("code", "name"))
        known = dict.fromkeys([*terms.sops, *terms.other_sops])
        self.fields["sop"].choices = [("", _("员工手册"))] + [
            (code, names.get(code, code)) for code in known
        ]
        self.fields["group"].choices = [
            (group.value, f"{labels[terms.item_of(group)]} · {group.label}") for group in Group
        ]
        self.fields["happened_at"].initial = timezone.localtime(now).strftime("%Y-%m-%dT%H:%M")
        if not is_manager:
            del self.fields["causes"]

    def _group(self, rule):
        if rule.sop and rule.sop not in self.terms.sops:
            return Group.OTHER
        return rule.group

    def terms_chosen(self) -> dict:
        """What ``add_deduction`` is to be called with."""
        data = self.cleaned_data
        found = {name: data[name] for name in ("fact", "happened_at", "grade", "points", "reason")}
        found["causes"] = data.get("causes", [])
        if data["rule"]:
            rule = rule_of(data["rule"])
            return found | {
                "rule": rule.key,
                "group": self._group(rule),
                "sop": rule.sop,
                "clause": rule.clause,
            }
        return found | {name: data[name] for name in ("group", "sop", "clause")}


class TakeForm(forms.Form):
    """How a proposal is taken; 引起不良后果 with its points."""

    grade = forms.ChoiceField(choices=Grade.choices)
    points = forms.DecimalField(required=False, max_digits=5, decimal_places=2, min_value=0)


class LinkForm(forms.Form):
    causes = forms.MultipleChoiceField(
        label=_("主观因素"),
        choices=Cause.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class EvidenceForm(ProofForm):
    label = forms.CharField(label=_("照片或口头证据的说明"), max_length=200, required=False)
    photo = forms.FileField(label=_("照片"), required=False)
