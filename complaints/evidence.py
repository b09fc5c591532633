"""Dissatisfied call-backs of complaints, as evidence for an appraisal (CMP-2, CMP-3)."""

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Staff
from complaints.models import Complaint
from followups.evidence import Evidence
from repairs.models import Satisfaction


def evidence(staff: Staff, start: datetime, end: datetime) -> list[Evidence]:
    """Complaints that this person answered for and whose caller stayed dissatisfied. One query."""
    followed = Q(butler=staff) | Q(butler=None, handled_by=staff)
    rows = Complaint.objects.filter(
        followed,
        satisfaction=Satisfaction.DISSATISFIED,
        called_back_at__gte=start,
        called_back_at__lt=end,
    ).order_by("called_back_at", "pk")
    return [
        Evidence(
            key=f"complaint_callback:{row.pk}",
            rule="complaint_dissatisfied",
            sop="complaints",
            clause="CMP-2",
            label=_("投诉回访不满意: %(number)s") % {"number": row.number},
            url=reverse("complaints:complaint_detail", args=[row.pk]),
            at=row.called_back_at,
        )
        for row in rows
    ]
