"""The life of a contact: begun with its first key, never left open silently (REP-1, VIS-2)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from contacts.actions.call_backs import finished, open_call_back
from contacts.followups import FINISH, about
from contacts.manners import must_not_say
from contacts.models import Contact, Outcome, Source
from estates.models import Estate
from followups.actions import meet, open_followup
from history import entries

FIELDS = frozenset({"source", "caller_name", "phone", "resident", "unit", "place", "text"})
LONGEST_CALL = timedelta(hours=24)  # a first key older than this is a wrong clock, not a call


@transaction.atomic
def start(
    client_key: UUID,
    *,
    estate: Estate,
    by: Staff,
    now: datetime,
    started_at: datetime | None = None,
    source: str = Source.PHONE,
    closing: bool = False,
    **fields,
) -> Contact:
    """Begin a contact, or return the one that this page already began (by ``client_key``).

    ``started_at`` is the moment of the first key: the dispatch clock runs from it (REP-3). A
    moment in the future or more than a day ago is a wrong clock in the browser; ``now`` stands.
    Opens ``contacts.finish``, so that no contact is left open silently; ``closing`` says that the
    same transaction ends it, so there is nothing to remind of.
    Raises ValidationError for a key of another estate or of another person.
    """
    _check_fields(estate, fields)
    if started_at is None or not now - LONGEST_CALL <= started_at <= now:
        started_at = now
    contact, is_new = Contact.objects.get_or_create(
        client_key=client_key,
        defaults={
            "estate": estate,
            "received_by": by,
            "started_at": started_at,
            "source": source,
            **fields,
        },
    )
    if contact.estate_id != estate.pk or contact.received_by_id != by.pk:
        raise ValidationError(_("这张登记页属于别人。刷新页面, 另开一张登记"))
    if is_new and not closing:
        open_followup(
            contact,
            FINISH,
            now=now,
            owner=by,
            owner_post=by.post,
            limit_key="contacts.finish",
            start=started_at,
            **about(contact),
        )
    contact.owes_finish = not (is_new and closing)
    if is_new:
        entries.record(contact, "contact.started", by=by, now=now, source=source)
    return contact


@transaction.atomic
def save_draft(contact: Contact, *, draft: dict, by: Staff, now: datetime, **fields) -> None:
    """Keep what was typed so far. Writes no history: it happens every two seconds.

    Raises ValidationError once the contact is finished, or when a colleague is taking it.
    """
    _check_fields(contact.estate, fields)
    saved = Contact.objects.filter(pk=contact.pk, outcome=Outcome.OPEN, received_by=by).update(
        draft=draft, **fields
    )
    if not saved:
        contact.refresh_from_db()
        if contact.outcome:
            raise ValidationError(finished(contact))
        raise ValidationError(
            _("%(name)s 正在登记这个来电, 草稿没有存。要接手, 先和对方说一声")
            % {"name": contact.received_by.name}
        )
    contact.draft = draft
    _set(contact, fields)


@transaction.atomic
def finish(
    contact: Contact, *, outcome: str, answer: str = "", by: Staff, now: datetime
) -> Contact:
    """End an open contact as answered, helped, dismissed or owed a call-back.

    A letter that is answered or helped still owes its call-back (VIS-2). A repair is made by
    ``repairs.actions.register``. Raises ValidationError for an answer without text or one that
    says we do not know (MAN-7), for an outcome that ends nothing, and when somebody was faster.
    """
    if outcome == Outcome.CALL_BACK:
        return owe_call_back(contact, promised=answer.strip(), by=by, now=now)
    if outcome not in (Outcome.ANSWERED, Outcome.HELPED, Outcome.DISMISSED):
        raise ValidationError(_("选一个结果: 已答复, 已协助, 待回电或无需处理"))
    answer = answer.strip()
    if outcome != Outcome.DISMISSED and not answer:
        raise ValidationError({"answer": _("写一句怎么答复的, 再结束登记")})
    if outcome != Outcome.DISMISSED:
        must_not_say(answer)
    _close(contact, outcome, by=by, now=now, answer=answer)
    if contact.source == Source.LETTER and outcome != Outcome.DISMISSED:
        open_call_back(contact, by=by, now=now)
    entries.record(contact, "contact.finished", by=by, now=now, outcome=outcome, answer=answer)
    return contact


@transaction.atomic
def owe_call_back(contact: Contact, *, by: Staff, now: datetime, promised: str = "") -> Contact:
    """Promise to phone the caller back: the desk owes it from now on (VIS-2).

    ``promised`` is what the caller was told for the moment; the answer given later takes its
    place, history keeps both. Raises ValidationError where nobody could be called.
    """
    if not (contact.phone or contact.unit_id or contact.resident_id):
        raise ValidationError(_("没有电话也没有房号, 没法回电。先问一个电话"))
    _close(contact, Outcome.CALL_BACK, by=by, now=now, answer=promised)
    open_call_back(contact, by=by, now=now)
    entries.record(contact, "contact.call_back_owed", by=by, now=now, answer=promised)
    return contact


def become_repair(contact: Contact, *, by: Staff, now: datetime) -> bool:
    """Claim the contact for one repair; False when it already became one (a double press).

    Called by ``repairs.actions`` inside their transaction. A letter owes its call-back (VIS-2).
    """
    return _become(contact, Outcome.REPAIR, by=by, now=now)


def become_complaint(contact: Contact, *, by: Staff, now: datetime) -> bool:
    """The same for one complaint, whose own clocks answer the resident (CMP-2)."""
    return _become(contact, Outcome.COMPLAINT, by=by, now=now)


def _become(contact: Contact, outcome: str, *, by: Staff, now: datetime) -> bool:
    """Raises ValidationError when the contact already became something else."""
    claimed = (
        Contact.objects.filter(pk=contact.pk)
        .exclude(outcome__in=(Outcome.REPAIR, Outcome.COMPLAINT))
        .update(outcome=outcome, closed_at=now, closed_by=by)
    )
    if not claimed:
        contact.refresh_from_db(fields=["outcome", "closed_at", "closed_by"])
        if contact.outcome != outcome:
            raise ValidationError(finished(contact))
        return False
    contact.outcome, contact.closed_at, contact.closed_by = outcome, now, by
    if contact.owes_finish:
        meet(contact, FINISH, by=by, now=now)
    if contact.source == Source.LETTER and outcome == Outcome.REPAIR:
        open_call_back(contact, by=by, now=now)
    return True


def _close(contact: Contact, outcome: str, *, by: Staff, now: datetime, answer: str = "") -> None:
    closed = Contact.objects.filter(pk=contact.pk, outcome=Outcome.OPEN).update(
        outcome=outcome, closed_at=now, closed_by=by, answer=answer
    )
    if not closed:
        contact.refresh_from_db()
        raise ValidationError(finished(contact))
    contact.outcome, contact.answer = outcome, answer
    contact.closed_at, contact.closed_by = now, by
    meet(contact, FINISH, by=by, now=now)


def _check_fields(estate: Estate, fields: dict) -> None:
    if unknown := set(fields) - FIELDS:
        raise TypeError(f"not a field of a contact: {sorted(unknown)}")
    for name in ("unit", "place", "resident"):
        thing = fields.get(name)
        if thing is not None and thing.estate_id != estate.pk:
            raise ValidationError({name: _("这里没有这个房号。换本项目的房号或公共部位")})


def _set(contact: Contact, fields: dict) -> None:
    for name, value in fields.items():
        setattr(contact, name, value)
