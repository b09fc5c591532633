"""Taking a call: what was typed becomes a contact, and a repair handed to engineering, in one step."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Staff
from contacts import actions as contacts
from contacts.models import Contact, Outcome
from desk.forms import Intake
from repairs import actions as repairs
from repairs.models import Repair
from repairs.statuses import Status


@dataclass(frozen=True)
class Taken:
    """What a call came to. ``repair`` is None when it ended otherwise."""

    contact: Contact
    repair: Repair | None = None
    is_dispatched: bool = False
    is_attached: bool = False


@transaction.atomic
def take_call(intake: Intake, *, dispatch: bool, by: Staff, now: datetime) -> Taken:
    """Write the call and what follows from it (REP-1, REP-3); pressed twice it happens once.

    With ``dispatch`` the slip goes to engineering at once. Raises ValidationError by field, and
    then nothing at all is written.
    """
    contact = begun(intake, by=by, now=now)
    if intake.attach_to:
        repairs.attach_caller(intake.attach_to, contact, by=by, now=now)
        return Taken(contact, intake.attach_to, is_attached=True)
    if intake.outcome != Outcome.REPAIR:
        return Taken(
            contacts.finish(contact, outcome=intake.outcome, answer=intake.answer, by=by, now=now)
        )
    repair = repairs.register(contact, by=by, now=now, **intake.repair)
    if dispatch and repair.status == Status.TO_DISPATCH:
        repair = repairs.dispatch(repair, by=by, now=now)
    return Taken(contact, repair, is_dispatched=repair.dispatched_at is not None)


@transaction.atomic
def begun(intake: Intake, *, by: Staff, now: datetime) -> Contact:
    """The contact of this page, begun at its first key, with what is typed so far."""
    contact = contacts.start(
        intake.client_key,
        estate=intake.estate,
        by=by,
        now=now,
        started_at=intake.started_at,
        **intake.contact,
    )
    if not contact.outcome:
        contacts.save_draft(contact, draft=intake.draft, by=by, now=now, **intake.contact)
    return contact
