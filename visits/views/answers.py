"""Calls that owe an answer instead of a question: 回电, and whoever else called about a slip.

With or without signal, as the other call-backs (W5); the contact and the slip keep what was said.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import Staff
from contacts import actions as contacts
from contacts.actions import call_backs
from contacts.models import Contact
from contacts.reaching import MESSAGE, step_after
from history.models import Entry
from repairs import actions as repairs
from repairs.actions import answering
from repairs.models import Caller, Repair
from visits.attached import lines_of
from visits.forms import AnswerForm
from visits.views.doors import called_words, go_on, of_another_account, take


@dataclass(frozen=True)
class Door:
    """What one kind of owed answer can do; ``about`` names its printed form."""

    about: str
    permission: str
    needs_words: bool
    late_event: str
    answered: Callable[..., Any]
    no_answer: Callable[..., Any]
    give_up: Callable[..., Any]
    message: Callable[..., str]


CONTACT = Door(
    "contact", "contacts.take", True, "contact.call_back_attached", contacts.call_back_done,
    contacts.no_answer, contacts.give_up, call_backs.message_for,
)  # fmt: skip
CALLER = Door(
    "caller", "repairs.call_back", False, "repair.answer_attached", repairs.answer_caller,
    repairs.caller_no_answer, repairs.give_up_caller, answering.message_for,
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """One owed or given answer, whichever record keeps it."""

    subject: models.Model
    record: models.Model  # whose history it belongs to
    contact: Contact
    title: str | Promise
    number: str
    url: str
    what: str
    is_owed: bool
    at: datetime | None
    received_at: datetime | None
    by: Staff | None
    said: str
    was_reached: bool | None
    whose: Mapping[str, Any] = field(default_factory=dict)  # whom a late answer is for
    asked: str = ""  # the caller's own words, where the record has other ones
    work: Repair | None = None  # how it ended is what this caller is to hear


def of_contact(staff: Staff, pk: int) -> Answer:
    """404 for a contact of another estate or area."""
    rows = Contact.objects.answered_by(staff).select_related(
        "estate", "unit", "place", "resident", "called_back_by"
    )
    contact = get_object_or_404(rows, pk=pk)
    return Answer(
        subject=contact, record=contact, contact=contact, title=gettext_lazy("回电"),
        number=f"{timezone.localtime(contact.started_at):%Y-%m-%d %H:%M}",
        url=reverse("contacts:contact_detail", args=[pk]), what=contact.text,
        is_owed=contacts.owed_call_back(contact) is not None, at=contact.called_back_at,
        received_at=contact.call_received_at, by=contact.called_back_by,
        said=contact.answer if contact.called_back_at else "", was_reached=contact.was_reached,
    )  # fmt: skip


def of_caller(staff: Staff, pk: int) -> Answer:
    """404 for a slip out of scope; the first caller hears from the call-back itself."""
    seen = Repair.objects.visible_to(staff).values("pk")
    rows = Caller.objects.filter(repair__in=seen, is_first=False).select_related(
        "repair__repairer", "contact__estate", "contact__unit", "contact__place",
        "contact__resident", "answered_by",
    )  # fmt: skip
    caller = get_object_or_404(rows, pk=pk)
    repair = caller.repair
    return Answer(
        subject=caller, record=repair, contact=caller.contact, title=gettext_lazy("答复来电人"),
        number=repair.number, url=reverse("repairs:repair_detail", args=[repair.pk]),
        what=repair.content, is_owed=caller.answered_at is None, at=caller.answered_at,
        received_at=caller.received_at, by=caller.answered_by, said=caller.answer,
        was_reached=caller.was_reached, work=repair,
        whose={"caller_id": pk, "caller": answering.name_of(caller)},
        asked=caller.contact.text if caller.contact.text != repair.content else "",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("visits.view", raise_exception=True)
def contact_callback(request: HttpRequest, pk: int) -> HttpResponse:
    """Phone back whoever called or wrote (VIS-2); afterwards what was said."""
    return _record(request, CONTACT, of_contact, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("visits.view", raise_exception=True)
def caller_callback(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell somebody else who called about a slip how it ended (VIS-2)."""
    return _record(request, CALLER, of_caller, pk)


def _record(request, door, read, pk):
    """Sent by the page or by the outbox, once or often: one record."""
    answer, now = read(request.user, pk), timezone.now()
    tries = list(answer.contact.call_tries.select_related("by"))
    step = step_after([row.message for row in tries], now=now)
    may_call = request.user.has_perm(door.permission)
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        step=step,
        needs_words=door.needs_words,
        initial={
            "client_key": uuid4(),
            "message": door.message(answer.subject) if step == MESSAGE and answer.is_owed else "",
        },
    )
    refusal = None
    if request.method == "POST":
        if not may_call:
            raise PermissionDenied
        refusal = of_another_account(request) or take(
            request, form, now,
            act=lambda **sent: _act(door, answer, form, sent),
            attach=lambda said, **sent: contacts.attach_call_back(
                answer.record, event=door.late_event, said=said | answer.whose, **sent
            ),
        )  # fmt: skip
        if refusal is None:
            messages.success(request, called_words(form, answer.number))
            return go_on(request, reverse("visits:callback_list"))
        answer = read(request.user, pk)
    return render(
        request,
        "visits/answer_record.html",
        {
            "answer": answer,
            "about": door.about,
            "tries": tries,
            "form": form,
            "step": step,
            "phone": answer.contact.phone,
            "attached": lines_of(_late(answer, door)),
            "refusal": refusal,
            "may_call": may_call,
            "may_reveal": request.user.has_perm("estates.reveal") or (door is CONTACT and may_call),
        },
        status=refusal.status if refusal else 200,
    )


def _late(answer, door):
    """A slip's history has the answers to every caller; here are this one's."""
    late = Entry.objects.about(answer.record).filter(event=door.late_event)
    if "caller_id" in answer.whose:
        return late.filter(detail__caller_id=str(answer.whose["caller_id"]))
    return late


def _act(door, answer, form, sent) -> None:
    data = form.cleaned_data
    outcome = data["outcome"]
    if outcome in ("no_answer", "message"):
        message = form.sent_message()
        door.no_answer(answer.subject, message=message, kept=data["kept"], **sent)
    elif outcome == "give_up":
        door.give_up(answer.subject, **sent)
    else:
        door.answered(answer.subject, answer=data["answer"], **sent)
