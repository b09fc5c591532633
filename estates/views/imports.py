"""Import as pages: upload, preview, progress, result, undo."""

import tempfile
from itertools import zip_longest
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from estates.forms import UploadForm
from estates.imports import batches
from estates.imports.sheets import write_bad_rows, write_template
from estates.imports.tables import is_private
from estates.imports.undo import can_undo, undo
from estates.models import Estate, ImportBatch
from estates.refusals import put_refusal

may_import = permission_required("estates.import", raise_exception=True)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BAD_ROWS_SHOWN = 200


@require_http_methods(["GET", "POST"])
@may_import
def import_page(request):
    """Choose a workbook; nothing is written before it was looked at and confirmed."""
    estates = Estate.objects.visible_to(request.user)
    form = UploadForm(request.POST or None, request.FILES or None, estates=estates)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = batches.upload(
                file,
                name=file.name,
                estate=form.cleaned_data["estate"],
                by=request.user,
                now=timezone.now(),
            )
            return redirect("estates:import_detail", pk=batch.pk)
        except ValidationError as error:
            put_refusal(form, error)
    recent = ImportBatch.objects.visible_to(request.user).select_related("estate", "by")
    page = {
        "form": form,
        "batches": recent.defer("bad_rows", "first_rows")[:20],
        "estates": estates,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "estates/import.html", page, status=status)


def _batch(request, pk):
    batches_seen = ImportBatch.objects.visible_to(request.user).select_related("estate", "by")
    return get_object_or_404(batches_seen, pk=pk)


@require_GET
@may_import
def import_detail(request, pk):
    batch = _batch(request, pk)
    page = _page(batch)
    template = "estates/_import_progress.html" if request.htmx else "estates/import_detail.html"
    return render(request, template, page)


def _page(batch):
    by_sheet = {}
    for row in batch.first_rows:
        header = batch.headers.get(row["sheet"], [])
        row["cells"] = [
            f"{cell[:3]}…{cell[-2:]}" if cell and is_private(name) else cell
            for name, cell in zip_longest(header, row["cells"], fillvalue="")
        ]
        by_sheet.setdefault(row["sheet"], []).append(row)
    return {
        "batch": batch,
        "State": ImportBatch.State,
        "can_undo": can_undo(batch, now=timezone.now()),
        "undo_until": batch.finished_at + batches.UNDO_FOR if batch.finished_at else None,
        "sheets": [(name, batch.headers.get(name, []), rows) for name, rows in by_sheet.items()],
        "bad_rows": batch.bad_rows[:BAD_ROWS_SHOWN],
        "bad_left": max(0, len(batch.bad_rows) - BAD_ROWS_SHOWN),
        "will_write": batch.counts.get("new", 0) + batch.counts.get("changed", 0),
    }


@require_POST
@may_import
def import_start(request, pk):
    batch = _batch(request, pk)
    return _act(request, batch, lambda now: batches.start(batch, by=request.user, now=now))


@require_POST
@may_import
def import_discard(request, pk):
    batch = _batch(request, pk)
    return _act(request, batch, lambda now: batches.discard(batch, by=request.user, now=now))


@require_POST
@may_import
def import_undo(request, pk):
    batch = _batch(request, pk)
    return _act(request, batch, lambda now: undo(batch, by=request.user, now=now))


def _act(request, batch, act):
    try:
        act(timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("estates:import_detail", pk=batch.pk)


@require_POST
@may_import
def import_work(request, pk):
    """One slice of a running batch; the page asks again until it is done."""
    batch = _batch(request, pk)
    batches.work_slice(batch, now=timezone.now())
    if request.headers.get("X-Progress"):
        return render(request, "estates/_import_progress.html", _page(batch))
    return redirect("estates:import_detail", pk=batch.pk)


@require_GET
@may_import
def import_bad(request, pk):
    """The refused rows as a workbook with a last column 问题."""
    batch = _batch(request, pk)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_bad_rows(file, headers=batch.headers, bad_rows=batch.bad_rows, source=batch.file_name)
    stem = batch.file_name.rsplit(".", 1)[0]
    return _workbook(file, stem + "_" + _("有问题的行") + ".xlsx")


@require_GET
@may_import
def import_template(request):
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_template(file)
    return _workbook(file, _("业户导入模板") + ".xlsx")


def _workbook(file, name):
    file.seek(0)
    response = FileResponse(file, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response
