"""What the doors of this room share: finding a record, and refusing in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from visits.models import Callback, Visit


@dataclass
class Refusal:
    """Why a step was not taken, and with which status the page says so."""

    message: str
    status: int


def visible_visit(request, pk) -> Visit:
    rows = Visit.objects.visible_to(request.user).select_related(
        "estate", "unit__building", "butler", "resident", "recorded_by", "reviewed_by"
    )
    return get_object_or_404(rows, pk=pk)


def visible_callback(request, pk) -> Callback:
    rows = (
        Callback.objects.visible_to(request.user)
        .select_related("estate", "unit", "draw", "called_by", "reviewed_by")
        .prefetch_related("handled_by", "tries__by")
    )
    return get_object_or_404(rows, pk=pk)


def refuse(form, error) -> Refusal:
    """Put an action's errors where they belong; a colleague who was faster is a conflict (409)."""
    if getattr(error, "code", "") == "stale":
        return Refusal(error.messages[0], 409)
    if form is None or not hasattr(error, "error_dict"):
        return Refusal(error.messages[0], 422)
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
    return Refusal("", 422)


def of_another_account(request) -> Refusal | None:
    """A record is never kept under another login than the one that made it."""
    account = request.POST.get("account", "")
    if account and account != str(request.user.pk):
        return Refusal(_("这条记录是另一位同事在这台手机上写的, 等他本人登录后再上传"), 409)
    return None


def typed(request) -> dict:
    """What a phone sent, word for word, without what only carries it.

    The words of a message are no part of it where the page merely offered them.
    """
    skip = {"csrfmiddlewaretoken", "client_key", "account", "next", "kept", "happened_at"}
    if request.POST.get("outcome") != "message":
        skip.add("message")
    return {name: value for name, value in request.POST.items() if name not in skip}


def take(request, form, now: datetime, *, act: Callable, attach: Callable) -> Refusal | None:
    """Do what the form of a call-back says; what a phone kept is never thrown away (W5).

    ``act(**sent)`` takes the step. ``attach(said=…, **sent)`` keeps beside the record what came too
    late for it or cannot be read.
    """
    read = form.is_valid()
    data = form.cleaned_data
    if not read and not (data.get("kept") and data.get("client_key")):
        return Refusal("", 422)
    sent = {
        "client_key": data["client_key"], "happened_at": form.when(now=now), "by": request.user,
        "now": now,
    }  # fmt: skip
    try:
        if not read:
            raise ValidationError(form.errors.as_text())
        act(**sent)
    except ValidationError as error:
        if not data["kept"]:
            return refuse(form, error)
        attach(said=typed(request), **sent)
    return None


def called_words(form, number: str) -> str:
    """What the page says afterwards: the result is here, or the call comes again."""
    if form.cleaned_data.get("outcome") in ("no_answer", "message"):
        return _("%(number)s 已记没打通, 到时再提醒") % {"number": number}
    return _("%(number)s 已记回访") % {"number": number}


def go_on(request, where: str) -> HttpResponse:
    """To the next page; the outbox and htmx are told where instead of following themselves."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": where})
    return redirect(where)
