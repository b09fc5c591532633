"""One slip: its clocks, its timeline, and what may be done now."""

from datetime import timedelta
from uuid import uuid4

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from followups.models import FollowUp
from history.models import Entry
from repairs.models import Repair, Viewing
from repairs.permissions import next_step, verbs_for
from repairs.timeline import TELLING, chain_of
from repairs.views.acting import form_of, visible_repair
from repairs.views.photos import may_add_photos

STILL_HERE = timedelta(seconds=45)  # the page says "I am here" every 20 seconds
FORMLESS = {
    "dispatch", "urge", "accept", "continue_work", "resume", "arrive", "return_slip", "archive",
    "agree", "resident_told", "assess",
}  # fmt: skip


@permission_required("repairs.view", raise_exception=True)
@require_GET
def repair_detail(request, pk):
    repair, now = visible_repair(request, pk), timezone.now()
    rows = list(FollowUp.objects.about(repair).select_related("owner", "done_by").order_by("pk"))
    owed = {row.kind: row for row in rows if row.is_open}
    staff = request.user
    verbs = verbs_for(staff, repair, now=now, owed=owed)
    first = next_step(repair, verbs)
    undo = next((verb for verb in verbs if verb.key.startswith(("undo_", "recall"))), None)
    return render(
        request,
        "repairs/repair_detail.html",
        {
            "repair": repair,
            "at": reverse("repairs:repair_detail", args=[repair.pk]),
            "chain": chain_of(repair, rows),
            "owed": sorted(owed.values(), key=lambda row: row.due_at),
            "lines": TELLING.lines_of(Entry.objects.about(repair)[:200]),
            "materials": list(repair.materials.order_by("pk")),
            "photos": list(repair.photos.all()),
            "callers": list(
                repair.callers.select_related("contact", "answered_by").order_by(
                    "attached_at", "pk"
                )
            ),
            "undo": undo,
            "first": first,
            "first_form": form_of(first.key, repair, staff, now)
            if first and first.key not in FORMLESS | {"call_back"}
            else None,
            "steps": [
                (verb, None if verb.key in FORMLESS else form_of(verb.key, repair, staff, now))
                for verb in verbs
                if verb not in (first, undo) and verb.key != "call_back"
            ],
            "note_form": form_of("note", repair, staff, now),
            "photo_add_url": reverse("repairs:photo_add", args=[pk])
            if may_add_photos(staff)
            else "",
            "may_answer": staff.has_perm("repairs.call_back"),
            "may_edit_materials": any(verb.key == "add_material" for verb in verbs),
            "photo_key": uuid4(),
            "may_reveal": staff.has_perm("estates.reveal") or staff.has_perm("repairs.work"),
        },
    )


@permission_required("repairs.view", raise_exception=True)
@require_GET
def repair_viewers(request, pk):
    """Says that this person has the slip open, and who else has; 204 while nobody else has."""
    repair = get_object_or_404(Repair.objects.visible_to(request.user), pk=pk)
    now = timezone.now()
    Viewing.objects.update_or_create(repair=repair, staff=request.user, defaults={"seen_at": now})
    others = [
        viewing.staff.name
        for viewing in Viewing.objects.filter(repair=repair, seen_at__gte=now - STILL_HERE)
        .exclude(staff=request.user)
        .select_related("staff")
        .order_by("staff__name")
    ]
    seen = request.GET.get("version", "")
    has_changed = seen.isdigit() and int(seen) != repair.version
    if not others and not has_changed:
        return HttpResponse(status=204)
    return render(request, "repairs/_viewers.html", {"others": others, "has_changed": has_changed})
