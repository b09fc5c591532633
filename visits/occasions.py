"""What residents are called back about beside repairs and complaints (VIS-2, defaults 2.4).

- Help: once a week a share of last week's, by lot. Services without a slip are help here too.
- First aid: every household, once the incident is over; nobody leaves that to a lot.
- Paid services: a share of those under way, by lot. Their end is the slip's own call-back,
  which the manual wants of every slip (REP-6).
- Activities: drawn by the room that holds them (community).
"""

from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import Staff
from contacts.models import Contact, Outcome
from estates.household import household_of
from estates.models import Estate
from incidents.models import Category, Incident
from repairs.models import Repair
from repairs.statuses import CLOSED
from visits import lots
from visits.actions.callbacks import drop_callback
from visits.followups import end_of
from visits.lots import Candidate
from visits.models import Callback, CallbackState, Draw, Topic

A_SCAN = 50  # call-backs that one scan opens or drops; the next minute goes on
LOOK_BACK = timedelta(days=30)  # older incidents were over before anybody counted them


def draw_week(now: datetime) -> int:
    """Every Monday, once per estate: who was helped last week, and whose paid service goes on.

    Returns how many lots were drawn; two queries once they are.
    """
    today = timezone.localdate(now)
    monday = today - timedelta(days=today.weekday())
    begins = end_of(monday).replace(hour=0)
    year, week, _day = (monday - timedelta(days=7)).isocalendar()
    period = f"{year}-W{week:02}"
    count = 0
    for topic, candidates in ((Topic.HELP, helped), (Topic.SPECIAL, under_way)):
        drawn = Draw.objects.filter(topic=topic, period=period).values("estate")
        for estate in Estate.objects.exclude(pk__in=drawn).order_by("pk"):
            found = candidates(estate, before=begins, now=now)
            count += bool(lots.draw(estate, topic, period=period, candidates=found, now=now))
    return count


def helped(estate: Estate, *, before: datetime, now: datetime) -> list[Candidate]:
    """Who was helped in the seven days before, and left a phone number."""
    rows = Contact.objects.filter(
        estate=estate, outcome=Outcome.HELPED, closed_at__gte=before - timedelta(days=7),
        closed_at__lt=before,
    ).select_related("unit", "received_by", "closed_by")  # fmt: skip
    return [of_help(row) for row in rows.order_by("pk") if row.phone]


def of_help(contact: Contact) -> Candidate:
    return Candidate(
        subject=contact,
        label=f"{timezone.localtime(contact.started_at):%Y-%m-%d %H:%M}",
        ended_at=contact.closed_at,
        what=contact.text,
        url=f"/contacts/{contact.pk}/",
        unit=contact.unit,
        person=contact.caller_name,
        phone=contact.phone,
        handled_by=_each_once(contact.received_by, contact.closed_by),
    )


def under_way(estate: Estate, *, before: datetime, now: datetime) -> list[Candidate]:
    """Paid services that somebody was sent for before this week and that are not finished."""
    asked = Callback.objects.filter(
        topic=Topic.SPECIAL, content_type=_type(Repair), object_id=OuterRef("pk")
    )
    rows = (
        _unfinished()
        .filter(estate=estate, is_paid=True, assigned_at__lt=before)
        .exclude(Exists(asked))
        .select_related("unit", "accepted_by", "assigned_by", "repairer")
    )
    return [
        Candidate(
            subject=row, label=row.number, ended_at=now, what=row.content,
            url=f"/repairs/{row.pk}/", unit=row.unit, person=row.contact_name,
            phone=row.contact_phone,
            handled_by=_each_once(row.accepted_by, row.assigned_by, row.repairer),
        )
        for row in rows.order_by("pk")
        if row.contact_phone
    ]  # fmt: skip


def drop_overtaken(now: datetime) -> int:
    """A service that ended meanwhile is asked about by its slip; one query when there is none."""
    going_on = _unfinished().filter(pk=OuterRef("object_id"))
    rows = Callback.objects.filter(topic=Topic.SPECIAL, state=CallbackState.OWED)
    return sum(drop_callback(row, now=now) for row in rows.exclude(Exists(going_on))[:A_SCAN])


def owe_first_aid(now: datetime) -> int:
    """Each household in which somebody was hurt or fell ill, once it is over; one query if none."""
    asked = Callback.objects.filter(
        topic=Topic.HELP, content_type=_type(Incident), object_id=OuterRef("pk")
    )
    rows = (
        Incident.objects.filter(
            category=Category.INJURY, unit__isnull=False, ended_at__gt=now - LOOK_BACK
        )
        .exclude(Exists(asked))
        .select_related("estate", "unit", "reported_by", "ended_by")
        .prefetch_related("measures__by")
    )
    count = 0
    for row in rows.order_by("pk")[:A_SCAN]:
        each = _of_incident(row, now=now)
        count += lots.owe(row.estate, Topic.HELP, each, limit_key="callbacks.first_aid", now=now)
    return count


def _of_incident(incident: Incident, *, now: datetime) -> Candidate:
    home = household_of(incident.unit, today=timezone.localdate(now))
    people = [row.resident for row in home.residences]
    person = next((one for one in people if one.phone), people[0] if people else None)
    return Candidate(
        subject=incident,
        label=f"{timezone.localtime(incident.happened_at):%Y-%m-%d %H:%M}",
        ended_at=incident.ended_at,
        what=f"{incident.get_category_display()}: {incident.what}",
        url=f"/incidents/{incident.pk}/",
        unit=incident.unit,
        person=person.name if person else "",
        phone=person.phone if person else "",
        handled_by=_each_once(
            incident.reported_by, incident.ended_by, *(one.by for one in incident.measures.all())
        ),
    )


def _unfinished():
    return Repair.objects.filter(finished_at=None).exclude(status__in=CLOSED)


def _each_once(*people: Staff | None) -> list[Staff]:
    return list({one.pk: one for one in people if one}.values())


def _type(model) -> ContentType:
    return ContentType.objects.get_for_model(model)
