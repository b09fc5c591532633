"""The search of the top bar."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.finder import find_all


@permission_required("repairs.view", raise_exception=True)
@require_safe
def search(request):
    text = request.GET.get("q", "").strip()[:60]
    found = find_all(text, staff=request.user, now=timezone.now()) if text else None
    return render(request, "desk/search.html", {"text": text, "found": found})
