"""The small sheet of each verb."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from estates.inputs import DayInput, MomentInput
from registers.forms.fields import words
from registers.models import ArchiveFile, Record
from registers.models.archive import Paper
from registers.models.cards import FeeKind
from registers.models.mail import ToldBy
from rulebook.limits import limit


class StepForm(forms.Form):
    """Carries the version that was on the screen; ``terms`` are the action's arguments."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, record: Record, now: datetime, **kwargs):
        self.record, self.now = record, now
        kwargs["initial"] = {"version": record.version} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def terms(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ReasonForm(StepForm):
    reason = words(_("原因"), missing=_("写明原因"))


class AnswerForm(StepForm):
    answer = words(_("对方怎么答复"), missing=_("写明对方怎么答复, 没接通也写"))


class HandForm(StepForm):
    to = words(_("领取人"), missing=_("写明谁领走"), length=60)
    document = words(
        _("看了什么证件"), missing=_("写明看了什么证件"), length=60,
        help_text=_("如 身份证、寄存牌; 不抄号码"),
    )  # fmt: skip


class KeyLoanForm(StepForm):
    borrower = words(_("借用人"), missing=_("写明谁借"), length=60)
    department = words(_("部门"), length=60, required=False)
    phone = words(_("电话"), missing=_("留个电话, 到期要催还"), length=40)
    reason = words(_("事由"), missing=_("写明借去做什么"))
    quantity = forms.IntegerField(label=_("数量"), min_value=1, initial=1)
    days = forms.IntegerField(label=_("借几天"), min_value=1, initial=1)
    owner_contacted_at = forms.DateTimeField(
        label=_("联系业主时间"), widget=MomentInput(),
        error_messages={"required": _("先联系业主, 再写时间"), "invalid": _("时间没看懂, 写成 2026-11-23 15:30 这样")},
    )  # fmt: skip
    owner_answer = words(_("业主怎么答复"), missing=_("写明业主怎么答复"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner_contacted_at"].initial = timezone.localtime(self.now)


class SealForm(StepForm):
    seal_number = words(_("新封条号"), missing=_("写新封条号; 没用封条的写“无”"), length=20)
    note = words(_("备注"), length=200, required=False)


class ResealForm(StepForm):
    seal_number = words(_("新封条号"), missing=_("写新封条号"), length=20)
    reason = words(_("为什么换"), missing=_("写明为什么换封条"))


class MemoForm(StepForm):
    memo = words(_("处理备忘"), missing=_("写明业主意见和处理"), length=500, rows=3)


class CheckRoomForm(StepForm):
    room = words(_("房号(照领取人说的写)"), missing=_("照领取人说的写房号, 如 3-2-1102"), length=30)
    document = words(_("看了什么证件"), missing=_("写明看了什么证件"), length=60)


class IssueForm(StepForm):
    room = words(_("再核对一次房号"), missing=_("照领取人说的写房号, 如 3-2-1102"), length=30)
    signed_name = words(_("领取人签名"), missing=_("请领取人签名"), length=60)


class LossForm(StepForm):
    said = words(_("谁来挂失, 怎么丢的"), missing=_("写明谁来挂失"))


class ReplaceForm(StepForm):
    card_number = words(_("新卡卡号"), missing=_("写新卡的卡号"), length=30)
    fee_kind = forms.ChoiceField(label=_("收的是"), required=False, choices=FeeKind.choices)
    fee = forms.DecimalField(
        label=_("金额(元)"), required=False, min_value=0, max_digits=8, decimal_places=2
    )
    receipt = words(_("收据号"), length=30, required=False)


class RefundForm(StepForm):
    refund = forms.DecimalField(
        label=_("退多少(元)"), min_value=0, max_digits=8, decimal_places=2,
        error_messages={"required": _("写退多少; 不退的写 0")},
    )  # fmt: skip
    to = words(_("退给谁"), length=60, required=False)
    note = words(_("没有全退的原因"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["refund"].initial = self.record.fee


class TellForm(StepForm):
    told_how = forms.ChoiceField(label=_("通知方式"), choices=ToldBy.choices)
    note = words(_("备注"), length=100, required=False)


class HoldForm(StepForm):
    consent_by = words(_("谁同意代存"), missing=_("写明谁同意代存; 没有同意不能代存"), length=60)
    days = forms.IntegerField(label=_("再存几天"), min_value=1, initial=7)


class DecisionForm(StepForm):
    decision = words(_("处置决定"), missing=_("写明怎样处置"), length=200, rows=2)


class ItemForm(StepForm):
    paper = forms.ChoiceField(label=_("目录"), choices=Paper.choices)
    title = words(_("内容"), missing=_("写明是什么材料"))
    pages = forms.IntegerField(label=_("页数"), min_value=1, max_value=9999, required=False)
    filed_on = forms.DateField(label=_("归档日期"), widget=DayInput())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["filed_on"].initial = timezone.localdate(self.now)


class FileLoanForm(StepForm):
    borrower = words(_("借阅人"), missing=_("写明谁借"), length=60)
    department = words(_("部门"), length=60, required=False)
    reason = words(_("事由"), missing=_("写明借去做什么"))
    days = forms.IntegerField(label=_("借几天"), min_value=1, max_value=90)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        most = int(limit("archive.loan", at=self.now).value)
        field = self.fields["days"]
        field.initial, field.help_text = most, _("超过 %(days)s 天要经理批准") % {"days": most}


class RetentionForm(StepForm):
    until = forms.DateField(
        label=_("保存到"), widget=DayInput(), required=False, help_text=_("空着表示长期保存")
    )
    reason = words(_("原因"), missing=_("写明为什么改保存期限"))


class NoteForm(StepForm):
    note = words(_("备注"), length=200, required=False)


class EnterForm(StepForm):
    """Into which file of the household; the choice without a number begins a new volume."""

    file = forms.ModelChoiceField(
        ArchiveFile.objects.none(), label=_("归入哪一卷"), required=False, empty_label=_("新立一卷")
    )
    volume = words(_("新卷卷号"), length=20, required=False, help_text=_("新立一卷时写"))
    cabinet = words(_("新卷柜位"), length=20, required=False)
    keeper = words(_("新卷保管人"), length=60, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        files = ArchiveFile.objects.filter(unit=self.record.unit_id).open()
        field = self.fields["file"]
        field.queryset = files.order_by("volume", "pk")
        field.label_from_instance = lambda file: (
            f"{file.number} {file.summary} · {file.cabinet} · {file.get_status_display()}"
        )
        known = list(field.queryset)
        field.initial = known[0] if known else None
        taken = {file.volume for file in known}
        free = (str(number) for number in range(1, len(known) + 2) if str(number) not in taken)
        self.fields["volume"].initial = next(free)
