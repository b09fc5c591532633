"""Finding repairs by what people remember of them: number, room, phone, name, two characters."""

from django.db.models import Q

from accounts.models import Staff
from estates.lookup import matching_units
from repairs.models import RepairQuerySet

MOST_UNITS = 200
SHORTEST = 2


def matching(rows: RepairQuerySet, term: str, *, staff: Staff) -> RepairQuerySet:
    """Those of ``rows`` that contain every word of ``term``, or happened in a unit it finds."""
    words = term.split()[:5]
    found = Q()
    for word in words:
        found &= (
            Q(number__icontains=word)
            | Q(content__icontains=word)
            | Q(where__icontains=word)
            | Q(contact_name__icontains=word)
            | Q(contact_phone__endswith=word)
        )
    units = list(matching_units(term, staff=staff).values_list("pk", flat=True)[:MOST_UNITS])
    return rows.filter(found | Q(unit__in=units)) if units else rows.filter(found)
