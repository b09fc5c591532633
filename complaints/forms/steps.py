"""One form per verb: shape and choices; what the state allows is for the actions to say."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from accounts.posts import POSTS
from complaints.actions.callbacks import message_for, messages_left
from complaints.choices import Category, Cause, Department, Method, Validity
from complaints.models import Complaint
from contacts.forms import message_field
from contacts.reaching import CALL, GIVE_UP, MESSAGE, step_after
from estates.phones import clean_phone
from repairs.forms.steps import moment, text
from repairs.models import Category as RepairCategory
from repairs.models import Priority, Satisfaction
from rulebook.grades import DEFINITIONS

NO_ANSWER, MESSAGE_SENT, GAVE_UP = "no_answer", "message", "unreachable"


def chosen(label, choices, *, missing, **kwargs):
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": missing},
        **kwargs,
    )


def without_none(choices):
    return [(value, label) for value, label in choices if value]


class StepForm(forms.Form):
    """What every step carries: the version of the complaint that the person was looking at."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, complaint: Complaint, staff: Staff, now, **kwargs):
        self.complaint, self.staff, self.now = complaint, staff, now
        kwargs["initial"] = {"version": complaint.version} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def terms(self) -> dict:
        """The keyword arguments of the action."""
        left_out = ("version", "photos")
        return {key: value for key, value in self.cleaned_data.items() if key not in left_out}


class GradeForm(StepForm):
    grade = chosen(_("投诉等级"), [], missing=_("选轻微, 重要或重大"))
    validity = chosen(
        _("是否有效"), without_none(Validity.choices), missing=_("选有效或无效"), initial="valid"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["grade"].choices = [
            (each.code, f"{each.label}: {each.words} ({each.handled_by})") for each in DEFINITIONS
        ]


class AcceptForm(GradeForm):
    category = forms.ChoiceField(label=_("投诉类别"), choices=Category.choices)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].initial = self.complaint.category


class RegradeForm(GradeForm):
    reason = text(_("原因"), missing=_("写明为什么改"), length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["grade"].initial = self.complaint.grade
        self.fields["validity"].initial = self.complaint.validity


class SaidForm(StepForm):
    method = chosen(
        _("回复方式"), Method.choices, missing=_("选电话, 上门或书面"), initial=Method.PHONE
    )
    words = text(_("对业户说了什么"), missing=_("写一句对业户说了什么"), length=1000)


class ContactForm(StepForm):
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)
    how = forms.CharField(
        label=_("怎么联系"), max_length=100, required=False,
        help_text=_("没有电话时写, 如 晚上在家, 上门说"),
    )  # fmt: skip

    def clean_phone(self):
        return clean_phone(self.cleaned_data["phone"])


class ReplyForm(SaidForm):
    feedback = text(_("业户反馈"), required=False, length=500)


class TransferForm(StepForm):
    department = chosen(_("转交部门"), Department.choices, missing=_("选一个部门"))
    words = text(_("转交说明"), required=False)


class ReasonForm(StepForm):
    reason = text(_("原因"), missing=_("写明原因"), length=200)


class WordsForm(StepForm):
    words = text(_("内容"), missing=_("写一句内容"), length=500)


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


def photos_field():
    """Pictures that come along with a form; the door keeps them, whatever becomes of the rest."""
    return forms.FileField(
        label=_("照片 (可不加, 一次最多 9 张)"),
        required=False,
        allow_empty_file=True,
        widget=ManyFiles(attrs={"accept": "image/*,.heic,.heif", "multiple": True}),
    )


class VerifyForm(StepForm):
    investigation = text(_("核实情况"), rows=3, missing=_("写一句核实到什么"), length=2000)
    cause = forms.ChoiceField(label=_("原因类别"), choices=Cause.choices, required=False)
    cause_words = text(_("原因分析"), required=False, length=1000)
    photos = photos_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cause"].initial = self.complaint.cause
        self.fields["cause_words"].initial = self.complaint.cause_words


class DecideForm(StepForm):
    plan = text(_("处理意见"), rows=3, missing=_("写一句打算怎么处理"), length=2000)


class MeasuresForm(StepForm):
    measures = text(_("处理措施和结果"), rows=3, missing=_("写一句怎么处理的"), length=2000)
    photos = photos_field()


