"""When the last scan was: the sign of life that pages and ``/healthz/`` look at."""

from datetime import datetime, timedelta

from followups.models import Scan

LATE_AFTER = timedelta(minutes=3)
NAME = "scan"


def beat(now: datetime, *, looked: int, told: int, faults: dict[str, str]) -> None:
    """Write the sign of life, unless a newer scan has written one."""
    row = {"at": now, "looked": looked, "told": told, "faults": faults}
    if Scan.objects.filter(name=NAME, at__lte=now).update(**row):
        return
    Scan.objects.bulk_create([Scan(name=NAME, **row)], ignore_conflicts=True)


def scan_age(now: datetime) -> float | None:
    """Seconds since the newest scan; None if there never was one. One query."""
    at = Scan.objects.filter(name=NAME).values_list("at", flat=True).first()
    return None if at is None else (now - at).total_seconds()


def scan_is_late(now: datetime) -> bool:
    """True if nothing has scanned for three minutes, or ever: nobody would be reminded."""
    age = scan_age(now)
    return age is None or age > LATE_AFTER.total_seconds()
