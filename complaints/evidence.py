"""Dissatisfied call-backs of complaints, as evidence for an appraisal (CMP-2, CMP-3)."""

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Staff
from complaints.models import Callback
from followups.evidence import Evidence
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
            url=reverse("complaints:complaint_detail", args=[row.complaint_id]),
            at=row.at,
        )
        for row in rows
    ]
