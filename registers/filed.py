"""What other rooms filed for a home (ARC-1, ARC-2): each filing was owed, and its follow-up met.

The registers do not know repairs; they read what is below both, the follow-ups.
"""

from estates.models import Unit
from followups.models import FollowUp

FILED = ("repairs.archive",)
SHOWN = 50


def filed_for(unit: Unit, *, staff) -> list[FollowUp]:
    """The newest filings of a home that this person may see, each with its address; one query."""
    rows = FollowUp.objects.visible_to(staff).filter(
        unit=unit, kind__in=FILED, done_at__isnull=False
    )
    return list(rows.select_related("done_by").order_by("-done_at", "-pk")[:SHOWN])
