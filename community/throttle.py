"""How often one address may try links or send answers: a row per address and ten minutes.

The address is kept as a keyed digest only, and rows of earlier windows are deleted.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from community.models import LinkTry

WINDOW = timedelta(minutes=10)
WRONG_LINKS = 20
SENDINGS = 30  # a whole family, or a hall where people answer on one wireless network


def is_refused(address: str, what: str, *, most: int, now: datetime) -> bool:
    """Count one more try; True when this window already held ``most``."""
    digest = salted_hmac("community.throttle", f"{what}:{address}").hexdigest()[:32]
    seconds = int(WINDOW.total_seconds())
    window = int(now.timestamp()) // seconds
    rows = LinkTry.objects.filter(digest=digest, window=window)
    if rows.filter(count__gte=most).exists():
        return True
    if not rows.update(count=F("count") + 1):
        LinkTry.objects.filter(window__lt=window).delete()
        try:
            with transaction.atomic():
                LinkTry.objects.create(digest=digest, window=window, count=1)
        except IntegrityError:  # the same address at the same moment
            rows.update(count=F("count") + 1)
    return False
