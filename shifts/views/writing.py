"""Doors of the shift that ends: find its sheet, write it, sign it; and the next one comes."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estates.models import Estate
from shifts import actions
from shifts.forms import SheetForm
from shifts.sheet import Sheet
from shifts.turns import to_sign
from shifts.views.page import refused, sheet_of, show


@require_safe
@permission_required("shifts.hand_over", raise_exception=True)
def close(request: HttpRequest) -> HttpResponse:
    """The sheet that waits for this person: to take over or to close; drafted if need be."""
    estates = Estate.objects.visible_to(request.user)
    asked = request.GET.get("estate", "")
    if asked.isdecimal() and len(asked) < 18:
        estates = estates.filter(pk=int(asked))
    estate = estates.first()
    if estate is None:
        raise PermissionDenied
    return redirect(to_sign(request.user, estate, now=timezone.now()))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("shifts.view", raise_exception=True)
def handover_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet: to write while the shift runs, to take over once it is given, to read later.

    A POST keeps what was typed first; then it takes the way out that was pressed, or signs.
    """
    sheet = sheet_of(request, pk)
    if request.method == "POST":
        return _sign(request, sheet)
    return show(request, sheet)


def _sign(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    if not request.user.has_perm("shifts.hand_over"):
        raise PermissionDenied
    form = SheetForm(request.POST, sheet=sheet, reader=request.user)
    seen = set(request.POST.get("seen", "").split())
    now = timezone.now()
    if not form.is_valid():
        return show(request, sheet, form=form, seen=seen, status=422)
    try:
        codes = [tally.expected.code for tally in sheet.counts]
        actions.write(sheet, by=request.user, typed=form.typed(codes))
        way = request.POST.get("way", "")
        if way:
            fresh = sheet_of(request, sheet.handover.pk)
            actions.take_way(fresh, way=way, by=request.user, now=now)
        elif request.POST.get("save") is None:
            fresh = sheet_of(request, sheet.handover.pk)
            actions.give(fresh, by=request.user, now=now, seen=seen)
            messages.success(request, _("已签字交班, 等接班人确认"))
    except ValidationError as error:
        status = 409 if getattr(error, "code", "") == "stale" else 422
        return show(
            request, sheet_of(request, sheet.handover.pk), refusal=error.messages, seen=seen,
            status=status,
        )  # fmt: skip
    return redirect(sheet.handover)


@require_POST
@permission_required("shifts.hand_over", raise_exception=True)
def handover_arrive(request: HttpRequest, pk: int) -> HttpResponse:
    """The next shift says that it is here."""
    sheet = sheet_of(request, pk)
    try:
        actions.arrive(sheet.handover, who=request.user, by=request.user, now=timezone.now())
        messages.success(request, _("已记到岗时间"))
    except ValidationError as error:
        return refused(request, pk, error)
    return redirect(sheet.handover)
