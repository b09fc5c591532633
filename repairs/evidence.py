"""What the repairs say about a person's work, for an appraisal (REP-7, REP-9)."""

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Staff
from followups.evidence import MOST, Evidence, Page, Record
from repairs.models import Photo, Repair, Satisfaction


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
            url=_page(row),
            at=row.called_back_at,
        )
        for row in rows
    ]


def records(staff: Staff, start: datetime, end: datetime, *, to: Staff) -> list[Record]:
    """Slips that he registered, handed over, followed or called back about, and his photos of
    them, as far as ``to`` may see them. Three queries.
    """
    seen = Repair.objects.visible_to(to)
    span = {"gte": start, "lt": end}
    his = Q(butler=staff) | Q(registered_by=staff) | Q(dispatched_by=staff) | Q(repairer=staff)
    slips = seen.filter(his, **_within("reported_at", span)).select_related("unit", "place")
    calls = seen.filter(called_back_by=staff, **_within("called_back_at", span)).select_related(
        "unit", "place"
    )
    photos = Photo.objects.filter(
        added_by=staff, repair__in=seen.values("pk"), **_within("added_at", span)
    ).select_related("repair__unit", "repair__place")
    return [
        *(
            Record(f"repair:{row.pk}", _("工单"),
                   f"{_called(row)} ({row.get_status_display()})", _page(row), row.reported_at)
            for row in slips.order_by("-reported_at", "-pk")[:MOST]
        ),
        *(
            Record(f"repair_call:{row.pk}", _("回访"),
                   f"{_called(row)} ({row.get_satisfaction_display() or _('没有评价')})",
                   _page(row), row.called_back_at)
            for row in calls.order_by("-called_back_at", "-pk")[:MOST]
        ),
        *(
            Record(f"repair_photo:{row.pk}", _("照片"), _called(row.repair),
                   row.get_absolute_url(), row.added_at)
            for row in photos.order_by("-added_at", "-pk")[:MOST]
        ),
    ]  # fmt: skip


def _within(name: str, span: dict) -> dict:
    return {f"{name}__{how}": moment for how, moment in span.items()}


def _called(row: Repair) -> str:
    return f"{row.number} {row.place_label} {row.content[:30]}"


def _page(row: Repair) -> str:
    return reverse("repairs:repair_detail", args=[row.pk])


PAGES = {
    "repairs:repair_detail": Page(
        _lazy("工单"), lambda to, pk: Repair.objects.visible_to(to).filter(pk=pk), _called
    ),
    "repairs:photo": Page(
        _lazy("照片"),
        lambda to, pk, photo_pk: Photo.objects.filter(
            repair__in=Repair.objects.visible_to(to).filter(pk=pk), pk=photo_pk
        ),
        lambda row: _called(row.repair),
    ),
}
