"""Comparing what should have been told with what the ledger holds."""

from django.db.models import Exists, OuterRef, QuerySet

from followups.models import FollowUp
from notifications.models import Message


def untold() -> QuerySet[FollowUp]:
    """Open follow-ups whose ladder has begun though nobody was told: a line is missing."""
    lines = Message.objects.filter(followup_id=OuterRef("pk"))
    return FollowUp.objects.open().filter(level__gte=0, fault="").exclude(Exists(lines))
