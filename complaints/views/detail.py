"""One complaint: the words, the seven steps, what may be done now, and what happened."""

from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from complaints import followups as kinds
from complaints.actions.extending import approvers_of, current
from complaints.actions.registering import repeats_of
from complaints.permissions import Situation, may_read, verbs_for
from complaints.timeline import TELLING, way_of
from complaints.views.acting import form_of, visible_complaint
from complaints.views.photos import add_url
from followups.models import FollowUp
from history.models import Entry
from rulebook.grades import DEFINITIONS

FORMLESS = {"receive", "gm_seen"}
REPEATS_SHOWN = 6
HANDLING = ("complaint.handled", "complaint.decided")


@require_safe
def complaint_detail(request, pk):
    """A department sees what was passed on to it; a butler the complaints of the area."""
    if not may_read(request.user):
        raise PermissionDenied
    complaint, now, staff = visible_complaint(request, pk), timezone.now(), request.user
    rows = FollowUp.objects.open().about(complaint).select_related("owner").order_by("due_at", "pk")
    owed = {row.kind: row for row in rows}
    transfers = list(complaint.transfers.select_related("by", "receiver"))
    entries = list(Entry.objects.about(complaint)[:200])
    at = Situation(
        owed=owed,
        passed=next((t for t in transfers if not t.returned_at and not t.answered_at), None),
        handlers=_handlers(complaint, transfers, entries),
        may_decide=_may_decide(staff, complaint, owed),
    )
    verbs = sorted(verbs_for(staff, complaint, at), key=lambda verb: _is_done(verb, complaint))
    may_see_others = staff.has_perm("complaints.view")
    repeats = list(repeats_of(complaint)[: REPEATS_SHOWN + 1]) if may_see_others else []
    return render(
        request,
        "complaints/complaint_detail.html",
        {
            "complaint": complaint,
            "at": reverse("complaints:complaint_detail", args=[complaint.pk]),
            "way": way_of(complaint, owed),
            "owed": list(owed.values()),
            "steps": [
                (verb, None if verb.key in FORMLESS else form_of(verb.key, complaint, staff, now))
                for verb in verbs
            ],
            "lines": TELLING.lines_of(entries),
            "notes": list(complaint.notes.select_related("by")),
            "transfers": transfers,
            "extensions": list(
                complaint.extensions.select_related("asked_by", "decided_by", "resident_told_by")
            ),
            "callbacks": list(complaint.callbacks.select_related("by")),
            "repeats": repeats[:REPEATS_SHOWN],
            "more_repeats": len(repeats) > REPEATS_SHOWN,
            "photos": list(complaint.photos.all()),
            "photo_add_url": add_url(staff, complaint),
            "photo_key": uuid4(),
            "note_form": form_of("note", complaint, staff, now),
            "definition": next((d for d in DEFINITIONS if d.code == complaint.grade), None),
            "may_reveal": staff.has_perm("estates.reveal"),
        },
    )


def _may_decide(staff, complaint, owed):
    """Whether the person stands above whoever asked for the extension that waits."""
    if kinds.EXTENSION not in owed or not staff.has_perm("complaints.approve"):
        return False
    extension = current(complaint)
    return extension is not None and staff in approvers_of(extension.asked_by)


def _is_done(verb, complaint):
    """What was written once comes after the next step; it may still be added to."""
    written = {
        "verify": complaint.verified_at,
        "decide": complaint.decided_at,
        "gm_answer": complaint.gm_answered_at,
    }
    return written.get(verb.key) is not None


def _handlers(complaint, transfers, entries):
    """As ``actions.handling.handlers_of``, from what the page has read already."""
    ids = {complaint.handled_by_id} | {each.receiver_id for each in transfers}
    return {pk for pk in ids | {e.by_id for e in entries if e.event in HANDLING} if pk}