class RepairForm(StepForm):
    content = text(_("报修内容"), missing=_("写一句报修内容"), length=500)
    category = forms.ChoiceField(label=_("类别"), choices=RepairCategory.choices)
    priority = forms.ChoiceField(
        label=_("紧急程度"),
        choices=[(value, label) for value, label in Priority.choices if value != "appointment"],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["content"].initial = self.complaint.content[:500]
        self.fields["category"].initial = RepairCategory.OTHER
        self.fields["priority"].initial = Priority.NORMAL


class ExtensionForm(StepForm):
    reason = text(_("延期原因"), missing=_("写明延期原因"), length=300)
    new_promise = moment(_("新的时限"))


class DecisionForm(StepForm):
    note = text(_("审批意见"), required=False, length=300)


class ToldForm(StepForm):
    told_at = moment(_("告知业户时间"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["told_at"].initial = self.now

    def clean_told_at(self):
        # The field knows minutes only: this minute is neither before the approval nor to come.
        told = self.cleaned_data["told_at"]
        return self.now if told == self.now.replace(second=0, microsecond=0) else told


class CallerForm(StepForm):
    caller = forms.ModelChoiceField(
        Staff.objects.none(),
        label=_("回访人"),
        error_messages={"required": _("选一位回访人")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        codes = [post.code for post in POSTS if "complaints.call_back" in post.permissions]
        self.fields["caller"].queryset = (
            Staff.objects.active()
            .filter(post__in=codes, memberships__estate=self.complaint.estate_id)
            .distinct()
            .order_by("name", "pk")
        )


class CallBackForm(StepForm):
    FAILED = {
        CALL: (NO_ANSWER, _("没打通")),
        MESSAGE: (MESSAGE_SENT, _("没打通, 已发消息")),
        GIVE_UP: (GAVE_UP, _("多次没打通, 结束回访")),
    }
    outcome = chosen(
        _("回访结果"), (*Satisfaction.choices, *FAILED.values()), missing=_("选一个回访结果")
    )
    message = message_field()
    method = chosen(_("回访方式"), Method.choices, missing=_("选回访方式"), initial=Method.PHONE)
    note = text(_("业户说了什么"), required=False)
    signed = forms.CharField(label=_("业户签名(上门)"), max_length=40, required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client_key"].initial = uuid4
        step = step_after(messages_left(self.complaint), now=self.now)
        self.fields["outcome"].widget.choices = [*Satisfaction.choices, self.FAILED[step]]
        if step == MESSAGE:
            self.fields["message"].initial = message_for(self.complaint)
            self.fields["message"].help_text = _("复制后用手机或微信发出, 再记“没打通, 已发消息”")
        elif not self.is_bound:
            del self.fields["message"]


class CloseForm(StepForm):
    cause = forms.ChoiceField(
        label=_("原因类别"),
        choices=without_none(Cause.choices),
        error_messages={"required": _("选一个原因类别")},
    )
    cause_words = text(_("原因分析"), missing=_("写一句原因分析"), length=1000)
    responsibility = text(_("责任认定"), missing=_("写明谁的责任, 或无责任"), length=500)
    corrective = text(_("纠正措施"), missing=_("写纠正措施: 这一次怎么改"), length=1000)
    preventive = text(_("预防措施"), missing=_("写预防措施: 以后怎么不再发生"), length=1000)
    opinion = text(_("经理意见"), required=False, length=500)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("cause", "cause_words", "responsibility", "corrective", "preventive"):
            self.fields[name].initial = getattr(self.complaint, name)


class NoteForm(StepForm):
    text = text(_("备注"), missing=_("备注里还没有字"), length=1000)
    is_correction = forms.BooleanField(label=_("这是对记录的更正"), required=False)


FORMS = {
    "accept": AcceptForm,
    "add_contact": ContactForm,
    "approve_extension": DecisionForm,
    "ask_extension": ExtensionForm,
    "call_back": CallBackForm,
    "close": CloseForm,
    "decide": DecideForm,
    "escalate": WordsForm,
    "explain": SaidForm,
    "finish": MeasuresForm,
    "first_reply": SaidForm,
    "give_view": WordsForm,
    "gm_answer": WordsForm,
    "name_caller": CallerForm,
    "note": NoteForm,
    "open_repair": RepairForm,
    "refuse_extension": DecisionForm,
    "refuse_review": ReasonForm,
    "regrade": RegradeForm,
    "reply": ReplyForm,
    "send_back": ReasonForm,
    "solve_at_once": MeasuresForm,
    "tell_extension": ToldForm,
    "transfer": TransferForm,
    "verify": VerifyForm,
}
