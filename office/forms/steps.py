"""One form per step: shape and choices; what the state allows is for the actions to say."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from office import people
from office.forms import fields
from office.models import PlanItem


class StepForm(forms.Form):
    """What every step carries: the version of the paper that the person was looking at."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, paper, staff: Staff, now, **kwargs):
        self.paper, self.staff, self.now = paper, staff, now
        kwargs["initial"] = {"version": paper.version} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def terms(self) -> dict:
        """The keyword arguments of the action."""
        return {key: value for key, value in self.cleaned_data.items() if key != "version"}


class WordsForm(StepForm):
    """A step whose texts are fields of the paper: filled with what is written so far."""

    def __init__(self, *args, paper, **kwargs):
        kwargs["initial"] = {
            name: getattr(paper, name) for name in self.base_fields if name != "version"
        }
        super().__init__(*args, paper=paper, **kwargs)


class LogForm(WordsForm):
    weather = fields.line(_("天气"), length=40, required=False)
    attendance = fields.line(
        _("出勤"), length=300, required=False, help_text=_("应到、实到, 谁休假")
    )
    important = fields.text(_("重要事项"), rows=5, required=False, length=4000)
    instructions = fields.text(_("上级指示"), required=False)
    tomorrow = fields.text(_("明日安排"), required=False)

    def __init__(self, *args, paper, **kwargs):
        super().__init__(*args, paper=paper, **kwargs)
        if not self.is_bound and not paper.attendance:
            self.initial["attendance"] = people.attendance_on(paper.estate, paper.day)


class SummaryForm(WordsForm):
    summary = fields.text(_("工作总结"), rows=6, required=False, length=6000)
    problems = fields.text(_("存在问题"), rows=4, required=False, length=4000)
    suggestions = fields.text(_("建议"), rows=4, required=False, length=4000)
    measures = fields.text(_("整改措施"), rows=4, required=False, length=4000)


class ReasonForm(StepForm):
    reason = fields.text(_("原因"), rows=2, length=200, missing=_("写明原因"))


class OpinionForm(StepForm):
    opinion = fields.text(_("意见"), rows=2, required=False, length=500)


class ReviewForm(StepForm):
    review = fields.text(_("经理意见"), rows=3, length=1000, missing=_("写一句审核意见"))


class ReportForm(StepForm):
    report = fields.text(_("汇报"), rows=4, length=4000, missing=_("写明做了什么, 结果怎样"))


class VerdictForm(StepForm):
    verdict = fields.text(_("意见"), rows=2, required=False, length=500)


class ReturnTaskForm(StepForm):
    reason = fields.text(_("退回原因"), rows=2, length=500, missing=_("写明退回原因"))
    due_at = fields.moment(_("新期限"))


class MoveTaskForm(StepForm):
    due_at = fields.moment(_("新期限"))
    reason = fields.line(_("原因"), length=200, missing=_("写明原因"))


class DecisionForm(StepForm):
    decision = fields.text(_("审批意见"), rows=2, required=False, length=300)


class RejectForm(StepForm):
    decision = fields.text(_("不批准的原因"), rows=2, length=300, missing=_("写明不批准的原因"))


class OrderForm(StepForm):
    supplier = fields.line(_("供应商"), length=60, missing=_("写明供应商"))
    expected_on = fields.day(_("预计到货"))

    def __init__(self, *args, paper, **kwargs):
        super().__init__(*args, paper=paper, **kwargs)
        self.fields["expected_on"].initial = paper.needed_on


class ReceiveForm(StepForm):
    arrived_on = fields.day(_("到货日期"))
    received_quantity = fields.number(_("验收数量"), digits=8)
    cost = fields.number(_("实际金额(元)"))
    check_note = fields.text(
        _("验收情况"), rows=2, required=False, length=300, help_text=_("数量、质量不符时写明")
    )

    def __init__(self, *args, paper, now, **kwargs):
        super().__init__(*args, paper=paper, now=now, **kwargs)
        self.fields["arrived_on"].initial = timezone.localdate(now)
        self.fields["received_quantity"].initial = paper.quantity


class StoreForm(StepForm):
    place = fields.line(_("存放处"), length=60, missing=_("写明放在哪里"))


class IssueForm(StepForm):
    issued_to = fields.PersonChoice(Staff.objects.none(), label=_("领用人"))

    def __init__(self, *args, paper, **kwargs):
        super().__init__(*args, paper=paper, **kwargs)
        self.fields["issued_to"].queryset = people.of_estate(paper.estate)


