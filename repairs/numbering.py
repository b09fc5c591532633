"""Numbers of papers: WXyyyymmdd-nnnn, one row of numbers per estate, series and local day, without gaps."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from estates.models import Estate
from repairs.models import DayNumber


def next_number(estate: Estate, *, now: datetime, series: str = "WX", digits: int = 4) -> str:
    """Take the next number of the estate's day; call inside the transaction that uses it.

    ``series`` are the letters before the day (WX slips, TS complaints): each counts on its own.

    The counting UPDATE locks the day's row until the caller commits, so two papers never share a
    number, and one that is rolled back gives its number back.
    """
    day = timezone.localtime(now).date()
    row = DayNumber.objects.filter(estate=estate, series=series, day=day)
    count = 0
    if not row.update(last=F("last") + 1):
        try:
            with transaction.atomic():
                count = DayNumber.objects.create(estate=estate, series=series, day=day, last=1).last
        except IntegrityError:  # a colleague took the first number of the day meanwhile
            row.update(last=F("last") + 1)
    count = count or row.values_list("last", flat=True).get()
    return f"{series}{day:%Y%m%d}-{count:0{digits}d}"
