"""What every page of estates checks before it answers."""

from collections.abc import Callable

from django.contrib.auth.decorators import user_passes_test
from django.core.exceptions import PermissionDenied

from accounts.models import Staff
from estates.models import Unit, building_ids_of

MANAGES = ("estates.manage", "estates.import")
SEES_PLACES = ("estates.view", *MANAGES)


def needs_any(*permissions: str) -> Callable:
    """403 unless the person's post has one of these permissions."""

    def allowed(staff):
        if any(staff.has_perm(permission) for permission in permissions):
            return True
        raise PermissionDenied

    return user_passes_test(allowed)


def in_own_area(unit: Unit, staff: Staff) -> None:
    """403 for a post whose scope is its own area, when the unit is in another's."""
    if staff.duty.scope == "area" and unit.building_id not in building_ids_of(staff):
        raise PermissionDenied
