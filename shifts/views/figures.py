"""Door to the list behind a number of the sheet."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shifts.behind import behind
from shifts.views.page import sheet_of

ROWS = 50


@require_safe
@permission_required("shifts.view", raise_exception=True)
def handover_figure(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Exactly the rows that the number counts; 404 for one that is not there or has no list."""
    sheet = sheet_of(request, pk)
    found = behind(sheet, key, reader=request.user)
    if found is None:
        raise Http404
    page = Paginator(found.lines, ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "shifts/figure_list.html",
        {
            "handover": sheet.handover,
            "behind": found,
            "rows": [(line, True) for line in page],
            "page": page,
        },
    )
