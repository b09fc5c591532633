"""Doors to what was handed over: followed up, checked, cleared up, listed, printed."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incidents.models import Incident
from shifts import actions
from shifts.behind import planned
from shifts.forms import CheckForm, SettleForm
from shifts.models import Handover, Item
from shifts.statuses import WRITING, Status
from shifts.views.page import as_item, press, sheet_of

PAGE = 25


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


@require_POST
@permission_required("shifts.check", raise_exception=True)
def handover_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The manager's spot check."""
    form = CheckForm(request.POST, auto_id="check-%s")
    thanks = _("已记抽查")
    return press(request, sheet_of(request, pk), "check_form", form, actions.spot_check, thanks)


@require_POST
@permission_required("shifts.check", raise_exception=True)
def handover_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """A superior says what became of a difference, an absence, a shift that was not clear."""
    form = SettleForm(request.POST, auto_id=False)
    thanks = _("已记查清")
    return press(request, sheet_of(request, pk), "settle_form", form, actions.settle, thanks)


@require_safe
@permission_required("shifts.view", raise_exception=True)
def handover_list(request: HttpRequest) -> HttpResponse:
    """交接班历史, newest first; 25 a page."""
    rows = (
        Handover.objects.visible_to(request.user)
        .select_related("estate", "giver", "successor", "owner")
        .defer("behind")
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
    sheet = sheet_of(request, pk)
    handover = sheet.handover
    if handover.status in WRITING:
        rows = [as_item(line) for line in sheet.lines()]
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
            "plan": planned(sheet),
            "items": [row for row in rows if row.source not in ("instruction", "incident")],
            "instructions": [row for row in rows if row.source == "instruction"],
            "incidents": _incidents(rows, sheet.shift_incidents),
            "counts": {each["code"]: each for each in counts},
            "now": timezone.now(),
        },
    )


def _incidents(rows: list[Item], of_shift: list[Incident]) -> list[tuple[Incident, Item | None]]:
    """What happened in this shift, and what an earlier one reported and is still in hand, each
    with its line on the sheet if it has one.
    """
    lines = {row.key: row for row in rows if row.source == "incident"}
    known = {f"incident:{row.pk}": row for row in of_shift}
    earlier = [int(key.partition(":")[2]) for key in lines if key not in known]
    if earlier:
        found = Incident.objects.filter(pk__in=earlier).select_related("reported_by")
        known |= {f"incident:{row.pk}": row for row in found}
    ordered = sorted(known.items(), key=lambda each: each[1].happened_at)
    return [(incident, lines.get(key)) for key, incident in ordered]
