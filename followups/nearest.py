"""What falls due next about each record of a list."""

from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from followups.kinds import kind
from followups.models import FollowUp


def add_nearest(records: Sequence[Model]) -> None:
    """Put ``due`` and ``due_label`` on each record of one model: one query.

    ``due`` is the open follow-up that falls due first, or None; ``due_label`` what it is called.
    """
    if not records:
        return
    owed = (
        FollowUp.objects.open()
        .filter(
            content_type=ContentType.objects.get_for_model(records[0]),
            object_id__in=[record.pk for record in records],
        )
        .select_related("owner")
        .order_by("due_at", "pk")
    )
    first: dict[int, FollowUp] = {}
    for followup in owed:
        first.setdefault(followup.object_id, followup)
    for record in records:
        record.due = first.get(record.pk)
        record.due_label = kind(record.due.kind).label if record.due else ""
