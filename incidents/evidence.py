"""What the incidents know of a person's work, for an appraisal (DUT-3)."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Staff
from followups.evidence import MOST, Page, Record
from incidents.models import Incident


def records(staff: Staff, start: datetime, end: datetime, *, to: Staff) -> list[Record]:
    """Incidents that he reported, as far as ``to`` may see them. One query."""
    if not to.has_perm("incidents.raise"):
        return []
    rows = Incident.objects.visible_to(to).filter(
        reported_by=staff, reported_at__gte=start, reported_at__lt=end
    )
    return [
        Record(
            f"incident:{row.pk}", _("重大事件"), str(row), row.get_absolute_url(), row.reported_at
        )
        for row in rows.order_by("-reported_at", "-pk")[:MOST]
    ]


PAGES = {
    "incidents:incident_detail": Page(
        _lazy("重大事件"),
        lambda to, pk: Incident.objects.visible_to(to).filter(pk=pk),
        needs="incidents.raise",
    ),
}
