"""The arithmetic of the sheets. Pure: no database, no clock; marks are Decimals.

item = max(0, full marks − Σ deductions on it); total = Σ items (APP-9, 扣完为止). A cause-linked
line is taken in its own column, which has its own floor (APP-19, APP-20). What an appeal takes
back is taken back from the line and, in the same share, from its linked lines.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction

ZERO = Decimal(0)
CENT = Decimal("0.01")
HUNDRED = Decimal(100)
SMALL_ITEM = Decimal(5)  # items of at most five marks have points of their own

MINOR, SERIOUS, CONSEQUENCE, RATE = "minor", "serious", "consequence", "rate"


@dataclass(frozen=True)
class Marks:
    """The points of the grades and what goes with them; all in marks, shares in percent."""

    minor: Decimal
    minor_small: Decimal
    serious: Decimal
    serious_small: Decimal
    consequence_least: Decimal
    consequence_most: Decimal
    linked_share: Decimal
    fee_part: Decimal
    fee_step: Decimal


@dataclass(frozen=True)
class Rules:
    """Under which rules a sheet is scored: full marks per item, points, and the scheme's version."""

    full: Mapping[str, Decimal]
    marks: Marks
    version: int = 0

    def to_json(self) -> dict:
        return {
            "full": {item: str(value) for item, value in self.full.items()},
            "marks": {name: str(value) for name, value in asdict(self.marks).items()},
            "version": self.version,
        }

    @classmethod
    def from_json(cls, kept: Mapping) -> "Rules":
        return cls(
            {item: Decimal(value) for item, value in kept["full"].items()},
            Marks(**{each.name: Decimal(kept["marks"][each.name]) for each in fields(Marks)}),
            kept.get("version", 0),
        )


@dataclass(frozen=True)
class Fact:
    """One violation as found, without points: what a replay starts from.

    ``typed`` are the inspector's points of 引起不良后果; ``shortfall`` the percent points that a
    collection rate lies below target. ``reversed_share`` is what an appeal took back, 0 … 1.
    """

    item: str
    grade: str
    typed: Decimal = ZERO
    shortfall: Decimal = ZERO
    columns: tuple[str, ...] = ()
    reversed_share: Fraction = Fraction(0)


@dataclass(frozen=True)
class Charge:
    """Points that stand against one item, and the same violation's points in linked columns."""

    item: str
    points: Decimal
    linked: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class ItemScore:
    """``taken`` is the sum of the deductions, ``lost`` the part of it below the floor."""

    item: str
    full: Decimal
    taken: Decimal

    @property
    def score(self) -> Decimal:
        return max(ZERO, self.full - self.taken)

    @property
    def lost(self) -> Decimal:
        return max(ZERO, self.taken - self.full)

    @property
    def is_used_up(self) -> bool:
        """扣完为止: nothing is left, and no further deduction counts."""
        return self.taken > 0 and self.taken >= self.full


def sums_to_hundred(full: Mapping[str, Decimal]) -> bool:
    """Whether the full marks of a sheet make 100, none of them below 0 (APP-5, APP-7)."""
    return sum(full.values(), ZERO) == HUNDRED and all(value >= 0 for value in full.values())


def grade_points(grade: str, full: Decimal, marks: Marks) -> Decimal:
    """The points that 一般 or 严重 take from an item of ``full`` marks; ValueError for others."""
    is_small = full <= SMALL_ITEM
    if grade == MINOR:
        return marks.minor_small if is_small else marks.minor
    if grade == SERIOUS:
        return marks.serious_small if is_small else marks.serious
    raise ValueError(f"the points of {grade} do not follow from the grade alone")


def consequence_range(full: Decimal, marks: Marks) -> tuple[Decimal, Decimal]:
    """The least and most that 引起不良后果 may take: up to all the item's marks.

    On an item of less than ten marks it starts one above 严重 (defaults 2.10).
    """
    least = marks.consequence_least
    if full < 10:
        least = grade_points(SERIOUS, full, marks) + 1
    return min(least, full), full


def rate_points(shortfall: Decimal, marks: Marks) -> Decimal:
    """One mark per whole step below the target rate, at most the rate's part of the item (FEE-2)."""
    if shortfall <= 0:
        return ZERO
    steps = (shortfall / marks.fee_step).to_integral_value(ROUND_FLOOR)
    return min(steps, marks.fee_part)


