"""Call-backs with a dissatisfied answer, as evidence for an appraisal (VIS-2, VIS-5)."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Staff
from followups.evidence import Evidence
from repairs.models import Satisfaction
from visits.models import Callback, Topic

# What was called back about → the procedure that its handling follows.
SOP_OF_TOPIC = {
    Topic.HELP: ("help", "SRV-4"),
    Topic.SPECIAL: ("service_requests", "SRV-2b"),
    Topic.ACTIVITY: ("activities", "ACT-1"),
}
RULE_OF_SOP = {"help": "help", "service_requests": "service", "activities": "activity"}


def evidence(staff: Staff, start: datetime, end: datetime) -> list[Evidence]:
    """What he handled and a resident was not happy with, under the moment of the call. One query."""
    rows = Callback.objects.filter(
        handled_by=staff,
        satisfaction=Satisfaction.DISSATISFIED,
        called_at__gte=start,
        called_at__lt=end,
    ).order_by("called_at", "pk")
    return [_dissatisfied(row, staff) for row in rows]


def _dissatisfied(row: Callback, staff: Staff) -> Evidence:
    sop, clause = SOP_OF_TOPIC[Topic(row.topic)]
    return Evidence(
        key=f"callback:{row.pk}:{staff.pk}",
        rule=RULE_OF_SOP[sop],
        sop=sop,
        clause=clause,
        label=_("回访不满意: %(number)s %(what)s")
        % {"number": row.subject_label, "what": row.what[:30]},
        url=reverse("visits:callback_record", args=[row.pk]),
        at=row.called_at,
    )
