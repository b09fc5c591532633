"""Doors of the roster: months, one month, who stands where, swaps."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from estates.refusals import put_refusal
from roster import actions
from roster.forms import AssignForm, DecideForm, MonthForm, SwapForm
from roster.models import Duty, Roster, Status, Swap, SwapStatus
from roster.patterns import PATTERN_CHOICES, PATTERNS, Clock

PAGE = 25


@require_safe
@permission_required("roster.view", raise_exception=True)
def roster_list(request: HttpRequest) -> HttpResponse:
    """Who is on duty now, my next turns, swaps to decide, and the months."""
    now = timezone.now()
    duties = Duty.objects.visible_to(request.user).published().select_related("staff", "roster")
    swaps = Swap.objects.visible_to(request.user).select_related(
        "duty__staff", "giver", "taker", "back__staff", "decided_by"
    )
    if not request.user.has_perm("roster.approve"):
        swaps = swaps.filter(giver=request.user) | swaps.filter(taker=request.user)
    return render(
        request,
        "roster/roster_list.html",
        {
            "rosters": Roster.objects.visible_to(request.user).select_related("estate")[:PAGE],
            "on_duty": duties.covering(now).order_by("shift", "post", "pk"),
            "now": now,
            "mine": duties.filter(staff=request.user, ends_at__gt=now).order_by("starts_at")[:7],
            "swaps": swaps.order_by("-asked_at", "-pk")[:PAGE],
            "waiting": SwapStatus.ASKED,
        },
    )


@permission_required("roster.plan", raise_exception=True)
def roster_add(request: HttpRequest) -> HttpResponse:
    """Draft a month; ``?pattern=three`` shows the shifts of the other pattern."""
    now = timezone.now()
    form = MonthForm(
        request.POST or None,
        staff=request.user,
        today=timezone.localdate(now),
        pattern=request.GET.get("pattern", ""),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            roster = actions.draft(
                data["estate"], month=data["month"], pattern=data["pattern"],
                turns=form.turns(), by=request.user, now=now,
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("已编制, 核对后公布"))
            return redirect(roster)
    return render(
        request,
        "roster/roster_add.html",
        # A name of a field would shadow the attribute: the template asks for these by themselves.
        {
            "form": form,
            "pattern": form.pattern,
            "patterns": PATTERN_CHOICES,
            "unqualified": form.unqualified,
        },
        status=422 if form.errors else 200,
    )


def _visible(request, pk):
    rows = Roster.objects.visible_to(request.user).select_related("estate", "published_by")
    if not request.user.has_perm("roster.plan"):
        rows = rows.filter(status=Status.PUBLISHED)
    return get_object_or_404(rows, pk=pk)


@require_safe
@permission_required("roster.view", raise_exception=True)
def roster_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The month; an empty cell of a draft leads back here with its ``?day=`` and ``?shift=``."""
    roster = _visible(request, pk)
    asked = {name: request.GET[name] for name in ("day", "shift") if name in request.GET}
    form = AssignForm(roster=roster, initial={"day": roster.month} | asked)
    return _page(request, roster, form)


def _page(request, roster, form, *, status=200):
    now = timezone.now()
    duties = list(roster.duties.select_related("staff").order_by("starts_at", "pk"))
    held = {}
    for duty in duties:
        held.setdefault((duty.day, duty.shift), []).append(duty)
    gaps = set(actions.gaps_of(roster, duties))
    may_edit = roster.status == Status.DRAFT and request.user.has_perm("roster.plan")
    clock = Clock.at(now)
    shifts = PATTERNS[roster.pattern]
    days = [
        {
            "day": day,
            "is_today": day == timezone.localdate(now),
            "cells": [
                {
                    "shift": shift,
                    "duties": held.get((day, shift.code), []),
                    "gap": (day, shift.code) in gaps,
                }
                for shift in shifts
            ],
        }
        for day in actions.days_of(roster.month)
    ]
    return render(
        request,
        "roster/roster_detail.html",
        {
            "roster": roster,
            "days": days,
            "heads": [(shift, clock.span(shift, roster.month)) for shift in shifts],
            "gaps": len(gaps),
            "form": form,
            "unqualified": form.unqualified if may_edit else [],
            "may_edit": may_edit,
            "may_publish": roster.status == Status.DRAFT
            and request.user.has_perm("roster.publish"),
            "may_swap": roster.status == Status.PUBLISHED,
            "now": now,
        },
        status=status,
    )


@require_POST
@permission_required("roster.plan", raise_exception=True)
def roster_assign(request: HttpRequest, pk: int) -> HttpResponse:
    roster = _visible(request, pk)
    form = AssignForm(request.POST, roster=roster)
    if form.is_valid():
        try:
            actions.assign(roster, by=request.user, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("已排上"))
            return redirect(roster)
    return _page(request, roster, form, status=422)


@require_POST
@permission_required("roster.plan", raise_exception=True)
def duty_remove(request: HttpRequest, pk: int) -> HttpResponse:
    duty = get_object_or_404(
        Duty.objects.visible_to(request.user).select_related("roster", "staff"), pk=pk
    )
    try:
        actions.unassign(duty, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect(duty.roster)


@require_POST
@permission_required("roster.publish", raise_exception=True)
def roster_publish(request: HttpRequest, pk: int) -> HttpResponse:
    roster = _visible(request, pk)
    try:
        actions.publish(roster, by=request.user, now=timezone.now())
    except ValidationError as error:
        form = AssignForm(roster=roster, initial={"day": roster.month})
        messages.error(request, error.messages[0])
        return _page(request, roster, form, status=422)
    messages.success(request, _("已公布。从现在起按排班表通知当班人"))
    return redirect(roster)


@permission_required("roster.swap", raise_exception=True)
def swap_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for somebody to take this turn."""
    now = timezone.now()
    duty = get_object_or_404(
        Duty.objects.visible_to(request.user).published().select_related("roster", "staff"), pk=pk
    )
    form = SwapForm(request.POST or None, duty=duty, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_swap(duty, by=request.user, now=now, **form.cleaned_data)
        except ValidationError as error:
            put_refusal(form, error)
        else:
            messages.success(request, _("已申请, 等批准"))
            return redirect("roster:roster_list")
    return render(
        request,
        "roster/swap_ask.html",
        {"form": form, "duty": duty},
        status=422 if form.errors else 200,
    )


@require_POST
@permission_required("roster.approve", raise_exception=True)
def swap_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """``how`` is approve or refuse; a refusal needs its reason."""
    swap = get_object_or_404(
        Swap.objects.visible_to(request.user).select_related(
            "duty__roster", "duty__staff", "giver", "taker", "back__staff"
        ),
        pk=pk,
    )
    form = DecideForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    now = timezone.now()
    try:
        if request.POST.get("how") == "approve":
            actions.approve_swap(swap, by=request.user, now=now)
            messages.success(request, _("已批准换班"))
        else:
            actions.refuse_swap(swap, note=note, by=request.user, now=now)
            messages.success(request, _("已记不同意"))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("roster:roster_list")


@require_POST
@permission_required("roster.swap", raise_exception=True)
def swap_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    swap = get_object_or_404(
        Swap.objects.visible_to(request.user).select_related("duty__roster"),
        pk=pk,
        giver=request.user,
    )
    try:
        actions.withdraw_swap(swap, by=request.user, now=timezone.now())
        messages.success(request, _("已撤回"))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("roster:roster_list")