class NoteForm(StepForm):
    note = fields.text(_("说明"), required=False)


class ItemForm(StepForm):
    """One line of the training plan."""

    month = forms.TypedChoiceField(
        label=_("月份"), choices=[(each, each) for each in range(1, 13)], coerce=int
    )
    subject = forms.ChoiceField(
        label=_("主题"), choices=PlanItem._meta.get_field("subject").choices
    )
    kind = forms.ChoiceField(
        label=_("类别"),
        choices=PlanItem._meta.get_field("kind").choices,
        initial="in_service",
    )
    audience = fields.line(_("参加人"), length=100, missing=_("写明谁参加"))
    hours = fields.number(_("课时"), places=1, digits=5, least=0.5, most=100)
    trainer = fields.line(_("讲师"), length=40, required=False)


class RemoveItemForm(StepForm):
    item = forms.ModelChoiceField(PlanItem.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args, paper, **kwargs):
        super().__init__(*args, paper=paper, **kwargs)
        self.fields["item"].queryset = paper.items.all()


class PresentForm(StepForm):
    """Somebody was there but did not sign in himself."""

    staff = fields.PersonChoice(Staff.objects.none(), label=_("代记签到"))

    def __init__(self, *args, paper, **kwargs):
        super().__init__(*args, paper=paper, **kwargs)
        self.fields["staff"].queryset = Staff.objects.filter(
            trainings__session=paper, trainings__signed_at=None
        ).order_by("name", "pk")


class GradeForm(StepForm):
    """A mark for everybody who was there."""

    graded_on = fields.day(_("考核日期"))
    review = fields.text(_("评价"), rows=2, required=False, length=500)

    def __init__(self, *args, paper, now, **kwargs):
        super().__init__(*args, paper=paper, now=now, **kwargs)
        self.fields["graded_on"].initial = timezone.localdate(now)
        self.there = list(
            paper.attendances.filter(signed_at__isnull=False)
            .select_related("staff")
            .order_by("staff__name", "pk")
        )
        for each in self.there:
            self.fields[f"score_{each.pk}"] = fields.number(
                each.staff.name, places=1, digits=4, most=100
            )

    def terms(self):
        terms = super().terms()
        terms["scores"] = {each.pk: terms.pop(f"score_{each.pk}") for each in self.there}
        return terms


class ResitForm(StepForm):
    attendance = forms.ModelChoiceField(None, label=_("补考人"), empty_label=None)
    resit_on = fields.day(_("补考日期"))
    score = fields.number(_("补考成绩"), places=1, digits=4, most=100)

    def __init__(self, *args, paper, now, **kwargs):
        super().__init__(*args, paper=paper, now=now, **kwargs)
        waiting = paper.attendances.select_related("staff", "session").order_by("pk")
        self.fields["attendance"].queryset = waiting.filter(status="resit")
        self.fields["attendance"].label_from_instance = lambda each: each.staff.name
        self.fields["resit_on"].initial = timezone.localdate(now)


class MissForm(StepForm):
    attendance = forms.ModelChoiceField(None, label=_("未参加补考的人"), empty_label=None)

    def __init__(self, *args, paper, **kwargs):
        super().__init__(*args, paper=paper, **kwargs)
        waiting = paper.attendances.select_related("staff", "session").order_by("pk")
        self.fields["attendance"].queryset = waiting.filter(status="resit")
        self.fields["attendance"].label_from_instance = lambda each: each.staff.name


class CheckForm(StepForm):
    """One result for every butler of the estate (MGT-2)."""

    def __init__(self, *args, paper, **kwargs):
        super().__init__(*args, paper=paper, **kwargs)
        self.butlers = list(people.butlers(paper.estate))
        for each in self.butlers:
            self.fields[f"good_{each.pk}"] = forms.ChoiceField(
                label=_("结果"),
                choices=(("1", _("合格")), ("0", _("需改进"))),
                widget=forms.RadioSelect,
                error_messages={"required": _("选一个结果")},
            )
            self.fields[f"note_{each.pk}"] = fields.line(
                _("发现与要求"), length=500, required=False
            )

    def rows(self):
        """(butler, result field, note field) for the page."""
        return [(each, self[f"good_{each.pk}"], self[f"note_{each.pk}"]) for each in self.butlers]
