"""Forms of the door and the phone: shape and choices; the rules are in the actions."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.forms import message_field
from contacts.reaching import CALL, GIVE_UP, MESSAGE
from contacts.reaching import OUTCOMES as OUTCOMES_OF_CALLS
from estates.household import household_of
from estates.inputs import DayInput, MomentInput
from estates.models import Resident, Unit, building_ids_of
from estates.phones import clean_phone
from estates.typed import clean_text
from repairs.happened import OLDEST, happened
from repairs.models import Satisfaction
from visits.actions.recording import MET, MISSED, OUTCOMES, REFUSED
from visits.models import CallMethod, Department, ResidentChange, Visit, VisitKind

TOPICS = (_("停车"), _("保洁"), _("维修"), _("秩序"), _("绿化"), _("邻里"))


class TypedField(forms.CharField):
    """Text as people type it: NUL and control signs are dropped, not refused."""

    def to_python(self, value):
        return clean_text(super().to_python(value))


def words(label, *, length=200, rows=0, **options):
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput
    return TypedField(label=label, required=False, max_length=length, widget=widget, **options)


class SentForm(forms.Form):
    """What every form of the outbox carries: its key, the phone's time, whether it had to wait."""

    client_key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": _("这一页没有编号。刷新页面再记")}
    )
    happened_at = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    kept = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def when(self, *, now: datetime) -> datetime:
        """When it happened: by the paper it was first written on, else by the phone."""
        return self.cleaned_data.get("took_place_at") or happened(
            self.cleaned_data.get("happened_at", ""), now=now
        )


class PaperForm(SentForm):
    """What may also be written on the printed form first, and entered later."""

    took_place_at = forms.DateTimeField(
        label=_("实际时间 (先记在纸上的)"), required=False, widget=MomentInput()
    )

    def clean_took_place_at(self):
        moment, now = self.cleaned_data["took_place_at"], timezone.now()
        if moment and moment > now:
            raise ValidationError(_("实际时间还没有到"))
        if moment and moment < now - OLDEST:
            raise ValidationError(_("最早补录 60 天以内的"))
        return moment


class VisitForm(PaperForm):
    outcome = forms.ChoiceField(
        label=_("结果"), choices=OUTCOMES, widget=forms.RadioSelect,
        error_messages={"required": _("选见到、不在家或拒访")},
    )  # fmt: skip
    satisfaction = forms.ChoiceField(
        label=_("满意程度"), choices=Satisfaction.choices, required=False, widget=forms.RadioSelect
    )
    new_date = forms.DateField(label=_("改约日期"), required=False, widget=DayInput())
    note = words(_("备注 (如门上留了条)"))
    refusal = words(_("拒访原因"))
    resident = forms.ModelChoiceField(
        label=_("受访业户"),
        queryset=Resident.objects.none(),
        required=False,
        empty_label=_("没问姓名"),
    )
    companions = words(_("陪同人"), length=60)
    content = words(_("走访内容"), length=2000, rows=2)
    suggestion = words(_("业户意见建议"), length=2000, rows=3)
    measure = words(_("处理措施"), length=500)
    department = forms.ChoiceField(
        label=_("责任部门"), choices=[("", "—"), *Department.choices], required=False
    )
    finish_by = forms.DateField(label=_("完成时限"), required=False, widget=DayInput())
    signed = words(_("业户签名 (可不签)"), length=40)
    new_name = words(_("姓名改为"), length=60)
    new_phone = words(_("电话改为"), length=60)
    new_note = words(_("备注改为"))

    def __init__(self, *args, visit: Visit, **kwargs):
        today = timezone.localdate()
        kwargs["initial"] = {"outcome": MET, "new_date": today + timedelta(days=3)} | (
            kwargs.get("initial") or {}
        )
        super().__init__(*args, **kwargs)
        self.visit = visit
        home = household_of(visit.unit, today=today)
        self.people = [row.resident for row in home.residences]
        field = self.fields["resident"]
        field.queryset = Resident.objects.filter(pk__in=[person.pk for person in self.people])
        # The people are read already; the field's own choices would read them again.
        field.choices = [("", field.empty_label), *((p.pk, p.name) for p in self.people)]
        if self.people:
            self.initial.setdefault("resident", self.people[0].pk)

    def clean_new_phone(self):
        """A number that is none is asked about at the door; one that a phone kept goes to the desk."""
        typed = self.cleaned_data["new_phone"]
        try:
            return clean_phone(typed)
        except ValidationError:
            if self.cleaned_data.get("kept"):
                return typed
            raise

    def terms(self) -> dict:
        """The keyword arguments of ``actions.record``; what belongs to another outcome is left out."""
        data = self.cleaned_data
        terms = {"outcome": data["outcome"], "client_key": data["client_key"], "kept": data["kept"]}
        if data["outcome"] == MISSED:
            return terms | {"new_date": data["new_date"], "note": data["note"]}
        person = data["resident"]
        found = {
            name: data[name]
            for name in ("companions", "content", "suggestion", "measure", "department", "signed",
                         "finish_by", "satisfaction")
        }  # fmt: skip
        found |= {"resident": person, "resident_name": person.name if person else ""}
        if data["outcome"] == REFUSED:
            found |= {"satisfaction": "", "signed": ""}
            return terms | found | {"refusal": data["refusal"]}
        return terms | found

    def changes(self) -> list[tuple[Resident, str, str]]:
        """What is proposed to change, as (resident, field, new value)."""
        data = self.cleaned_data
        person = data.get("resident")
        if not person or data["outcome"] != MET:
            return []
        fields = ResidentChange.Field
        wanted = ((fields.NAME, "new_name"), (fields.PHONE, "new_phone"), (fields.NOTE, "new_note"))
        return [(person, field, data[name]) for field, name in wanted if data[name]]


