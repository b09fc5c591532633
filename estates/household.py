"""Who lives in a unit, for the household page and for whoever answers a call."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from accounts.models import Staff
from estates.butlers import butler_of
from estates.models import Relation, Residence, Unit

_ORDER = [Relation.OWNER, Relation.TENANT, Relation.FAMILY, Relation.OTHER]


@dataclass(frozen=True)
class Household:
    unit: Unit
    butler: Staff | None
    residences: list[Residence]  # those who live or own there now, owners first
    former: list[Residence]


def household_of(unit: Unit, *, today: date) -> Household:
    """The people of a unit and its butler; two queries."""
    rows = list(unit.residences.select_related("resident").order_by("pk"))
    rows.sort(key=lambda row: (_ORDER.index(row.relation), row.pk))
    return Household(
        unit=unit,
        butler=butler_of(unit),
        residences=[row for row in rows if row.until is None or row.until > today],
        former=[row for row in rows if row.until is not None and row.until <= today],
    )


def first_people(units: Collection[int], *, today: date) -> dict[int, str]:
    """Whom to ask for in each unit, by its id: the owner, else the tenant, else family; one query."""
    rows = Residence.objects.filter(Q(until=None) | Q(until__gt=today), unit__in=units)
    found: dict[int, tuple[int, int, str]] = {}
    for pk, unit, relation, name in rows.values_list("pk", "unit", "relation", "resident__name"):
        rank = (_ORDER.index(relation), pk, name)
        found[unit] = min(found.get(unit, rank), rank)
    return {unit: name for unit, (_relation, _pk, name) in found.items()}


def other_units_of(residences: list[Residence], *, unit: Unit) -> dict[int, list[Unit]]:
    """Which other units these people have, by resident id; one query."""
    people = [row.resident_id for row in residences]
    found: dict[int, list[Unit]] = {}
    others = Residence.objects.filter(Q(until=None), resident__in=people).exclude(unit=unit)
    for row in others.select_related("unit").order_by("unit__code"):
        found.setdefault(row.resident_id, []).append(row.unit)
    return found
