"""Which repairs the list shows, in which order, and in words what was asked for.

Page, register, Excel sheet and print all read this one filter, so that they never disagree.
Every order has an index of its own (repairs/models/repairs.py); nothing counts what it does not show.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import django_filters as filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import posts
from accounts.models import Staff
from estates.models import Building, Estate, PublicPlace, Unit, estate_ids_of
from repairs import search
from repairs.asking import ALL, OPEN, Asked
from repairs.models import Category, Priority, Repair, RepairQuerySet
from repairs.paging import behind, mark_of, split_mark
from repairs.statuses import Status

NEWEST, PROMISE, NUMBER = "newest", "promise", "number"
ORDERS = (
    (NEWEST, gettext_lazy("最新在前")),
    (PROMISE, gettext_lazy("承诺期限在前 (未结)")),
    (NUMBER, gettext_lazy("按单号")),
)
ORDER_BY = {
    NEWEST: ("-reported_at", "-pk"),
    PROMISE: ("promised_at", "pk"),
    NUMBER: ("-number", "-pk"),
}
STATUSES = ((OPEN, gettext_lazy("未结")), (ALL, gettext_lazy("全部状态")), *Status.choices)
IN_LIVING_MEMORY = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2199, 12, 31))]
WORKERS = (posts.REPAIRER, posts.ENG_DISPATCHER)


@dataclass(frozen=True)
class Choices:
    """What this person may choose from, read once."""

    estates: list[tuple]
    buildings: list[tuple]
    repairers: list[tuple]
    butlers: list[tuple]

    @classmethod
    def of(cls, staff: Staff) -> "Choices":
        ids = estate_ids_of(staff)
        # One query for both: every estate, with its buildings if it has any.
        known = list(
            Estate.objects.filter(pk__in=ids)
            .order_by("pk", "buildings__code")
            .values_list("pk", "name", "buildings__pk", "buildings__code", "buildings__name")
        )
        many = len(ids) > 1
        buildings = [
            (pk, " ".join(filter(None, [estate * many, str(Building(code=code, name=name))])))
            for _estate_id, estate, pk, code, name in known
            if pk
        ]
        people = list(
            Staff.objects.filter(memberships__estate__in=ids, post__in=(*WORKERS, posts.BUTLER))
            .order_by("name", "pk")
            .distinct()
        )
        return cls(
            estates=list({row[0]: row[1] for row in known}.items()) if many else [],
            buildings=buildings,
            repairers=[(p.pk, p.name) for p in people if p.post in WORKERS],
            butlers=[(p.pk, p.name) for p in people if p.post == posts.BUTLER],
        )


class RepairFilterSet(filters.FilterSet):
    """The form of the list. Each method takes the rows and the chosen value."""

    q = filters.CharFilter(
        label=gettext_lazy("单号、房号、电话、姓名或内容"), method="by_term", max_length=60
    )
    status = filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=STATUSES, method="by_status", empty_label=None
    )
    estate = filters.ChoiceFilter(label=gettext_lazy("项目"), field_name="estate_id")
    building = filters.ChoiceFilter(label=gettext_lazy("楼栋"), method="by_building")
    category = filters.ChoiceFilter(label=gettext_lazy("类别"), choices=Category.choices)
    priority = filters.ChoiceFilter(label=gettext_lazy("紧急程度"), choices=Priority.choices)
    since = filters.DateFilter(
        label=gettext_lazy("报修日期从"),
        method="from_day",
        validators=IN_LIVING_MEMORY,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = filters.DateFilter(
        label=gettext_lazy("到"),
        method="to_day",
        validators=IN_LIVING_MEMORY,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    repairer = filters.ChoiceFilter(label=gettext_lazy("维修人员"), field_name="repairer_id")
    butler = filters.ChoiceFilter(label=gettext_lazy("跟进管家"), field_name="butler_id")
    overdue = filters.BooleanFilter(
        label=gettext_lazy("只看超过承诺时间的"),
        method="past_promise",
        widget=forms.CheckboxInput,
    )
    order = filters.ChoiceFilter(
        label=gettext_lazy("排序"), choices=ORDERS, method="unchanged", empty_label=None
    )

    class Meta:
        model = Repair
        fields = ()

    def __init__(self, data, *, queryset, staff: Staff, now: datetime):
        self.staff, self.now = staff, now
        choices = Choices.of(staff)
        super().__init__(data, queryset=queryset)
        for name in ("estates", "buildings", "repairers", "butlers"):
            self.filters[name[:-1]].extra["choices"] = getattr(choices, name)
            self.filters[name[:-1]].extra["empty_label"] = _("不限")
        for name in ("category", "priority"):
            self.filters[name].extra["empty_label"] = _("不限")
        if not choices.estates:
            del self.filters["estate"]
        for field in self.form.fields.values():
            widget = field.widget
            kind = "form-select" if isinstance(widget, forms.Select) else "form-control"
            widget.attrs["class"] = (
                "form-check-input" if isinstance(widget, forms.CheckboxInput) else kind
            )

    def by_term(self, rows: RepairQuerySet, name, value):
        return search.matching(rows, value, staff=self.staff)

    def by_status(self, rows: RepairQuerySet, name, value):
        if value == ALL:
            return rows
        return rows.open() if value == OPEN else rows.filter(status=value)

    def by_building(self, rows: RepairQuerySet, name, value):
        return rows.filter(
            Q(unit__in=Unit.objects.filter(building=value))
            | Q(place__in=PublicPlace.objects.filter(building=value))
        )

    def from_day(self, rows: RepairQuerySet, name, value):
        return rows.filter(reported_at__gte=_midnight(value))

    def to_day(self, rows: RepairQuerySet, name, value):
        return rows.filter(reported_at__lt=_midnight(value) + timedelta(days=1))

    def past_promise(self, rows: RepairQuerySet, name, value):
        if not value:
            return rows
        return rows.open().filter(finished_at__isnull=True, promised_at__lt=self.now)

    def unchanged(self, rows, name, value):
        return rows


class RepairFilter(Asked):
    """One reading of an address: the form, the rows, the order, and all of it in words."""

    statuses = STATUSES
    always_shown = ("q", "status", "order")
    fixed = ("status", "order")

    def __init__(self, asked: QueryDict, *, staff: Staff, now: datetime):
        super().__init__(asked)
        self.data.setdefault("order", NEWEST)
        self._filters = RepairFilterSet(
            self.data, queryset=Repair.objects.visible_to(staff), staff=staff, now=now
        )

    @property
    def order(self) -> str:
        return self.chosen.get("order", NEWEST)

    def rows(self) -> RepairQuerySet:
        """Every repair that fits, without any order."""
        rows = self._filters.qs.order_by()
        return rows.open() if self.order == PROMISE else rows

    def page(self, size: int) -> tuple[list[Repair], str]:
        """Up to ``size`` repairs after the address's ``after``, and the mark of the next page."""
        rows = self.rows().order_by(*ORDER_BY[self.order])
        after = self._after()
        if after is not None:
            rows = rows.filter(after)
        found = list(rows.select_related("unit", "place", "repairer")[: size + 1])
        return found[:size], self._mark(found[size - 1]) if len(found) > size else ""

    def label(self, name, value) -> str:
        if name in ("since", "until"):
            return f"{self.form.fields[name].label} {value:%Y-%m-%d}"
        return _("超过承诺时间") if name == "overdue" else super().label(name, value)

    def _mark(self, last: Repair) -> str:
        if self.order == NUMBER:
            return f"{last.number}.{last.pk}"
        return mark_of(last.reported_at if self.order == NEWEST else last.promised_at, last.pk)

    def _after(self) -> Q | None:
        """Rows behind the mark; an unreadable mark is the first page. Bounds first: indexable."""
        asked = self.asked.get("after", "")
        if self.order == PROMISE:
            return behind(asked, "promised_at", newest=False)
        if self.order == NEWEST:
            return behind(asked, "reported_at")
        mark = split_mark(asked)
        if mark is None or "\0" in mark[0]:
            return None
        number, pk = mark
        return Q(number__lte=number) & (Q(number__lt=number) | Q(pk__lt=pk))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
