"""A register from Excel: upload, look, write; the refused rows come back as a workbook."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estates.models import Estate
from registers import imports, undo, workbooks
from registers.catalogue import Register
from registers.forms import UploadForm
from registers.models import RegisterImport
from registers.views.doors import frame, refuse, require
from spreadsheets.answer import workbook

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: HttpRequest, register: Register) -> HttpResponse:
    """Choose a workbook; nothing is written before it was looked at."""
    _may(request, register)
    estates = list(Estate.objects.visible_to(request.user))
    form = UploadForm(request.POST or None, request.FILES or None,
                      estates=Estate.objects.visible_to(request.user))  # fmt: skip
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = imports.upload(
                file,
                name=file.name,
                register=register,
                estate=form.cleaned_data["estate"],
                by=request.user,
                now=timezone.now(),
            )
        except ValidationError as error:
            refuse(form, error)
        else:
            return redirect(batch)
    context = frame(request, register) | {"form": form, "estates": estates}
    status = 422 if request.method == "POST" else 200
    return render(request, "registers/import.html", context, status=status)


@require_safe
def import_detail(request: HttpRequest, register: Register, pk: int) -> HttpResponse:
    batch = _batch(request, register, pk)
    context = frame(request, register) | {
        "batch": batch,
        "to_write": len(batch.added) + len(batch.changed),
        "added": batch.added[:SHOWN],
        "changed": batch.changed[:SHOWN],
        "bad": batch.bad_rows[:SHOWN],
        "kept": batch.kept[:SHOWN],
        "written": _written(batch, register),
        "may_undo": undo.can_undo(batch, now=timezone.now()),
        "undo_until": batch.written_at + undo.UNDO_FOR if batch.written_at else None,
    }
    return render(request, "registers/import_detail.html", context)


@require_POST
def import_start(request: HttpRequest, register: Register, pk: int) -> HttpResponse:
    batch = _batch(request, register, pk)
    try:
        imports.start(batch, register, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已写入 %(count)s 条") % {"count": batch.written})
    return redirect(batch)


@require_POST
def import_discard(request: HttpRequest, register: Register, pk: int) -> HttpResponse:
    batch = _batch(request, register, pk)
    try:
        imports.discard(batch)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(batch)
    messages.success(request, _("已放弃, 什么也没有写入"))
    return redirect("registers:import", register.slug)


@require_POST
def import_undo(request: HttpRequest, register: Register, pk: int) -> HttpResponse:
    batch = _batch(request, register, pk)
    try:
        undo.undo(batch, register, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已撤销这一批导入"))
    return redirect(batch)


@require_safe
def import_bad_rows(request: HttpRequest, register: Register, pk: int) -> HttpResponse:
    batch = _batch(request, register, pk)
    answer, _rows = workbook(
        _("有问题的行") + f" {register.slug}-{batch.pk}.xlsx",
        lambda file: workbooks.write_bad_rows(file, batch),
    )
    return answer


@require_safe
def import_template(request: HttpRequest, register: Register) -> HttpResponse:
    _may(request, register)
    answer, _rows = workbook(
        f"{register.title}.xlsx", lambda file: workbooks.write_template(file, register)
    )
    return answer


def _written(batch, register):
    """The lines that the batch entered, to open them; gone once it is undone."""
    pks = [row["pk"] for row in batch.added if "pk" in row] if batch.state == "done" else []
    return register.model.objects.filter(pk__in=pks[:SHOWN]).select_related("unit").order_by("pk")


def _may(request, register):
    require(request, "registers.import")
    require(request, register.keeps)


def _batch(request, register, pk):
    _may(request, register)
    batches = RegisterImport.objects.visible_to(request.user).select_related("estate", "by")
    return get_object_or_404(batches, pk=pk, slug=register.slug)
