"""The printed 考评表 and its workbook."""

from io import BytesIO

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from appraisal.bands import band_of_sheet
from appraisal.exports import write_sheet
from appraisal.items import LABELS
from appraisal.records import period_of_sheet
from appraisal.views.doors import visible_sheet
from appraisal.views.months import XLSX


@require_GET
def sheet_print(request, pk):
    sheet = visible_sheet(request, pk)
    found = list(sheet.deductions.select_related("sop").prefetch_related("linked", "evidence"))
    return render(
        request,
        "appraisal/sheet_print.html",
        {
            "sheet": sheet,
            "period": period_of_sheet(sheet),
            "scores": [(LABELS[each.item], each) for each in sheet.scores()],
            "lines": found,
            "band": band_of_sheet(sheet),
            "appeals": list(sheet.appeals.select_related("decider")),
        },
    )


@require_GET
def sheet_export(request, pk):
    sheet = visible_sheet(request, pk)
    file = BytesIO()
    write_sheet(file, sheet, by=request.user, now=timezone.now())
    return HttpResponse(
        file.getvalue(),
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{sheet.number}.xlsx"'},
    )
