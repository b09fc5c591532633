"""Forms of the rulebook pages."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from rulebook.numbers.row import Number, phrase
from rulebook.windows import Week, fingerprint, read_windows, write_windows

FIRST_YEAR, LAST_YEAR = 2000, 2100
TEXT_ERRORS = {"null_characters_not_allowed": _("有看不见的字符, 把这一栏重新写一遍")}


class NumberForm(forms.Form):
    """A new value of one number; ``seen_version`` is the newest version the page showed."""

    value = forms.DecimalField(
        max_digits=10,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": _("写一个数"), "invalid": _("应为数字, 如 5 或 1.5")},
    )
    effective_at = forms.DateTimeField(
        label=_("生效时间"),
        required=False,
        help_text=_("留空立即生效"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("写成 2026-12-01 08:00 的样子, 或留空")},
    )
    note = forms.CharField(
        label=_("依据或原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 200}),
        error_messages=TEXT_ERRORS | {"required": _("写明为什么改, 例如按哪份制度或谁的批示")},
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, number: Number, **kwargs):
        super().__init__(*args, **kwargs)
        self.number = number
        self.fields["value"].label = _now("新值 (%(unit)s)") % {"unit": number.unit_label}
        self.fields["value"].help_text = _now("%(low)s 到 %(high)s") % {
            "low": phrase(number.low, number.unit),
            "high": phrase(number.high, number.unit),
        }

    def clean_value(self):
        value = self.cleaned_data["value"]
        self.number.check(value)
        return value


class WeekForm(forms.Form):
    """Windows of the seven weekdays as text; ``seen`` is the week that the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, week: Week | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        week = week or {}
        self.fields["seen"].initial = fingerprint(week)
        for weekday in range(7):
            self.fields[f"day_{weekday}"] = forms.CharField(
                label=WEEKDAYS[weekday],
                required=False,
                max_length=120,
                error_messages=TEXT_ERRORS,
                initial=write_windows(week.get(weekday, ())),
                widget=forms.TextInput(
                    attrs={"placeholder": _("不上班"), "autocomplete": "off", "spellcheck": "false"}
                ),
            )

    def clean(self):
        cleaned = super().clean()
        week = {}
        for weekday in range(7):
            try:
                week[weekday] = read_windows(cleaned.get(f"day_{weekday}", ""))
            except ValidationError as error:
                self.add_error(f"day_{weekday}", error)
        cleaned["week"] = week
        return cleaned


class DayForm(forms.Form):
    """What one listed day is."""

    is_workday = forms.TypedChoiceField(
        label=_("这一天"),
        choices=[("0", _("休息")), ("1", _("上班"))],
        coerce=lambda code: code == "1",
        widget=forms.RadioSelect,
        error_messages={"required": _("选休息或上班")},
    )
    name = forms.CharField(
        label=_("名称"), max_length=40, required=False, error_messages=TEXT_ERRORS
    )
    source = forms.CharField(
        label=_("来源"),
        max_length=60,
        required=False,
        help_text=_("例如 国务院办公厅通知、公司安排"),
        error_messages=TEXT_ERRORS,
    )


class NewDayForm(DayForm):
    day = forms.DateField(
        label=_("日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("选一个日期"), "invalid": _("写成 2026-10-10 的样子")},
    )
    field_order = ["day", "is_workday", "name", "source"]

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(_("日期应在 2000 到 2100 年之间"))
        return day


class ChangeDayForm(DayForm):
    seen_version = forms.IntegerField(widget=forms.HiddenInput)
