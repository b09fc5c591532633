"""The list of repairs, and the same list as a workbook."""

import tempfile

from django.contrib.auth.decorators import permission_required
from django.contrib.contenttypes.models import ContentType
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from followups.kinds import kind
from followups.models import FollowUp
from history import entries
from repairs.exports import ledger_name, write_ledger
from repairs.filters import RepairFilter
from repairs.models import Repair

ROWS = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@permission_required("repairs.view", raise_exception=True)
def repair_list(request: HttpRequest) -> HttpResponse:
    """25 repairs by the filters of the address, each with the next thing owed about it."""
    chosen = RepairFilter(request.GET, staff=request.user, now=timezone.now())
    repairs, after = chosen.page(ROWS)
    _add_next_due(repairs)
    return render(
        request,
        "repairs/repair_list.html",
        {
            "chosen": chosen,
            "form": chosen.form,
            "repairs": repairs,
            "older": _address(request, after=after) if after else "",
            "newest": _address(request) if "after" in request.GET else "",
            "filters": _address(request),
            "reveal": request.user.has_perm("estates.reveal"),
        },
    )


@require_safe
@permission_required("repairs.export", raise_exception=True)
def repair_export(request: HttpRequest) -> HttpResponse:
    """The list's filters and order as 报修台账; who took it with which filters is kept."""
    now = timezone.now()
    chosen = RepairFilter(request.GET, staff=request.user, now=now)
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes it
    try:
        count = write_ledger(file, chosen=chosen, by=request.user, now=now)
    except BaseException:
        file.close()
        raise
    entries.record(
        request.user,
        "repairs.exported",
        by=request.user,
        now=now,
        filters=chosen.words(),
        rows=count,
    )
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=ledger_name(chosen, now), content_type=XLSX
    )


def _address(request, **changes) -> str:
    """The filters of this page as a query string, without the place in the pages."""
    asked = request.GET.copy()
    asked.pop("after", None)
    for name, value in changes.items():
        asked[name] = value
    return f"?{asked.urlencode()}"


def _add_next_due(repairs: list[Repair]) -> None:
    """Put on each repair ``due``, the open follow-up that falls due first, and its label."""
    owed = (
        FollowUp.objects.open()
        .filter(
            content_type=ContentType.objects.get_for_model(Repair),
            object_id__in=[repair.pk for repair in repairs],
        )
        .select_related("owner")
        .order_by("due_at", "pk")
    )
    first = {}
    for followup in owed:
        first.setdefault(followup.object_id, followup)
    for repair in repairs:
        repair.due = first.get(repair.pk)
        repair.due_label = kind(repair.due.kind).label if repair.due else ""
