"""What other rooms filed for a home (ARC-1, ARC-2): its repairs, complaints and visits.

The registers do not know those rooms. Each declares which of its follow-ups, once met, puts the
record on file (``Kind.filed_as``); here those rows are read.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from accounts.models import Staff
from estates.models import Unit
from followups.kinds import all_kinds
from followups.models import FollowUp

SHOWN = 100


@dataclass(frozen=True)
class Filed:
    """A line of the index that was not typed: ``paper`` is the word it is filed under."""

    paper: str | Promise
    title: str
    url: str
    at: datetime
    by: Staff | None


def filed_for(unit: Unit, *, staff: Staff) -> list[Filed]:
    """The newest filings of a home that this person may see. One query, and one per room."""
    papers = {each.key: each.filed_as for each in all_kinds() if each.filed_as}
    rows = (
        FollowUp.objects.visible_to(staff)
        .filter(unit=unit, kind__in=papers, done_at__isnull=False)
        .select_related("done_by")
        .prefetch_related("subject")
        .order_by("-done_at", "-pk")[:SHOWN]
    )
    return [Filed(papers[row.kind], _title(row), row.url, row.done_at, row.done_by) for row in rows]


def _title(row: FollowUp) -> str:
    """The number of the slip, where it has one, and what it was about."""
    return f"{getattr(row.subject, 'number', '')} {row.params.get('what', '')}".strip()
