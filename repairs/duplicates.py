"""Is this fault already being worked on? Shown with the match, before a second slip is written."""

from django.db.models import Q, QuerySet

from accounts.models import Staff
from estates.models import PublicPlace, Unit
from repairs.models import Repair


def open_repairs_near(
    staff: Staff,
    *,
    unit: Unit | None = None,
    place: PublicPlace | None = None,
    phone: str = "",
    most: int = 3,
) -> QuerySet[Repair]:
    """Open slips of the same home, public place or phone number, newest first; one query.

    Only what ``staff`` may see; nothing to go by finds nothing.
    """
    same = Q(pk__in=[])
    if unit is not None:
        same |= Q(unit=unit)
    if place is not None:
        same |= Q(place=place)
    if phone:
        same |= Q(contact_phone=phone)
    return (
        Repair.objects.visible_to(staff)
        .open()
        .filter(same)
        .select_related("unit", "place")
        .order_by("-reported_at", "-pk")[:most]
    )
