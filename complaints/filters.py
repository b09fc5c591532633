"""Which complaints the list shows, and in words what was asked for.

Page, Excel sheet and the figures of the analysis read these same conditions.
"""

from datetime import date, datetime

import django_filters as filters
from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from complaints.choices import Category, Cause, Department, Grade, Validity
from complaints.figures import flags, made_in, passed_to
from complaints.models import Complaint, ComplaintQuerySet
from complaints.statuses import Status
from estates.lookup import matching_units
from estates.models import Estate
from estates.typed import clean_text
from repairs.asking import ALL, OPEN, Asked
from repairs.paging import behind, mark_of

NONE = "none"
STATUSES = ((OPEN, gettext_lazy("未结案")), (ALL, gettext_lazy("全部状态")), *Status.choices)
NEWEST = ("-complained_at", "-pk")
MOST_UNITS = 200


def unset(choices):
    """A value that is still empty is asked for by name."""
    return [(value or NONE, label) for value, label in choices]


class MonthField(forms.CharField):
    widget = forms.DateInput(attrs={"type": "month"})

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            found = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 -- a month has no zone
        except ValueError:
            found = date(1, 1, 1)
        if not 2000 <= found.year < 2200:
            raise forms.ValidationError(_("写成 2026-11 这样"))
        return found


class MonthFilter(filters.Filter):
    field_class = MonthField


class ComplaintFilterSet(filters.FilterSet):
    """The form of the list. Each method takes the rows and the chosen value."""

    q = filters.CharFilter(
        label=gettext_lazy("编号、房号、电话、姓名或内容"), method="by_term", max_length=60
    )
    status = filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=STATUSES, method="by_status", empty_label=None
    )
    grade = filters.ChoiceFilter(
        label=gettext_lazy("等级"), choices=unset(Grade.choices), method="by_value"
    )
    estate = filters.ChoiceFilter(label=gettext_lazy("项目"), field_name="estate_id")
    category = filters.ChoiceFilter(label=gettext_lazy("类别"), choices=Category.choices)
    validity = filters.ChoiceFilter(
        label=gettext_lazy("是否有效"), choices=unset(Validity.choices), method="by_value"
    )
    cause = filters.ChoiceFilter(
        label=gettext_lazy("原因"), choices=unset(Cause.choices), method="by_value"
    )
    department = filters.ChoiceFilter(
        label=gettext_lazy("转交部门"), choices=Department.choices, method="by_department"
    )
    month = MonthFilter(label=gettext_lazy("月份"), method="by_month")
    flag = filters.ChoiceFilter(label=gettext_lazy("情况"), method="by_flag")

    class Meta:
        model = Complaint
        fields = ()

    def __init__(self, data, *, queryset, staff: Staff, now: datetime):
        self.staff, self.flags = staff, flags(now)
        super().__init__(data, queryset=queryset)
        estates = list(Estate.objects.visible_to(staff).order_by("pk").values_list("pk", "name"))
        self.filters["estate"].extra["choices"] = estates
        self.filters["flag"].extra["choices"] = [
            (code, label) for code, (label, _condition) in self.flags.items()
        ]
        for name in ("grade", "estate", "category", "validity", "cause", "department", "flag"):
            self.filters[name].extra["empty_label"] = _("不限")
        for field in self.form.fields.values():
            is_choice = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"
        if len(estates) < 2:
            self.form.fields["estate"].widget = forms.HiddenInput()

    def by_term(self, rows: ComplaintQuerySet, name, value):
        found = Q()
        for word in clean_text(value).split()[:5]:
            found &= (
                Q(number__iendswith=word)
                | Q(content__icontains=word)
                | Q(contact_name__icontains=word)
                | Q(against__icontains=word)
                | (Q(contact_phone__endswith=word) if len(word) >= 4 else Q(pk=None))
            )
        units = matching_units(value, staff=self.staff).values_list("pk", flat=True)
        return rows.filter(found | Q(unit_id__in=list(units[:MOST_UNITS])))

    def by_status(self, rows: ComplaintQuerySet, name, value):
        if value == ALL:
            return rows
        return rows.open() if value == OPEN else rows.filter(status=value)

    def by_value(self, rows, name, value):
        return rows.filter(**{name: "" if value == NONE else value})

    def by_department(self, rows, name, value):
        return rows.filter(passed_to(value))

    def by_month(self, rows, name, value):
        return rows.filter(made_in(value))

    def by_flag(self, rows, name, value):
        return rows.filter(self.flags[value][1])


class ComplaintFilter(Asked):
    """One reading of an address: the form, the rows, and all of it in words."""

    statuses = STATUSES
    always_shown = ("q", "status", "grade")

    def __init__(self, asked: QueryDict, *, staff: Staff, now: datetime, watched: bool = False):
        super().__init__(asked)
        all_rows = Complaint.objects
        rows = all_rows.watched_by(staff) if watched else all_rows.visible_to(staff)
        self._filters = ComplaintFilterSet(self.data, queryset=rows, staff=staff, now=now)

    def rows(self) -> ComplaintQuerySet:
        """Every complaint that fits, without any order."""
        return self._filters.qs.order_by()

    def page(self, size: int) -> tuple[list[Complaint], str]:
        """Up to ``size`` complaints after the address's ``after``, and the next page's mark."""
        rows = self.rows().order_by(*NEWEST)
        after = behind(self.asked.get("after", ""), "complained_at")
        if after is not None:
            rows = rows.filter(after)
        found = list(rows.select_related("unit", "place")[: size + 1])
        if len(found) <= size:
            return found, ""
        last = found[size - 1]
        return found[:size], mark_of(last.complained_at, last.pk)

    def label(self, name, value) -> str:
        return f"{value:%Y-%m}" if name == "month" else super().label(name, value)

    @property
    def hidden_fields(self):
        return [field for field in self.form if field.is_hidden]
