"""What a month would be under other rules, without touching what was published."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import Staff
from appraisal.actions.lines import share_of
from appraisal.arithmetic import Fact, Marks, Month, Rules, band_of, month_of, score_sheet
from appraisal.items import FAILING
from appraisal.models import Deduction, Sheet
from appraisal.periods import next_month
from appraisal.schemes import MonthTerms, draft_of, in_force
from appraisal.statuses import Status


def fact_of(line: Deduction) -> Fact:
    """A stored line as the fact it is, with the share that appeals took back."""
    return Fact(
        item=line.item,
        grade=line.grade,
        typed=line.points,
        shortfall=line.shortfall,
        columns=tuple(each.item for each in line.linked.all()),
        reversed_share=share_of(line),
    )


def total_under(sheet: Sheet, rules: Rules, groups: dict[str, str] | None = None) -> Decimal:
    """The total of a sheet under ``rules``; ``groups`` re-assigns items as a draft maps them.

    Under the sheet's own rules this is its total, to the mark.
    """
    facts = []
    for line in sheet.deductions.all():
        fact = fact_of(line)
        if groups:
            fact = Fact(**{**fact.__dict__, "item": groups[line.group]})
        facts.append(fact)
    return score_sheet(facts, rules)


@dataclass(frozen=True)
class Trial:
    """The numbers a month is replayed under, as drafted or typed for a trial; stored nowhere."""

    marks: Marks
    month: MonthTerms


@dataclass(frozen=True)
class Replayed:
    """One person's month ``now`` and ``then``, under the trial; ``changed`` counts his sheets."""

    staff: Staff
    now: Month
    then: Month
    band_now: str
    band_then: str
    sheets: int
    changed: int

    @property
    def difference(self) -> Decimal | None:
        if self.now.score is None or self.then.score is None:
            return None
        return self.then.score - self.now.score

    @property
    def moves_band(self) -> bool:
        return self.band_now != self.band_then


def replay(
    month: date, people: list[Staff], *, on: date, terms: MonthTerms, trial: Trial
) -> list[Replayed]:
    """Every person's month under ``terms`` as it is, and as it would be under the trial's numbers
    and the drafted schemes, or where nothing is drafted those in force ``on`` a day. Reads only.
    """
    schemes = {}
    for post in {person.post for person in people}:
        draft = draft_of(post) or in_force(post, on)
        schemes[post] = (Rules(draft.full, trial.marks, draft.version), dict(draft.groups))
    sheets = (
        Sheet.objects.filter(
            status=Status.LOCKED,
            day__gte=month,
            day__lt=next_month(month),
            staff__in=[person.pk for person in people],
        )
        .prefetch_related("deductions__linked")
        .order_by("pk")
    )
    kept: dict[int, list[tuple[str, Decimal, Decimal]]] = {}
    for sheet in sheets:
        if sheet.post in schemes:
            rules, groups = schemes[sheet.post]
            kept.setdefault(sheet.staff_id, []).append(
                (sheet.kind, sheet.total, total_under(sheet, rules, groups))
            )
    return [_replayed(person, kept[person.pk], terms, trial) for person in people
            if person.pk in kept]  # fmt: skip


def _replayed(person: Staff, rows, terms: MonthTerms, trial: Trial) -> Replayed:
    now = month_of(_totals(rows, 1), terms.weights)
    then = month_of(_totals(rows, 2), trial.month.weights)
    return Replayed(
        person,
        now,
        then,
        _band(now, terms),
        _band(then, trial.month),
        len(rows),
        sum(before != after for _kind, before, after in rows),
    )


def _band(month: Month, terms: MonthTerms) -> str:
    return "" if month.score is None else band_of(month.score, terms.floors, FAILING)


def _totals(rows, column) -> dict[str, tuple[Decimal, int]]:
    found: dict[str, tuple[Decimal, int]] = {}
    for row in rows:
        marks, count = found.get(row[0], (Decimal(0), 0))
        found[row[0]] = (marks + row[column], count + 1)
    return found
