"""When something happened by a phone's clock, as far as it can be believed."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime

OLDEST = timedelta(days=60)
FAST_CLOCK = timedelta(minutes=2)


def happened(text: str, *, now: datetime) -> datetime:
    """The moment a phone sent along; ``now`` for none, rubbish, the future, or months ago."""
    try:
        moment = parse_datetime((text or "").strip())
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment):
        return now
    if moment > now + FAST_CLOCK or moment < now - OLDEST:
        return now
    return min(moment, now)
