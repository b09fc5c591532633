"""The one lookup box: rooms, phones, names and pinyin as indexed rows, read by one query."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length
from django.utils.functional import Promise

from accounts.models import Staff
from estates.models import (
    Building,
    LookupKey,
    PublicPlace,
    Relation,
    Residence,
    Resident,
    Unit,
    estates_for,
)
from estates.names import initials_of, pinyin_of, spoken_parts
from estates.phones import digits_of
from estates.typed import clean_text, half_width

Kind = LookupKey.Kind
LONGEST_TERM = 60
ROWS_READ = 120

_SEPARATORS = re.compile(r"号楼|单元|[栋幢座室号#\-./\\－—_－]+")
_NOISE = re.compile(r"[\s'’‘`\"“”·,，。、()（）]+")
_ORDER_OF_RELATION = {Relation.OWNER: 0, Relation.TENANT: 1, Relation.FAMILY: 2, Relation.OTHER: 3}


@dataclass(frozen=True)
class Match:
    """One line of the lookup's answer.

    ``unit`` is None for a person without a room, ``resident`` for a room without people.
    ``why`` is the LookupKey.Kind that matched and ``rank`` the lower the better.
    """

    unit: Unit | None
    resident: Resident | None
    relation: str
    why: str
    rank: int

    @property
    def relation_label(self) -> str | Promise:
        return Relation(self.relation).label if self.relation else ""

    @property
    def why_label(self) -> str | Promise:
        return Kind(self.why).label


@dataclass(frozen=True)
class Term:
    """A term as read: ``plain`` without separators, ``dashed`` if it had the form of a room."""

    plain: str
    dashed: str

    @property
    def is_digits(self) -> bool:
        return self.plain.isascii() and self.plain.isdigit()

    @property
    def is_latin(self) -> bool:
        return self.plain.isascii() and self.plain.isalpha()


@lru_cache(maxsize=4096)  # a lookup reads the codes of the same units again and again
def read_term(term: str) -> Term:
    """Read what was typed as screens.md W2 says: width, spaces, apostrophes, 栋/单元/室 and signs."""
    typed = _NOISE.sub("", half_width(clean_text(term)[:LONGEST_TERM])).lower()
    typed = re.sub(r"^\+86(?=1[0-9]{10}$)", "", typed)
    parts = [part for part in _SEPARATORS.split(typed) if part]
    room_like = len(parts) > 1 and all(re.fullmatch(r"[0-9a-z]+", part) for part in parts)
    if room_like or re.fullmatch(r"[0-9a-z]+", "".join(parts)):
        return Term("".join(parts), "-".join(parts) if room_like else "")
    return Term(re.sub(r"[\W_]+", "", typed), "")


# --- writing the index ----------------------------------------------------------------------


def unit_keys(unit: Unit) -> list[LookupKey]:
    """The keys of a unit: 3-2-1102 → 3-2-1102, 321102, 3-1102, 31102, 2-1102, 21102, 1102."""
    building, stair, room = (_room_part(p) for p in (unit.building.code, unit.stair, unit.room))
    parts = [part for part in (building, stair, room) if part]
    keys = {"-".join(parts), "".join(parts), room, f"{building}-{room}", f"{building}{room}"}
    if stair:
        keys |= {f"{stair}-{room}"}
    code = read_term(unit.code)
    keys |= {code.plain, code.dashed}
    return [
        LookupKey(estate_id=unit.estate_id, kind=Kind.ROOM, key=key[:80], unit=unit)
        for key in sorted(keys - {""})
    ]


def resident_keys(resident: Resident) -> list[LookupKey]:
    """The keys of a person: phone, its tail, the name and its endings, initials and pinyin."""
    keys = [(Kind.NAME, key) for key in spoken_parts(resident.name)]
    keys += [(Kind.INITIALS, key) for key in initials_of(resident.name)]
    keys += [(Kind.PINYIN, key) for key in pinyin_of(resident.name)]
    digits = digits_of(resident.phone)
    if digits:
        keys.append((Kind.PHONE, digits))
        if len(digits) >= 7:
            keys.append((Kind.TAIL, digits[-4:]))
    return [
        LookupKey(estate_id=resident.estate_id, kind=kind, key=key[:80], resident=resident)
        for kind, key in sorted(set(keys))
        if key
    ]


def place_keys(place: PublicPlace) -> list[LookupKey]:
    """The keys of a public place: any part of its name, and of its initials."""
    keys = [(Kind.NAME, key) for key in spoken_parts(place.name, most=20)]
    for initials in initials_of(place.name):
        keys += [(Kind.INITIALS, initials[start:]) for start in range(min(len(initials), 20))]
    return [
        LookupKey(estate_id=place.estate_id, kind=kind, key=key[:80], place=place)
        for kind, key in sorted(set(keys))
        if key
    ]


def index_unit(unit: Unit) -> None:
    """Write the unit's keys anew."""
    index_all(units=[unit])


