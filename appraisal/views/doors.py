"""What every page of the appraisal asks first, and how an action's refusal is answered."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404

from appraisal.inspectors import may_review
from appraisal.models import Appeal, Sheet
from appraisal.statuses import Status


def require(request, permission):
    if not request.user.has_perm(permission):
        raise PermissionDenied


def require_reader(request):
    """Everybody who is scored or scores; a named reviewer of another post sees his one sheet."""
    if not request.user.has_perm("appraisal.view") and not (
        Appeal.objects.filter(decider=request.user).exists()
    ):
        raise PermissionDenied


def visible_sheet(request, pk):
    """The sheet, or 403 out of role, or 404 out of scope."""
    require_reader(request)
    return get_object_or_404(
        Sheet.objects.visible_to(request.user).select_related(
            "estate", "staff", "inspector", "reviewed_by", "round"
        ),
        pk=pk,
    )


def say(request, error: ValidationError):
    messages.error(request, " ".join(error.messages))


def status_of(error: ValidationError) -> int:
    return 409 if getattr(error, "code", "") == "stale" else 422


def review_queue(staff):
    """Sheets handed in that this person may sign, oldest first."""
    rows = (
        Sheet.objects.visible_to(staff)
        .filter(status__in=(Status.SUBMITTED, Status.SEEN), reviewed_at=None)
        .select_related("staff", "inspector", "estate")
        .order_by("submitted_at", "pk")
    )
    return [sheet for sheet in rows[:200] if may_review(staff, sheet)]
