"""One door for every verb: find, check, call one action, answer."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from estates.refusals import put_refusal
from repairs import actions
from repairs.actions.moving import faster
from repairs.forms import steps as forms
from repairs.models import Repair
from repairs.permissions import BY_KEY
from repairs.statuses import Status

FORMS = {
    "accept_verbally": forms.VerbalForm,
    "add_material": forms.MaterialForm,
    "assign": forms.AssignForm,
    "cancel": forms.ReasonForm,
    "cannot_come": forms.CannotComeForm,
    "change_promise": forms.PromiseForm,
    "decline": forms.ReasonForm,
    "finish": forms.FinishForm,
    "look_again": forms.LookAgainForm,
    "merge": forms.MergeForm,
    "note": forms.RemarkForm,
    "onsite_check": forms.NoteForm,
    "quote": forms.QuoteForm,
    "refuse": forms.RefuseForm,
    "remove_material": forms.RemoveMaterialForm,
    "review_late": forms.NoteForm,
    "set_fees": forms.FeesForm,
    "wait_for": forms.WaitForm,
}
# Verbs that are not the action of the same name.
ACTS = {
    "assign": lambda repair, **terms: (
        actions.accept_for if repair.status == Status.DISPATCHED else actions.assign
    )(repair, **terms),
}
# A remark conflicts with nothing; the others say so when the slip changed since it was read.
FREE_OF_VERSION = {"note", "add_material", "onsite_check"}


@dataclass
class Refusal:
    """Why a step was not taken, and with which status the page says so."""

    message: str
    status: int


def form_of(verb_key, repair, staff, now, data=None):
    """The verb's form, its fields named apart from every other form of the page."""
    form_class = FORMS.get(verb_key, forms.StepForm)
    return form_class(
        data, repair=repair, staff=staff, now=now, auto_id=f"{verb_key}-{repair.pk}-%s"
    )


def visible_repair(request, pk):
    """The repair with what its pages name, or 404."""
    return get_object_or_404(
        Repair.objects.visible_to(request.user).select_related(
            "estate",
            "unit__building",
            "place",
            "resident",
            "butler",
            "repairer",
            "accepted_by",
            "dispatched_by",
            "called_back_by",
            "registered_by",
            "service_item",
            "rework_of",
            "merged_into",
        ),
        pk=pk,
    )


def repair_act(request, pk, verb_key):
    """GET shows the verb's form on a page of its own; POST acts and goes back to ``next``."""
    verb = BY_KEY[verb_key]
    if not request.user.has_perm(verb.permission):
        raise PermissionDenied
    repair, now = visible_repair(request, pk), timezone.now()
    form = form_of(
        verb_key, repair, request.user, now, request.POST if request.method == "POST" else None
    )
    refusal = None
    if request.method == "POST":
        refusal = _act(verb_key, repair, form, request, now)
        if refusal is None:
            return _done(request, verb, repair)
        repair = visible_repair(request, pk)
    return render(
        request,
        "repairs/repair_step.html",
        {
            "repair": repair,
            "record": repair,
            "at": reverse("repairs:repair_detail", args=[repair.pk]),
            "verb": verb,
            "form": form,
            "refusal": refusal,
            "next": back_to(request, repair),
        },
        status=refusal.status if refusal else 200,
    )


def _act(verb_key, repair, form, request, now):
    if not form.is_valid():
        return Refusal("", 422)
    seen = form.cleaned_data.get("version")
    if seen is not None and seen != repair.version and verb_key not in FREE_OF_VERSION:
        return Refusal(stale_words(repair, by=request.user, now=now), 409)
    act = ACTS.get(verb_key) or getattr(actions, verb_key)
    try:
        act(repair, by=request.user, now=now, **form.terms())
    except ValidationError as error:
        return refuse(form, error)
    return None


def stale_words(repair, *, by, now):
    """What to say to somebody who looked at an older state of the slip."""
    return faster(repair, by=by, now=now) or _("这张单在您打开之后改过。页面上是新内容, 您写的还在")


def refuse(form, error):
    """Put an action's errors where they belong; a colleague who was faster is a conflict (409)."""
    if getattr(error, "code", "") == "stale":
        return Refusal(error.messages[0], 409)
    if not hasattr(error, "error_dict"):
        return Refusal(error.messages[0], 422)
    put_refusal(form, error)
    return Refusal("", 422)


def _done(request, verb, repair):
    undo = reverse(f"repairs:repair_{verb.undo}", args=[repair.pk]) if verb.undo else ""
    messages.success(request, f"{repair.number} {verb.done}", extra_tags=undo)
    return redirect(back_to(request, repair))


def back_to(request, repair):
    """Where the person came from, if it is a page of this house; else the slip."""
    there = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()}):
        return there
    return reverse("repairs:repair_detail", args=[repair.pk])
