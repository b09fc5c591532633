"""Comparing what a workbook says with what is known, and making it so; many at a time."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from estates.imports.plan import BUILDING, PERSON, RESIDENCE, UNIT
from estates.lookup import index_all
from estates.models import Building, Estate, Occupancy, Residence, Resident, Unit

NEW, CHANGED, SAME = "new", "changed", "same"
IN_ONE_QUERY = 400


@dataclass
class Ensured:
    """What is there for one thing, and what differs: field → [before, after] as JSON."""

    found: Any = None
    created: bool = False
    differs: dict[str, list] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        return NEW if self.found is None else CHANGED if self.differs else SAME


def compare(estate: Estate | None, kind: str, data: list[dict]) -> list[Ensured]:
    """What is known about things of one kind, in their order; writes nothing."""
    if estate is None:
        return [Ensured() for _one in data]
    result = []
    for start in range(0, len(data), IN_ONE_QUERY):
        result += _COMPARE[kind](estate, data[start : start + IN_ONE_QUERY])
    return result


def _compare_buildings(estate, data):
    known = {
        b.code: b
        for b in Building.objects.filter(estate=estate, code__in=[one["code"] for one in data])
    }
    return [Ensured(known.get(one["code"])) for one in data]


def _compare_units(estate, data):
    codes = [one["code"] for one in data]
    known = {
        unit.code: unit
        for unit in Unit.objects.filter(estate=estate, code__in=codes).select_related("building")
    }
    result = []
    for one in data:
        unit = known.get(one["code"])
        result.append(
            Ensured(
                unit,
                differs=_differences(unit, one, ("floor", "area_m2", "occupancy", "occupied_on"))
                if unit
                else {},
            )
        )
    return result


def _compare_people(estate, data):
    by_name = defaultdict(list)
    people = Resident.objects.filter(estate=estate, name__in={one["name"] for one in data})
    for person in people.prefetch_related("units").order_by("pk"):
        by_name[person.name].append(person)
    taken = {}
    result: list[Ensured | None] = [None] * len(data)
    # Whoever is found by name and phone is taken before others are guessed by ID or room.
    for finder in (_by_phone, _by_id, _by_room):
        for index, one in enumerate(data):
            if result[index] is None:
                free = [p for p in by_name[one["name"]] if p.pk not in taken]
                person = finder(free, one)
                if person:
                    taken[person.pk] = person
                    result[index] = Ensured(
                        person, differs=_differences(person, one, ("phone", "id_number"))
                    )
                    if not person.salutation and one["salutation"]:
                        result[index].differs["salutation"] = ["", one["salutation"]]
    return [ensured or Ensured() for ensured in result]


def _by_phone(people, one):
    same = [person for person in people if person.phone == one["phone"] and one["phone"]]
    return same[0] if same else None


def _by_id(people, one):
    same = [p for p in people if one["id_number"] and p.id_number == one["id_number"]]
    return same[0] if same else None


def _by_room(people, one):
    """The only person of this name in one of the rooms: the phone is what changed."""
    rooms = set(one["units"])
    same = [p for p in people if rooms & {unit.code for unit in p.units.all()}]
    return same[0] if len(same) == 1 else None


def _compare_residences(estate, data):
    known = {}
    people = {one["resident"] for one in data if one.get("resident")}
    for row in Residence.objects.filter(resident__in=people).select_related("unit"):
        known[row.resident_id, row.unit.code] = row
    result = []
    for one in data:
        row = known.get((one.get("resident"), one["unit"]))
        differs = {}
        if row and row.relation != one["relation"]:
            differs["relation"] = [row.relation, one["relation"]]
        result.append(Ensured(row, differs=differs))
    return result


_COMPARE = {
    BUILDING: _compare_buildings, UNIT: _compare_units,
    PERSON: _compare_people, RESIDENCE: _compare_residences,
}  # fmt: skip


def _differences(known, one, names):
    """What the workbook says otherwise; what it leaves empty erases nothing."""
    differs = {}
    for name in names:
        before, after = as_json(getattr(known, name)), one[name]
        if after not in (None, "") and before != after:
            differs[name] = [before, after]
    return differs


def as_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value.quantize(Decimal("0.01")))
    return value.isoformat() if isinstance(value, date) else value


def from_json(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "area_m2":
        return Decimal(value)
    return date.fromisoformat(value) if name == "occupied_on" else value


# --- making it so ---------------------------------------------------------------------------


def ensure(estate: Estate, kind: str, data: list[dict]) -> list[Ensured]:
    """Create what is missing and change what differs; inside the caller's transaction."""
    ensured = compare(estate, kind, data)
    _CREATE[kind](estate, data, ensured)
    changed = [one for one in ensured if one.differs]
    for one in changed:
        for name, (_before, after) in one.differs.items():
            setattr(one.found, name, from_json(name, after))
        if hasattr(one.found, "version"):
            one.found.version += 1
    if changed:
        names = {name for one in changed for name in one.differs}
        if kind in (UNIT, PERSON):
            names.add("version")
        type(changed[0].found).objects.bulk_update([c.found for c in changed], sorted(names), 200)
    if kind == PERSON:
        index_all(residents=[c.found for c in changed])
    return ensured


