"""Asking the resident afterwards, by somebody who did not handle it (CMP-2)."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import posts
from accounts.models import Staff
from complaints import followups
from complaints.actions.handling import handlers_of
from complaints.actions.moving import change, move, must_be
from complaints.actions.telling import tell, watchers_of
from complaints.choices import Method
from complaints.models import Callback, Complaint
from complaints.statuses import Status
from contacts.reaching import late, message_to, must_be_over, next_try, sent_words, told_on
from estates.models import Membership
from followups.actions import hand_to, meet
from followups.actions import move as move_followup
from history import entries
from history.models import Entry
from repairs.models import Satisfaction

REOPENED = gettext_noop("投诉第 %(times)s 次重开 %(number)s: %(place)s %(what)s")
NAMED = gettext_noop("指定您回访投诉 %(number)s: %(place)s %(what)s")


@transaction.atomic
def call_back(
    complaint: Complaint,
    *,
    satisfaction: str,
    note: str = "",
    method: str = Method.PHONE,
    signed: str = "",
    client_key: UUID,
    by: Staff,
    now: datetime,
    happened_at: datetime | None = None,
    kept: bool = False,
) -> Complaint:
    """满意, 基本满意 or 不满意. Dissatisfied opens the complaint again: step 3, a new clock.

    ``client_key`` belongs to one opened form: a second press changes nothing. ``happened_at`` is
    the time of a phone that had no signal; the clocks go by ``now``. ``satisfaction``
    empty: nobody answered, and the ladder of tries (contacts.reaching) is at its end. Raises ValidationError for
    whoever handled it (defaults 2.3, 2.10), and for dissatisfaction without a word of why, unless
    the record was ``kept`` by a phone: then nobody can be asked any more.
    """
    if _used(complaint, client_key):
        return complaint
    must_be(complaint, Status.REPLIED, by=by, now=now)
    may_call(complaint, by=by)
    note, signed = note.strip()[:500], signed.strip()[:40]
    if satisfaction:
        if satisfaction not in Satisfaction:
            raise ValidationError({"satisfaction": _("选满意, 基本满意或不满意")})
        if method not in Method:
            raise ValidationError({"method": _("选电话, 上门或书面")})
        if satisfaction == Satisfaction.DISSATISFIED and not note and not kept:
            raise ValidationError({"note": _("写业户为什么不满意, 处理人要看")})
    else:
        must_be_over(messages_left(complaint), now=now)
    Callback.objects.create(
        complaint=complaint, round=complaint.reopenings + 1, at=now, by=by, method=method,
        is_reached=bool(satisfaction), satisfaction=satisfaction, note=note, signed=signed,
        handled_by=complaint.handled_by, client_key=client_key,
    )  # fmt: skip
    entries.record(complaint, "complaint.called_back", by=by, now=now, method=method,
                   satisfaction=satisfaction, note=note, **late(happened_at, now))  # fmt: skip
    meet(complaint, followups.CALLBACK, by=by, now=now)
    if satisfaction == Satisfaction.DISSATISFIED:
        return reopen(complaint, reason=note, by=by, now=now, satisfaction=satisfaction)
    move(complaint, Status.CALLED_BACK, by=by, now=now, satisfaction=satisfaction,
         called_back_at=now, called_back_by=by)  # fmt: skip
    followups.open_review(complaint, now=now)
    return complaint


def reopen(
    complaint: Complaint, *, reason: str, by: Staff, now: datetime, satisfaction: str = ""
) -> Complaint:
    """Back to step 3 with the counter one higher and the whole limit of the grade anew.

    What the earlier round wrote stays; whoever registered it and handled it, the post that handles
    it and its superior hear of it (CMP-2).
    """
    handled_by = complaint.handled_by
    promised_at = followups.solve_by(complaint, start=now, now=now)
    move(
        complaint, Status.PROCESSING, by=by, now=now, reopenings=complaint.reopenings + 1,
        promised_at=promised_at, decided_at=None, handled_at=None, handled_by=None,
        replied_at=None, replied_by=None, called_back_at=None, called_back_by=None,
        satisfaction=satisfaction,
    )  # fmt: skip
    followups.open_solve(complaint, start=now, now=now)
    entries.record(complaint, "complaint.reopened", by=by, now=now, times=complaint.reopenings,
                   reason=reason, promised_at=promised_at.isoformat())  # fmt: skip
    chain = [posts.CS_MANAGER, followups.HANDLERS[complaint.grade]]
    if complaint.is_critical:
        chain.append(posts.GENERAL_MANAGER)
    people = watchers_of(complaint, *chain)
    people += [person for person in (complaint.registered_by, handled_by)
               if person and person.is_active]  # fmt: skip
    tell(complaint, REOPENED, to=people, key="reopened", by=by, now=now, rings=True, times=str(complaint.reopenings))  # fmt: skip
    return complaint


@transaction.atomic
def no_answer(
    complaint: Complaint, *, client_key: UUID, by: Staff, now: datetime,
    message: str | None = None, kept: bool = False, happened_at: datetime | None = None,
) -> Complaint:  # fmt: skip
    """没打通: kept; the next try is due in two hours, then the next day at ten.

    ``message``: the words that were sent, where the ladder has come to that; ``kept`` says that
    the record waited on a phone; ``happened_at`` as in ``call_back``.
    """
    if _used(complaint, client_key):
        return complaint
    must_be(complaint, Status.REPLIED, by=by, now=now)
    may_call(complaint, by=by)
    words = "" if message is None else sent_words(message, kept=kept)
    Callback.objects.create(
        complaint=complaint, round=complaint.reopenings + 1, at=now, by=by, is_reached=False,
        message=words, client_key=client_key,
    )  # fmt: skip
    count = tries_of(complaint).count()
    next_at = next_try(count, now=now)
    if followups.CALLBACK in followups.open_rows(complaint):
        move_followup(complaint, followups.CALLBACK, due_at=next_at, now=now)
    entries.record(complaint, "complaint.no_answer", by=by, now=now, tries=count, message=words,
                   next_at=timezone.localtime(next_at).isoformat(),
                   **late(happened_at, now))  # fmt: skip
    return complaint


@transaction.atomic
def attach_call_back(
    complaint: Complaint, *, client_key: UUID, said: dict, by: Staff, now: datetime,
    happened_at: datetime | None = None,
) -> None:  # fmt: skip
    """A call-back that waited on a phone until the complaint had gone on: kept in its history, once."""
    if not Entry.objects.about(complaint).filter(detail__key=str(client_key)).exists():
        said = {name: value for name, value in said.items() if value}
        entries.record(complaint, "complaint.callback_attached", by=by, now=now,
                       key=str(client_key), **said, **late(happened_at, now))  # fmt: skip


@transaction.atomic
def name_caller(complaint: Complaint, *, caller: Staff, by: Staff, now: datetime) -> Complaint:
    """The general manager names who calls back, where the manager handled it himself (2.10)."""
    must_be(complaint, Status.ACCEPTED, Status.PROCESSING, Status.TO_REPLY, Status.REPLIED,
            by=by, now=now)  # fmt: skip
    if not (
        caller.is_active
        and caller.has_perm("complaints.call_back")
        and Membership.objects.filter(staff=caller, estate=complaint.estate_id).exists()
    ):
        raise ValidationError({"caller": _("选本项目在岗, 能回访的人")})
    if caller.pk in handlers_of(complaint):
        raise ValidationError(
            {"caller": _("%(name)s 处理过这件投诉, 换一位") % {"name": caller.name}}
        )
    change(complaint, by=by, now=now, caller=caller)
    if followups.CALLBACK in followups.open_rows(complaint):
        hand_to(complaint, followups.CALLBACK, owner=caller, owner_post=caller.post, now=now)
    entries.record(complaint, "complaint.caller_named", by=by, now=now, name=caller.name)
    tell(complaint, NAMED, to=[caller], key="caller", by=by, now=now)
    return complaint


def may_call(complaint: Complaint, *, by: Staff) -> None:
    """Raise ValidationError for somebody who handled it: his call-back would judge himself."""
    if by.pk in handlers_of(complaint):
        raise ValidationError(_("处理过这件投诉的人不能回访, 由别人回访"))


def tries_of(complaint: Complaint) -> QuerySet[Callback]:
    """Those of this round that did not get through."""
    return complaint.callbacks.filter(round=complaint.reopenings + 1, is_reached=False)


def messages_left(complaint: Complaint) -> list[str]:
    """Of each try of this round the message that was left, empty for a mere call."""
    return list(tries_of(complaint).values_list("message", flat=True))


def message_for(complaint: Complaint) -> str:
    """The words to send when nobody answers."""
    about = told_on(complaint.complained_at, "反映", complaint.content, complaint.number)
    return message_to(
        complaint.resident, complaint.contact_name, about=about, estate=complaint.estate
    )


def _used(complaint: Complaint, client_key: UUID) -> bool:
    """True if this form was sent before; ValidationError if it belongs to another complaint."""
    known = Callback.objects.filter(client_key=client_key).first()
    if known and known.complaint_id != complaint.pk:
        raise ValidationError(_("这张回访页已用过。刷新页面再记"))
    return known is not None
