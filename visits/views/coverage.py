"""Coverage per butler, building and quarter: as a page and as a workbook."""

import tempfile

from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from history import entries
from rulebook.limits import limits
from spreadsheets.writer import Column, write_workbook
from visits.coverage import coverage

TARGETS = ("visits.year_share", "visits.quarter_share", "visits.contact_floor")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _year(request) -> int:
    text = request.GET.get("year", "")
    this = timezone.localdate().year
    return int(text) if text.isdecimal() and 2000 <= int(text) <= this else this


@require_safe
@permission_required("visits.view", raise_exception=True)
def coverage_page(request: HttpRequest) -> HttpResponse:
    year, today = _year(request), timezone.localdate()
    numbers = limits(*TARGETS, at=timezone.now())
    return render(
        request,
        "visits/coverage.html",
        {
            "groups": coverage(request.user, year),
            "year": year,
            "years": range(today.year, today.year - 4, -1),
            "year_target": numbers["visits.year_share"].value,
            "year_floor": numbers["visits.contact_floor"].value,
            "quarter_target": numbers["visits.quarter_share"].value,
            "quarter_now": (today.month + 2) // 3 if year == today.year else 4,
        },
    )


@require_safe
@permission_required("visits.view", raise_exception=True)
def coverage_export(request: HttpRequest) -> HttpResponse:
    """One row per building; who took it is kept."""
    year, now = _year(request), timezone.now()
    columns = [
        Column(_("管家"), "text", 12),
        Column(_("楼栋"), "text", 16),
        Column(_("在住户数"), "number", 10),
        *(Column(_("第%(n)s季走访户数") % {"n": n}, "number", 14) for n in (1, 2, 3, 4)),
        Column(_("全年走访户数"), "number", 14),
        Column(_("全年覆盖率(%)"), "number", 14),
    ]
    rows = [
        (
            group.butler.name if group.butler else _("没有管家"), line.label, line.households,
            *(line.met[n] for n in (1, 2, 3, 4)), line.met_in_year,
            round(line.year_share, 1) if line.year_share is not None else None,
        )
        for group in coverage(request.user, year)
        for line in group.buildings
    ]  # fmt: skip
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes it
    try:
        count = write_workbook(
            file, sheet_title=_("走访覆盖"), columns=columns, rows=rows,
            notes=[
                (_("年度"), str(year)),
                (_("口径"), _("按今天在住的户数; 见到业户的走访每户每季、每年各计一次")),
                (_("导出"), f"{request.user.name} {timezone.localtime(now):%Y-%m-%d %H:%M}"),
            ],
        )  # fmt: skip
    except BaseException:
        file.close()
        raise
    entries.record(request.user, "visits.exported", by=request.user, now=now, year=year, rows=count)
    file.seek(0)
    name = _("走访覆盖") + f"_{year}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
