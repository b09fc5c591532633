"""Dissatisfied call-backs of repairs, as evidence for an appraisal (REP-7, REP-9)."""

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Staff
from followups.evidence import Evidence
from repairs.models import Repair, Satisfaction


def evidence(staff: Staff, start: datetime, end: datetime) -> list[Evidence]:
    """Repairs of this butler's area, or registered by him, that a resident was not happy with.

    Under the moment of the call-back; the butler follows the area's repairs (REP-7), without one
    the clerk who registered. One query.
    """
    followed = Q(butler=staff) | Q(butler=None, registered_by=staff)
    rows = Repair.objects.filter(
        followed,
        satisfaction=Satisfaction.DISSATISFIED,
        called_back_at__gte=start,
        called_back_at__lt=end,
    ).order_by("called_back_at", "pk")
    return [
        Evidence(
            key=f"repair_callback:{row.pk}",
            rule="repair_dissatisfied",
            sop="repairs",
            clause="REP-9",
            label=_("回访不满意: %(number)s %(what)s")
            % {"number": row.number, "what": row.content[:30]},
            url=reverse("repairs:repair_detail", args=[row.pk]),
            at=row.called_back_at,
        )
        for row in rows
    ]
