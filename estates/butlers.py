"""Who answers for a building."""

from accounts.models import Staff
from estates.models import PublicPlace, Unit


def butler_of(unit: Unit | None = None, place: PublicPlace | None = None) -> Staff | None:
    """The butler in whose area a unit or a building's public place lies; one query.

    None for a place outside buildings, a building without a butler, or a butler who left.
    """
    building_id = unit.building_id if unit else place.building_id if place else None
    if building_id is None:
        return None
    return Staff.objects.active().filter(areas__building=building_id).first()
