"""What residents suggested at visits and call-backs, which are recorded one room below (VIS-3)."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from community.actions import suggestions
from community.models import Suggestion
from community.models.suggestions import Origin
from visits.models import Callback, Visit

A_SCAN = 100  # rows that one scan takes over; the next minute takes the rest
LOOK_BACK = timedelta(days=60)  # a phone may bring its records late, but not later than this


def take_from_visits(now: datetime) -> int:
    """Every suggestion of a visit or call-back becomes one of this room, once; returns how many."""
    since = now - LOOK_BACK
    count = 0
    visits = _not_yet(Visit.objects.filter(received_at__gte=since).exclude(suggestion=""), Visit)
    for visit in visits.select_related("estate", "unit__building", "resident", "recorded_by"):
        count += 1
        suggestions.take(
            estate=visit.estate, content=visit.suggestion, origin=Origin.VISIT, unit=visit.unit,
            resident=visit.resident, name=visit.resident_name, said_at=visit.happened_at or now,
            origin_of=visit, by=visit.recorded_by, now=now,
        )  # fmt: skip
    calls = _not_yet(
        Callback.objects.filter(received_at__gte=since).exclude(suggestion=""), Callback
    )
    for call in calls.select_related("estate", "unit__building", "called_by"):
        count += 1
        suggestions.take(
            estate=call.estate, content=call.suggestion, origin=Origin.CALL, unit=call.unit,
            name=call.person, phone=call.phone, said_at=call.called_at or now, origin_of=call,
            by=call.called_by, now=now,
        )  # fmt: skip
    return count


def _not_yet(rows, model):
    taken = Suggestion.objects.filter(origin_type=model._meta.label_lower, origin_id=OuterRef("pk"))
    return rows.filter(~Exists(taken)).order_by("pk")[:A_SCAN]
