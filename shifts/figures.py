"""A shift in numbers; each number opens the list of exactly the rows that it counts.

Counting and listing ask with the same condition, so that a number and its list cannot disagree.
With the outgoing signature the rows are kept with the numbers (``Handover.behind``): the list of
a signed sheet stays what was counted, however the work goes on.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import (
    Count,
    DecimalField,
    Exists,
    F,
    IntegerField,
    JSONField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from complaints.followups import CALLBACK as COMPLAINT_CALLBACK
from complaints.models import Complaint
from contacts.followups import CALL_BACK
from contacts.models import Contact, Source
from estates.models import Estate
from followups import drawers
from followups.models import FollowUp
from history.models import Entry
from repairs.followups import CALLBACK as REPAIR_CALLBACK
from repairs.followups import DISPATCH
from repairs.models import Repair
from shifts.models import CashEntry, Handover
from shifts.seats import DESK, SEATS
from shifts.sources import STAYS
from shifts.statuses import Status
from visits.followups import CALLBACK as SERVICE_CALLBACK

CALLBACKS = (CALL_BACK, REPAIR_CALLBACK, COMPLAINT_CALLBACK, SERVICE_CALLBACK)

PLAN = "plan"  # how much is due of a butler's own plan; counted with what the sheet reads anyway


@dataclass(frozen=True)
class Figure:
    """``where`` finds the rows of a shift as it is known at ``now``; ``line`` tells one of them.

    ``of`` is the field that names the butler, on whose own sheet only his rows count; ``of_post``
    that of the post, where the desk's sheet counts what its posts owe.
    """

    key: str
    label: str | Promise
    model: type[Model]
    where: Callable[[Handover, datetime], Q]
    line: Callable[[Any], drawers.Line]
    of: str
    of_post: str = ""
    opens: str = ""  # the permission that the pages of its rows ask for, if it is one of its own
    joined: tuple[str, ...] = ()

    def rows(self, handover: Handover, *, now: datetime) -> QuerySet:
        """The rows behind the number."""
        rows = self.model._default_manager.filter(
            self.where(handover, now), estate=handover.estate_id
        )
        if handover.owner_id:
            return rows.filter(**{self.of: handover.owner_id})
        return rows.filter(**{f"{self.of_post}__in": SEATS[DESK].posts}) if self.of_post else rows


def _within(name: str, **more) -> Callable[[Handover, datetime], Q]:
    """Rows whose moment lies in the shift."""
    return lambda sheet, now: Q(
        **more, **{f"{name}__gte": sheet.starts_at, f"{name}__lt": sheet.ends_at}
    )


def _own(rows: Q) -> Q:
    """Without what the sheets and each person's own papers make people owe."""
    for prefix in STAYS:
        rows &= ~Q(kind__startswith=prefix)
    return rows


def _done(handover: Handover, now: datetime) -> Q:
    return _own(_within("done_at")(handover, now))


def _late(handover: Handover, now: datetime) -> Q:
    """Fell due in the shift and was not done by then; what waits with a reason is not late."""
    missed = Q(done_at__gt=F("due_at")) | Q(
        done_at__isnull=True, paused_at__isnull=True, due_at__lt=now
    )
    return _own(_within("due_at", cancelled_at__isnull=True)(handover, now) & missed)


def _called_back(handover: Handover, now: datetime) -> Q:
    return _within("done_at", kind__in=CALLBACKS)(handover, now)


def _to_call_back(handover: Handover, now: datetime) -> Q:
    """What was called back in the shift, and what should have been before its end."""
    open_still = Q(
        kind__in=CALLBACKS, done_at__isnull=True, cancelled_at__isnull=True,
        due_at__lt=handover.ends_at,
    )  # fmt: skip
    return _called_back(handover, now) | open_still


_OWED = {"of": "owner", "of_post": "owner_post", "joined": ("owner",)}
FIGURES = (
    Figure("calls", _("来电"), Contact, _within("started_at", source=Source.PHONE),
           drawers.contact, of="received_by", opens="contacts.take", joined=("unit",)),
    Figure("visits", _("来访"), Contact, _within("started_at", source=Source.WALK_IN),
           drawers.contact, of="received_by", opens="contacts.take", joined=("unit",)),
    Figure("repairs", _("报修"), Repair, _within("reported_at"), drawers.repair, of="butler",
           joined=("unit", "place")),
    Figure("complaints", _("投诉"), Complaint, _within("complained_at"), drawers.complaint,
           of="butler", joined=("unit", "place")),
    Figure("dispatched", _("已转单"), Repair, _within("dispatched_at"), drawers.repair,
           of="butler", joined=("unit", "place")),
    Figure("late_dispatch", _("转单超时"), FollowUp,
           lambda sheet, now: _late(sheet, now) & Q(kind=DISPATCH), drawers.followup, **_OWED),
    Figure("called_back", _("已回访"), FollowUp, _called_back, drawers.followup, **_OWED),
    Figure("to_call_back", _("应回访"), FollowUp, _to_call_back, drawers.followup, **_OWED),
    Figure("done", _("已办结"), FollowUp, _done, drawers.followup, **_OWED),
    Figure("late", _("超时"), FollowUp, _late, drawers.followup, **_OWED),
)  # fmt: skip
BY_KEY = {figure.key: figure for figure in FIGURES}


def count(handover: Handover, *, now: datetime) -> dict[str, int]:
    """Every number by its figure's key; one query."""
    numbers = [_number(figure.rows(handover, now=now)) for figure in FIGURES]
    found = Estate.objects.filter(pk=handover.estate_id).order_by().values_list(*numbers).get()
    return dict(zip(BY_KEY, found, strict=True))


def _number(rows: QuerySet):
    counted = rows.order_by().values("estate").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def behind(handover: Handover, *, now: datetime) -> dict[str, list[int]]:
    """The rows behind every number, to be kept with a signed sheet; one query for each figure."""
    return {
        figure.key: list(figure.rows(handover, now=now).order_by("pk").values_list("pk", flat=True))
        for figure in FIGURES
    }


def drawn(figure: Figure, ids: Iterable[int], *, reader: Staff) -> list[drawers.Line]:
    """Those of the rows that this person may see, as lines of a list in the order of entry."""
    rows = figure.model._default_manager.visible_to(reader).filter(pk__in=list(ids))
    lines = [figure.line(row) for row in rows.select_related(*figure.joined).order_by("pk")]
    if figure.opens and not reader.has_perm(figure.opens):
        return [replace(line, url="") for line in lines]
    return lines


def with_facts(rows):
    """Sheets with the sheet before them and what the cash book says, in the same query."""
    before = Handover.objects.filter(
        estate=OuterRef("estate"),
        seat=OuterRef("seat"),
        starts_at__lt=OuterRef("starts_at"),
    ).filter(Q(owner=OuterRef("owner")) | Q(owner__isnull=True, seat=DESK))
    last = before.order_by("-starts_at", "-pk")
    settled = Entry.objects.filter(
        subject_type=Handover._meta.label_lower, subject_id=OuterRef("pk"), event="shift.settled"
    )
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
    )
