"""What butlers learnt about residents: the desk confirms it, or says why not."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from visits import actions
from visits.models import ChangeState, ResidentChange
from visits.views.doors import refuse

SHOWN = 50


@require_safe
@permission_required("visits.confirm", raise_exception=True)
def change_list(request: HttpRequest) -> HttpResponse:
    return _list(request)


@require_POST
@permission_required("visits.confirm", raise_exception=True)
def change_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """``do=confirm`` or ``do=reject`` with a reason."""
    rows = ResidentChange.objects.visible_to(request.user).select_related("visit", "unit")
    change = get_object_or_404(rows, pk=pk)
    now = timezone.now()
    try:
        if request.POST.get("do") == "confirm":
            actions.confirm_change(change, by=request.user, now=now)
            done = _("%(unit)s 业户信息已更新") % {"unit": change.unit.code}
        else:
            actions.reject_change(
                change, reason=request.POST.get("reason", ""), by=request.user, now=now
            )
            done = _("%(unit)s 已记不采纳") % {"unit": change.unit.code}
    except ValidationError as error:
        refusal = refuse(None, error)
        return _list(request, wrong=pk, refusal=refusal, reason=request.POST.get("reason", ""))
    messages.success(request, done)
    return redirect("visits:change_list")


def _list(request, *, wrong=None, refusal=None, reason=""):
    rows = (
        ResidentChange.objects.visible_to(request.user)
        .filter(state=ChangeState.PROPOSED)
        .select_related("unit", "resident", "proposed_by")
        .order_by("proposed_at", "pk")[:SHOWN]
    )
    return render(
        request,
        "visits/change_list.html",
        {"rows": list(rows), "wrong": wrong, "refusal": refusal, "reason": reason},
        status=refusal.status if refusal else 200,
    )
