"""Forms of the registers: a line, and the small sheet of each verb."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates import lookup
from estates.models import Estate, Unit
from estates.typed import clean_text, half_width
from registers.catalogue import Register
from registers.models import ArchiveFile, Record
from registers.models.archive import Paper
from registers.models.cards import FeeKind, living_in
from registers.models.mail import ToldBy


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self):
        super().__init__(format="%Y-%m-%dT%H:%M")


class RecordForm(forms.ModelForm):
    """A line of a register. Homes and holders are typed as people say them: 3-2-1102, 王秀梅."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, staff: Staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.staff = staff
        record = self.instance
        if "unit" in self.fields:
            needs = record.slug != "storage"
            self._say_instead(
                "unit", forms.CharField(
                    label=_("房号"), required=needs, max_length=30,
                    initial=record.unit.code if record.unit_id else "",
                    error_messages={"required": _("写房号, 如 3-2-1102")},
                    widget=forms.TextInput(attrs={"placeholder": "3-2-1102", "autocomplete": "off"}),
                ),
            )  # fmt: skip
        if "holder" in self.fields:
            self._say_instead(
                "holder", forms.CharField(
                    label=_("持卡人"), max_length=60, help_text=_("住在这套房的人, 写登记的姓名"),
                    initial=record.holder.name if record.holder_id else "",
                    error_messages={"required": _("写持卡人的姓名")},
                ),
            )  # fmt: skip
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = DayInput()
            elif isinstance(field, forms.DateTimeField):
                field.widget = MomentInput()
        self.fields["version"].initial = record.version

    def _say_instead(self, name: str, field: forms.Field) -> None:
        self.initial.pop(name, None)
        self.fields[name] = field

    def clean_unit(self):
        typed = half_width(clean_text(self.cleaned_data["unit"]))
        if not typed:
            return None
        estate = self.instance.estate
        unit = Unit.objects.filter(estate=estate, code=typed).select_related("building").first()
        if unit:
            return unit
        found = [
            match.unit for match in lookup.find(typed, staff=self.staff)
            if match.unit and match.unit.estate_id == estate.pk
        ]  # fmt: skip
        codes = list(dict.fromkeys(unit.code for unit in found))
        if codes:
            raise ValidationError(
                _("没有“%(typed)s”这套房。是不是: %(codes)s")
                % {"typed": typed[:20], "codes": "、".join(codes[:5])}
            )
        raise ValidationError(
            _("%(estate)s没有“%(typed)s”这套房, 写成 3-2-1102 这样")
            % {"estate": estate.name, "typed": typed[:20]}
        )

    def clean_holder(self):
        unit, name = self.cleaned_data.get("unit"), clean_text(self.cleaned_data["holder"])
        if unit is None:
            return None
        people = [
            row.resident for row in living_in(unit.pk, self.instance.recorded_at or timezone.now())
        ]
        for person in people:
            if person.name == name:
                return person
        raise ValidationError(
            _("%(name)s不是%(unit)s的住户。这一户登记的是: %(people)s")
            % {
                "name": name,
                "unit": unit.code,
                "people": "、".join(person.name for person in people[:6]) or _("没有人"),
            }
        )

    def add_error(self, field, error):
        """One message per field, and what no field shows stands above the form."""
        if hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                shown = name if name in self.fields else None
                if name == NON_FIELD_ERRORS or shown is None or name not in self.errors:
                    super().add_error(shown, errors)
            return
        super().add_error(field, error)

    def _get_validation_exclusions(self):
        # The action checks the whole line; here only the shape and the register's own rules.
        return super()._get_validation_exclusions() | {"estate"}

    def validate_unique(self):
        """Left to the action, which holds the lock."""

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.cleaned_data if name != "version"}


def form_class(register: Register, names: tuple[str, ...]) -> type[RecordForm]:
    return forms.modelform_factory(register.model, form=RecordForm, fields=list(names))


def new_form(
    register: Register, *, estate: Estate, staff: Staff, now: datetime,
    data: Mapping | None = None, initial: dict | None = None,
) -> RecordForm:  # fmt: skip
    """The form of a new line in one estate."""
    blank = register.model(estate=estate, recorded_by=staff, recorded_at=now)
    form = form_class(register, register.fields)(data, instance=blank, staff=staff)
    for name, value in (initial or {}).items():
        if name in form.fields:
            form.fields[name].initial = form.initial[name] = value
    return form


# --- one form per verb ------------------------------------------------------------------------


def words(label, *, missing: Any = "", length: int = 100, rows: int = 0, **kwargs):
    return forms.CharField(
        label=label,
        max_length=length,
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(),
        error_messages={"required": missing or _("这一项要写")},
        **kwargs,
    )


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
    days = forms.IntegerField(
        label=_("借几天"), min_value=1, max_value=90, initial=3,
        help_text=_("超过三天要经理批准"),
    )  # fmt: skip


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


class UploadForm(forms.Form):
    estate = forms.ModelChoiceField(Estate.objects.none(), label=_("项目"), empty_label=None)
    file = forms.FileField(
        label=_("Excel 工作簿"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("选一个 .xlsx 文件")},
    )

    def __init__(self, *args, estates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["estate"].queryset = estates
        if len(estates) == 1:
            self.fields["estate"].widget = forms.HiddenInput()
            self.fields["estate"].initial = estates[0].pk


@dataclass(frozen=True)
class CountRow:
    """A place that is counted: ``cells`` say which it is, ``note`` why less is expected there."""

    key: str
    label: str
    expected: int
    cells: list[tuple[Any, str]]  # each under its heading
    note: str = ""


class CountForm(forms.Form):
    """How many there are at each place; what is left as it stands is there as expected."""

    reason = words(_("差异说明"), length=300, rows=2, required=False,
                   help_text=_("实有和应有不同时必写"))  # fmt: skip

    def __init__(self, *args, rows: list[CountRow], **kwargs):
        super().__init__(*args, **kwargs)
        self.count_rows = rows
        for row in rows:
            self.fields[f"n_{row.key}"] = forms.IntegerField(
                label=row.label, min_value=0, max_value=9999, initial=row.expected,
                error_messages={"required": _("数一数写几个, 没有写 0")},
                widget=forms.NumberInput(
                    attrs={
                        "class": "form-control count-input", "inputmode": "numeric",
                        "aria-label": _("%(label)s 实有几个") % {"label": row.label},
                    }
                ),
            )  # fmt: skip

    def rows(self):
        return [(row, self[f"n_{row.key}"]) for row in self.count_rows]

    def words(self):
        """The fields that are no numbers of a place."""
        return [self[name] for name in self.base_fields]

    def terms(self) -> dict[str, Any]:
        """The action's arguments."""
        found = {row.key: self.cleaned_data[f"n_{row.key}"] for row in self.count_rows}
        return {"found": found} | {name: self.cleaned_data[name] for name in self.base_fields}


class ArchiveCheckForm(CountForm):
    tidied = words(_("整理情况"), missing=_("写明整理了什么, 没有要整理的写“已整齐”"), length=200)
    backup = words(_("备份情况"), missing=_("写明备份到哪里, 如“已拷到客服部移动硬盘”"), length=200)
