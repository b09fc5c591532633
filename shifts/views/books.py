"""Doors of the cash book and of instructions from superiors."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from estates.refusals import put_refusal
from shifts import actions
from shifts.forms import CashForm, InstructionForm
from shifts.models import CashEntry, Handover, Instruction

PAGE = 25


@permission_required("shifts.cash", raise_exception=True)
def cash_book(request: HttpRequest) -> HttpResponse:
    """What should be in the drawer, its newest lines, and one more."""
    form = CashForm(request.POST or None, staff=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        signed = data["amount"] if data["way"] == "in" else -data["amount"]
        try:
            actions.add_cash(
                data["estate"], amount=signed, reason=data["reason"],
                client_key=data["client_key"], by=request.user, now=timezone.now(),
            )  # fmt: skip
        except ValidationError as error:
            put_refusal(form, error)
        else:
            messages.success(request, _("已记现金簿"))
            return redirect("shifts:cash_book")
    rows = CashEntry.objects.visible_to(request.user).with_balance().select_related("by", "estate")
    sheet = _asked_sheet(request)
    if sheet:
        rows = rows.filter(estate=sheet.estate)
        if sheet.given_at:
            rows = rows.filter(at__lte=sheet.given_at)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    page = list(rows.order_by("-pk")[: PAGE + 1])
    return render(
        request,
        "shifts/cash_book.html",
        {
            "form": form,
            "entries": page[:PAGE],
            "sheet": sheet,
            "older": page[PAGE - 1].pk if len(page) > PAGE else None,
            "balances": [
                (estate, CashEntry.objects.balance(estate)) for estate in form.own_estates
            ],
        },
        status=422 if form.errors else 200,
    )


def _asked_sheet(request: HttpRequest) -> Handover | None:
    """The handover whose balance is asked for: the book then ends with its outgoing signature."""
    asked = request.GET.get("sheet", "")
    if not (asked.isdecimal() and len(asked) < 18):
        return None
    return get_object_or_404(
        Handover.objects.visible_to(request.user).select_related("estate"), pk=int(asked)
    )


@permission_required("shifts.view", raise_exception=True)
def instructions(request: HttpRequest) -> HttpResponse:
    """What superiors gave the shifts to do; a superior adds, the shift reports."""
    now = timezone.now()
    may_add = request.user.has_perm("shifts.instruct")
    if request.method == "POST" and not may_add:
        raise PermissionDenied
    form = InstructionForm(request.POST or None, staff=request.user, now=now) if may_add else None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.instruct(
                data["estate"], seat=data["seat"], text=data["text"], due_at=data["due"],
                by=request.user, now=now,
            )  # fmt: skip
        except ValidationError as error:
            put_refusal(form, error)
        else:
            messages.success(request, _("已交办, 每一班都会看到, 直到办完"))
            return redirect("shifts:instructions")
    rows = Instruction.objects.visible_to(request.user).select_related("by", "done_by", "estate")
    return render(
        request,
        "shifts/instructions.html",
        {
            "form": form,
            "open": rows.open().order_by("due_at", "pk"),
            "done": rows.filter(done_at__isnull=False).order_by("-done_at", "-pk")[:PAGE],
        },
        status=422 if form and form.errors else 200,
    )


@require_POST
@permission_required("shifts.hand_over", raise_exception=True)
def instruction_done(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Instruction.objects.visible_to(request.user), pk=pk)
    try:
        actions.do_instruction(
            row, note=request.POST.get("note", "")[:200], by=request.user, now=timezone.now()
        )
        messages.success(request, _("已记办理结果"))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("shifts:instructions")
