"""The page of one sheet, which every door of a shift answers with."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from estates.refusals import put_refusal
from shifts.behind import opens
from shifts.blockers import blockers_of
from shifts.figures import PLAN, with_facts
from shifts.followups import settled_of, to_settle
from shifts.forms import CheckForm, PasswordForm, RefuseForm, SettleForm, SheetForm, SuccessorForm
from shifts.models import Handover, Item
from shifts.sheet import Line, Sheet
from shifts.sources import CASH, LABELS
from shifts.statuses import GIVEN, WRITING


def sheet_of(request: HttpRequest, pk: int) -> Sheet:
    """The sheet with its facts, if this person may see it; else 404."""
    rows = with_facts(Handover.objects.visible_to(request.user))
    return Sheet(get_object_or_404(rows, pk=pk), now=timezone.now(), reader=request.user)


def show(request, sheet, *, form=None, refusal=(), seen=None, status=200, **forms):
    """The page of a sheet: to write, to take over, or to read; ``forms`` are those with errors."""
    handover = sheet.handover
    writes = handover.status in WRITING and sheet.may_write(request.user)
    given = handover.status in GIVEN
    receives = given and handover.successor_id == request.user.pk
    context = {
        "handover": handover,
        "sheet": sheet,
        "numbers": [(each, number, opens(handover, each.key)) for each, number in sheet.numbers],
        "planned": sheet.figures.get(PLAN, 0),
        "refusal": refusal,
        "marked_at": handover.given_at if handover.status not in WRITING else sheet.now,
        "writes": writes,
        "given": given,
        "receives": receives,
        "news": [],
        "settled": settled_of(handover) if sheet.facts.was_settled else [],
    }
    if handover.status in WRITING:
        lines = sheet.lines(seen=seen)
        if writes:
            groups = grouped(lines, lambda line: line.found.source)
        else:
            groups = grouped(map(as_item, lines), lambda item: item.source)
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
        context["groups"] = grouped(items, lambda item: item.source)
        context["lines"] = items
        context["counts"] = [
            each | {"opens": each["code"] == CASH or opens(handover, each["code"])}
            for each in handover.counts
        ]
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


def grouped(rows, source_of):
    """(label, rows) of each source that has any, in the order of the sources."""
    groups = {code: [] for code in LABELS}
    for row in rows:
        groups[source_of(row)].append(row)
    return [(LABELS[code], group) for code, group in groups.items() if group]


def as_item(line: Line) -> Item:
    """An open thing as it would stand on the signed sheet."""
    found = line.found
    return Item(
        source=found.source, key=found.key, number=found.number, text=found.text[:200],
        next_step=found.next_step, who=found.who, due_at=found.due_at, carried=line.carried,
        struck=line.reason, url=found.url, urgent=found.urgent,
    )  # fmt: skip


def refused(request, pk, error, **forms):
    """The page again with the words of a refusal; 409 when somebody else was faster."""
    status = 409 if getattr(error, "code", "") == "stale" else 422
    seen = set(request.POST.get("seen", "").split()) or None
    return show(
        request, sheet_of(request, pk), refusal=error.messages, seen=seen, status=status, **forms
    )


def press(
    request: HttpRequest,
    sheet: Sheet,
    name: str,
    form: forms.Form,
    act: Callable[..., object],
    thanks: str,
) -> HttpResponse:
    """One small form on the page, called ``name`` there: check it, act, and show the sheet."""
    if not form.is_valid():
        return _again(request, sheet, name, form)
    try:
        act(sheet.handover, by=request.user, now=timezone.now(), **form.cleaned_data)
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            put_refusal(form, error)
            return _again(request, sheet_of(request, sheet.handover.pk), name, form)
        return refused(request, sheet.handover.pk, error, **{name: form})
    messages.success(request, thanks)
    return redirect(sheet.handover)


def _again(request: HttpRequest, sheet: Sheet, name: str, form: forms.Form) -> HttpResponse:
    """The page with what was wrong on top: the small forms stand below all the items."""
    words = [each for errors in form.errors.values() for each in errors]
    return show(request, sheet, refusal=words, status=422, **{name: form})
