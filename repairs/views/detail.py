"""One slip: its clocks, its timeline, and what may be done now."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render

from repairs.models import Repair


@permission_required("repairs.view", raise_exception=True)
def repair_detail(request, pk):
    repair = get_object_or_404(
        Repair.objects.visible_to(request.user).select_related("unit", "place", "resident"), pk=pk
    )
    return render(request, "repairs/repair_detail.html", {"repair": repair})