def index_resident(resident: Resident) -> None:
    """Write the person's keys anew; residences need no index of their own."""
    index_all(residents=[resident])


def index_place(place: PublicPlace) -> None:
    """Write the public place's keys anew."""
    index_all(places=[place])


def index_all(
    *,
    units: Iterable[Unit] = (),
    residents: Iterable[Resident] = (),
    places: Iterable[PublicPlace] = (),
) -> None:
    """Write the keys of many anew, in few statements; units need their building at hand."""
    for name, subjects, keys_of in (
        ("unit", units, unit_keys),
        ("resident", residents, resident_keys),
        ("place", places, place_keys),
    ):
        subjects = iter(subjects)
        while batch := list(islice(subjects, 500)):
            LookupKey.objects.filter(**{f"{name}__in": [one.pk for one in batch]}).delete()
            LookupKey.objects.bulk_create(
                [key for subject in batch for key in keys_of(subject)], batch_size=1000
            )


def _room_part(text):
    return re.sub(r"[^0-9a-z]+", "", half_width(str(text)).lower())


# --- reading it -----------------------------------------------------------------------------


def find(term: str, *, staff: Staff, limit: int = 8) -> list[Match]:
    """Units and residents of the staff's estates for what was typed, best first; one query.

    11 digits are a phone; 4 digits a phone's tail and a room; other digits every split of
    building, stair and room; letters initials or pinyin; Chinese any part of a name.
    Rank: exact room, full phone, tail, exact initials, prefix; owners before tenants.
    """
    read = read_term(term)
    if not read.plain:
        return []
    rows = (
        _within(staff)
        .filter(_condition(read), place=None)
        .annotate(rank=_rank(read), length=Length("key"))
        .order_by("rank", "length", "key", "pk")
        .values_list("rank", "kind", "key", *_COLUMNS)[:ROWS_READ]
    )
    matches = [match for row in rows if (match := _match(row))]
    exact_rooms = {m.unit.pk for m in matches if m.rank == 0 and m.unit} if read.dashed else set()
    if exact_rooms:
        # 3-2-1102 was typed with its dashes: 32-1-102 is not meant.
        matches = [m for m in matches if m.unit and m.unit.pk in exact_rooms]
    matches.sort(key=lambda m: (m.rank, _ORDER_OF_RELATION.get(m.relation, 4)))
    lived_in = {m.unit.pk for m in matches if m.unit and m.resident}
    unique = {}
    for match in matches:
        if match.unit and not match.resident and match.unit.pk in lived_in:
            continue
        pair = (match.unit and match.unit.pk, match.resident and match.resident.pk)
        unique.setdefault(pair, match)
    return list(unique.values())[:limit]


def find_places(term: str, *, staff: Staff, limit: int = 8) -> list[PublicPlace]:
    """Public places of the staff's estates whose name, or its initials, contain the term."""
    plain = re.sub(r"[\W_]+", "", half_width(clean_text(term)[:LONGEST_TERM])).lower()
    if not plain:
        return []
    keys = _within(staff).filter(_starts_with(plain), place__isnull=False)
    return list(
        PublicPlace.objects.filter(pk__in=keys.values("place"))
        .select_related("building", "estate")
        .order_by("estate", "name", "pk")[:limit]
    )


def matching_units(term: str, *, staff: Staff) -> QuerySet[Unit]:
    """Every unit that a term finds, by itself or by who lives in it; for lists."""
    read = read_term(term)
    units = Unit.objects.visible_to(staff)
    if not read.plain:
        return units.none()
    keys = _within(staff).filter(_condition(read), place=None)
    return units.filter(
        Q(pk__in=keys.exclude(unit=None).values("unit"))
        | Q(
            pk__in=Residence.objects.filter(
                resident__in=keys.exclude(resident=None).values("resident")
            ).values("unit")
        )
    )


def _within(staff):
    return LookupKey.objects.filter(estate__in=estates_for(staff))


