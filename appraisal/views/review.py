"""The sheets that a superior of the inspector signs, one below the other."""

from itertools import zip_longest

from django.shortcuts import render
from django.views.decorators.http import require_GET

from appraisal.models import Deduction
from appraisal.views.doors import require, review_queue

ROWS = 25


@require_GET
def review(request):
    """The sheets to sign, one below the other, by keyboard: J K E A B."""
    require(request, "appraisal.review")
    waiting = review_queue(request.user)
    queue = waiting[:ROWS]
    found = Deduction.objects.filter(sheet__in=queue).select_related("sop")
    by_sheet = {}
    for line in found.prefetch_related("linked", "evidence").order_by("added_at", "pk"):
        by_sheet.setdefault(line.sheet_id, []).append(line)
    # Where the reviewer goes on after a sheet: at the next one, after the last at the one before.
    then = [each.pk for each in (*queue[1:], *queue[-2:-1])]
    return render(
        request,
        "appraisal/review.html",
        {
            "queue": [
                (sheet, by_sheet.get(sheet.pk, []), goes_on)
                for sheet, goes_on in zip_longest(queue, then, fillvalue="")
            ],
            "waiting": len(waiting),
        },
    )