def points_of(fact: Fact, rules: Rules) -> Decimal:
    """What a violation takes before any appeal."""
    full = rules.full.get(fact.item, ZERO)
    if fact.grade == CONSEQUENCE:
        least, most = consequence_range(full, rules.marks)
        return min(max(fact.typed, least), most)
    if fact.grade == RATE:
        return rate_points(fact.shortfall, rules.marks)
    return grade_points(fact.grade, full, rules.marks)


def linked_points(points: Decimal, marks: Marks) -> Decimal:
    """What each linked column takes too: as shipped the same points (APP-19)."""
    return _cents(points * marks.linked_share / 100)


def reversed_part(points: Decimal, share: Fraction) -> Decimal:
    """What an appeal takes back of ``points``; a share of 1 takes back exactly all."""
    if share >= 1:
        return points
    return min(points, _cents(_exact(Fraction(points) * share)))


def charge(fact: Fact, rules: Rules) -> Charge:
    """A violation as it stands under ``rules``, with what an appeal took back taken off.

    A column that is the item itself is not charged twice.
    """
    points = points_of(fact, rules)
    linked = linked_points(points, rules.marks)
    share = fact.reversed_share
    return Charge(
        fact.item,
        points - reversed_part(points, share),
        {
            column: linked - reversed_part(linked, share)
            for column in fact.columns
            if column != fact.item and column in rules.full
        },
    )


def score_items(full: Mapping[str, Decimal], charges: Iterable[Charge]) -> list[ItemScore]:
    """Every item with what was taken from it, in the order of ``full``."""
    taken = dict.fromkeys(full, ZERO)
    for each in charges:
        taken[each.item] += each.points
        for column, points in each.linked.items():
            taken[column] += points
    return [ItemScore(item, marks, taken[item]) for item, marks in full.items()]


def total_of(scores: Iterable[ItemScore]) -> Decimal:
    return sum((each.score for each in scores), ZERO)


def score_sheet(facts: Iterable[Fact], rules: Rules) -> Decimal:
    """The total of a sheet from its facts: what replaying it under ``rules`` gives."""
    known = (fact for fact in facts if fact.item in rules.full)
    return total_of(score_items(rules.full, [charge(fact, rules) for fact in known]))


@dataclass(frozen=True)
class KindPart:
    """One kind of inspection in a month: ``share`` is its weight after renormalising, in percent."""

    kind: str
    count: int
    mean: Decimal
    weight: Decimal
    share: Decimal


@dataclass(frozen=True)
class Month:
    parts: tuple[KindPart, ...]
    score: Decimal | None


def month_of(totals: Mapping[str, tuple[Decimal, int]], weights: Mapping[str, Decimal]) -> Month:
    """A month from the sum and number of totals per kind; weights of missing kinds fall away.

    Rounded once, at the end, to the hundredth. No score without any sheet that weighs something.
    """
    present = {
        kind: Fraction(totals[kind][0]) / totals[kind][1]
        for kind in weights
        if kind in totals and totals[kind][1]
    }
    whole = sum((Fraction(weights[kind]) for kind in present), Fraction(0))
    parts = tuple(
        KindPart(
            kind,
            totals[kind][1],
            _cents(_exact(mean)),
            weights[kind],
            _cents(_exact(Fraction(weights[kind]) * 100 / whole)) if whole else ZERO,
        )
        for kind, mean in present.items()
    )
    if not whole:
        return Month(parts, None)
    score = sum((mean * Fraction(weights[kind]) for kind, mean in present.items()), Fraction(0))
    return Month(parts, _cents(_exact(score / whole)))


def band_of(score: Decimal, floors: Sequence[tuple[str, Decimal]], last: str) -> str:
    """The first band whose floor the score reaches; ``last`` below all of them."""
    return next((band for band, floor in floors if score >= floor), last)


def median_of(values: Sequence[Decimal]) -> Decimal:
    """ValueError for nothing at all."""
    return quantile(values, Fraction(1, 2))


def quantile(values: Sequence[Decimal], share: Fraction) -> Decimal:
    """By linear interpolation between the ordered values."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    low, high = Fraction(ordered[below]), Fraction(ordered[above])
    return _cents(_exact(low + (high - low) * (place - below)))


def _exact(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
