"""The evidence of a line in a side panel, photos, and adding more."""

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from appraisal.actions import lines
from appraisal.forms.lines import EvidenceForm
from appraisal.models import Deduction, Evidence, Sheet
from appraisal.views.doors import require_reader
from appraisal.views.lines import line_of
from appraisal.views.proofs import known_records, proofs_of
from appraisal.views.sheets import require_part
from estates.refusals import put_refusal
from repairs.photos import read_picture


@require_http_methods(["GET", "HEAD", "POST"])
def line_evidence(request, pk, line_pk):
    """What proves a deduction; its inspector adds to it while the sheet is a draft."""
    line = line_of(request, pk, line_pk)
    sheet = line.sheet
    form = EvidenceForm(
        request.POST or None, request.FILES or None, known=known_records(request, sheet),
        auto_id="proof_%s",
    )  # fmt: skip
    status = 200
    if request.method == "POST":
        require_part(request.user, sheet, "evidence")
        if _add(line, form, request):
            return redirect(sheet)
        status = 422
    writes = sheet.is_draft and sheet.inspector_id == request.user.pk
    return render(
        request,
        "appraisal/_evidence.html" if request.htmx else "appraisal/evidence.html",
        {
            "sheet": sheet,
            "line": line,
            "rows": list(line.evidence.select_related("added_by")),
            "form": form if writes else None,
            "following": _following(line),
        },
        status=status,
    )


def _following(line: Deduction) -> int | None:
    """The sheet's next deduction, after the last one the first; None where it is the only one."""
    keys = list(line.sheet.deductions.values_list("pk", flat=True))
    return keys[(keys.index(line.pk) + 1) % len(keys)] if len(keys) > 1 else None


def _add(line, form, request) -> bool:
    if not form.is_valid():
        return False
    data, terms = form.cleaned_data, {"by": request.user, "now": timezone.now()}
    try:
        picture = read_picture(data["photo"]) if data["photo"] else None
        proofs = proofs_of(request, form)
        if picture or data["label"] or not proofs:
            lines.add_evidence(line, label=data["label"], picture=picture, **terms)
        lines.prove(line, proofs, **terms)
    except ValidationError as error:
        put_refusal(form, error)
        return False
    return True


@require_safe
def photo(request, pk):
    """A photo, only through a sheet that this person may see."""
    require_reader(request)
    row = get_object_or_404(Evidence.objects.select_related("deduction", "appeal"), pk=pk)
    sheet_pk = row.deduction.sheet_id if row.deduction_id else row.appeal.sheet_id
    get_object_or_404(Sheet.objects.visible_to(request.user), pk=sheet_pk)
    if not row.file:
        raise Http404
    try:
        answer = FileResponse(row.file.open("rb"), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404 from error
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Disposition"] = f'inline; filename="{row.pk}.jpg"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
