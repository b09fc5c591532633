"""投诉处理记录表 on A4 portrait."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from complaints.choices import Category, Channel, Grade, Method, Validity
from complaints.views.acting import visible_complaint
from repairs.models import Satisfaction


@require_safe
@permission_required("complaints.print", raise_exception=True)
def complaint_print(request, pk):
    """Every field of the form (forms 4.2), filled as far as it has come, with room to sign."""
    complaint = visible_complaint(request, pk)
    return render(
        request,
        "complaints/complaint_print.html",
        {
            "complaint": complaint,
            "transfers": list(complaint.transfers.select_related("by", "receiver")),
            "callbacks": list(complaint.callbacks.select_related("by")),
            "corrections": list(complaint.notes.filter(is_correction=True).select_related("by")),
            "extensions": list(
                complaint.extensions.filter(is_approved=True, dropped_at=None).select_related(
                    "decided_by"
                )
            ),
            "photo_count": complaint.photos.count(),
            "sources": ticked(Channel, complaint.source),
            "categories": ticked(Category, complaint.category),
            "grades": ticked(Grade, complaint.grade),
            "validities": ticked(Validity, complaint.validity),
            "methods": ticked(Method, complaint.reply_method),
            "opinions": ticked(Satisfaction, complaint.satisfaction),
            "reveal": request.user.has_perm("estates.reveal"),
            "now": timezone.now(),
        },
    )


def ticked(choices, value):
    """The boxes of a printed form: each choice, and whether it is the one."""
    return [(label, code == value) for code, label in choices.choices if code]