class PlanForm(forms.Form):
    room = TypedField(label=_("房号"), max_length=30)
    kind = forms.ChoiceField(
        label=_("走访类别"),
        choices=[c for c in VisitKind.choices if c[0] not in (VisitKind.MOVE_IN,)],
        initial=VisitKind.FESTIVAL,
    )
    planned_for = forms.DateField(label=_("计划日期"), widget=DayInput())

    def __init__(self, *args, staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.staff = staff

    def clean_room(self):
        code = self.cleaned_data["room"]
        rows = Unit.objects.visible_to(self.staff).filter(code=code).select_related("estate")
        if self.staff.duty.scope == "area":
            rows = rows.filter(building__in=building_ids_of(self.staff))
        unit = rows.first()
        if unit is None:
            raise ValidationError(_("没有找到房号“%(code)s”。写全, 如 3-2-1102") % {"code": code})
        return unit


class WordsForm(forms.Form):
    """One sentence: what was done, why not, or the superior's opinion."""

    text = TypedField(label=_("意见"), required=False, max_length=500,
                      widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip


class ReachForm(SentForm):
    """Somebody was reached, or not: what the ladder of tries offers now (``step``)."""

    REACHED: Sequence[tuple] = ()  # the results of having spoken to somebody
    FAILED = {
        step: (outcome, OUTCOMES_OF_CALLS[outcome])
        for step, outcome in ((CALL, "no_answer"), (MESSAGE, "message"), (GIVE_UP, "give_up"))
    }
    outcome = forms.ChoiceField(
        label=_("结果"), widget=forms.RadioSelect,
        error_messages={"required": _("选一个回访结果")},
    )  # fmt: skip
    message = message_field()

    def __init__(self, *args, step: str, **kwargs):
        super().__init__(*args, **kwargs)
        # A page that a phone kept may stand on an earlier step: any outcome is read, these are shown.
        self.fields["outcome"].choices = [*self.REACHED, *self.FAILED.values()]
        self.fields["outcome"].widget.choices = [*self.REACHED, self.FAILED[step]]

    def sent_message(self) -> str | None:
        """The words of the message that was left; None where it was a mere call."""
        data = self.cleaned_data
        return data["message"] if data["outcome"] == "message" else None


class AnswerForm(ReachForm):
    """An answer that is owed to somebody who called or wrote: 回电, 答复来电人."""

    REACHED = (("answered", OUTCOMES_OF_CALLS["answered"]),)
    answer = words(_("说了什么"), length=1000, rows=2)
    field_order = ("outcome", "answer")

    def __init__(self, *args, needs_words: bool, **kwargs):
        kwargs["initial"] = {"outcome": "answered"} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        if needs_words:
            self.fields["answer"].label = _("回电说了什么")


class CallForm(ReachForm):
    """The resident's opinion of what was done, or a try that failed."""

    REACHED = Satisfaction.choices
    method = forms.ChoiceField(
        label=_("回访方式"), choices=CallMethod.choices, required=False,
        initial=CallMethod.PHONE,
    )  # fmt: skip
    signed = words(_("业户签名 (上门时)"), length=40)

    @property
    def opens_more(self) -> bool:
        """Whether something is wrong with what the page has folded away."""
        return bool(set(self.errors) - {"outcome", "note", "message"})

    def opinion(self) -> dict:
        """The fields of the answer beside the satisfaction."""
        return {"method": self.cleaned_data["method"] or CallMethod.PHONE.value} | {
            name: self.cleaned_data[name] for name in (*self.WORDS, "signed")
        }


class CallbackForm(CallForm, PaperForm):
    """The call-back of help, services and activities."""

    WORDS = ("quality", "effect", "weak_points", "suggestion")
    quality = words(_("质量评价"))
    effect = words(_("服务效果评价"))
    weak_points = words(_("缺点与不足"), length=500)
    suggestion = words(_("业户建议"), length=500)
    field_order = ("outcome", *WORDS, "method", "signed", "took_place_at")


class ComplaintCallForm(CallForm):
    """The call-back of a complaint; the complaint keeps it."""

    WORDS = ("note",)
    note = words(_("业户说了什么 (不满意时必写)"), length=500, rows=2)
    field_order = ("outcome", "note", "method", "signed")
