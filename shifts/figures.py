"""A shift in numbers, and the sheet before it: read in the same query as the sheet itself."""

from django.db.models import (
    Count,
    DecimalField,
    Exists,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from complaints.models import Complaint
from contacts.models import Contact, Source
from history.models import Entry
from repairs.models import Repair
from shifts.models import CashEntry, Handover
from shifts.seats import DESK
from shifts.statuses import Status


def _count(rows, **more):
    of_shift = rows.order_by().filter(estate=OuterRef("estate"), **more).values("estate")
    return Coalesce(
        Subquery(of_shift.annotate(n=Count("pk")).values("n"), output_field=IntegerField()),
        Value(0),
    )


def _within(name: str) -> dict:
    return {f"{name}__gte": OuterRef("starts_at"), f"{name}__lt": OuterRef("ends_at")}


FIGURES = {
    "calls": _count(Contact.objects.filter(source=Source.PHONE), **_within("started_at")),
    "visits": _count(Contact.objects.filter(source=Source.WALK_IN), **_within("started_at")),
    "repairs": _count(Repair.objects.all(), **_within("reported_at")),
    "complaints": _count(Complaint.objects.all(), **_within("complained_at")),
    "dispatched": _count(Repair.objects.all(), **_within("dispatched_at")),
    "called_back": _count(Repair.objects.all(), **_within("called_back_at")),
}


def with_facts(rows):
    """Sheets with the figures of their shift and the sheet before them, in the same query."""
    before = Handover.objects.filter(
        estate=OuterRef("estate"),
        seat=OuterRef("seat"),
        starts_at__lt=OuterRef("starts_at"),
    ).filter(Q(owner=OuterRef("owner")) | Q(owner__isnull=True, seat=DESK))
    last = before.order_by("-starts_at", "-pk")
    settled = Entry.objects.filter(
        subject_type=Handover._meta.label_lower, subject_id=OuterRef("pk"), event="shift.settled"
    )
    counted = {f"n_{name}": query for name, query in FIGURES.items()}
    return rows.select_related("estate", "giver", "successor", "owner").annotate(
        before_id=Subquery(last.values("pk")[:1]),
        before_status=Subquery(last.values("status")[:1]),
        before_ended=Subquery(last.values("ends_at")[:1]),
        carried=Subquery(
            last.filter(status=Status.SIGNED).values("passed_on")[:1], output_field=JSONField()
        ),
        cash=Subquery(
            CashEntry.objects.filter(estate=OuterRef("estate"))
            .order_by()
            .values("estate")
            .annotate(total=Sum("amount"))
            .values("total"),
            output_field=DecimalField(max_digits=12, decimal_places=2),
        ),
        was_settled=Exists(settled),
        **counted,
    )
