"""One door for every verb: find, check, call one action, answer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from complaints import actions
from complaints.actions.moving import faster
from complaints.choices import Shows
from complaints.forms.steps import FORMS, GAVE_UP, MESSAGE_SENT, NO_ANSWER, StepForm
from complaints.models import Complaint
from complaints.permissions import BY_KEY, may_try
from complaints.views.photos import keep_beside
from repairs.views.acting import Refusal, refuse

SHOWS = {"verify": Shows.FINDING, "finish": Shows.WORK, "solve_at_once": Shows.WORK}
# A remark conflicts with nothing; the others say so when the complaint changed since it was read.
FREE_OF_VERSION = {"note"}


def form_of(verb_key, complaint, staff, now, data=None):
    """The verb's form, its fields named apart from every other form of the page."""
    form_class = FORMS.get(verb_key, StepForm)
    return form_class(
        data, complaint=complaint, staff=staff, now=now, auto_id=f"{verb_key}-{complaint.pk}-%s"
    )


def visible_complaint(request, pk):
    """The complaint with what its pages name, or 404."""
    return get_object_or_404(
        Complaint.objects.visible_to(request.user).select_related(
            "estate", "unit__building", "place", "resident", "butler", "registered_by",
            "accepted_by", "first_replied_by", "handled_by", "replied_by", "called_back_by",
            "caller", "closed_by", "origin", "repair",
        ),
        pk=pk,
    )  # fmt: skip


def complaint_act(request, pk, verb_key):
    """GET shows the verb's form on a page of its own; POST acts and goes back to ``next``."""
    verb = BY_KEY.get(verb_key)
    if verb is None:
        raise Http404
    if not may_try(request.user, verb):
        raise PermissionDenied
    complaint, now = visible_complaint(request, pk), timezone.now()
    posted = request.POST if request.method == "POST" else None
    form = form_of(verb_key, complaint, request.user, now, posted)
    refusal = None
    if request.method == "POST":
        keep_beside(request, complaint, shows=SHOWS.get(verb_key, ""))
        refusal = _act(verb_key, complaint, form, request, now)
        if refusal is None:
            messages.success(request, f"{complaint.number} {_done(verb, form)}")
            return redirect(back_to(request, complaint))
        complaint = visible_complaint(request, pk)
    return render(
        request,
        "complaints/complaint_step.html",
        {
            "complaint": complaint,
            "record": complaint,
            "at": reverse("complaints:complaint_detail", args=[complaint.pk]),
            "verb": verb,
            "form": form,
            "refusal": refusal,
            "next": back_to(request, complaint),
        },
        status=refusal.status if refusal else 200,
    )


def _act(verb_key, complaint, form, request, now):
    if not form.is_valid():
        return Refusal("", 422)
    seen = form.cleaned_data.get("version")
    is_stale = seen is not None and seen != complaint.version and verb_key not in FREE_OF_VERSION
    if is_stale and not _sent_before(verb_key, complaint, form):
        words = faster(complaint, by=request.user, now=now) or _(
            "这件投诉在您打开之后改过。页面上是新内容, 您写的还在"
        )
        return Refusal(words, 409)
    try:
        _call(verb_key, complaint, form, by=request.user, now=now)
    except ValidationError as error:
        return refuse(form, error)
    return None


def _call(verb_key, complaint, form, *, by, now):
    terms = form.terms()
    if verb_key == "call_back":
        outcome, message = terms.pop("outcome"), terms.pop("message", "")
        if outcome in (NO_ANSWER, MESSAGE_SENT):
            actions.no_answer(
                complaint, client_key=terms["client_key"], by=by, now=now,
                message=message if outcome == MESSAGE_SENT else None,
            )  # fmt: skip
            return
        terms["satisfaction"] = "" if outcome == GAVE_UP else outcome
    getattr(actions, verb_key)(complaint, by=by, now=now, **terms)


def _sent_before(verb_key, complaint, form):
    """The same call-back form pressed twice is no conflict."""
    if verb_key != "call_back":
        return False
    return complaint.callbacks.filter(client_key=form.cleaned_data["client_key"]).exists()


def _done(verb, form):
    if verb.key == "call_back" and form.cleaned_data["outcome"] in (NO_ANSWER, MESSAGE_SENT):
        return _("已记没打通, 到时再提醒")
    if verb.key == "call_back" and form.cleaned_data["outcome"] == "dissatisfied":
        return _("已记回访, 投诉已重开")
    return verb.done


def back_to(request, complaint):
    """Where the person came from, if it is a page of this house; else the complaint."""
    there = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()}):
        return there
    return reverse("complaints:complaint_detail", args=[complaint.pk])
