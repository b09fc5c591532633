"""What time alone makes due in this room; the scan calls it first."""

from contextlib import suppress
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError

from accounts.models import Leave
from appraisal.actions import months, opening, sheets
from appraisal.followups import SEE
from appraisal.models import Publication, Sheet
from appraisal.statuses import Status
from followups.models import FollowUp

A_SCAN = 50


def open_due(now: datetime) -> None:
    """Rounds of the running periods, sheets whose window to appeal is over, results to publish."""
    opening.open_rounds(now)
    _take_as_read(now)
    over = Sheet.objects.filter(
        status__in=(Status.SEEN, Status.DECIDED), appeal_until__lte=now
    ).order_by("pk")
    for sheet in over.select_related("staff", "estate")[:A_SCAN]:
        with suppress(ValidationError):  # another scan, or the person, was faster
            sheets.lock(sheet, by=None, now=now)
    for publication in Publication.objects.filter(finished_at=None).order_by("pk")[:2]:
        months.work_off(publication, now=now)


def _take_as_read(now: datetime) -> None:
    """A sheet that nobody opened until its reading was due counts as read from then on.

    Else a bad score would never come into force for whoever does not look. He still has his days
    to appeal; nobody's days run while he is on leave.
    """
    unread = Sheet.objects.filter(status=Status.SUBMITTED).exclude(
        staff__in=Leave.objects.current(now).values("staff")
    )
    kind = ContentType.objects.get_for_model(Sheet)
    due = FollowUp.objects.overdue(now).filter(content_type=kind, kind=SEE)
    for sheet in unread.filter(pk__in=due.values("object_id")).order_by("pk")[:A_SCAN]:
        with suppress(ValidationError):  # he has just read it
            sheets.take_as_read(sheet, now=now)
