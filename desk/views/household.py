"""One household: who lives there, what is open, and what happened (W11)."""

from datetime import datetime

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.cards import may_see_phone
from desk.timeline import numbers_of_year, timeline_of
from estates.actions import reveal
from estates.household import household_of
from estates.models import Unit
from registers.counts import household_counts
from repairs.models import Repair


@permission_required("estates.view", raise_exception=True)
@require_safe
def household(request, pk):
    now = timezone.now()
    rows = Unit.objects.visible_to(request.user).select_related("building", "estate")
    unit = get_object_or_404(rows, pk=pk)
    home = household_of(unit, today=timezone.localdate(now))
    is_shown = may_see_phone(request.user, unit)
    care = [r.resident for r in home.residences if r.resident.care_note] if is_shown else []
    for resident in care:
        reveal(resident, "care_note", by=request.user, now=now)  # shown, and written down
    repairs = Repair.objects.visible_to(request.user).filter(unit=unit)
    before = _moment(request.GET.get("before", ""))
    events, next_before = timeline_of(unit, staff=request.user, before=before)
    context = {
        "unit": unit,
        "home": home,
        "care": care,
        "shows_phone": is_shown,
        "open_repairs": list(repairs.open().select_related("unit", "place", "repairer")[:10]),
        "events": events,
        "next_before": next_before,
        "before": before,
        "year": numbers_of_year(repairs, now),
        "kept": household_counts(unit) if request.user.has_perm("registers.view") else [],
    }
    return render(request, "desk/household.html", context)


def _moment(text):
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if timezone.is_aware(moment) else None
