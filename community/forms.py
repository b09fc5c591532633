"""One form per step: shape and choices; what the state allows is for the actions to say."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from community.models import CommunityEvent, Questionnaire, Survey, Topic, Verdict
from community.models.suggestions import Origin
from estates import lookup
from estates.models import Unit
from estates.phones import clean_phone
from estates.typed import clean_text


class TypedField(forms.CharField):
    """Text as people type it: NUL and control signs are dropped, not refused."""

    def to_python(self, value):
        return clean_text(super().to_python(value))


def words(label, *, rows=2, most=300, required=True, missing="", **kwargs):
    return TypedField(
        label=label,
        required=required,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing or _("这一项要写")},
        **kwargs,
    )


def line(label, *, most=60, required=True, **kwargs):
    return TypedField(
        label=label, required=required, max_length=most,
        error_messages={"required": _("这一项要写")}, **kwargs,
    )  # fmt: skip


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self):
        super().__init__(format="%Y-%m-%dT%H:%M")


def day(label, **kwargs):
    return forms.DateField(
        label=label, widget=DayInput(),
        error_messages={"required": _("写明日期"), "invalid": _("日期写成 2026-11-23 这样")},
        **kwargs,
    )  # fmt: skip


def money(label, **kwargs):
    return forms.DecimalField(
        label=label, max_digits=10, decimal_places=2, min_value=0,
        widget=forms.NumberInput(attrs={"min": "0", "step": "0.01", "inputmode": "decimal"}),
        error_messages={"required": _("写明金额, 没有就写 0"), "invalid": _("金额写数字, 如 1280.50")},
        **kwargs,
    )  # fmt: skip


def colleagues(estate, post=None):
    """The active people of an estate, by name."""
    return Staff.objects.active().filter(memberships__estate=estate).order_by("name", "pk")


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, staff):
        return f"{staff.name} · {staff.get_post_display()}"


def person(label, **kwargs):
    return PersonField(
        label=label, queryset=Staff.objects.none(),
        error_messages={"required": _("选一个人"), "invalid_choice": _("选一个在职的人")}, **kwargs,
    )  # fmt: skip


class StepForm(forms.Form):
    """What every step carries: the version of the record that the person was looking at."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, record, staff, now, **kwargs):
        self.record, self.staff, self.now = record, staff, now
        kwargs["initial"] = {"version": record.version} | (kwargs.get("initial") or {})
        super().__init__(data, **kwargs)
        if "owner" in self.fields:
            self.fields["owner"].queryset = colleagues(self.estate)

    @property
    def estate(self):
        return (
            self.record.survey.estate_id
            if hasattr(self.record, "survey")
            else self.record.estate_id
        )

    def terms(self) -> dict:
        """The keyword arguments of the action."""
        return {key: value for key, value in self.cleaned_data.items() if key != "version"}


class OpinionForm(StepForm):
    opinion = words(_("意见"), required=False)


class SendBackForm(StepForm):
    opinion = words(_("要改什么"))


class ReasonForm(StepForm):
    reason = words(_("原因"), most=200)


class CountForm(StepForm):
    shortfall = words(
        _("未达标说明"), required=False, help_text=_("发放率、回收率低于规定或提前截止时写明原因")
    )


class ReportForm(StepForm):
    analysis = words(_("分析报告"), rows=8, most=5000, help_text=_("问题在哪里, 原因, 打算怎么办"))


class PublicForm(StepForm):
    where = line(_("公示方式"), most=120, help_text=_("如 各楼公告栏和业户群, 11月30日"))


class MeasureForm(StepForm):
    topic = forms.ChoiceField(label=_("项目"), choices=Topic.choices)
    problem = words(_("问题"))
    what = words(_("措施"))
    owner = person(_("责任人"))
    due_on = day(_("完成时间"))


class ResultForm(StepForm):
    result = words(_("结果"), most=500)


class OwnerForm(StepForm):
    owner = person(_("交给"))


class WishForm(StepForm):
    what = line(_("希望的活动"))
    households = forms.IntegerField(label=_("户数"), min_value=1, max_value=100000)


class AskedForm(StepForm):
    asked = forms.IntegerField(label=_("一共调查了几户"), min_value=1, max_value=100000)


class PlanNoteForm(StepForm):
    note = words(_("计划说明"), rows=4, most=2000, help_text=_("按意向怎样安排, 经费合计多少"))


