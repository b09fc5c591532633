"""A household's history: its slips, complaints, visits and the other contacts, newest first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, F, Q

from accounts.models import Staff
from complaints.models import Complaint
from contacts.models import Contact, Outcome
from estates.models import Unit
from repairs.models import Repair
from visits.models import Visit

PAGE = 25
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Event:
    at: datetime
    repair: Repair | None = None
    contact: Contact | None = None
    complaint: Complaint | None = None
    visit: Visit | None = None


def timeline_of(unit: Unit, *, staff: Staff, before: datetime | None = None):
    """One page of events and where the next one begins (None at the end); four queries."""
    repairs = Repair.objects.visible_to(staff).filter(unit=unit).select_related("rework_of")
    contacts = (
        Contact.objects.visible_to(staff)
        .filter(unit=unit)
        .exclude(outcome__in=(Outcome.REPAIR, Outcome.COMPLAINT))
    )
    complaints = Complaint.objects.visible_to(staff).filter(unit=unit)
    visits = Visit.objects.visible_to(staff).filter(unit=unit, happened_at__isnull=False)
    if before:
        repairs, contacts = (
            repairs.filter(reported_at__lt=before),
            contacts.filter(started_at__lt=before),
        )
        complaints = complaints.filter(complained_at__lt=before)
        visits = visits.filter(happened_at__lt=before)
    events = [
        Event(r.reported_at, repair=r) for r in repairs.order_by("-reported_at", "-pk")[: PAGE + 1]
    ]
    events += [
        Event(c.started_at, contact=c) for c in contacts.order_by("-started_at", "-pk")[: PAGE + 1]
    ]
    events += [
        Event(c.complained_at, complaint=c)
        for c in complaints.order_by("-complained_at", "-pk")[: PAGE + 1]
    ]
    events += [
        Event(v.happened_at, visit=v) for v in visits.order_by("-happened_at", "-pk")[: PAGE + 1]
    ]
    events.sort(key=lambda event: event.at, reverse=True)
    return events[:PAGE], events[PAGE - 1].at if len(events) > PAGE else None


def numbers_of_year(repairs, now: datetime) -> dict:
    """Twelve months of a household; one query."""
    return repairs.filter(reported_at__gte=now - YEAR).aggregate(
        repairs=Count("pk"),
        reworks=Count("pk", filter=Q(rework_of__isnull=False)),
        dissatisfied=Count("pk", filter=Q(satisfaction="dissatisfied")),
        average=Avg(F("finished_at") - F("reported_at")),
    )
