"""Which households were visited, per butler, building and quarter (VIS-1, VIS-4)."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from accounts.models import Staff
from estates.models import Area, Building, building_ids_of
from visits.models import Visit
from visits.plan import occupied

QUARTERS = (1, 2, 3, 4)


@dataclass
class Line:
    """One building, or the sum of a butler: households, and how many were met in each quarter."""

    label: str
    households: int = 0
    met: dict[int, int] = field(default_factory=lambda: dict.fromkeys(QUARTERS, 0))
    met_in_year: int = 0

    def share(self, count: int) -> float | None:
        return count * 100 / self.households if self.households else None

    @property
    def year_share(self):
        return self.share(self.met_in_year)

    @property
    def quarters(self) -> list[tuple[int, float | None]]:
        return [(self.met[quarter], self.share(self.met[quarter])) for quarter in QUARTERS]

    def add(self, other: "Line") -> None:
        self.households += other.households
        self.met_in_year += other.met_in_year
        for quarter in QUARTERS:
            self.met[quarter] += other.met[quarter]


@dataclass
class Group:
    """A butler's area with its buildings; butler None: buildings that nobody answers for."""

    butler: Staff | None
    total: Line
    buildings: list[Line]


def coverage(staff: Staff, year: int) -> list[Group]:
    """Households of today, each counted once a quarter and once a year when it was met. Four queries.

    A butler sees the own area, others what their estates have.
    """
    buildings = (
        Building.objects.visible_to(staff).select_related("estate").order_by("estate", "code")
    )
    if staff.duty.scope == "area":
        buildings = buildings.filter(pk__in=building_ids_of(staff))
    buildings = list(buildings)
    ids = [building.pk for building in buildings]
    homes = occupied().filter(building__in=ids)
    counts = Counter(homes.values_list("building_id", flat=True))
    met = _met(ids, year)
    butlers = {
        area.building_id: area.staff
        for area in Area.objects.filter(building__in=ids).select_related("staff")
    }
    groups: dict[int | None, Group] = {}
    several = len({building.estate_id for building in buildings}) > 1
    for building in buildings:
        label = f"{building.estate.name} {building}" if several else str(building)
        line = Line(label, counts[building.pk])
        for quarter, units in met[building.pk].items():
            line.met[quarter] = len(units)
        line.met_in_year = len(set().union(*met[building.pk].values()))
        butler = butlers.get(building.pk)
        key = butler.pk if butler else None
        if key not in groups:
            groups[key] = Group(butler, Line(butler.name if butler else ""), [])
        groups[key].buildings.append(line)
        groups[key].total.add(line)
    return list(groups.values())


def _met(buildings: Sequence[int], year: int) -> dict[int, dict[int, set[int]]]:
    found: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    rows = (
        Visit.objects.met()
        .filter(unit__building__in=buildings)
        .filter(visited_on__gte=date(year, 1, 1), visited_on__lte=date(year, 12, 31))
        .filter(unit__in=occupied())
        .values_list("unit__building_id", "unit_id", "visited_on")
    )
    for building, unit, day in rows:
        found[building][(day.month + 2) // 3].add(unit)
    return found
