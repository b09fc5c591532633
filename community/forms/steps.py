"""One form per step: shape and choices; what the state allows is for the actions to say."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.forms.fields import colleagues, day, line, moment, money, person, words
from community.models import Told, Topic, Verdict


class StepForm(forms.Form):
    """What every step carries: the version of the record that the person was looking at."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, record, staff, now, **kwargs):
        self.record, self.staff, self.now = record, staff, now
        kwargs["initial"] = (kwargs.get("initial") or {}) | {"version": record.version}
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
    where = line(
        _("公示方式"),
        most=120,
        help_text=_("先在“统计和报告”里打印公示; 如 各楼公告栏和业户群, 11月30日"),
    )


class MeasureForm(StepForm):
    topic = forms.ChoiceField(label=pgettext_lazy("topic", "项目"), choices=Topic.choices)
    problem = words(_("问题"))
    what = words(_("措施"))
    owner = person(_("责任人"))
    due_on = day(_("完成时间"))


class ResultForm(StepForm):
    result = words(_("结果"), most=500)


class FindingForm(StepForm):
    finding = words(_("核实情况"), help_text=_("去看过, 或问过业户, 情况怎样"))


class AgainForm(StepForm):
    reason = words(_("哪里没做到"), most=200)
    due_on = day(_("改到哪天完成"))


class OwnerForm(StepForm):
    owner = person(_("交给"))


class WishForm(StepForm):
    what = line(_("希望的活动"))
    households = forms.IntegerField(
        label=_("户数"), min_value=0, max_value=100000,
        help_text=_("同名再记一次就改户数; 记错的写 0 删去"),
    )  # fmt: skip


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
    over_reason = line(
        _("超预算原因"), most=200, required=False, help_text=_("决算超过批准的预算时写明")
    )
    evaluation = words(_("效果评价"), rows=3, most=1000)


class PostponeForm(StepForm):
    starts_at = moment(_("改到"))
    reason = words(_("原因"), most=200)


class ReviewForm(StepForm):
    review = words(_("审核意见"), most=300, help_text=_("看过记录、照片、决算和总结的意见"))


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
    told_how = forms.ChoiceField(
        label=_("怎样告知的"), choices=Told.choices, widget=forms.RadioSelect,
        error_messages={"required": _("选一种: 先告诉业户, 再记答复")},
    )  # fmt: skip
    topic = forms.ChoiceField(
        label=pgettext_lazy("topic", "项目"), choices=Topic.choices, required=False
    )

    def __init__(self, data=None, *, record, **kwargs):
        kwargs["initial"] = {"topic": record.topic} | (kwargs.get("initial") or {})
        super().__init__(data, record=record, **kwargs)
