"""Forms that begin a paper."""

from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.models import Estate, estate_ids_of
from office import people
from office.forms import fields
from office.models import PlanItem, StaffRecord, TrainingPlan, TrainingSession
from office.models.training import TrainingKind
from office.subjects import HANDBOOK


class NewPaperForm(forms.Form):
    """The estate, hidden while there is only one."""

    estate = forms.ModelChoiceField(Estate.objects.none(), label=_("项目"), empty_label=None)

    def __init__(self, *args, staff: Staff, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.staff, self.now = staff, now
        estates = Estate.objects.visible_to(staff).order_by("pk")
        self.fields["estate"].queryset = estates
        ids = estate_ids_of(staff)
        if ids:
            self.fields["estate"].initial = min(ids)
        if len(ids) == 1:
            self.fields["estate"].widget = forms.HiddenInput()


class KeyedForm(NewPaperForm):
    """A paper of which there may be many: the key makes a second press harmless."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def colleagues(self, queryset):
        """Only people who share an estate with whoever fills the form in."""
        return queryset.filter(memberships__estate__in=estate_ids_of(self.staff)).distinct()


class TaskForm(KeyedForm):
    title = fields.line(_("任务"), length=100, missing=_("写一句要做什么"))
    content = fields.text(_("要求"), required=False)
    assignee = fields.PersonChoice(
        Staff.objects.none(),
        label=_("负责人"),
        empty_label=_("选择"),
        error_messages={"required": _("选择负责人")},
    )
    due_at = fields.moment(_("完成期限"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = self.colleagues(people.assignable(self.staff))


class PurchaseForm(KeyedForm):
    item = fields.line(_("物品"), length=60, missing=_("写明要什么"))
    spec = fields.line(_("规格"), length=60, required=False)
    quantity = fields.number(_("数量"), digits=8, least=0.01)
    unit_name = fields.line(_("单位"), length=10, missing=_("写明单位, 如“个”、“箱”"))
    purpose = fields.line(_("用途"), length=200, missing=_("写明用途"))
    budget = fields.number(_("预算(元)"))
    needed_on = fields.day(_("需用日期"))


class SessionForm(KeyedForm):
    item = forms.ModelChoiceField(PlanItem.objects.none(), required=False, widget=forms.HiddenInput)
    subject = forms.ChoiceField(
        label=_("主题"), choices=TrainingSession._meta.get_field("subject").choices
    )
    title = fields.line(_("题目"), length=60, required=False, help_text=_("主题选“其他”时要写"))
    kind = forms.ChoiceField(
        label=_("类别"),
        choices=TrainingSession._meta.get_field("kind").choices,
        initial="in_service",
    )
    starts_at = fields.moment(_("时间"))
    hours = fields.number(_("课时"), places=1, digits=5, least=0.5, most=100)
    trainer = fields.line(_("讲师"), length=40, missing=_("写明讲师"))
    material = fields.line(_("教材或规程"), length=200, required=False)
    exam = forms.ChoiceField(
        label=_("考核方式"),
        choices=TrainingSession._meta.get_field("exam").choices,
        initial="written",
    )
    pass_mark = fields.number(
        _("合格线"), places=1, digits=4, least=1, most=100, required=False,
        help_text=_("不写就用“时限”里的及格分"),
    )  # fmt: skip
    participants = fields.PeopleChoice(
        Staff.objects.none(),
        label=_("参加人"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("选择参加人")},
    )

    def __init__(self, *args, item: PlanItem | None = None, person: str = "", **kwargs):
        """``item`` of the plan, or the id of a new ``person``: what is asked for stands there."""
        if person.isdecimal():
            kwargs["initial"] = {"kind": TrainingKind.INDUCTION, "subject": HANDBOOK,
                                 "participants": [int(person)]}  # fmt: skip
        if item:
            names = ("subject", "kind", "hours", "trainer")
            kwargs["initial"] = {"item": item} | {name: getattr(item, name) for name in names}
        super().__init__(*args, **kwargs)
        staff = Staff.objects.active().filter(post__in=people.TRAINED_POSTS)
        self.fields["participants"].queryset = self.colleagues(staff).order_by("post", "name", "pk")
        self.fields["item"].queryset = items_of(self.staff)
        if item:
            self.fields["estate"].initial = item.plan.estate_id


def items_of(staff: Staff):
    """The lines of the plans that a person may carry out."""
    plans = TrainingPlan.objects.visible_to(staff)
    return PlanItem.objects.filter(plan__in=plans).select_related("plan")


class PlanForm(NewPaperForm):
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2199)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = timezone.localdate(self.now).year + 1


class LogDayForm(NewPaperForm):
    day = fields.day(_("日期"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = timezone.localdate(self.now)


class SummaryMonthForm(NewPaperForm):
    month = forms.DateField(
        label=_("月份"),
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        input_formats=["%Y-%m"],
        error_messages={
            "required": _("选择月份"),
            "invalid": _("月份没看懂, 写成 2026-11 这样"),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["month"].initial = timezone.localdate(self.now).replace(day=1)


class StaffRecordForm(forms.Form):
    """Who was qualified already, and since when; several rounds for several days."""

    people = fields.PeopleChoice(
        Staff.objects.none(),
        label=_("已经考核合格的人"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    qualified_on = fields.day(_("从哪天起合格上岗"), required=False)

    def __init__(self, *args, record: StaffRecord, now, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["people"]
        field.queryset = people.of_estate(record.estate)  # also whom a colleague has just recorded
        shown = people.recordable(record.estate).order_by("post", "name", "pk")
        field.widget.choices = [(each.pk, field.label_from_instance(each)) for each in shown]
        self.fields["qualified_on"].widget.attrs["max"] = f"{timezone.localdate(now):%Y-%m-%d}"
