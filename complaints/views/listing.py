"""The list, what one watches, and the list as a workbook."""

import tempfile

from django.contrib.auth.decorators import permission_required
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints.exports import write_ledger
from complaints.filters import ComplaintFilter
from complaints.models import Complaint
from complaints.permissions import may_read
from followups.kinds import kind
from followups.models import FollowUp
from history import entries

ROWS = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    _add_next_due(complaints)
    return render(
        request,
        "complaints/complaint_list.html",
        {
            "chosen": chosen,
            "form": chosen.form,
            "complaints": complaints,
            "older": _address(request, after=after) if after else "",
            "newest": _address(request) if "after" in request.GET else "",
            "filters": _address(request),
            "is_watch_list": watched,
        },
    )


@require_safe
@permission_required("complaints.analyse", raise_exception=True)
def complaint_export(request):
    """The list's filters as 投诉台账; who took it with which filters is kept."""
    now = timezone.now()
    chosen = ComplaintFilter(request.GET, staff=request.user, now=now)
    return workbook(
        request, _("投诉台账_%(day)s.xlsx") % {"day": timezone.localdate(now)}, now=now,
        words=chosen.words(),
        write=lambda file: write_ledger(file, chosen=chosen, by=request.user, now=now),
    )  # fmt: skip


def workbook(request, name, *, now, words, write):
    """Stream what ``write`` puts into a file, and keep who took it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes it
    try:
        count = write(file)
    except BaseException:
        file.close()
        raise
    entries.record(
        request.user, "complaints.exported", by=request.user, now=now, filters=words, rows=count
    )
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _address(request, **changes) -> str:
    """The filters of this page as a query string, without the place in the pages."""
    asked = request.GET.copy()
    asked.pop("after", None)
    for name, value in changes.items():
        asked[name] = value
    return f"?{asked.urlencode()}"


def _add_next_due(complaints: list[Complaint]) -> None:
    """Put on each complaint ``due``, the open follow-up that falls due first, and its label."""
    owed = (
        FollowUp.objects.open()
        .filter(
            content_type=ContentType.objects.get_for_model(Complaint),
            object_id__in=[complaint.pk for complaint in complaints],
        )
        .select_related("owner")
        .order_by("due_at", "pk")
    )
    first = {}
    for followup in owed:
        first.setdefault(followup.object_id, followup)
    for complaint in complaints:
        complaint.due = first.get(complaint.pk)
        complaint.due_label = kind(complaint.due.kind).label if complaint.due else ""
