"""The first page: what this desk owes now, and who called."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk import queue
from estates.models import estates_of


@login_required
def home(request):
    """``/``: the first page of the person's post."""
    try:
        return redirect(reverse(request.user.duty.home))
    except NoReverseMatch:
        return redirect("desk:today")


@permission_required("followups.view", raise_exception=True)
@require_safe
def today(request):
    """The queue with one button a row. A poll with nothing new is answered by 304."""
    now = timezone.now()
    etag = ""
    if "X-Poll" in request.headers:
        etag = queue.fingerprint(request.user, now)
        if request.headers.get("If-None-Match") == etag:
            return HttpResponse(status=304)
    estates_of(request.user)  # the frame asks for them anyway; read first, they order the queue
    chosen = request.GET.get("kind", "")
    context = {
        "lines": queue.lines_of(request.user, now, chosen),
        "tally": queue.tally_of(request.user, now),
        "contacts": queue.recent_contacts(request.user),
        "numbers": queue.numbers_of_today(request.user, now),
        "on_duty": queue.shift_now(request.user, now),
        "chosen": chosen,
        "now": now,
    }
    response = render(request, "desk/_today.html" if etag else "desk/today.html", context)
    response["Cache-Control"] = "no-store"
    if etag:
        response["ETag"] = etag
    return response
