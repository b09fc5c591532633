"""A figure is a number that is counted from a list, and opens as that list.

Counting and listing read the same base of rows and the same condition, so that a number and the
rows behind it cannot disagree. A paper that is handed in keeps the rows with the number: its lists
stay what was counted, however the work goes on.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    Aggregate,
    Avg,
    CharField,
    Count,
    F,
    FloatField,
    JSONField,
    Model,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import JSONArray
from django.utils.functional import Promise

from accounts.models import Staff
from estates.models import Estate
from followups.drawers import Line as Drawn
from office.periods import Span

AT_ONCE = 50  # PostgreSQL takes at most 100 arguments of a function

Number = int | float


@dataclass(frozen=True)
class Base:
    """Rows of one kind in a period: ``where`` finds them, ``line`` tells one of them in a list.

    ``estate`` is the path from a row to its estate. ``opens`` says which rows a reader may open;
    the others are listed without a link.
    """

    model: type[Model]
    where: Callable[[Span], Q]
    line: Callable[[Any], Drawn]
    joined: tuple[str, ...] = ()
    estate: str = "estate"
    opens: Callable[[Staff], Q] | None = None

    def rows(self, estate: Estate, span: Span) -> QuerySet:
        return self.model._default_manager.filter(self.where(span), **{self.estate: estate})


Measure = Callable[[Q], Aggregate]


def counted(condition: Q) -> Aggregate:
    """How many rows."""
    return Count("pk", filter=condition or None)


def summed(name: str) -> Measure:
    return lambda condition: Sum(name, filter=condition or None, output_field=FloatField())


def averaged(name: str) -> Measure:
    return lambda condition: Avg(name, filter=condition or None, output_field=FloatField())


@dataclass(frozen=True)
class Figure:
    """``measure`` makes the number from the rows: how many they are, if nothing else is said.

    ``none`` is the number of no rows.
    """

    key: str
    label: str | Promise
    base: Base
    condition: Q = field(default_factory=Q)
    measure: Measure = counted
    none: Number | None = 0

    @property
    def counts_rows(self) -> bool:
        return self.measure is counted

    def rows(self, estate: Estate, span: Span) -> QuerySet:
        """The rows behind the number."""
        return self.base.rows(estate, span).filter(self.condition)

    def listed(self, ids: Sequence[int]) -> QuerySet:
        """These rows as a list shows them, in the order in which they were entered."""
        rows = self.base.model._default_manager.filter(pk__in=ids)
        return rows.select_related(*self.base.joined).order_by("pk")


def within(name: str) -> Callable[[Span], Q]:
    """Rows whose moment ``name`` lies in the period."""
    return lambda span: Q(**{f"{name}__gte": span.start, f"{name}__lt": span.end})


def on_days(name: str) -> Callable[[Span], Q]:
    """Rows whose day ``name`` lies in the period."""
    return lambda span: Q(**{f"{name}__range": (span.first, span.last)})


def owed_within(span: Span) -> Q:
    """Follow-ups whose moment lies in the period and which are decided: done, or past it."""
    decided = Q(done_at__isnull=False) | Q(due_at__lt=span.as_of, paused_at__isnull=True)
    return within("due_at")(span) & decided & Q(cancelled_at__isnull=True)


def kept_or_missed(key: str, label, base: Base, condition: Q) -> tuple[Figure, Figure, Figure]:
    """Owed, kept and missed of one group of follow-ups."""
    kept = Q(done_at__isnull=False, done_at__lte=F("due_at"))
    missed = Q(done_at__isnull=True) | Q(done_at__gt=F("due_at"))
    return (
        Figure(f"{key}.owed", label, base, condition),
        Figure(f"{key}.kept", label, base, condition & kept),
        Figure(f"{key}.missed", label, base, condition & missed),
    )


def count(figures: Iterable[Figure], estate: Estate, span: Span) -> dict[str, Number | None]:
    """Every number by the figure's key, in one question to the database."""
    groups = _by_base(figures)
    if not groups:
        return {}
    answers = (
        Estate.objects.filter(pk=estate.pk)
        .order_by()
        .values_list(*(_answer(base, group, estate, span) for base, group in groups))
        .get()
    )
    found: dict[str, Number | None] = {}
    for (_base, group), answer in zip(groups, answers, strict=True):
        for figure, number in zip(group, answer or [None] * len(group), strict=True):
            found[figure.key] = figure.none if number is None else number
    return found


def _by_base(figures: Iterable[Figure]) -> list[tuple[Base, list[Figure]]]:
    by_base: dict[Base, list[Figure]] = defaultdict(list)
    for figure in figures:
        by_base[figure.base].append(figure)
    return [
        (base, group[first : first + AT_ONCE])
        for base, group in by_base.items()
        for first in range(0, len(group), AT_ONCE)
    ]


def _answer(base: Base, group: list[Figure], estate: Estate, span: Span) -> Subquery:
    numbers = JSONArray(*(figure.measure(figure.condition) for figure in group))
    rows = base.rows(estate, span).order_by().values(base.estate)
    return Subquery(rows.annotate(numbers=numbers).values("numbers"), output_field=JSONField())


def members(figures: Sequence[Figure], estate: Estate, span: Span) -> dict[str, list[int]]:
    """The ids of the rows behind every number, by the figure's key: one question as well."""
    found: dict[str, list[int]] = {figure.key: [] for figure in figures}
    parts = [
        figure.rows(estate, span)
        .order_by()
        .annotate(figure=Value(figure.key, CharField()))
        .values_list("figure", "pk")
        for figure in figures
    ]
    for key, pk in parts[0].union(*parts[1:], all=True):
        found[key].append(pk)
    return {key: sorted(ids) for key, ids in found.items()}


@dataclass(frozen=True)
class Line:
    """One line of a table: its figures by column, and of which two the share is told.

    ``target`` is the number of the rulebook that says how high the share should be.
    """

    label: str | Promise
    keys: tuple[str, ...]
    share: tuple[str, str] | None = None
    target: str = ""


@dataclass(frozen=True)
class Table:
    code: str
    title: str | Promise
    columns: tuple[str | Promise, ...]
    lines: tuple[Line, ...]
    share_label: str | Promise = ""
    leaves_out_empty: bool = False


def kept_line(key: str, label, target: str = "") -> Line:
    """The line of ``kept_or_missed``: its three figures and how much of it was kept."""
    owed, kept, missed = (f"{key}.{each}" for each in ("owed", "kept", "missed"))
    return Line(label, (owed, kept, missed), (kept, owed), target)


@dataclass(frozen=True)
class Cell:
    key: str
    value: Number | None


@dataclass(frozen=True)
class Row:
    label: str | Promise
    cells: list[Cell]
    share: float | None
    target: Number | None = None

    @property
    def is_below(self) -> bool:
        return self.share is not None and self.target is not None and self.share < self.target


def filled(
    tables: Iterable[Table], values: dict, targets: Mapping[str, Number] | None = None
) -> list[tuple[Table, list[Row]]]:
    """The tables with their numbers; ``targets`` are the rulebook's, by key."""
    targets = targets or {}
    found = []
    for table in tables:
        rows = []
        for line in table.lines:
            cells = [Cell(key, values.get(key)) for key in line.keys]
            if table.leaves_out_empty and not any(cell.value for cell in cells):
                continue
            share = _share(line, values)
            rows.append(Row(line.label, cells, share, targets.get(line.target)))
        found.append((table, rows))
    return found


def _share(line: Line, values: dict) -> float | None:
    if line.share is None:
        return None
    part, whole = (values.get(key) for key in line.share)
    return round(part * 100 / whole, 1) if whole and part is not None else None
