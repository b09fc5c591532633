"""Who is told of a major incident: the manager, the departments, the building's butler (DUT-3)."""

from dataclasses import dataclass
from datetime import datetime

from accounts import posts
from accounts.models import Leave, Staff
from estates.butlers import butler_of
from estates.models import Estate, PublicPlace, Unit

# Heads and contacts of the departments, and whoever answers the telephones. Everybody of these
# posts counts as on duty. The general manager follows by the reporting line.
DEPARTMENTS = (
    posts.CS_ASSISTANT,
    posts.FRONT_DESK,
    posts.NIGHT_DUTY,
    posts.ENV_FOREMAN,
    posts.ENG_MANAGER,
    posts.ENG_DISPATCHER,
    posts.PUBLIC_AFFAIRS,
)


@dataclass
class Told:
    """One person to tell; ``owes`` is False while a deputy answers for him."""

    staff: Staff
    as_manager: bool
    owes: bool = True


def whom_to_tell(
    estate: Estate, *, unit: Unit | None, place: PublicPlace | None, by: Staff, now: datetime
) -> list[Told]:
    """Everybody to tell, managers first, each person once.

    The person who raises it is left out, unless he is the manager: then he is told already.
    """
    here = list(
        Staff.objects.active()
        .filter(
            memberships__estate=estate,
            post__in=(posts.CS_MANAGER, posts.GENERAL_MANAGER, *DEPARTMENTS),
        )
        .order_by("pk")
    )
    managers = [staff for staff in here if staff.post == posts.CS_MANAGER] or [
        staff for staff in here if staff.post == posts.GENERAL_MANAGER
    ]
    told = {staff.pk: Told(staff, as_manager=True) for staff in managers}
    for staff in here:
        if staff.post in DEPARTMENTS:
            told.setdefault(staff.pk, Told(staff, as_manager=False))
    butler = butler_of(unit=unit, place=place) if unit or place else None
    if butler and butler.is_active:
        told.setdefault(butler.pk, Told(butler, as_manager=False))
    _add_deputies(told, estate, now)
    return [each for each in told.values() if each.staff != by or each.as_manager]


def _add_deputies(told: dict[int, Told], estate: Estate, now: datetime) -> None:
    leaves = (
        Leave.objects.current(now)
        .filter(
            staff__in=list(told),
            deputy__is_active=True,
            deputy__memberships__estate=estate,
        )
        .select_related("deputy")
        .order_by("pk")
    )
    for leave in leaves:
        absent = told[leave.staff_id]
        absent.owes = False
        deputy = told.setdefault(leave.deputy_id, Told(leave.deputy, as_manager=False))
        deputy.as_manager = deputy.as_manager or absent.as_manager
