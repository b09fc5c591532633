"""The doors that all nouns share: a step, adding, editing. Find, check, call one action, answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.actions.moving import who_was_faster
from community.events import lines_of
from community.verbs import BY_KEY, Noun, Verb
from community.ways import way_of
from estates.refusals import put_refusal
from followups.models import FollowUp
from history.models import Entry


@dataclass
class Refusal:
    """Why a step was not taken, and with which status the page says so."""

    message: str
    status: int


def visible(request: HttpRequest, noun: Noun, pk: int):
    """The record with what its pages name; 403 out of role, 404 out of scope."""
    if not request.user.has_perm(noun.permission):
        raise PermissionDenied
    rows = noun.model.objects.visible_to(request.user).select_related(*noun.related)
    return get_object_or_404(rows, pk=pk)


def step_form(verb: Verb, record, request: HttpRequest, data=None):
    """The step's form, its fields named apart from every other form of the page.

    A link to the step may fill fields in its address: ``give_measure/?topic=order``.
    """
    return verb.form(
        data, record=record, staff=request.user, now=timezone.now(), auto_id=f"{verb.key}-%s",
        initial=request.GET.dict(),
    )  # fmt: skip


def frame_of(request: HttpRequest, noun: Noun, record) -> dict:
    """What every detail page shows beside the record: steps, what is owed, the timeline."""
    verbs = noun.verbs_for(request.user, record)
    owed = list(
        FollowUp.objects.open().about(record).select_related("owner").order_by("due_at", "pk")
    )
    return {
        "record": record,
        "noun": noun,
        "steps": [
            (verb, step_form(verb, record, request) if verb.needs_words else None) for verb in verbs
        ],
        "owed": owed,
        "way": way_of(record, owed),
        "lines": lines_of(Entry.objects.about(record)[:60]),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, noun_key: str, verb_key: str) -> HttpResponse:
    """GET shows the step on a page of its own; POST acts and goes back to the record."""
    noun = BY_KEY[noun_key]
    verb = noun.verb(verb_key)
    if not request.user.has_perm(verb.permission):
        raise PermissionDenied
    record = visible(request, noun, pk)
    form = step_form(verb, record, request, request.POST if request.method == "POST" else None)
    refusal = None
    if request.method == "POST":
        refusal = _act(verb, record, form, request)
        if refusal is None:
            messages.success(request, str(verb.done))
            return redirect(record)
        record = visible(request, noun, pk)
    return render(
        request,
        "community/step.html",
        {"record": record, "verb": verb, "form": form, "refusal": refusal},
        status=refusal.status if refusal else 200,
    )


def _act(verb: Verb, record, form, request: HttpRequest) -> Refusal | None:
    if not form.is_valid():
        return Refusal("", 422)
    seen = form.cleaned_data.get("version")
    if seen is not None and seen != record.version:
        return Refusal(who_was_faster(record), 409)
    try:
        verb.act(record, by=request.user, now=timezone.now(), **form.terms())
    except ValidationError as error:
        return refuse(form, error)
    return None


def attempt(form, call: Callable[[], Any]) -> tuple[Any, int]:
    """What ``call`` returns, and 302; or None and the status, with the errors put on the form."""
    if not form.is_valid():
        return None, 422
    try:
        return call(), 302
    except ValidationError as error:
        refusal = refuse(form, error)
        if refusal.message:
            form.add_error(None, refusal.message)
        return None, refusal.status


def edit(
    request: HttpRequest, noun: Noun, pk: int, *, form_class, template: str, names: Sequence[str],
    action: Callable[..., None],
) -> HttpResponse:  # fmt: skip
    """A record's own form. A colleague who was faster is answered 409, with both texts shown.

    ``action`` gets the record and the fields called ``names``.
    """
    record = visible(request, noun, pk)
    estates, status = [record.estate], 200
    form = form_class(instance=record, initial={"version": record.version}, estates=estates)
    if request.method == "POST":
        # The form may not write on the record that the action compares with.
        form = form_class(request.POST, instance=noun.model.objects.get(pk=pk), estates=estates)
        status = 422
        if form.is_valid() and form.cleaned_data["version"] != record.version:
            status = 409
        elif form.is_valid():
            _none, status = attempt(
                form,
                lambda: action(
                    record, by=request.user, now=timezone.now(),
                    **{name: form.cleaned_data[name] for name in names},
                ),
            )  # fmt: skip
        if status == 302:
            messages.success(request, _("方案已保存"))
            return redirect(record)
        record = visible(request, noun, pk)
        if status == 409:  # both texts are on the page: the next saving is a decision
            form.data = form.data.copy()
            form.data["version"] = record.version
    context = {"form": form, noun.key: record, "theirs": status == 409}
    return render(request, template, context, status=status)


def refuse(form, error: ValidationError) -> Refusal:
    """Put an action's errors where they belong; a colleague who was faster is a conflict (409)."""
    if getattr(error, "code", "") in ("stale", "used"):
        return Refusal(error.messages[0], 409)
    if not hasattr(error, "error_dict"):
        return Refusal(error.messages[0], 422)
    put_refusal(form, error)
    return Refusal("", 422)
