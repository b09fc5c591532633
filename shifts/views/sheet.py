"""Doors of the handover sheet: write and sign, take over, refuse, print, look back."""

from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estates.models import Estate
from incidents.models import Incident
from shifts import actions
from shifts.blockers import blockers_of
from shifts.figures import with_facts
from shifts.followups import settled_of, to_settle
from shifts.forms import (
    CheckForm,
    PasswordForm,
    RefuseForm,
    SettleForm,
    SheetForm,
    SuccessorForm,
)
from shifts.models import Handover, Item
from shifts.sheet import Sheet
from shifts.sources import LABELS
from shifts.statuses import GIVEN, WRITING, Status
from shifts.turns import to_sign

PAGE = 25


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


def _sheet(request: HttpRequest, pk: int) -> Sheet:
    rows = with_facts(Handover.objects.visible_to(request.user))
    return Sheet(get_object_or_404(rows, pk=pk), now=timezone.now(), reader=request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("shifts.view", raise_exception=True)
def handover_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet: to write while the shift runs, to take over once it is given, to read later.

    A POST keeps what was typed first; then it takes the way out that was pressed, or signs.
    """
    sheet = _sheet(request, pk)
    if request.method == "POST":
        return _sign(request, sheet)
    return _show(request, sheet)


def _sign(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    if not request.user.has_perm("shifts.hand_over"):
        raise PermissionDenied
    form = SheetForm(request.POST, sheet=sheet, reader=request.user)
    seen = set(request.POST.get("seen", "").split())
    now = timezone.now()
    if not form.is_valid():
        return _show(request, sheet, form=form, seen=seen, status=422)
    try:
        codes = [tally.expected.code for tally in sheet.counts]
        actions.write(sheet, by=request.user, typed=form.typed(codes))
        way = request.POST.get("way", "")
        if way:
            fresh = _sheet(request, sheet.handover.pk)
            actions.take_way(fresh, way=way, by=request.user, now=now)
        elif request.POST.get("save") is None:
            fresh = _sheet(request, sheet.handover.pk)
            actions.give(fresh, by=request.user, now=now, seen=seen)
            messages.success(request, _("已签字交班, 等接班人确认"))
    except ValidationError as error:
        status = 409 if getattr(error, "code", "") == "stale" else 422
        return _show(
            request, _sheet(request, sheet.handover.pk), refusal=error.messages, seen=seen,
            status=status,
        )  # fmt: skip
    return redirect(sheet.handover)


def _show(request, sheet, *, form=None, refusal=(), seen=None, status=200, **forms):
    handover = sheet.handover
    writes = handover.status in WRITING and sheet.may_write(request.user)
    given = handover.status in GIVEN
    receives = given and handover.successor_id == request.user.pk
    context = {
        "handover": handover,
        "sheet": sheet,
        "figures": sheet.figures,
        "refusal": refusal,
        "writes": writes,
        "given": given,
        "receives": receives,
        "news": [],
        "settled": settled_of(handover),
    }
    if handover.status in WRITING:
        lines = sheet.lines(seen=seen)
        if writes:
            groups = _grouped(lines, lambda line: line.found.source)
        else:
            groups = _grouped(map(_as_item, lines), lambda item: item.source)
        context |= {
            "groups": groups,
            "lines": lines,
            "seen": " ".join(line.key for line in lines),
            "blockers": blockers_of(sheet) if writes else [],
            "form": form or (SheetForm(sheet=sheet, reader=request.user) if writes else None),
            "may_arrive": not handover.arrived_at and sheet.is_next(request.user),
        }
    else:
        items = list(handover.items.order_by("pk"))
        context["groups"] = _grouped(items, lambda item: item.source)
        context["lines"] = items
        if given:
            known = {item.key for item in items}
            late = [line for line in sheet.lines(seen=seen) if line.key not in known]
            context |= {"news": late, "seen": " ".join(line.key for line in late)}
            context |= {"refuse_form": RefuseForm(auto_id="refuse-%s")}
            context |= {"password_form": PasswordForm(auto_id="here-%s")}
            if handover.giver_id == request.user.pk or request.user.has_perm("shifts.check"):
                form = SuccessorForm(handover=handover, auto_id="replace-%s")
                context |= {"successor_form": form}
        else:
            context["checks"] = handover.checks.select_related("by")
            if request.user.has_perm("shifts.check"):
                context["check_form"] = CheckForm(auto_id="check-%s")
    if request.user.has_perm("shifts.check"):
        context["to_settle"] = to_settle(handover)
        context["settle_form"] = SettleForm(auto_id=False)
    return render(request, "shifts/handover_detail.html", context | forms, status=status)


def _grouped(rows, source_of):
    """(label, rows) of each source that has any, in the order of the sources."""
    groups = {code: [] for code in LABELS}
    for row in rows:
        groups[source_of(row)].append(row)
    return [(LABELS[code], group) for code, group in groups.items() if group]


def _refused(request, pk, error, **forms):
    status = 409 if getattr(error, "code", "") == "stale" else 422
    seen = set(request.POST.get("seen", "").split()) or None
    return _show(
        request, _sheet(request, pk), refusal=error.messages, seen=seen, status=status, **forms
    )


@require_POST
@permission_required("shifts.hand_over", raise_exception=True)
def handover_arrive(request: HttpRequest, pk: int) -> HttpResponse:
    """The next shift says that it is here."""
    sheet = _sheet(request, pk)
    try:
        actions.arrive(sheet.handover, who=request.user, by=request.user, now=timezone.now())
        messages.success(request, _("已记到岗时间"))
    except ValidationError as error:
        return _refused(request, pk, error)
    return redirect(sheet.handover)


@require_POST
@permission_required("shifts.hand_over", raise_exception=True)
def handover_start(request: HttpRequest, pk: int) -> HttpResponse:
    sheet = _sheet(request, pk)
    try:
        actions.start_checking(sheet.handover, by=request.user, now=timezone.now())
    except ValidationError as error:
        return _refused(request, pk, error)
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
    sheet = _sheet(request, pk)
    form = PasswordForm(request.POST, auto_id="here-%s")
    handover = sheet.handover
    if handover.status not in GIVEN:
        return _receive(request, pk, request.user, here=True)
    if not form.is_valid():
        return _show(request, sheet, status=422, password_form=form)
    person = authenticate(
        request, username=handover.successor.username, password=form.cleaned_data["password"]
    )
    if person is None:
        form.add_error("password", _("%(name)s的密码不对") % {"name": handover.successor.name})
        return _show(request, sheet, status=422, password_form=form)
    return _receive(request, pk, person, here=True)


def _receive(request, pk, person, *, here):
    sheet = _sheet(request, pk)
    seen = set(request.POST.get("seen", "").split())
    try:
        actions.receive(sheet, by=person, now=timezone.now(), seen=seen, here=here)
    except ValidationError as error:
        return _refused(request, pk, error)
    messages.success(request, _("双方已签字, 交接完成"))
    return redirect(sheet.handover)


@require_POST
@permission_required("shifts.hand_over", raise_exception=True)
def handover_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Not taken over, for a reason of the list."""
    sheet = _sheet(request, pk)
    form = RefuseForm(request.POST, auto_id="refuse-%s")
    if not form.is_valid():
        return _show(request, sheet, status=422, refuse_form=form)
    try:
        actions.refuse(sheet.handover, by=request.user, now=timezone.now(), **form.cleaned_data)
    except ValidationError as error:
        return _refused(request, pk, error, refuse_form=form)
    messages.success(request, _("已记拒接, 交班人继续值守"))
    return redirect(sheet.handover)


@require_POST
@permission_required("shifts.check", raise_exception=True)
def handover_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The manager's spot check."""
    sheet = _sheet(request, pk)
    form = CheckForm(request.POST, auto_id="check-%s")
    if not form.is_valid():
        return _show(request, sheet, status=422, check_form=form)
    try:
        actions.spot_check(sheet.handover, by=request.user, now=timezone.now(), **form.cleaned_data)
    except ValidationError as error:
        return _refused(request, pk, error, check_form=form)
    messages.success(request, _("已记抽查"))
    return redirect(sheet.handover)


@require_POST
@permission_required("shifts.check", raise_exception=True)
def handover_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """A superior says what became of a difference, an absence, a shift that was not clear."""
    sheet = _sheet(request, pk)
    form = SettleForm(request.POST, auto_id=False)
    if not form.is_valid():
        return _show(request, sheet, status=422, settle_form=form)
    try:
        actions.settle(sheet.handover, by=request.user, now=timezone.now(), **form.cleaned_data)
    except ValidationError as error:
        return _refused(request, pk, error, settle_form=form)
    messages.success(request, _("已记查清"))
    return redirect(sheet.handover)


@require_POST
@permission_required("shifts.view", raise_exception=True)
def handover_successor(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else takes a given shift over; the action knows who may say so."""
    sheet = _sheet(request, pk)
    form = SuccessorForm(request.POST, handover=sheet.handover, auto_id="replace-%s")
    if not form.is_valid():
        return _show(request, sheet, status=422, successor_form=form)
    try:
        handover = actions.replace_successor(
            sheet.handover, who=form.cleaned_data["successor"], by=request.user, now=timezone.now()
        )
    except ValidationError as error:
        return _refused(request, pk, error, successor_form=form)
    messages.success(request, _("已换成%(name)s接班") % {"name": handover.successor.name})
    return redirect(handover)


@require_POST
@permission_required("shifts.hand_over", raise_exception=True)
def item_follow(request: HttpRequest, pk: int) -> HttpResponse:
    """A carried item was looked after."""
    sheets = Handover.objects.visible_to(request.user)
    item = get_object_or_404(Item.objects.select_related("handover"), pk=pk, handover__in=sheets)
    try:
        actions.follow_item(item, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect(item.handover)


@require_safe
@permission_required("shifts.view", raise_exception=True)
def handover_list(request: HttpRequest) -> HttpResponse:
    """交接班历史, newest first; 25 a page."""
    rows = Handover.objects.visible_to(request.user).select_related(
        "estate", "giver", "successor", "owner"
    )
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    page = list(rows.order_by("-pk")[: PAGE + 1])
    older = page[PAGE - 1].pk if len(page) > PAGE else None
    return render(
        request,
        "shifts/handover_list.html",
        {"handovers": page[:PAGE], "older": older, "signed": Status.SIGNED},
    )


@require_safe
@permission_required("shifts.view", raise_exception=True)
def handover_print(request: HttpRequest, pk: int) -> HttpResponse:
    """交接班记录表 on A4: a draft as it stands now, a given one as it was signed."""
    sheet = _sheet(request, pk)
    handover = sheet.handover
    if handover.status in WRITING:
        rows = [_as_item(line) for line in sheet.lines()]
        counts = [tally.as_json() for tally in sheet.counts]
    else:
        rows = list(handover.items.select_related("done_by").order_by("pk"))
        counts = handover.counts
    return render(
        request,
        "shifts/handover_print.html",
        {
            "handover": handover,
            "figures": sheet.figures,
            "items": [row for row in rows if row.source not in ("instruction", "incident")],
            "instructions": [row for row in rows if row.source == "instruction"],
            "incidents": sheet.shift_incidents,
            "earlier_incidents": _earlier_incidents(rows, sheet.shift_incidents),
            "counts": {each["code"]: each for each in counts},
            "now": timezone.now(),
        },
    )


def _earlier_incidents(rows: list[Item], of_shift: list[Incident]) -> list[Item]:
    """Those still in hand that an earlier shift reported."""
    told = {f"incident:{row.pk}" for row in of_shift}
    return [row for row in rows if row.source == "incident" and row.key not in told]


def _as_item(line):
    found = line.found
    return Item(
        source=found.source, key=found.key, number=found.number, text=found.text[:200],
        next_step=found.next_step, who=found.who, due_at=found.due_at, carried=line.carried,
        struck=line.reason, url=found.url, urgent=found.urgent,
    )  # fmt: skip
