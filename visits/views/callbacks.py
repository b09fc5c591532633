"""Call-backs of every room that are owed, the page of this room's own, and who hears what."""

from collections import defaultdict
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.actions.handling import handled_among
from contacts.reaching import MESSAGE
from estates.models import building_ids_of, estate_ids_of
from followups.kinds import kind as kind_of
from followups.models import FollowUp
from history.models import Entry
from repairs.models import Repair
from visits import actions
from visits.actions.callbacks import ATTACHED, may_not_call, message_for, next_step
from visits.attached import lines_of
from visits.forms import CallbackForm, WordsForm
from visits.models import Callback, CallbackState, Draw
from visits.satisfaction import shares
from visits.views.doors import (
    called_words,
    go_on,
    of_another_account,
    refuse,
    take,
    visible_callback,
)

ROWS = 25
DRAWS = 20
# What is owed as a call-back, whichever room owes it, in the order of the chips.
KINDS = {
    "repairs.callback": gettext_lazy("报修"),
    "repairs.answer": gettext_lazy("来电人"),
    "complaints.callback": gettext_lazy("投诉"),
    "contacts.call_back": gettext_lazy("回电"),
    "visits.callback": gettext_lazy("求助与服务"),
}


@require_safe
@permission_required("visits.view", raise_exception=True)
def callback_list(request: HttpRequest) -> HttpResponse:
    """All call-backs that are owed, the most pressing first; ``?kind=`` one of them.

    Who only reads is shown the results.
    """
    if not request.user.has_perm("visits.call_back"):
        return redirect("visits:called_list")
    owed = _owed(request.user)
    counts = dict(owed.order_by().values_list("kind").annotate(number=Count("pk")))
    chosen = request.GET.get("kind", "")
    rows = owed.filter(kind=chosen) if chosen in KINDS else owed
    text = request.GET.get("page", "1")
    page = max(int(text), 1) if text.isdecimal() and len(text) < 6 else 1
    first = (page - 1) * ROWS
    found = list(
        rows.select_related("owner", "unit").order_by("due_at", "pk")[first : first + ROWS + 1]
    )
    shown = found[:ROWS]
    _mark_own_work(shown, request.user)
    for row in shown:
        row.label = KINDS[row.kind]
        row.declared = kind_of(row.kind)
    return render(
        request,
        "visits/callback_list.html",
        {
            "rows": shown,
            "chips": [(key, label, counts.get(key, 0)) for key, label in KINDS.items()],
            "total": sum(counts.values()),
            "kind": chosen,
            "page": page,
            "next_page": page + 1 if len(found) > ROWS else None,
            "now": timezone.now(),
        },
    )


def _owed(staff):
    """A butler sees the own area's and what he owes by name; others what their estates owe."""
    rows = FollowUp.objects.open().filter(kind__in=KINDS, estate__in=estate_ids_of(staff))
    if staff.duty.scope == "area":
        mine = rows.filter(unit__building__in=building_ids_of(staff))
        return mine | rows.filter(owner=staff)
    return rows


def _mark_own_work(rows, staff):
    """``row.not_mine``: this person did the work or handled it, so somebody else calls."""
    of_kind = defaultdict(set)
    for row in rows:
        of_kind[row.kind].add(row.object_id)
    own = {}
    if pks := of_kind["repairs.callback"]:
        mine = Repair.objects.filter(pk__in=pks, repairer=staff)
        own["repairs.callback"] = set(mine.values_list("pk", flat=True))
    if pks := of_kind["visits.callback"]:
        mine = Callback.objects.filter(pk__in=pks, handled_by=staff)
        own["visits.callback"] = set(mine.values_list("pk", flat=True))
    if pks := of_kind["complaints.callback"]:
        own["complaints.callback"] = handled_among(pks, staff=staff)
    for row in rows:
        row.not_mine = row.object_id in own.get(row.kind, ())


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("visits.view", raise_exception=True)
def callback_record(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer, or a try; afterwards what was answered. Sent once or often: one record."""
    callback, now = visible_callback(request, pk), timezone.now()
    step = next_step(callback, now=now)
    form = CallbackForm(
        request.POST if request.method == "POST" else None, step=step,
        initial={
            "client_key": uuid4(), "message": message_for(callback) if step == MESSAGE else "",
        },
    )  # fmt: skip
    refusal = None
    if request.method == "POST":
        if not request.user.has_perm("visits.call_back"):
            raise PermissionDenied
        refusal = of_another_account(request) or take(
            request, form, now,
            act=lambda **sent: _act(callback, form, kept=form.cleaned_data["kept"], **sent),
            attach=lambda said, happened_at, **sent: actions.attach_to_callback(
                callback, detail=said, **sent
            ),
        )  # fmt: skip
        if refusal is None:
            messages.success(request, called_words(form, callback.subject_label))
            return go_on(request, reverse("visits:callback_list"))
        callback = visible_callback(request, pk)
    return _show(request, callback, form=form, step=step, refusal=refusal)


def _show(request, callback, *, form=None, step="call", refusal=None):
    about = {"unit": callback.unit_id or "", "text": callback.weak_points or callback.what}
    is_over = callback.state in (CallbackState.DONE, CallbackState.UNREACHABLE)
    return render(
        request,
        "visits/callback_record.html",
        {
            "callback": callback,
            "form": form,
            "step": step,
            "phone": callback.phone,
            "refusal": refusal,
            "is_owed": callback.state == CallbackState.OWED,
            "is_over": is_over,
            "may_call": request.user.has_perm("visits.call_back"),
            "not_mine": may_not_call(callback, request.user),
            "may_reveal": request.user.has_perm("estates.reveal"),
            "may_review": request.user.has_perm("visits.review")
            and is_over
            and not callback.reviewed_by_id
            and callback.called_by_id != request.user.pk,
            "attached": lines_of(Entry.objects.about(callback).filter(event=ATTACHED)),
            "intake": f"{reverse('desk:intake')}?{urlencode(about)}",
            "complain": f"{reverse('complaints:complaint_add')}?{urlencode(about)}",
        },
        status=refusal.status if refusal else 200,
    )


def _act(callback, form, **terms):
    outcome = form.cleaned_data["outcome"]
    if outcome in ("no_answer", "message"):
        actions.no_answer(callback, message=form.sent_message(), **terms)
    elif outcome == "give_up":
        actions.give_up(callback, **terms)
    else:
        actions.call_back(callback, satisfaction=outcome, **form.opinion(), **terms)


@require_POST
@permission_required("visits.review", raise_exception=True)
def callback_review(request: HttpRequest, pk: int) -> HttpResponse:
    callback = visible_callback(request, pk)
    form = WordsForm(request.POST)
    try:
        text = form.cleaned_data["text"] if form.is_valid() else ""
        actions.review_callback(callback, text=text, by=request.user, now=timezone.now())
    except ValidationError as error:
        return _show(request, visible_callback(request, pk), refusal=refuse(None, error))
    messages.success(request, _("已审核"))
    return redirect("visits:callback_record", pk)


@require_safe
@permission_required("visits.supervise", raise_exception=True)
def caller_shares(request: HttpRequest) -> HttpResponse:
    """Shares of 满意 per caller with the outliers, and the lots that were drawn."""
    now = timezone.now()
    draws = Draw.objects.visible_to(request.user).exclude(pool=[]).select_related("estate")[:DRAWS]
    return render(
        request, "visits/caller_shares.html", {"lines": shares(request.user, now), "draws": draws}
    )
