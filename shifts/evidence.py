"""What handovers say about a person's work, for an appraisal (DUT-1, DUT-4)."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Staff
from followups.evidence import MOST, Evidence, Page, Record
from roster.models import Duty
from roster.patterns import DESK_POSTS
from shifts.followups import GRACE
from shifts.models import Handover
from shifts.seats import DESK
from shifts.statuses import Status


def evidence(staff: Staff, start: datetime, end: datetime) -> list[Evidence]:
    """Sheets he signed more than the minutes of grace after the shift's end, and shifts of the
    desk that he had by the published roster and of which nobody gave a sheet. Two queries.
    """
    ended = {"ends_at__gte": start - GRACE, "ends_at__lt": end - GRACE}
    turns = set(
        Duty.objects.published()
        .filter(staff=staff, post__in=DESK_POSTS, **ended)
        .values_list("roster__estate", "day", "shift")
    )
    missing = Q(status=Status.DRAFT, seat=DESK, day__in={day for _estate, day, _shift in turns})
    rows = Handover.objects.filter(Q(giver=staff) | missing, **ended).order_by("ends_at", "pk")
    found = []
    for row in rows:
        if row.status == Status.DRAFT:
            if (row.estate_id, row.day, row.shift) not in turns:
                continue
            label = _("没有交班: %(what)s")
        elif row.given_at and row.given_at > row.ends_at + GRACE:
            label = _("迟交班: %(what)s")
        else:
            continue
        found.append(
            Evidence(
                key=f"handover:{row.pk}:{staff.pk}",
                rule="handover",
                sop="shifts",
                clause="DUT-1" if row.status == Status.DRAFT else "DUT-4",
                label=label % {"what": row},
                url=row.get_absolute_url(),
                at=row.ends_at + GRACE,
            )
        )
    return found


def records(staff: Staff, start: datetime, end: datetime, *, to: Staff) -> list[Record]:
    """Handover sheets that he gave, took or was to take, as far as ``to`` may see them. One query."""
    his = Q(giver=staff) | Q(successor=staff) | Q(owner=staff)
    rows = Handover.objects.visible_to(to).filter(his, ends_at__gte=start, ends_at__lt=end)
    return [
        Record(f"handover:{row.pk}", _("交接班"), f"{row} ({row.get_status_display()})",
               row.get_absolute_url(), row.ends_at)
        for row in rows.order_by("-ends_at", "-pk")[:MOST]
    ]  # fmt: skip


PAGES = {
    "shifts:handover_detail": Page(
        _lazy("交接班"), lambda to, pk: Handover.objects.visible_to(to).filter(pk=pk)
    ),
}
