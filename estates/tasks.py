"""The door through which the clock works off imports whose page was closed."""

from celery import shared_task
from django.utils import timezone

from estates.imports.batches import work_off


@shared_task(name="estates.tasks.work_off_imports")
def work_off_imports() -> None:
    work_off(timezone.now())
