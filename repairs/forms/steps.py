"""One form per verb: shape and choices; what the state allows is for the actions to say."""

from decimal import Decimal
from uuid import uuid4

from django import forms
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts import posts
from accounts.models import Staff
from contacts.forms import message_field
from contacts.reaching import CALL, GIVE_UP, MESSAGE
from estates.inputs import MomentInput
from repairs.models import CallbackMethod, Material, Repair, Satisfaction
from repairs.reasons import DELAYS, REFUSALS, choices_of
from repairs.statuses import Status

WORKING = (Status.ACCEPTED, Status.IN_PROGRESS, Status.ARRIVED)


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


def text(label, *, rows=2, required=True, missing="", length=500):
    return forms.CharField(
        label=label,
        required=required,
        max_length=length,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing},
    )


def money(label, **kwargs):
    return forms.DecimalField(label=label, max_digits=10, decimal_places=2, min_value=0, **kwargs)


class StepForm(forms.Form):
    """What every step carries: the version of the slip that the person was looking at."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, repair: Repair, staff: Staff, now, **kwargs):
        self.repair, self.staff, self.now = repair, staff, now
        kwargs["initial"] = {"version": repair.version} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def terms(self) -> dict:
        """The keyword arguments of the action."""
        return {key: value for key, value in self.cleaned_data.items() if key != "version"}


class ChipReasonForm(StepForm):
    """A reason chosen by one tap, or written."""

    chips: tuple = ()
    chip = forms.ChoiceField(label=_("原因"), required=False, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("补充或其他原因"), required=False, max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chip"].choices = choices_of(self.chips)

    def clean(self):
        data = super().clean()
        words = [data.pop("chip", ""), data.get("reason", "").strip()]
        data["reason"] = ", ".join(word for word in words if word)
        return data


class RefuseForm(ChipReasonForm):
    chips = REFUSALS


class ReasonForm(StepForm):
    reason = text(_("原因"), missing=_("写明原因"), length=200)


class NoteForm(StepForm):
    note = text(_("情况"), missing=_("写一句情况"))


class RemarkForm(StepForm):
    text = text(_("备注"), missing=_("备注里还没有字"), length=1000)


class VerbalForm(StepForm):
    name = forms.CharField(
        label=_("谁接的单"), max_length=40, error_messages={"required": _("写工程部是谁接的单")}
    )
    at = moment(_("接单时间"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["at"].initial = self.now

    def clean_at(self):
        # The field knows minutes only: "now" must not lie before the hand-over of this minute.
        at, sent = self.cleaned_data["at"], self.repair.dispatched_at
        return sent if sent and at == sent.replace(second=0, microsecond=0) else at


class RepairerChoice(forms.ModelChoiceField):
    def label_from_instance(self, staff):
        return _("%(name)s (在手 %(load)s)") % {"name": staff.name, "load": staff.load}


def crew_of(*estate_ids: int) -> QuerySet[Staff]:
    """Who repairs in these estates, with the jobs each has in hand; the idlest first."""
    in_hand = (
        Repair.objects.filter(repairer=OuterRef("pk"), status__in=WORKING)
        .order_by()
        .values("repairer")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return (
        Staff.objects.active()
        .filter(post=posts.REPAIRER, memberships__estate__in=estate_ids)
        .annotate(load=Coalesce(Subquery(in_hand), 0))
        .distinct()
        .order_by("load", "name", "pk")
    )


class AssignForm(StepForm):
    repairer = RepairerChoice(
        label=_("维修人员"),
        queryset=Staff.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("选一位维修人员")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["repairer"].queryset = crew_of(self.repair.estate_id)


class CannotComeForm(ChipReasonForm):
    chips = DELAYS
    new_promise = moment(_("新的承诺时间"))
    resident_told_at = moment(_("回复业户时间"), required=False)
    butler_told_at = moment(_("通知管家时间"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.staff.duty.department == posts.ENGINEERING:
            del self.fields["resident_told_at"], self.fields["butler_told_at"]
        elif not self.repair.butler_id:
            del self.fields["butler_told_at"]

    def clean(self):
        data = super().clean()
        called = self.repair.reported_at
        for name in ("resident_told_at", "butler_told_at"):
            # The field knows minutes only: the minute of the call is not before the call.
            if data.get(name) == called.replace(second=0, microsecond=0):
                data[name] = called
        return data


class WaitForm(StepForm):
    status = forms.ChoiceField(
        label=_("等什么"),
        choices=[(s.value, s.label) for s in (Status.WAITING_PARTS, Status.OUTSOURCED)],
        widget=forms.RadioSelect,
    )
    reason = text(_("说明"), missing=_("写一句在等什么"), length=200)
    look_again_at = moment(_("再查看时间"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [
            choice for choice in self.fields["status"].choices if choice[0] != self.repair.status
        ]
        if len(self.fields["status"].choices) == 1:
            self.fields["status"].initial = self.fields["status"].choices[0][0]


class LookAgainForm(StepForm):
    reason = text(_("说明"), missing=_("写一句在等什么"), length=200)
    look_again_at = moment(_("再查看时间"))


class PromiseForm(StepForm):
    promised_at = moment(_("新的承诺完成时间"))
    appointment_at = moment(_("新的上门时间"), required=False)
    reason = text(_("原因"), missing=_('写改约原因, 如"业户不在家"'), length=200)


class FinishForm(StepForm):
    cause = forms.CharField(label=_("故障原因"), max_length=200, required=False)
    work_done = text(_("维修内容"), missing=_("写一句修了什么, 业户和前台都要看"), length=2000)
    labour_fee = money(_("人工费(元)"), required=False)
    paid_by = forms.CharField(label=_("收款方式"), max_length=20, required=False)
    resident_opinion = forms.ChoiceField(
        label=_("业户意见"),
        choices=Satisfaction.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    resident_signed = forms.CharField(label=_("业户签名"), max_length=40, required=False)


class QuoteForm(StepForm):
    amount = money(_("报价(元)"), error_messages={"required": _("写报价, 不收费写 0")})
    note = forms.CharField(label=_("说明"), max_length=200, required=False)


class MaterialForm(StepForm):
    name = forms.CharField(
        label=_("名称"), max_length=60, error_messages={"required": _("写材料名称")}
    )
    spec = forms.CharField(label=_("规格"), max_length=60, required=False)
    quantity = forms.DecimalField(
        label=_("数量"), max_digits=8, decimal_places=2, min_value=Decimal("0.01"), initial=1
    )
    unit_price = money(_("单价(元)"), initial=0)


class RemoveMaterialForm(StepForm):
    material = forms.ModelChoiceField(Material.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["material"].queryset = self.repair.materials.all()


class FeesForm(StepForm):
    labour_fee = money(_("人工费(元)"))
    paid_by = forms.CharField(label=_("收款方式"), max_length=20, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["labour_fee"].initial = self.repair.labour_fee
        self.fields["paid_by"].initial = self.repair.paid_by


class MergeForm(StepForm):
    into = forms.CharField(
        label=_("并入哪一单(单号)"),
        max_length=20,
        error_messages={"required": _("写单号, 后四位也行")},
    )

    def clean_into(self):
        typed = self.cleaned_data["into"].strip()
        found = list(
            Repair.objects.visible_to(self.staff)
            .open()
            .filter(number__endswith=typed, estate=self.repair.estate_id)
            .order_by("-pk")[:2]
        )
        if not found:
            raise forms.ValidationError(
                _("没有未结的 %(typed)s。核对单号"), params={"typed": typed}
            )
        if len(found) > 1:
            raise forms.ValidationError(
                _("%(typed)s 有不止一张, 写完整单号"), params={"typed": typed}
            )
        return found[0]


class CallBackForm(StepForm):
    """Four big choices; a word only where it helps."""

    CHOICES = (
        ("solved:satisfied", _("已解决 · 满意")),
        ("solved:fair", _("已解决 · 基本满意")),
        ("solved:dissatisfied", _("已解决 · 不满意")),
        ("unsolved:", _("未解决")),
        ("no_answer:", _("没打通")),
    )
    LATER = {
        MESSAGE: ("message:", _("没打通, 已发消息")),
        GIVE_UP: ("unreachable:", _("多次没打通, 结束回访")),
    }
    outcome = forms.ChoiceField(
        label=_("回访结果"),
        choices=CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": _("选一个回访结果")},
    )
    method = forms.ChoiceField(
        label=_("回访方式"), choices=CallbackMethod.choices, initial=CallbackMethod.PHONE
    )
    note = text(_("业户说了什么"), required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput)
    # From the outbox of a phone: its own time, and whether the record had to wait.
    happened_at = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    kept = forms.BooleanField(required=False, widget=forms.HiddenInput)

    message = message_field()

    def __init__(self, *args, step=CALL, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client_key"].initial = uuid4
        # A page that a phone kept may stand on an earlier step: any outcome is read, these are shown.
        self.fields["outcome"].choices = [*self.CHOICES, *self.LATER.values()]
        self.fields["outcome"].widget.choices = [
            *self.CHOICES[:-1],
            self.LATER.get(step, self.CHOICES[-1]),
        ]
