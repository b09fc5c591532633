"""The QR code on a slip opens the repair, by the right of whoever scans it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from repairs import tokens
from repairs.models import Repair


@require_safe
def open_by_token(request: HttpRequest, token: str) -> HttpResponse:
    """Not signed in: login, then here again. A foreign token and a foreign estate look alike."""
    pk = tokens.pk_in(token)
    if pk is None:
        raise Http404
    repair = get_object_or_404(Repair.objects.visible_to(request.user).only("pk"), pk=pk)
    return redirect("repairs:repair_detail", pk=repair.pk)
