"""Forms of the appraisal; the rules stand in the actions."""

from collections.abc import Mapping
from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appraisal.arithmetic import Marks
from appraisal.items import Cause, Grade, Group, Kind, items_of
from appraisal.replay import Trial
from appraisal.rules import rule_of
from appraisal.schemes import BAND_KEYS, MARK_KEYS, MONTH_KEYS, MonthTerms, Terms
from estates.models import Estate
from followups.evidence import Record
from rulebook.models import SOP
from rulebook.numbers import number_of

# What a trial may change: points of the grades, weights of the kinds, floors of the bands. The
# most that bad consequences take is the item itself, whatever the usual most.
TRIED = (
    *(name for name in MARK_KEYS if name != "consequence_most"),
    *(key.removeprefix("appraisal.") for key in MONTH_KEYS),
)


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


class FooterForm(forms.Form):
    improvement = forms.CharField(
        label=_("改进要求"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )
    improve_by = forms.DateField(
        label=_("整改期限"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    by_handbook = forms.BooleanField(label=_("严重违反, 按员工手册处理"), required=False)
    handbook_note = forms.CharField(label=_("手册处理说明"), max_length=300, required=False)


class EvidenceForm(ProofForm):
    label = forms.CharField(label=_("照片或口头证据的说明"), max_length=200, required=False)
    photo = forms.FileField(label=_("照片"), required=False)


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


class DrawForm(forms.Form):
    count = forms.IntegerField(label=_("抽几人"), min_value=1, max_value=50, initial=2)


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
