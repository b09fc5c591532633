"""Who answers for a building."""

import re

from accounts.models import Staff
from estates.models import Estate, PublicPlace, Unit
from estates.typed import half_width

_BUILDING = re.compile(r"0*([0-9]{1,3})\s*(?:栋|幢|座|号楼)")


def butler_of(unit: Unit | None = None, place: PublicPlace | None = None) -> Staff | None:
    """The butler in whose area a unit or a building's public place lies; one query.

    None for a place outside buildings, a building without a butler, or a butler who left.
    """
    building_id = unit.building_id if unit else place.building_id if place else None
    if building_id is None:
        return None
    return Staff.objects.active().filter(areas__building=building_id).first()


def butler_at(estate: Estate, where: str) -> Staff | None:
    """The butler of the building that a place in words begins with, such as 3栋电梯; one query.

    None for words that begin with no building, or one without a butler.
    """
    named = _BUILDING.match(half_width(where).strip())
    if named is None:
        return None
    here = {"areas__building__estate": estate, "areas__building__code": named[1]}
    return Staff.objects.active().filter(**here).first()
