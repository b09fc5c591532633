"""What the records of this room share: whose area they are in, and whether they came late."""

from django.db.models import Q

from accounts.models import Staff
from contacts.reaching import LATE_ENTRY
from estates.models import InEstateQuerySet, building_ids_of, estate_ids_of


class InAreaQuerySet(InEstateQuerySet):
    """For whatever has a ``unit``: a butler sees his own buildings."""

    permission = ""

    def visible_to(self, staff: Staff):
        rows = self.filter(estate__in=estate_ids_of(staff))
        if not staff.has_perm(self.permission):
            return rows.none()
        if staff.duty.scope == "area":
            return rows.filter(self.area(staff))
        return rows if staff.duty.scope == "all" else rows.none()

    def area(self, staff: Staff) -> Q:
        return Q(unit__building__in=building_ids_of(staff))


def is_late_entry(happened_at, received_at) -> bool:
    return bool(happened_at and received_at and received_at - happened_at > LATE_ENTRY)