class NoticeForm(StepForm):
    notice = words(
        _("通知内容"), rows=4, most=1000, help_text=_("时间、地点、怎么报名, 贴在哪里发在哪里")
    )


class HeldForm(StepForm):
    attendance = forms.IntegerField(label=_("参加人数"), min_value=0, max_value=100000)
    spent = money(_("决算(元)"))
    evaluation = words(_("效果评价"), rows=3, most=1000)


class ParticipantsForm(StepForm):
    lines = words(
        _("参加业户"), rows=6, most=20000,
        help_text=_("每行一户: 房号 姓名 电话, 如 3-2-1102 王秀梅 13912341234"),
    )  # fmt: skip


class SummaryForm(StepForm):
    summary = words(_("总结"), rows=6, most=3000)


class AnswerForm(StepForm):
    verdict = forms.ChoiceField(label=_("处理"), choices=Verdict.choices)
    answer = words(_("怎样答复业户的"), rows=3, most=1000)
    topic = forms.ChoiceField(label=_("项目"), choices=Topic.choices, required=False)

    def __init__(self, data=None, *, record, **kwargs):
        super().__init__(data, record=record, initial={"topic": record.topic}, **kwargs)


# --- records written by a form of their own ----------------------------------------------------


class EstateMixin:
    """Asks for the estate only of those who work for several."""

    def _choose_estate(self, estates):
        self.estates = estates
        if len(estates) == 1:
            del self.fields["estate"]
        else:
            self.fields["estate"].choices = [(each.pk, each.name) for each in estates]

    def chosen_estate(self):
        if len(self.estates) == 1:
            return self.estates[0]
        wanted = int(self.cleaned_data["estate"])
        return next(each for each in self.estates if each.pk == wanted)


class SurveyForm(EstateMixin, forms.ModelForm):
    estate = forms.ChoiceField(label=_("项目"))
    share = forms.IntegerField(
        label=_("抽取比例(%)"), min_value=1, max_value=100, initial=100,
        help_text=_("占已入住户; 100 即全部发放"),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Survey
        fields = ("estate", "title", "purpose", "audience", "starts_on", "ends_on", "share")
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 2}),
            "starts_on": DayInput(),
            "ends_on": DayInput(),
        }

    def __init__(self, *args, estates, **kwargs):
        super().__init__(*args, **kwargs)
        self._choose_estate(estates)
        if "estate" in self.fields and self.instance.pk:
            del self.fields["estate"]

    def _post_clean(self):
        """The action checks what belongs together; nothing is written to the instance here."""


class QuestionForm(forms.Form):
    topic = forms.ChoiceField(label=_("项目"), choices=Topic.choices, required=False)
    text = TypedField(label=_("问题"), max_length=120, required=False)
    is_free = forms.BooleanField(label=_("文字回答"), required=False)


QuestionFormSet = forms.formset_factory(QuestionForm, extra=3, max_num=20, absolute_max=30)


