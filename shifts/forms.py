"""Forms of the shifts. The sheet's own form keeps what was typed, whatever is pressed."""

from decimal import Decimal
from uuid import uuid4

from django import forms
from django.db.models import Case, When
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.models import Estate
from estates.typed import clean_text, parse_moment
from shifts.models import Handover
from shifts.seats import SEAT_CHOICES, SEATS
from shifts.sheet import Sheet
from shifts.statuses import Refusal


class Person(forms.ModelChoiceField):
    def label_from_instance(self, staff):
        return f"{staff.name} · {staff.get_post_display()}"


def successors_of(handover: Handover, *, stand_ins: bool = True):
    """Everybody who may take a shift of that seat over; those of the seat itself come first."""
    seat = SEATS[handover.seat]
    may = (*seat.sitters, *(seat.stand_ins if stand_ins else ()))
    return (
        Staff.objects.active()
        .filter(post__in=may, memberships__estate=handover.estate_id)
        .order_by(Case(When(post__in=seat.sitters, then=0), default=1), "name", "pk")
    )


class SheetForm(forms.ModelForm):
    """Texts, the successor and the counted numbers; ticks and reasons are read from the items."""

    successor = Person(Staff.objects.none(), label=_("接班人"), required=False)

    class Meta:
        model = Handover
        fields = ["successor", "events", "equipment", "cleanliness", "bills", "note"]
        widgets = {
            "events": forms.Textarea(attrs={"rows": 2}),
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, data=None, *, sheet: Sheet, reader: Staff):
        super().__init__(data, instance=sheet.handover)
        self.sheet = sheet
        found = successors_of(sheet.handover, stand_ins=not sheet.colleagues)
        self.fields["successor"].queryset = found.exclude(pk=reader.pk)
        if sheet.successor:
            self.initial["successor"] = sheet.successor.pk

    def typed(self, codes: list[str]) -> dict:
        """What ``write`` keeps. An item without its tick is struck, with whatever reason.

        ``shown`` are the items of the page as it was sent; others were not there to be struck.
        """
        kept = set(self.data.getlist("carry"))
        shown = set(self.data.get("seen", "").split())
        strikes = {
            key: clean_text(self.data.get(f"reason-{key}", ""))[:200] for key in shown - kept
        }
        counted = {code: clean_text(self.data.get(f"count-{code}", ""))[:16] for code in codes}
        return {**self.cleaned_data, "strikes": strikes, "counted": counted}

    def _post_clean(self):
        """What was typed is written by the action, not onto the instance."""

    def clean(self):
        data = super().clean()
        return {
            name: clean_text(value) if isinstance(value, str) else value
            for name, value in data.items()
        }


class PasswordForm(forms.Form):
    """The successor signs on this machine with his own password."""

    password = forms.CharField(
        label=_("接班人登录密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("接班人输入自己的登录密码")},
    )


class RefuseForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("拒接原因"),
        choices=Refusal.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("选一个拒接原因")},
    )
    note = forms.CharField(label=_("说明"), max_length=300, required=False)


class CheckForm(forms.Form):
    is_good = forms.TypedChoiceField(
        label=_("抽查结果"),
        choices=[("1", _("合格")), ("0", _("不合格"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("抽查意见"), max_length=300, required=False)


class SettleForm(forms.Form):
    """One thing that a sheet raised, and what a superior found about it."""

    kind = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("查到什么、怎么处理"),
        max_length=300,
        error_messages={"required": _("写明查到什么、怎么处理")},
    )


class SuccessorForm(forms.Form):
    """Somebody else takes a given shift over."""

    successor = Person(
        Staff.objects.none(),
        label=_("换成谁接班"),
        error_messages={"required": _("选择接班人")},
    )

    def __init__(self, *args, handover: Handover, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = successors_of(handover).exclude(
            pk__in=[handover.giver_id, handover.successor_id]
        )


class CashForm(forms.Form):
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    estate = forms.ModelChoiceField(Estate.objects.none(), label=_("项目"), empty_label=None)
    way = forms.ChoiceField(
        label=_("收或支"), choices=[("in", _("收入")), ("out", _("支出"))], widget=forms.RadioSelect
    )
    amount = forms.DecimalField(
        label=_("金额(元)"), min_value=Decimal("0.01"), max_digits=10, decimal_places=2
    )
    reason = forms.CharField(
        label=_("事由"), max_length=200, error_messages={"required": _("写明事由")}
    )

    def __init__(self, *args, staff: Staff, **kwargs):
        super().__init__(*args, **kwargs)
        _offer_estates(self, staff)


class InstructionForm(forms.Form):
    estate = forms.ModelChoiceField(Estate.objects.none(), label=_("项目"), empty_label=None)
    seat = forms.ChoiceField(label=_("交给"), choices=SEAT_CHOICES)
    text = forms.CharField(
        label=_("交办什么"), max_length=200, error_messages={"required": _("写交办什么")}
    )
    due = forms.CharField(
        label=_("期限"), max_length=40, initial=_("明天18点"), help_text=_("如 明天18点、周五下午")
    )

    def __init__(self, *args, staff: Staff, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now
        _offer_estates(self, staff)

    def clean_due(self):
        due = parse_moment(self.cleaned_data["due"], self.now)
        if due is None:
            raise forms.ValidationError(_("写一个时间, 如 明天18点"))
        return due


def _offer_estates(form: forms.Form, staff: Staff) -> None:
    estates = Estate.objects.visible_to(staff)
    form.fields["estate"].queryset = estates
    form.own_estates = list(estates)
    if form.own_estates:
        form.initial.setdefault("estate", form.own_estates[0].pk)
    if len(form.own_estates) == 1:
        form.fields["estate"].widget = forms.HiddenInput()
