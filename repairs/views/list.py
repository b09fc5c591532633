"""The list of repairs, and the same list as a workbook."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from followups.nearest import add_nearest
from history import entries
from repairs.exports import ledger_name, write_ledger
from repairs.filters import RepairFilter
from repairs.paging import address
from spreadsheets.answer import workbook

ROWS = 25


@require_safe
@permission_required("repairs.view", raise_exception=True)
def repair_list(request: HttpRequest) -> HttpResponse:
    """25 repairs by the filters of the address, each with the next thing owed about it."""
    chosen = RepairFilter(request.GET, staff=request.user, now=timezone.now())
    repairs, after = chosen.page(ROWS)
    add_nearest(repairs)
    return render(
        request,
        "repairs/repair_list.html",
        {
            "chosen": chosen,
            "form": chosen.form,
            "repairs": repairs,
            "older": address(request, after=after) if after else "",
            "newest": address(request) if "after" in request.GET else "",
            "filters": address(request),
            "reveal": request.user.has_perm("estates.reveal"),
        },
    )


@require_safe
@permission_required("repairs.export", raise_exception=True)
def repair_export(request: HttpRequest) -> HttpResponse:
    """The list's filters and order as 报修台账; who took it with which filters is kept."""
    now = timezone.now()
    chosen = RepairFilter(request.GET, staff=request.user, now=now)
    answer, count = workbook(
        ledger_name(chosen, now),
        lambda file: write_ledger(file, chosen=chosen, by=request.user, now=now),
    )
    entries.record(
        request.user,
        "repairs.exported",
        by=request.user,
        now=now,
        filters=chosen.words(),
        rows=count,
    )
    return answer
