"""Slip numbers: WXyyyymmdd-nnnn, one row of numbers per estate and local day, without gaps."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from estates.models import Estate
from repairs.models import DayNumber


def next_number(estate: Estate, *, now: datetime) -> str:
    """Take the next number of the estate's day; call inside the transaction that uses it.

    The counting UPDATE locks the day's row until the caller commits, so two slips never share a
    number, and a slip that is rolled back gives its number back.
    """
    day = timezone.localtime(now).date()
    row = DayNumber.objects.filter(estate=estate, day=day)
    if not row.update(last=F("last") + 1):
        try:
            with transaction.atomic():
                DayNumber.objects.create(estate=estate, day=day, last=1)
        except IntegrityError:  # a colleague took the first number of the day meanwhile
            row.update(last=F("last") + 1)
    return f"WX{day:%Y%m%d}-{row.values_list('last', flat=True).get():04d}"
