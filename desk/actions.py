"""Taking a call: what was typed becomes a contact, and a repair handed to engineering, in one step."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Staff
from community.actions import suggestions
from community.models.suggestions import Origin
from complaints import actions as complaints
from complaints.actions.registering import CHANNEL_OF
from complaints.models import Complaint
from contacts import actions as contacts
from contacts.models import Contact, Outcome
from desk.forms import Intake
from repairs import actions as repairs
from repairs.models import Repair
from repairs.statuses import Status
from rulebook.limits import reading_once


@dataclass(frozen=True)
class Taken:
    """What a call came to. ``repair`` is None when it ended otherwise."""

    contact: Contact
    repair: Repair | None = None
    complaint: Complaint | None = None
    is_dispatched: bool = False
    is_attached: bool = False


@transaction.atomic
def take_call(intake: Intake, *, dispatch: bool, by: Staff, now: datetime) -> Taken:
    """Write the call and what follows from it (REP-1, REP-3); pressed twice it happens once.

    With ``dispatch`` the slip goes to engineering at once. Raises ValidationError by field, and
    then nothing at all is written.
    """
    with reading_once():
        return _take_call(intake, dispatch=dispatch, by=by, now=now)


def _take_call(intake, *, dispatch, by, now):
    contact = begun(intake, by=by, now=now, closing=True)
    contact.estate = intake.estate
    if intake.suggestion:
        _keep_suggestion(contact, intake, by=by, now=now)
    if intake.attach_to:
        repairs.attach_caller(intake.attach_to, contact, by=by, now=now)
        return Taken(contact, intake.attach_to, is_attached=True)
    if intake.outcome == Outcome.COMPLAINT:
        return Taken(contact, complaint=_complain(contact, intake, by=by, now=now))
    if intake.outcome != Outcome.REPAIR:
        return Taken(
            contacts.finish(contact, outcome=intake.outcome, answer=intake.answer, by=by, now=now)
        )
    repair = repairs.register(contact, by=by, now=now, **intake.repair)
    if dispatch and repair.status == Status.TO_DISPATCH:
        repair = repairs.dispatch(repair, by=by, now=now)
    return Taken(contact, repair, is_dispatched=repair.dispatched_at is not None)


def _keep_suggestion(contact, intake, *, by, now):
    """What the caller suggested on the way is owed an answer of its own (VIS-3)."""
    said = intake.contact
    suggestions.take(
        estate=intake.estate, content=intake.suggestion, origin=Origin.CALL, unit=said["unit"],
        resident=said["resident"], phone=said["phone"], origin_of=contact, by=by, now=now,
        name=said["caller_name"] or (said["resident"].name if said["resident"] else ""),
        said_at=contact.started_at,
    )  # fmt: skip


def _complain(contact, intake, *, by, now):
    """The call was a complaint (CMP-1): what was typed are the resident's words."""
    said = intake.repair
    complaint = complaints.register(
        intake.client_key,
        estate=intake.estate,
        by=by,
        now=now,
        contact=contact,
        source=CHANNEL_OF[contact.source],
        complained_at=said["reported_at"],
        **{
            name: said[name]
            for name in (
                "content", "unit", "place", "resident", "contact_name", "contact_phone", "where",
                "late_entry_reason",
            )
        },
    )  # fmt: skip
    if intake.answer.strip() and not complaint.notes.exists():
        complaints.note(complaint, text=intake.answer, by=by, now=now)
    return complaint


@transaction.atomic
def begun(intake: Intake, *, by: Staff, now: datetime, closing: bool = False) -> Contact:
    """The contact of this page, begun at its first key, with what is typed so far.

    ``closing``: the caller ends it in the same transaction.
    """
    contact = contacts.start(
        intake.client_key,
        estate=intake.estate,
        by=by,
        now=now,
        started_at=intake.started_at,
        closing=closing,
        **intake.contact,
    )
    if not contact.outcome and not (closing and _holds(contact, intake.contact)):
        contacts.save_draft(contact, draft=intake.draft, by=by, now=now, **intake.contact)
    return contact


def _holds(contact, fields):
    """True if the contact says this already; compares ids, so nothing is loaded for it."""
    return all(
        getattr(contact, f"{name}_id") == (value and value.pk)
        if name in ("unit", "place", "resident")
        else getattr(contact, name) == value
        for name, value in fields.items()
    )
