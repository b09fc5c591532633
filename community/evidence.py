"""What activities and suggestions say about a person's work, for an appraisal (ACT-1, VIS-3)."""

from datetime import datetime

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Staff
from community.models import CommunityEvent, EventPhoto, Measure, Suggestion, Survey
from followups.evidence import MOST, Page, Record


def records(staff: Staff, start: datetime, end: datetime, *, to: Staff) -> list[Record]:
    """Activities that he answers for, and suggestions that he took, as far as ``to`` may see them.
    Two queries.
    """
    if not to.has_perm("community.view"):
        return []
    events = CommunityEvent.objects.visible_to(to).filter(
        owner=staff, starts_at__gte=start, starts_at__lt=end
    )
    taken = Suggestion.objects.visible_to(to).filter(
        taken_by=staff, said_at__gte=start, said_at__lt=end
    )
    return [
        *(
            Record(f"activity:{row.pk}", _("社区活动"), f"{row} ({row.get_status_display()})",
                   row.get_absolute_url(), row.starts_at)
            for row in events.order_by("-starts_at", "-pk")[:MOST]
        ),
        *(
            Record(f"suggestion:{row.pk}", _("建议"), str(row), row.get_absolute_url(), row.said_at)
            for row in taken.order_by("-said_at", "-pk")[:MOST]
        ),
    ]  # fmt: skip


def _page(kind, model: type[Model]) -> Page:
    return Page(
        kind, lambda to, pk: model.objects.visible_to(to).filter(pk=pk), needs="community.view"
    )


PAGES = {
    "community:event_detail": _page(_lazy("社区活动"), CommunityEvent),
    "community:event_photo": Page(
        _lazy("照片"),
        lambda to, pk, photo_pk: EventPhoto.objects.filter(
            event__in=CommunityEvent.objects.visible_to(to).filter(pk=pk), pk=photo_pk
        ),
        lambda row: str(row.event),
        needs="community.view",
    ),
    "community:suggestion_detail": _page(_lazy("建议"), Suggestion),
    "community:survey_detail": _page(_lazy("意见征询"), Survey),
    "community:measure_detail": Page(
        _lazy("整改措施"),
        lambda to, pk: Measure.objects.visible_to(to).filter(pk=pk),
        needs="followups.view",
    ),
}
