"""Doors of the shift that begins: check the sheet, sign it, refuse it, or send somebody else."""

from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from shifts import actions
from shifts.forms import PasswordForm, RefuseForm, SuccessorForm
from shifts.statuses import GIVEN
from shifts.views.page import press, refused, sheet_of, show


@require_POST
@permission_required("shifts.hand_over", raise_exception=True)
def handover_start(request: HttpRequest, pk: int) -> HttpResponse:
    sheet = sheet_of(request, pk)
    try:
        actions.start_checking(sheet.handover, by=request.user, now=timezone.now())
    except ValidationError as error:
        return refused(request, pk, error)
    return redirect(sheet.handover)


@require_POST
@permission_required("shifts.hand_over", raise_exception=True)
def handover_receive(request: HttpRequest, pk: int) -> HttpResponse:
    """The successor signs in his own session."""
    return _receive(request, pk, request.user, here=False)


@sensitive_post_parameters("password")
@require_POST
@permission_required("shifts.hand_over", raise_exception=True)
def handover_receive_here(request: HttpRequest, pk: int) -> HttpResponse:
    """The successor signs on this machine with his own password; wrong ones count as logins."""
    sheet = sheet_of(request, pk)
    form = PasswordForm(request.POST, auto_id="here-%s")
    handover = sheet.handover
    if handover.status not in GIVEN:
        return _receive(request, pk, request.user, here=True)
    if not form.is_valid():
        return show(request, sheet, status=422, password_form=form)
    person = authenticate(
        request, username=handover.successor.username, password=form.cleaned_data["password"]
    )
    if person is None:
        form.add_error("password", _("%(name)s的密码不对") % {"name": handover.successor.name})
        return show(request, sheet, status=422, password_form=form)
    return _receive(request, pk, person, here=True)


def _receive(request, pk, person, *, here):
    sheet = sheet_of(request, pk)
    seen = set(request.POST.get("seen", "").split())
    try:
        actions.receive(sheet, by=person, now=timezone.now(), seen=seen, here=here)
    except ValidationError as error:
        return refused(request, pk, error)
    messages.success(request, _("双方已签字, 交接完成"))
    return redirect(sheet.handover)


@require_POST
@permission_required("shifts.hand_over", raise_exception=True)
def handover_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Not taken over, for a reason of the list."""
    form = RefuseForm(request.POST, auto_id="refuse-%s")
    thanks = _("已记拒接, 交班人继续值守")
    return press(request, sheet_of(request, pk), "refuse_form", form, actions.refuse, thanks)


@require_POST
@permission_required("shifts.view", raise_exception=True)
def handover_successor(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else takes a given shift over; the action knows who may say so."""
    sheet = sheet_of(request, pk)
    form = SuccessorForm(request.POST, handover=sheet.handover, auto_id="replace-%s")
    thanks = _("已换接班人")
    return press(request, sheet, "successor_form", form, actions.replace_successor, thanks)
