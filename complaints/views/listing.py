"""The list, what one watches, and the list as a workbook."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints.exports import write_ledger
from complaints.filters import ComplaintFilter
from complaints.permissions import may_read
from followups.nearest import add_nearest
from history import entries
from repairs.paging import address
from spreadsheets.answer import workbook

ROWS = 25


@require_safe
def complaint_list(request):
    """25 complaints by the filters of the address, each with the next thing owed about it."""
    return _list(request, watched=False)


@require_safe
def watch_list(request):
    """What the person keeps an eye on: the butler's area, every complaint for the assistants."""
    return _list(request, watched=True)


def _list(request, *, watched):
    if not may_read(request.user):
        raise PermissionDenied
    chosen = ComplaintFilter(request.GET, staff=request.user, now=timezone.now(), watched=watched)
    complaints, after = chosen.page(ROWS)
    add_nearest(complaints)
    return render(
        request,
        "complaints/complaint_list.html",
        {
            "chosen": chosen,
            "form": chosen.form,
            "complaints": complaints,
            "older": address(request, after=after) if after else "",
            "newest": address(request) if "after" in request.GET else "",
            "filters": address(request),
            "is_watch_list": watched,
        },
    )


@require_safe
@permission_required("complaints.analyse", raise_exception=True)
def complaint_export(request):
    """The list's filters as 投诉台账; who took it with which filters is kept."""
    now = timezone.now()
    chosen = ComplaintFilter(request.GET, staff=request.user, now=now)
    return taken(
        request, _("投诉台账_%(day)s.xlsx") % {"day": timezone.localdate(now)}, now=now,
        words=chosen.words(),
        write=lambda file: write_ledger(file, chosen=chosen, by=request.user, now=now),
    )  # fmt: skip


def taken(request, name, *, now, words, write):
    """A workbook as the answer, and who took it kept in the history."""
    answer, count = workbook(name, write)
    entries.record(
        request.user, "complaints.exported", by=request.user, now=now, filters=words, rows=count
    )
    return answer
