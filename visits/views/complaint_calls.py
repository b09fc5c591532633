"""The call-back of a complaint on a phone, with or without signal; the complaint keeps it (W5)."""

from functools import partial
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from complaints import actions
from complaints.actions.callbacks import message_for, tries_of
from complaints.actions.handling import handlers_of
from complaints.models import Complaint
from complaints.statuses import Status
from contacts.reaching import MESSAGE, step_after
from visits.forms import ComplaintCallForm
from visits.views.doors import called_words, go_on, of_another_account, take


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("complaints.call_back", raise_exception=True)
def complaint_callback(request: HttpRequest, pk: int) -> HttpResponse:
    """Sent by the page or by the outbox, once or often: one call-back."""
    complaint, now = _visible(request, pk), timezone.now()
    tries = list(tries_of(complaint).select_related("by"))
    step = step_after([row.message for row in tries], now=now)
    form = ComplaintCallForm(
        request.POST if request.method == "POST" else None,
        step=step,
        initial={
            "client_key": uuid4(),
            "message": message_for(complaint) if step == MESSAGE else "",
        },
    )
    refusal = None
    if request.method == "POST":
        refusal = of_another_account(request) or take(
            request, form, now,
            act=lambda **sent: _act(complaint, form, sent),
            attach=partial(actions.attach_call_back, complaint),
        )  # fmt: skip
        if refusal is None:
            messages.success(request, called_words(form, complaint.number))
            return go_on(request, reverse("visits:callback_list"))
        complaint = _visible(request, pk)
    return render(
        request,
        "visits/complaint_callback.html",
        {
            "complaint": complaint,
            "tries": tries,
            "calls": list(complaint.callbacks.filter(is_reached=True).select_related("by")),
            "step": step,
            "phone": complaint.contact_phone,
            "form": form,
            "refusal": refusal,
            "is_owed": complaint.status == Status.REPLIED,
            "not_mine": request.user.pk in handlers_of(complaint),
            "may_reveal": request.user.has_perm("estates.reveal"),
        },
        status=refusal.status if refusal else 200,
    )


def _visible(request, pk) -> Complaint:
    rows = Complaint.objects.visible_to(request.user).select_related(
        "estate", "unit", "place", "resident", "replied_by"
    )
    return get_object_or_404(rows, pk=pk)


def _act(complaint, form, sent):
    data = form.cleaned_data
    outcome = data["outcome"]
    if outcome in ("no_answer", "message"):
        actions.no_answer(complaint, message=form.sent_message(), kept=data["kept"], **sent)
        return
    if outcome == "give_up":
        outcome = ""
    actions.call_back(complaint, satisfaction=outcome, kept=data["kept"], **form.opinion(), **sent)
