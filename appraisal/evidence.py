"""Evidence that this room itself keeps: the collection rate (FEE-2), and earlier sheets."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts import posts
from accounts.models import Staff
from appraisal.models import CollectionRate, Sheet
from appraisal.statuses import Status
from estates.models import estate_ids_of
from followups.evidence import MOST, Evidence, Page, Record
from rulebook.limits import limit

# Who answers for collecting: the cashier collects, the butler duns in his area.
COLLECTORS = (posts.CASHIER, posts.BUTLER)


def evidence(staff: Staff, start: datetime, end: datetime) -> list[Evidence]:
    """Entered rates of this collector's estates that lie below the target. Two queries."""
    if staff.post not in COLLECTORS:
        return []
    target = limit("fees.collection_target", at=end).value
    rates = CollectionRate.objects.filter(
        estate__in=estate_ids_of(staff), entered_at__gte=start, entered_at__lt=end
    ).select_related("estate")
    return [
        Evidence(
            key=f"collection:{rate.pk}:{staff.pk}",
            rule="rate",
            sop="",
            clause="FEE-2",
            label=_("收费率 %(rate)s%%, 目标 %(target)s%%: %(estate)s %(month)s")
            % {
                "rate": rate.rate,
                "target": f"{target.normalize():f}",
                "estate": rate.estate.name,
                "month": f"{rate.month:%Y-%m}",
            },
            url=reverse("appraisal:rate_list"),
            at=rate.entered_at,
            shortfall=target - rate.rate,
        )
        for rate in rates.order_by("entered_at", "pk")
        if rate.rate < target
    ]


def records(staff: Staff, start: datetime, end: datetime, *, to: Staff) -> list[Record]:
    """Collection rates entered for this collector's estates, below target or not. One query."""
    if staff.post not in COLLECTORS:
        return []
    rates = (
        CollectionRate.objects.visible_to(to)
        .filter(estate__in=estate_ids_of(staff), entered_at__gte=start, entered_at__lt=end)
        .select_related("estate")
    )
    return [
        Record(f"collection:{rate.pk}", _("收费率"),
               f"{rate.estate.name} {rate.month:%Y-%m} {rate.rate}%",
               reverse("appraisal:rate_list"), rate.entered_at)
        for rate in rates.order_by("-entered_at", "-pk")[:MOST]
    ]  # fmt: skip


PAGES = {
    "appraisal:sheet_detail": Page(
        _lazy("考评表"),
        lambda to, pk: (
            Sheet.objects.visible_to(to)
            .exclude(status=Status.DRAFT)
            .filter(pk=pk)
            .select_related("staff")
        ),
        lambda row: f"{row.number} {row.staff.name}",
    ),
}
