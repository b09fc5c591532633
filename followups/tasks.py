"""The task that Celery beat sends: only a clock for the scan."""

from celery import shared_task
from django.utils import timezone

from followups.scan import scan as look


@shared_task
def scan() -> str:
    """One scan; the returned line is for the worker's log."""
    return str(look(timezone.now()))
