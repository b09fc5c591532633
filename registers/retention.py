"""How long the papers of a custody that is over are kept (KEY-1)."""

from datetime import date

from django.utils import timezone

from history.models import Entry
from registers.models import KeyCustody, Record
from rulebook.limits import due

ENDED = ("key.handed_back", "key.settled")


def kept_until(record: Record) -> date | None:
    """The last day on which the papers of ended keys must be at hand; None for all others.

    Counted by the rulebook's ``keys.keep_records`` as it stood when the custody ended.
    """
    if not isinstance(record, KeyCustody) or record.is_open:
        return None
    ended = Entry.objects.about(record).filter(event__in=ENDED).order_by("-at").first()
    if ended is None:
        return None
    return timezone.localdate(due("keys.keep_records", start=ended.at).due_at)
