"""Everybody else who called about a repair hears how it ended, or is tried for (VIS-2, VIS-5)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from contacts import actions as contacts
from contacts.actions import call_backs
from contacts.models import CallTry
from contacts.reaching import late, must_be_over, told_on
from estates.phones import masked
from followups.actions import meet
from history import entries
from repairs import followups
from repairs.models import Caller


@transaction.atomic
def answer_caller(
    caller: Caller, *, answer: str = "", by: Staff, now: datetime, client_key: UUID | None = None,
    happened_at: datetime | None = None,
) -> Caller:  # fmt: skip
    """This caller was told how it ended; once. ``client_key`` belongs to one opened page."""
    answer = answer.strip()[:1000]
    changes = {"answer": answer, "was_reached": True}
    if _end(caller, changes, client_key, happened_at, by=by, now=now):
        entries.record(caller.repair, "repair.caller_answered", by=by, now=now,
                       caller=name_of(caller), note=answer, **late(happened_at, now))  # fmt: skip
    return caller


@transaction.atomic
def caller_no_answer(
    caller: Caller, *, client_key: UUID, by: Staff, now: datetime, message: str | None = None,
    kept: bool = False, happened_at: datetime | None = None,
) -> CallTry:  # fmt: skip
    """没打通: another hour, the next day at ten, then a message with these words."""
    attempt, is_new = contacts.try_failed(
        caller.contact, owed=caller, kind=followups.ANSWER, client_key=client_key, by=by, now=now,
        message=message, kept=kept, happened_at=happened_at,
    )  # fmt: skip
    if is_new:
        entries.record(caller.repair, "repair.caller_no_answer", by=by, now=now,
                       caller=name_of(caller), message=attempt.message,
                       **late(happened_at, now))  # fmt: skip
    return attempt


@transaction.atomic
def give_up_caller(
    caller: Caller, *, client_key: UUID, by: Staff, now: datetime,
    happened_at: datetime | None = None,
) -> Caller:  # fmt: skip
    """未接通: only at the end of the ladder; the slip may be filed then."""
    if caller.client_key != client_key:
        must_be_over(call_backs.messages_left(caller.contact), now=now)
    if _end(caller, {"was_reached": False}, client_key, happened_at, by=by, now=now):
        entries.record(caller.repair, "repair.caller_unreachable", by=by, now=now,
                       caller=name_of(caller), **late(happened_at, now))  # fmt: skip
    return caller


def message_for(caller: Caller) -> str:
    """The words to send when nobody answers."""
    contact, repair = caller.contact, caller.repair
    words = contact.text or repair.content
    about = told_on(contact.started_at, "反映", words, repair.number)
    return call_backs.message_for(contact, about)


def _end(caller: Caller, changes: dict[str, Any], client_key, happened_at, *, by, now) -> bool:
    """Take the result; False where this very page's is here already."""
    if client_key and caller.client_key == client_key:
        return False
    changed = Caller.objects.filter(pk=caller.pk, answered_at=None).update(
        answered_at=min(happened_at or now, now), received_at=now, answered_by=by,
        client_key=client_key, **changes,
    )  # fmt: skip
    if not changed:
        caller.refresh_from_db()
        if client_key and caller.client_key == client_key:
            return False
        raise ValidationError(_("这位来电人已经答复过。页面已更新"), code="stale")
    caller.refresh_from_db()
    meet(caller, followups.ANSWER, by=by, now=now)
    return True


def name_of(caller: Caller) -> str:
    """As the history tells it: the name, else the number as lists show it."""
    return str(caller.contact.caller_name or masked(caller.contact.phone))[:60]
