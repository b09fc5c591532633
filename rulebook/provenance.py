"""What a page says about a number: its value now, where it comes from, what is planned."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from rulebook.models import NumberVersion
from rulebook.numbers import NUMBERS, TOPIC_LABELS
from rulebook.numbers.row import MANUAL, Number, phrase


@dataclass(frozen=True)
class Standing:
    """A number at a moment. ``current`` is None while the shipped default holds.

    ``newest`` is the highest version there is (0: none), the one an edit must have seen;
    ``planned`` are versions that come into force later, soonest first.
    """

    number: Number
    current: NumberVersion | None
    planned: tuple[NumberVersion, ...]
    newest: int

    @property
    def value(self) -> Decimal:
        return self.current.value if self.current else self.number.default

    @property
    def version(self) -> int:
        return self.current.version if self.current else 0

    @property
    def is_confirmed(self) -> bool:
        """Whether the company or the manual itself says this value; else pages carry the notice."""
        if self.current:
            return self.current.is_confirmed
        return self.number.confidence == MANUAL

    @property
    def text(self) -> str:
        return phrase(self.value, self.number.unit)

    @property
    def default_text(self) -> str:
        return phrase(self.number.default, self.number.unit)


def standing(key: str, *, at: datetime) -> Standing:
    """One number at a moment; KeyError for an unknown key. One query."""
    return standings(at=at, key=key)[key]


def standings(*, at: datetime, key: str | None = None) -> dict[str, Standing]:
    """Every number (or the one named) at a moment, by key, in one query."""
    versions = NumberVersion.objects.select_related("by").order_by("effective_at", "version")
    numbers = NUMBERS
    if key is not None:
        versions = versions.filter(key=key)
        numbers = tuple(number for number in NUMBERS if number.key == key)
    by_key: dict[str, list[NumberVersion]] = {}
    for version in versions:
        by_key.setdefault(version.key, []).append(version)
    return {number.key: _standing(number, by_key.get(number.key, []), at) for number in numbers}


def by_topic(found: Iterable[Standing]) -> list[tuple[str, object, list[Standing]]]:
    """Standings grouped for the page: (topic code, topic label, standings) in table order."""
    topics: dict[str, list[Standing]] = {}
    for one in found:
        topics.setdefault(one.number.topic, []).append(one)
    return [(topic, TOPIC_LABELS[topic], ones) for topic, ones in topics.items()]


def _standing(number: Number, versions: list[NumberVersion], at: datetime) -> Standing:
    in_force = [version for version in versions if version.effective_at <= at]
    return Standing(
        number=number,
        current=in_force[-1] if in_force else None,
        planned=tuple(version for version in versions if version.effective_at > at),
        newest=max((version.version for version in versions), default=0),
    )
