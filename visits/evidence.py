"""What visits and call-backs say about a person's work, for an appraisal (VIS-2, VIS-5)."""

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Staff
from followups.evidence import MOST, Evidence, Page, Record
from repairs.models import Satisfaction
from visits.models import Callback, Topic, Visit, VisitPhoto

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
        url=_call_page(row),
        at=row.called_at,
    )


def records(staff: Staff, start: datetime, end: datetime, *, to: Staff) -> list[Record]:
    """Visits that he made or tried, their photos, and call-backs that he made or that were about
    his work, as far as ``to`` may see them. Three queries.
    """
    seen = Visit.objects.visible_to(to)
    visits = seen.filter(recorded_by=staff, happened_at__gte=start, happened_at__lt=end)
    photos = VisitPhoto.objects.filter(
        added_by=staff, visit__in=seen.values("pk"), added_at__gte=start, added_at__lt=end
    )
    his = Q(called_by=staff) | Q(pk__in=Callback.objects.filter(handled_by=staff).values("pk"))
    calls = Callback.objects.visible_to(to).filter(his, called_at__gte=start, called_at__lt=end)
    return [
        *(
            Record(f"visit:{row.pk}", _("走访"), f"{row} ({row.get_status_display()})",
                   reverse("visits:visit_detail", args=[row.pk]), row.happened_at)
            for row in visits.select_related("unit").order_by("-happened_at", "-pk")[:MOST]
        ),
        *(
            Record(f"visit_photo:{row.pk}", _("照片"), str(row.visit),
                   reverse("visits:visit_photo", args=[row.visit_id, row.pk]), row.added_at)
            for row in photos.select_related("visit__unit").order_by("-added_at", "-pk")[:MOST]
        ),
        *(
            Record(f"callback:{row.pk}", _("回访"),
                   f"{row.subject_label} {row.what[:30]} "
                   f"({row.get_satisfaction_display() or row.get_state_display()})",
                   _call_page(row), row.called_at)
            for row in calls.order_by("-called_at", "-pk")[:MOST]
        ),
    ]  # fmt: skip


def _call_page(row: Callback) -> str:
    return reverse("visits:callback_record", args=[row.pk])


PAGES = {
    "visits:visit_detail": Page(
        _lazy("走访"), lambda to, pk: Visit.objects.visible_to(to).filter(pk=pk)
    ),
    "visits:visit_photo": Page(
        _lazy("照片"),
        lambda to, pk, photo_pk: VisitPhoto.objects.filter(
            visit__in=Visit.objects.visible_to(to).filter(pk=pk), pk=photo_pk
        ),
        lambda row: str(row.visit),
    ),
    "visits:callback_record": Page(
        _lazy("回访"),
        lambda to, pk: Callback.objects.visible_to(to).filter(pk=pk),
        lambda row: f"{row.subject_label} {row.what[:30]}",
    ),
}
