"""Asking a resident afterwards: the answer, or the ladder of tries (VIS-2, VIS-5)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import Staff
from contacts.reaching import message_to, must_be_over, next_try, quoted, sent_words, step_after
from followups.actions import cancel, meet
from followups.actions import move as move_followup
from history import entries
from history.models import Entry
from notifications import ledger
from notifications.wording import msgid_of
from repairs.models import Satisfaction
from visits import followups
from visits.models import Callback, CallbackState, CallbackTry, CallMethod, Topic

UNHAPPY = gettext_noop("回访不满意: %(place)s %(what)s")
ATTACHED = "callback.attached"


def may_not_call(callback: Callback, staff: Staff) -> bool:
    """Whoever did the work or handled it does not ask how it was."""
    return any(person.pk == staff.pk for person in callback.handled_by.all())


@transaction.atomic
def call_back(
    callback: Callback,
    *,
    satisfaction: str,
    client_key: UUID,
    by: Staff,
    now: datetime,
    happened_at: datetime | None = None,
    kept: bool = False,
    method: str = CallMethod.PHONE,
    **said: Any,
) -> Callback:
    """The resident's answer. Dissatisfied is told to the caller's superior at once.

    ``client_key`` and ``kept`` as in ``recording.record``: a late answer is written into the
    history of a call-back that somebody else did meanwhile.
    """
    happened_at = min(happened_at or now, now)
    if callback.client_key == client_key:
        return callback
    _not_the_handler(callback, by)
    if satisfaction not in Satisfaction:
        raise ValidationError({"satisfaction": _("选满意, 基本满意或不满意")})
    changed = Callback.objects.filter(pk=callback.pk, state=CallbackState.OWED).update(
        state=CallbackState.DONE, satisfaction=satisfaction, method=method, called_by=by,
        called_at=happened_at, received_at=now, client_key=client_key, **said,
    )  # fmt: skip
    if not changed:
        detail = {"satisfaction": satisfaction, "method": method} | said
        return _over(callback, detail, client_key, kept, by, now)
    callback.refresh_from_db()
    meet(callback, followups.CALLBACK, by=by, now=now)
    entries.record(callback, "callback.done", by=by, now=now, satisfaction=satisfaction,
                   happened_at=happened_at.isoformat())  # fmt: skip
    if satisfaction == Satisfaction.DISSATISFIED and by.superior_id:
        ledger.owe(f"callback:{callback.pk}:unhappy", to=by.superior, title=UNHAPPY, now=now,
                   params={"place": callback.unit.code if callback.unit else "",
                           "what": callback.what[:40]},
                   url=f"/callbacks/{callback.pk}/", estate=callback.estate)  # fmt: skip
    return callback


@transaction.atomic
def no_answer(
    callback: Callback, *, client_key: UUID, by: Staff, now: datetime,
    happened_at: datetime | None = None, kept: bool = False, message: str | None = None,
) -> Callback:  # fmt: skip
    """没打通: another hour, then the next day at ten, then a message (contacts.reaching)."""
    happened_at = min(happened_at or now, now)
    if callback.tries.filter(client_key=client_key).exists():
        return callback
    _not_the_handler(callback, by)
    if Callback.objects.filter(pk=callback.pk).exclude(state=CallbackState.OWED).exists():
        detail = {"outcome": "no_answer", "message": message}
        return _over(callback, detail, client_key, kept, by, now)
    words = "" if message is None else sent_words(message, kept=kept)
    row, is_new = CallbackTry.objects.get_or_create(
        client_key=client_key,
        defaults={"callback": callback, "at": happened_at, "received_at": now, "by": by,
                  "message": words},
    )  # fmt: skip
    if row.callback_id != callback.pk:
        raise ValidationError(_("这张回访页已用过。刷新页面再记"))
    if not is_new:
        return callback
    count = callback.tries.count()
    move_followup(callback, followups.CALLBACK, due_at=next_try(count, now=now), now=now)
    entries.record(callback, "callback.no_answer", by=by, now=now, tries=count,
                   message=words)  # fmt: skip
    return callback


def next_step(callback: Callback, *, now: datetime) -> str:
    """What the ladder of tries asks for of this call-back."""
    return step_after(messages_left(callback), now=now)


def messages_left(callback: Callback) -> list[str]:
    """Of each try that did not get through the message that was left, empty for a mere call."""
    return [row.message for row in callback.tries.all()]


def message_for(callback: Callback) -> str:
    """The words to send when nobody answers."""
    topic = msgid_of(Topic(callback.topic).label)
    about = f"{topic}{quoted(callback.what)}({callback.subject_label})"
    person = callback.unit and callback.unit.residents.filter(name=callback.person).first()
    return message_to(person, callback.person, about=about, estate=callback.estate)


@transaction.atomic
def give_up(
    callback: Callback, *, client_key: UUID, by: Staff, now: datetime,
    happened_at: datetime | None = None, kept: bool = False,
) -> Callback:  # fmt: skip
    """未接通: only once the ladder has been climbed: other hour, next day, message."""
    happened_at = min(happened_at or now, now)
    if callback.client_key == client_key:
        return callback
    _not_the_handler(callback, by)
    if callback.state == CallbackState.OWED:
        must_be_over(messages_left(callback), now=now)
    changed = Callback.objects.filter(pk=callback.pk, state=CallbackState.OWED).update(
        state=CallbackState.UNREACHABLE, called_at=happened_at, received_at=now, called_by=by,
        client_key=client_key,
    )  # fmt: skip
    if not changed:
        return _over(callback, {"outcome": "unreachable"}, client_key, kept, by, now)
    callback.refresh_from_db()
    meet(callback, followups.CALLBACK, by=by, now=now)
    entries.record(callback, "callback.unreachable", by=by, now=now)
    return callback


@transaction.atomic
def drop_callback(callback: Callback, *, now: datetime) -> bool:
    """Nobody need ask any more, since a later call-back asks about the whole; time itself does it."""
    changed = Callback.objects.filter(pk=callback.pk, state=CallbackState.OWED).update(
        state=CallbackState.DROPPED
    )
    if changed:
        cancel(callback, followups.CALLBACK, now=now)
        entries.record(callback, "callback.dropped", by=None, now=now)
    return bool(changed)


@transaction.atomic
def review_callback(callback: Callback, *, text: str, by: Staff, now: datetime) -> Callback:
    """审核意见, by somebody else than the caller."""
    if by.pk == callback.called_by_id:
        raise ValidationError(_("不能审核自己的回访, 由上级审核"))
    changed = (
        Callback.objects.over()
        .filter(pk=callback.pk, reviewed_by=None)
        .update(review=text.strip()[:500], reviewed_by=by)
    )
    if not changed:
        raise ValidationError(_("还没有回访结果, 或已审核过。页面已更新"), code="stale")
    callback.refresh_from_db()
    entries.record(callback, "callback.reviewed", by=by, now=now)
    return callback


def _not_the_handler(callback, by):
    if may_not_call(callback, by):
        raise ValidationError(_("这件事是您办的, 由别的同事回访"))


def _over(callback, detail, client_key, kept, by, now):
    callback.refresh_from_db()
    if callback.client_key == client_key:
        return callback
    if not kept:
        if callback.called_by is None:
            raise ValidationError(_("这次回访不用做了。页面已更新, 您写的还在"), code="stale")
        raise ValidationError(
            _("%(who)s已记过结果。页面已更新, 您写的还在") % {"who": callback.called_by.name},
            code="stale",
        )
    return attach_to_callback(callback, detail=detail, client_key=client_key, by=by, now=now)


@transaction.atomic
def attach_to_callback(
    callback: Callback, *, detail: dict, client_key: UUID, by: Staff, now: datetime
) -> Callback:
    """What waited on a phone and cannot be taken any more is kept in the history, once per key."""
    attached = Entry.objects.about(callback).filter(event=ATTACHED)
    if not attached.filter(detail__key=str(client_key)).exists():
        said = {key: str(value)[:500] for key, value in detail.items() if value}
        entries.record(callback, ATTACHED, by=by, now=now, key=str(client_key), **said)
    return callback
