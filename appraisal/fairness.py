"""The fairness view: who scores how, who and what was looked at, appeals, deductions by rule."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count, F, Sum
from django.utils.translation import gettext as _

from accounts.models import Staff
from appraisal.arithmetic import median_of, quantile
from appraisal.items import SCORED_POSTS
from appraisal.models import Appeal, Deduction, Sheet
from appraisal.statuses import Outcome, Status
from estates.models import Membership, estate_ids_of
from rulebook.models import SOP

WIDTH, LEFT, ROW = 640, 140, 36


@dataclass(frozen=True)
class Spread:
    """The marks one inspector gave: five numbers, and the places of the box in the chart."""

    inspector: str
    count: int
    least: Decimal
    lower: Decimal
    median: Decimal
    upper: Decimal
    most: Decimal
    y: int

    def _x(self, marks: Decimal) -> float:
        return round(LEFT + float(marks) * (WIDTH - LEFT - 16) / 100, 1)

    @property
    def chart(self) -> dict[str, float]:
        return {
            "least": self._x(self.least),
            "lower": self._x(self.lower),
            "median": self._x(self.median),
            "most": self._x(self.most),
            "width": max(round(self._x(self.upper) - self._x(self.lower), 1), 2),
            "text": self.y + 5,
            "top": self.y - 9,
            "bottom": self.y + 9,
        }


@dataclass(frozen=True)
class Bar:
    label: str
    count: int
    points: Decimal
    y: int
    width: float

    @property
    def text(self) -> int:
        return self.y + 15


def scope(by: Staff, start: date, end: date):
    """Handed-in sheets of the estates within [start, end)."""
    return Sheet.objects.visible_to(by).exclude(status=Status.DRAFT).filter(
        day__gte=start, day__lt=end
    )  # fmt: skip


def spreads(sheets) -> list[Spread]:
    marks: dict[str, list[Decimal]] = {}
    for name, total in sheets.order_by("inspector__name", "inspector_id").values_list(
        "inspector__name", "total"
    ):
        marks.setdefault(name, []).append(total)
    return [
        Spread(
            name,
            len(found),
            min(found),
            quantile(found, Fraction(1, 4)),
            median_of(found),
            quantile(found, Fraction(3, 4)),
            max(found),
            y=20 + place * ROW,
        )
        for place, (name, found) in enumerate(marks.items())
    ]


def people_covered(by: Staff, sheets) -> list[tuple[Staff, int]]:
    """Everybody scored in the estates with how many sheets, fewest first."""
    here = Membership.objects.filter(estate__in=estate_ids_of(by)).values("staff")
    counts = dict(
        sheets.order_by().values_list("staff").annotate(count=Count("pk")).values_list(
            "staff", "count"
        )
    )  # fmt: skip
    people = Staff.objects.active().filter(pk__in=here, post__in=SCORED_POSTS)
    found = [(person, counts.get(person.pk, 0)) for person in people.order_by("name", "pk")]
    return sorted(found, key=lambda each: each[1])


def sops_covered(sheets) -> list[tuple[str, int]]:
    """Every procedure with how often it was cited."""
    counts = dict(
        Deduction.objects.filter(sheet__in=sheets.values("pk"), sop__isnull=False)
        .order_by()
        .values_list("sop")
        .annotate(count=Count("pk"))
        .values_list("sop", "count")
    )
    return [(sop.name, counts.get(sop.pk, 0)) for sop in SOP.objects.order_by("order")]


def by_rule(sheets) -> list[Bar]:
    """What was deducted, by clause, most often first; reversed points do not count."""
    rows = list(
        Deduction.objects.filter(sheet__in=sheets.values("pk"))
        .order_by()
        .values("sop__name", "clause")
        .annotate(count=Count("pk"), points=Sum(F("points") - F("reversed_points")))
        .order_by("-count", "clause")[:20]
    )
    most = max((row["count"] for row in rows), default=1)
    return [
        Bar(
            f"{row['clause']} {row['sop__name'] or _('员工手册')}",
            row["count"],
            row["points"],
            y=8 + place * 28,
            width=round((WIDTH - 330) * row["count"] / most, 1),
        )
        for place, row in enumerate(rows)
    ]


def appeal_outcomes(sheets) -> list[tuple[str, int]]:
    counts = dict(
        Appeal.objects.filter(sheet__in=sheets.values("pk"))
        .order_by()
        .values_list("outcome")
        .annotate(count=Count("pk"))
        .values_list("outcome", "count")
    )
    return [(label, counts.get(code, 0)) for code, label in Outcome.choices]