class EventForm(EstateMixin, forms.ModelForm):
    estate = forms.ChoiceField(label=_("项目"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    owner = person(_("负责人"))

    class Meta:
        model = CommunityEvent
        fields = (
            "estate", "theme", "starts_at", "place", "owner", "budget", "purpose", "audience",
            "programme", "equipment", "division", "safety",
        )  # fmt: skip
        widgets = {
            "starts_at": MomentInput(),
            "programme": forms.Textarea(attrs={"rows": 3}),
            "division": forms.Textarea(attrs={"rows": 2}),
            "safety": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, estates, **kwargs):
        super().__init__(*args, **kwargs)
        self._choose_estate(estates)
        if "estate" in self.fields and self.instance.pk:
            del self.fields["estate"]
        self.fields["owner"].queryset = (
            Staff.objects.active()
            .filter(memberships__estate__in=[each.pk for each in estates])
            .distinct()
            .order_by("name", "pk")
        )

    def _post_clean(self):
        """As for a survey."""


class PlanForm(EstateMixin, forms.Form):
    estate = forms.ChoiceField(label=_("项目"))
    year = forms.IntegerField(label=_("年度"), min_value=2020, max_value=2100)
    half = forms.TypedChoiceField(
        label=_("半年"), choices=[(1, _("上半年")), (2, _("下半年"))], coerce=int
    )

    def __init__(self, *args, estates, **kwargs):
        super().__init__(*args, **kwargs)
        self._choose_estate(estates)


class HouseholdMixin:
    """A household by what people type: a room, a phone, a name of the own estate."""

    def read_room(self, text, staff) -> Unit | None:
        if not text:
            return None
        matches = [match for match in lookup.find(text, staff=staff, limit=6) if match.unit]
        best = [match for match in matches if match.rank == matches[0].rank]
        units = {match.unit.pk: match.unit for match in best}
        if len(units) == 1:
            return best[0].unit
        if not units:
            raise ValidationError(_("没有找到“%(text)s”。写房号, 如 3-2-1102") % {"text": text})
        codes = "、".join(unit.code for unit in list(units.values())[:4])
        raise ValidationError(_("“%(text)s”对得上几户: %(codes)s。写完整房号")
                              % {"text": text, "codes": codes})  # fmt: skip


class SuggestionForm(EstateMixin, HouseholdMixin, forms.Form):
    estate = forms.ChoiceField(label=_("项目"))
    room = line(_("房号"), most=30, required=False, help_text=_("不知道哪一户可以不写"))
    name = line(_("建议人"), required=False)
    phone = line(_("联系电话"), required=False)
    origin = forms.ChoiceField(label=_("来源"), choices=Origin.choices)
    topic = forms.ChoiceField(label=_("项目分类"), choices=Topic.choices)
    content = words(_("建议内容"), rows=4, most=2000, missing=_("写业户建议的内容"))

    def __init__(self, *args, staff, estates, **kwargs):
        super().__init__(*args, **kwargs)
        self.staff = staff
        self._choose_estate(estates)

    def clean_room(self):
        return self.read_room(self.cleaned_data["room"], self.staff)

    def clean_phone(self):
        return clean_phone(self.cleaned_data["phone"])


class ReturnForm(forms.Form):
    """A household's answers: five levels per question, free words, an opinion, a suggestion."""

    def __init__(self, data=None, *, questions, **kwargs):
        super().__init__(data, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[f"q{question.pk}"] = forms.CharField(required=False, label=question.text)
        self.fields["opinion"] = forms.CharField(required=False, label=_("意见"))
        self.fields["suggestion"] = forms.CharField(required=False, label=_("建议"))

    def clean(self):
        for question in self.questions:
            typed = self.cleaned_data.get(f"q{question.pk}", "").strip()
            if not question.is_free and typed and typed not in ("1", "2", "3", "4", "5"):
                self.add_error(f"q{question.pk}", _("评价只有五级: 5 很满意 … 1 不满意"))
        return self.cleaned_data

    def answers(self) -> dict:
        """``scores``, ``texts``, ``opinion`` and ``suggestion`` for the action."""
        scores, texts = {}, {}
        for question in self.questions:
            typed = self.cleaned_data.get(f"q{question.pk}", "").strip()
            if question.is_free:
                texts[question.pk] = typed
            elif typed:
                scores[question.pk] = int(typed)
        return {
            "scores": scores, "texts": texts, "opinion": self.cleaned_data.get("opinion", ""),
            "suggestion": self.cleaned_data.get("suggestion", ""),
        }  # fmt: skip


class EntryForm(HouseholdMixin, ReturnForm):
    """The same, typed in by staff from paper: first the room, then one digit a question."""

    def __init__(self, data=None, *, survey, staff, **kwargs):
        super().__init__(data, **kwargs)
        self.survey, self.staff = survey, staff
        self.fields["room"] = forms.CharField(label=_("房号"), max_length=40)
        self.fields["channel"] = forms.ChoiceField(
            label=_("方式"), choices=[("paper", _("纸质")), ("phone", _("电话"))]
        )

    def clean_room(self):
        unit = self.read_room(clean_text(self.cleaned_data["room"]), self.staff)
        rows = Questionnaire.objects.visible_to(self.staff).filter(survey=self.survey, unit=unit)
        form = rows.select_related("survey__estate", "unit").first()
        if form is None:
            raise ValidationError(_("%(room)s 没有这次征询的问卷") % {"room": unit.code})
        if form.returned_at:
            at = timezone.localtime(form.returned_at)
            raise ValidationError(
                _("%(room)s 的问卷 %(at)s 已经收到")
                % {"room": unit.code, "at": f"{at:%m-%d %H:%M}"}
            )
        return form
