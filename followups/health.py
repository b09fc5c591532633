"""Whether the installation is alive: for proxies, supervisors and whoever is called at night."""

from datetime import datetime
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError

from followups.heartbeat import LATE_AFTER
from followups.models import FollowUp, Scan

OK, DOWN, LATE = "ok", "down", "late"


def health(now: datetime) -> tuple[dict[str, Any], bool]:
    """What ``/healthz/`` answers, and whether reminders can be relied on.

    Never raises and holds no secret. A broker that is down alone does not make it unhealthy:
    ``manage.py remind`` and every other scanner still work; the status names it.
    """
    broker = broker_state()
    found: dict[str, Any] = {
        "status": OK,
        "scan_age_seconds": None,
        "database": OK,
        "broker": broker,
        "faults": 0,
    }
    try:
        newest = Scan.objects.order_by("-at").first()
        aside = FollowUp.objects.open().exclude(fault="").count()
    except DatabaseError:
        return found | {"status": "database down", "database": DOWN}, False
    found["faults"] = aside + len(newest.faults if newest else ())
    age = (now - newest.at).total_seconds() if newest else None
    found["scan_age_seconds"] = None if age is None else round(age, 1)
    if age is None or age > LATE_AFTER.total_seconds():
        return found | {"status": "scan late"}, False
    if broker != OK:
        found["status"] = "broker down"
    elif found["faults"]:
        found["status"] = "faults"
    return found, True


def broker_state() -> str:
    """``ok`` or ``down``; asks Redis with timeouts of a second, or looks at the broker's folders."""
    if not settings.REDIS_URL:
        folders = (settings.BROKER_DIR / name for name in ("messages", "control"))
        return OK if all(Path(folder).is_dir() for folder in folders) else DOWN
    try:
        client = redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1, retry=None
        )
        with client:
            client.ping()
    except (redis.RedisError, OSError, ValueError):
        return DOWN
    return OK