def _fill(ensured, made):
    """Put newly created objects where nothing was found; they differ in nothing."""
    made = iter(made)
    for one in ensured:
        if one.found is None:
            one.found, one.created = next(made), True


def _missing(data, ensured):
    return [one for one, known in zip(data, ensured, strict=True) if known.found is None]


def _create_buildings(estate, data, ensured):
    _fill(
        ensured,
        Building.objects.bulk_create(
            [Building(estate=estate, code=one["code"]) for one in _missing(data, ensured)]
        ),
    )


def _create_units(estate, data, ensured):
    missing = _missing(data, ensured)
    codes = {one["building"] for one in missing}
    buildings = {b.code: b for b in Building.objects.filter(estate=estate, code__in=codes)}
    made = Unit.objects.bulk_create(
        [
            Unit(
                estate=estate,
                building=buildings[one["building"]],
                stair=one["stair"],
                room=one["room"],
                code=one["code"],
                floor=one["floor"],
                area_m2=from_json("area_m2", one["area_m2"]),
                occupied_on=from_json("occupied_on", one["occupied_on"]),
                occupancy=one["occupancy"]
                or (Occupancy.OCCUPIED if one["lived_in"] else Occupancy.VACANT_ACCEPTED),
            )
            for one in missing
        ]
    )
    index_all(units=made)
    _fill(ensured, made)


def _also(phones):
    return gettext("另有电话 %(phones)s") % {"phones": "、".join(phones)} if phones else ""


def _create_people(estate, data, ensured):
    made = Resident.objects.bulk_create(
        [
            Resident(
                estate=estate,
                name=one["name"],
                phone=one["phone"],
                id_number=one["id_number"],
                salutation=one["salutation"],
                note=_also(one["other_phones"]),
            )
            for one in _missing(data, ensured)
        ]
    )
    index_all(residents=made)
    _fill(ensured, made)


def _create_residences(estate, data, ensured):
    missing = _missing(data, ensured)
    units = dict(
        Unit.objects.filter(estate=estate, code__in={one["unit"] for one in missing}).values_list(
            "code", "pk"
        )
    )
    _fill(
        ensured,
        Residence.objects.bulk_create(
            [
                Residence(
                    resident_id=one["resident"],
                    unit_id=units[one["unit"]],
                    relation=one["relation"],
                )
                for one in missing
            ]
        ),
    )


_CREATE = {
    BUILDING: _create_buildings, UNIT: _create_units,
    PERSON: _create_people, RESIDENCE: _create_residences,
}  # fmt: skip
