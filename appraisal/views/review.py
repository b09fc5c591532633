"""The sheets that a superior of the inspector signs, one below the other."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from appraisal.models import Deduction
from appraisal.views.doors import require, review_queue

ROWS = 25


@require_GET
def review(request):
    """The sheets to sign, one below the other, by keyboard: J K E A B."""
    require(request, "appraisal.review")
    queue = review_queue(request.user)[:ROWS]
    found = Deduction.objects.filter(sheet__in=queue).select_related("sop")
    by_sheet = {}
    for line in found.prefetch_related("linked", "evidence").order_by("added_at", "pk"):
        by_sheet.setdefault(line.sheet_id, []).append(line)
    return render(
        request,
        "appraisal/review.html",
        {"queue": [(sheet, by_sheet.get(sheet.pk, [])) for sheet in queue]},
    )
