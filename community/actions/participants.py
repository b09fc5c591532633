"""Who signed up for an activity and came; some of them are drawn to be called back (VIS-2)."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Staff
from community.actions.moving import change, must_be
from community.models import CommunityEvent, Participant
from community.statuses import EventStatus
from estates.models import Unit
from estates.phones import clean_phone
from estates.typed import clean_text
from history import entries
from visits import lots
from visits.models import Callback, Topic

NOTED_IN = (EventStatus.NOTICED, EventStatus.HELD)


@transaction.atomic
def set_participants(event: CommunityEvent, *, by: Staff, now: datetime, lines: str) -> int:
    """Who signed up or came, one household a line: room, name, phone. Call-backs are drawn from these.

    Lines add to what is there and replace the line of the same room. Raises ValidationError
    that names every line it cannot read; then nothing is kept.
    """
    must_be(event, *NOTED_IN)
    read, errors = {}, []
    units = {
        unit.code: unit
        for unit in Unit.objects.filter(
            estate=event.estate_id,
            code__in=[line.split()[0] for line in clean_text(lines).splitlines() if line.split()],
        )
    }
    for line in clean_text(lines).splitlines():
        words = line.split()
        if not words:
            continue
        unit = units.get(words[0])
        try:
            phone = clean_phone(words[2]) if len(words) > 2 else ""
        except ValidationError as error:
            errors.append(f"{line[:40]}: {error.messages[0]}")
            continue
        if unit is None:
            errors.append(_("%(line)s: 没有这个房号") % {"line": line[:40]})
        else:
            read[unit.pk] = (words[1][:60] if len(words) > 1 else "", phone)
    if errors:
        raise ValidationError({"lines": errors})
    if not read:
        raise ValidationError({"lines": _("每行写一户, 如 3-2-1102 王秀梅 13912341234")})
    for pk, (name, phone) in read.items():
        Participant.objects.update_or_create(
            event=event, unit_id=pk, defaults={"name": name, "phone": phone}
        )
    change(event)
    entries.record(event, "event.participants", by=by, now=now, count=len(read))
    return len(read)


@transaction.atomic
def remove_participant(
    event: CommunityEvent, participant: Participant, *, by: Staff, now: datetime
) -> None:
    """Noted by mistake, or signed up and did not come: nobody calls that household back."""
    must_be(event, *NOTED_IN)
    change(event)
    participant.delete()
    entries.record(event, "event.participant_removed", by=by, now=now, what=participant.unit.code)


def draw(event: CommunityEvent, *, now: datetime) -> None:
    """Draw who is called back; the lots, their seed and the call-backs are the visits room's."""
    came = event.participants.select_related("unit__building").order_by("pk")
    candidates = [_candidate(event, each) for each in came]
    if candidates:
        lots.draw(
            event.estate, Topic.ACTIVITY, period=f"event-{event.pk}", candidates=candidates, now=now
        )


def callbacks_of(event: CommunityEvent) -> QuerySet[Callback]:
    """The call-backs drawn for an activity."""
    return Callback.objects.filter(
        content_type=ContentType.objects.get_for_model(Participant),
        object_id__in=event.participants.values("pk"),
    )


def _candidate(event: CommunityEvent, came: Participant) -> lots.Candidate:
    return lots.Candidate(
        subject=came, label=event.theme, ended_at=event.held_at, what=event.theme,
        url=event.get_absolute_url(), unit=came.unit, person=came.name, phone=came.phone,
        handled_by=[event.owner],
    )  # fmt: skip
