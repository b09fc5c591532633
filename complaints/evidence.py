"""What the complaints say about a person's work, for an appraisal (CMP-2, CMP-3)."""

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Staff
from complaints.models import Callback, Complaint, Photo
from followups.evidence import MOST, Evidence, Page, Record
from repairs.models import Satisfaction


def evidence(staff: Staff, start: datetime, end: datetime) -> list[Evidence]:
    """Complaints that this person answered for and whose caller stayed dissatisfied. One query.

    Read from the call-backs: the complaint itself is open again, and forgets the round that failed.
    """
    answered_for = Q(complaint__butler=staff) | Q(complaint__butler=None, handled_by=staff)
    rows = (
        Callback.objects.filter(
            answered_for, satisfaction=Satisfaction.DISSATISFIED, at__gte=start, at__lt=end
        )
        .select_related("complaint")
        .order_by("at", "pk")
    )
    return [
        Evidence(
            key=f"complaint_callback:{row.pk}",
            rule="complaint_dissatisfied",
            sop="complaints",
            clause="CMP-2",
            label=_("投诉回访不满意: %(number)s") % {"number": row.complaint.number},
            url=_page(row.complaint_id),
            at=row.at,
        )
        for row in rows
    ]


def records(staff: Staff, start: datetime, end: datetime, *, to: Staff) -> list[Record]:
    """Complaints that he took, followed or handled, and his call-backs, as far as ``to`` may see
    them. Two queries.
    """
    seen = Complaint.objects.visible_to(to)
    his = Q(butler=staff) | Q(registered_by=staff) | Q(handled_by=staff)
    rows = seen.filter(his, complained_at__gte=start, complained_at__lt=end).select_related(
        "unit", "place"
    )
    calls = Callback.objects.filter(
        complaint__in=seen.values("pk"), by=staff, at__gte=start, at__lt=end
    ).select_related("complaint")
    return [
        *(
            Record(f"complaint:{row.pk}", _("投诉"),
                   f"{_called(row)} ({row.get_status_display()})",
                   _page(row.pk), row.complained_at)
            for row in rows.order_by("-complained_at", "-pk")[:MOST]
        ),
        *(
            Record(f"complaint_call:{row.pk}", _("回访"),
                   f"{row.complaint.number} ({row.get_satisfaction_display() or _('未接通')})",
                   _page(row.complaint_id), row.at)
            for row in calls.order_by("-at", "-pk")[:MOST]
        ),
    ]  # fmt: skip


def _page(pk: int) -> str:
    return reverse("complaints:complaint_detail", args=[pk])


def _called(row: Complaint) -> str:
    return f"{row.number} {row.place_label} {row.content[:30]}"


PAGES = {
    "complaints:complaint_detail": Page(
        _lazy("投诉"), lambda to, pk: Complaint.objects.visible_to(to).filter(pk=pk), _called
    ),
    "complaints:photo": Page(
        _lazy("照片"),
        lambda to, pk, photo_pk: Photo.objects.filter(
            complaint__in=Complaint.objects.visible_to(to).filter(pk=pk), pk=photo_pk
        ),
        lambda row: _called(row.complaint),
    ),
}
