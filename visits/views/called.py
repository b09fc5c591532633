"""The results of call-backs: every room's in one list, and those that wait for a review."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from visits.called import called, to_review

ROWS = 25
ABOUT = (("repair", _("维修")), ("complaint", _("投诉")), ("drawn", _("求助与服务")),
         ("contact", _("回电")), ("caller", _("来电人")))  # fmt: skip


@require_safe
@permission_required("visits.view", raise_exception=True)
def called_list(request: HttpRequest) -> HttpResponse:
    """``?about=`` one room's, ``?tab=review`` what a superior has not looked at, ``?before=``."""
    before = _moment(request.GET.get("before", ""))
    about = request.GET.get("about", "")
    is_review = request.GET.get("tab") == "review" and request.user.has_perm("visits.review")
    if is_review:
        rows = to_review(request.user, before=before, limit=ROWS + 1)
    else:
        rows = called(request.user, about=about, before=before, limit=ROWS + 1)
    return render(
        request,
        "visits/called_list.html",
        {
            "rows": rows[:ROWS],
            "next_before": rows[ROWS - 1].at if len(rows) > ROWS else None,
            "about": about,
            "rooms": ABOUT,
            "tab": "review" if is_review else "done",
        },
    )


def _moment(text):
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None
