"""One door for every step of every paper: find, check, call one action, answer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from followups.models import FollowUp
from office.events import lines_of
from office.forms.steps import WordsForm
from office.moving import stale_words
from office.steps import ROOMS, Room, Step
from office.views.doors import Refusal, page, refuse
from office.views.facts import facts_of

TAB_OF = {
    "log": "logs",
    "summary": "summaries",
    "task": "tasks",
    "check": "checks",
    "purchase": "purchases",
    "plan": "plans",
    "session": "training",
}


def visible(request: HttpRequest, room: Room, pk: int):
    """The paper with the people its page names, or 404."""
    rows = room.model.objects.visible_to(request.user).select_related(*room.joined)
    return get_object_or_404(rows, pk=pk)


def form_of(step: Step, paper, request, now, data=None):
    """The step's form, its fields named apart from every other form of the page."""
    return step.form(data, paper=paper, staff=request.user, now=now, auto_id=f"{step.key}-%s")


def act(request: HttpRequest, pk: int, code: str, key: str) -> HttpResponse:
    """GET shows the step on a page of its own; POST acts and goes back to the paper."""
    room = ROOMS[code]
    step = room.step(key)
    paper, now = visible(request, room, pk), timezone.now()
    if not step.may(paper, request.user):
        raise PermissionDenied
    form = form_of(step, paper, request, now, request.POST if request.method == "POST" else None)
    refusal = None
    if request.method == "POST":
        refusal = _act(step, paper, form, request, now)
        if refusal is None:
            messages.success(request, f"{paper} · {step.done}")
            return redirect(reverse(room.page, args=[paper.pk]))
        paper = visible(request, room, pk)
    context = {
        "paper": paper,
        "step": step,
        "form": form,
        "refusal": refusal,
        "facts": facts_of(paper),
        "theirs": _theirs(step, paper) if refusal and refusal.status == 409 else None,
        "butlers": form.rows() if hasattr(form, "rows") else None,
        "back": reverse(room.page, args=[paper.pk]),
    }
    status = refusal.status if refusal else 200
    return page(request, "office/step.html", TAB_OF[code], context, status=status)


def _theirs(step: Step, paper) -> list[tuple]:
    """What the paper says now in the fields that the step writes, beside what was typed."""
    if not issubclass(step.form, WordsForm):
        return []
    names = [name for name in step.form.base_fields if name != "version"]
    return [(paper._meta.get_field(name).verbose_name, getattr(paper, name)) for name in names]


def _act(step, paper, form, request, now) -> Refusal | None:
    if not form.is_valid():
        return Refusal("", 422)
    seen = form.cleaned_data.get("version")
    if seen is not None and seen != paper.version:
        return Refusal(stale_words(paper, by=request.user, now=now), 409)
    try:
        step.act(paper, by=request.user, now=now, **form.terms())
    except ValidationError as error:
        return refuse(form, error)
    return None


def paper_context(request: HttpRequest, code: str, pk: int) -> dict:
    """What the page of a paper shows: facts, the steps offered now, clocks and history."""
    room, now = ROOMS[code], timezone.now()
    paper = visible(request, room, pk)
    offered = [step for step in room.steps if step.is_open(paper, request.user)]
    return {
        "paper": paper,
        "room": room,
        "now": now,
        "facts": facts_of(paper),
        "steps": [
            (step, form_of(step, paper, request, now)) for step in offered if not step.on_page
        ],
        "open_steps": {step.key: step for step in offered},
        "owed": list(FollowUp.objects.open().about(paper).select_related("owner")),
        "lines": lines_of(paper),
    }