def _starts_with(text):
    if connection.vendor == "sqlite":  # a range uses the index there; LIKE ... ESCAPE does not
        return Q(key__gte=text, key__lt=text + chr(0x10FFFF))
    return Q(key__startswith=text)


def _condition(read):
    if read.is_digits:
        return _digits_condition(read)
    if read.plain.isascii():
        kinds = [Kind.INITIALS, Kind.PINYIN, Kind.NAME]
        exact = Q(key=read.plain) | (Q(key=read.dashed) if read.dashed else Q())
        if len(read.plain) < 2:
            return Q(kind=Kind.ROOM) & exact | Q(kind__in=kinds, key=read.plain)
        return exact | Q(kind__in=[*kinds, Kind.ROOM]) & _starts_with(read.plain)
    return Q(kind=Kind.NAME) & _starts_with(read.plain)


def _digits_condition(read):
    exact = Q(key=read.plain)
    if read.dashed:
        rooms = Q(kind=Kind.ROOM) & (exact | _starts_with(read.dashed))
        return rooms | Q(kind=Kind.PHONE) & exact
    if len(read.plain) == 11 and read.plain.startswith("1"):
        return Q(kind=Kind.PHONE) & exact
    kinds = [Kind.ROOM, Kind.TAIL] if len(read.plain) == 4 else [Kind.ROOM, Kind.PHONE]
    condition = Q(kind__in=kinds) & exact
    if len(read.plain) >= 3:
        condition |= Q(kind=Kind.ROOM) & _starts_with(read.plain)
    if len(read.plain) >= 5:
        condition |= Q(kind=Kind.PHONE) & _starts_with(read.plain)
    return condition


def _rank(read):
    exact = Q(key=read.dashed) if read.dashed else Q(key=read.plain)
    whens = [
        When(exact & Q(kind=Kind.ROOM), then=Value(0)),
        When(Q(key=read.plain, kind=Kind.PHONE), then=Value(1)),
        When(exact & Q(kind=Kind.TAIL), then=Value(2)),
        When(exact & Q(kind__in=[Kind.INITIALS, Kind.NAME]), then=Value(4)),
        When(exact & Q(kind=Kind.PINYIN), then=Value(5)),
        When(kind__in=[Kind.INITIALS, Kind.NAME], then=Value(6)),
        When(kind=Kind.ROOM, then=Value(7)),
    ]
    return Case(*whens, default=Value(8), output_field=IntegerField())


def _fields(model, *left_out):
    """The columns of a match; what nobody reads there is deferred, private fields above all."""
    return [f.attname for f in model._meta.concrete_fields if f.attname not in left_out]


_UNIT = _fields(Unit, "occupied_on", "note")
_PERSON = _fields(Resident, "id_number", "note", "care_note")
_BUILDING = _fields(Building)


def _columns(unit, resident, residence):
    return [
        *(f"{unit}__{name}" for name in _UNIT),
        *(f"{unit}__building__{name}" for name in _BUILDING),
        *(f"{resident}__{name}" for name in _PERSON),
        f"{residence}__relation",
        f"{residence}__until",
    ]


# A key leads to a unit and on to its people, or to a person and on to his units.
_COLUMNS = [
    *_columns("unit", "unit__residences__resident", "unit__residences"),
    *_columns("resident__residences__unit", "resident", "resident__residences"),
]
_HALF = len(_COLUMNS) // 2


def _match(row):
    rank, kind, key, *values = row
    half = values[:_HALF] if values[0] is not None else values[_HALF:]
    unit = _instance(Unit, _UNIT, half)
    building = _instance(Building, _BUILDING, half[len(_UNIT) :])
    person = _instance(Resident, _PERSON, half[len(_UNIT) + len(_BUILDING) :])
    relation, until = half[-2] or "", half[-1]
    if unit:
        unit.building = building
        if rank == 0 and key not in _whole_keys(unit):
            rank = 3  # a room number that occurs in many buildings
    if until is not None:
        if kind == Kind.ROOM:
            return Match(unit, None, "", kind, rank)
        return Match(None, person, "", kind, rank + 5)  # moved out: known, but not at home there
    return Match(unit, person, relation, kind, rank)


def _whole_keys(unit):
    parts = [p for p in map(_room_part, (unit.building.code, unit.stair, unit.room)) if p]
    code = read_term(unit.code)
    return {"-".join(parts), "".join(parts), code.plain, code.dashed}


def _instance(model, names, values):
    return model.from_db("default", names, values[: len(names)]) if values[0] is not None else None
