"""Phoning back whoever called or wrote: the answer, or the ladder of tries (VIS-2, VIS-5)."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from contacts.followups import CALL_BACK, about
from contacts.manners import must_not_say
from contacts.models import CallTry, Contact, Outcome
from contacts.reaching import late, message_to, must_be_over, next_try, sent_words, told_on
from followups.actions import meet, move, open_followup
from followups.models import FollowUp
from history import entries
from history.models import Entry


def owed_call_back(contact: Contact) -> FollowUp | None:
    """The open call-back of a contact, if one is owed."""
    return FollowUp.objects.open().about(contact).filter(kind=CALL_BACK).first()


def open_call_back(contact: Contact, *, by: Staff, now: datetime) -> None:
    said = about(contact)
    open_followup(
        contact,
        CALL_BACK,
        now=now,
        owner=by,
        owner_post=by.post,
        limit_key="contacts.call_back",
        **(said | {"params": said["params"] | {"phone": contact.phone}}),
    )


@transaction.atomic
def call_back_done(
    contact: Contact, *, answer: str, by: Staff, now: datetime, client_key: UUID | None = None,
    happened_at: datetime | None = None,
) -> Contact:  # fmt: skip
    """The caller was phoned back; what was said is kept (VIS-2).

    A letter that became a repair keeps that outcome. ``client_key`` belongs to one opened page: a
    second press changes nothing. Raises ValidationError without an answer, and when no call-back
    is owed any more.
    """
    answer = answer.strip()[:1000]
    if not answer:
        raise ValidationError({"answer": _("写一句回电说了什么")})
    must_not_say(answer)
    changes = {"answer": answer, "was_reached": True}
    if not _end(contact, Outcome.CALLED_BACK, changes, client_key, happened_at, by=by, now=now):
        return contact
    entries.record(contact, "contact.called_back", by=by, now=now, answer=answer,
                   **late(happened_at, now))  # fmt: skip
    return contact


@transaction.atomic
def no_answer(
    contact: Contact, *, client_key: UUID, by: Staff, now: datetime, message: str | None = None,
    kept: bool = False, happened_at: datetime | None = None,
) -> CallTry:  # fmt: skip
    """没打通: another hour, the next day at ten, then a message with these words."""
    attempt, is_new = try_failed(
        contact, owed=contact, kind=CALL_BACK, client_key=client_key, by=by, now=now,
        message=message, kept=kept, happened_at=happened_at,
    )  # fmt: skip
    if is_new:
        entries.record(contact, "contact.no_answer", by=by, now=now, message=attempt.message,
                       **late(happened_at, now))  # fmt: skip
    return attempt


@transaction.atomic
def give_up(
    contact: Contact, *, client_key: UUID, by: Staff, now: datetime,
    happened_at: datetime | None = None,
) -> Contact:  # fmt: skip
    """未接通: only at the end of the ladder."""
    if contact.call_key != client_key:
        must_be_over(messages_left(contact), now=now)
    changes = {"was_reached": False}
    if _end(contact, Outcome.UNREACHABLE, changes, client_key, happened_at, by=by, now=now):
        entries.record(contact, "contact.unreachable", by=by, now=now, **late(happened_at, now))
    return contact


def try_failed(
    contact: Contact, *, owed: models.Model, kind: str, client_key: UUID, by: Staff, now: datetime,
    message: str | None, kept: bool, happened_at: datetime | None,
) -> tuple[CallTry, bool]:  # fmt: skip
    """Keep a try once, and owe ``kind`` of ``owed`` again at the next rung; True if it is new.

    Raises ValidationError when nothing is owed any more, or the key belongs to somebody else.
    """
    seen = CallTry.objects.filter(client_key=client_key).first()
    if seen is None:
        words = "" if message is None else sent_words(message, kept=kept)
        if not FollowUp.objects.open().about(owed).filter(kind=kind).exists():
            raise ValidationError(_("这里已不用回电。页面已更新"), code="stale")
        seen, is_new = CallTry.objects.get_or_create(
            client_key=client_key,
            defaults={"contact": contact, "at": happened_at or now, "by": by, "message": words},
        )
        if is_new:
            due_at = next_try(contact.call_tries.count(), now=now)
            move(owed, kind, due_at=due_at, now=now)
            return seen, True
    if seen.contact_id != contact.pk:
        raise ValidationError(_("这张回电页已用过。刷新页面再记"))
    return seen, False


@transaction.atomic
def attach_call_back(
    record: models.Model, *, event: str, said: dict, client_key: UUID, by: Staff, now: datetime,
    happened_at: datetime | None = None,
) -> None:  # fmt: skip
    """What waited on a phone until nothing was owed any more: kept in the history, once per key."""
    if not Entry.objects.about(record).filter(detail__key=str(client_key)).exists():
        said = {name: str(value)[:1000] for name, value in said.items() if value}
        entries.record(record, event, by=by, now=now, key=str(client_key), **said,
                       **late(happened_at, now))  # fmt: skip


def messages_left(contact: Contact) -> list[str]:
    """Of each try that did not get through the message that was left, empty for a mere call."""
    return list(contact.call_tries.values_list("message", flat=True))


def message_for(contact: Contact, about: str = "") -> str:
    """The words to send when nobody answers; ``about`` instead of the contact's own."""
    return message_to(
        contact.resident, contact.caller_name, estate=contact.estate, wish="想给您一个答复",
        about=about or told_on(contact.started_at, "反映", contact.text),
    )  # fmt: skip


def _end(contact, outcome, changes, client_key, happened_at, *, by, now) -> bool:
    """Take the result; False where this very page's is here already."""
    if client_key and contact.call_key == client_key:
        return False
    if not meet(contact, CALL_BACK, by=by, now=now):
        contact.refresh_from_db()
        if client_key and contact.call_key == client_key:
            return False
        raise ValidationError(finished(contact), code="stale")
    Contact.objects.filter(pk=contact.pk, outcome=Outcome.CALL_BACK).update(outcome=outcome)
    Contact.objects.filter(pk=contact.pk).update(
        called_back_at=min(happened_at or now, now), call_received_at=now, called_back_by=by,
        call_key=client_key, **changes,
    )  # fmt: skip
    contact.refresh_from_db()
    return True


def finished(contact: Contact) -> str:
    return _("%(name)s 已把这个来电记为“%(outcome)s”。页面已更新, 您写的内容还在") % {
        "name": contact.closed_by.name if contact.closed_by else contact.received_by.name,
        "outcome": contact.get_outcome_display(),
    }
