"""Writing history. Called from actions only, inside their transaction."""

from datetime import datetime
from typing import Any

from django.db.models import Model

from history.models import Entry


def record(subject: Model, event: str, *, by: Any, now: datetime, **detail: Any) -> Entry:
    """Append one entry about ``subject``.

    ``event`` is a code such as ``"repair.dispatched"``; ``by`` is a staff member, or None when
    time itself acted; ``detail`` must be JSON: texts, numbers, ids, moments in ISO form.
    """
    return Entry.objects.create(
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_label=str(subject)[:200],
        event=event,
        at=now,
        by_id=by.pk if by else None,
        by_name=by.name if by else "",
        detail=detail,
    )
