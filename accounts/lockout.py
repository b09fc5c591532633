"""Too many wrong passwords lock one login name at one address, counted before the password is read.

The package's own handler counts after checking, so requests sent at the same moment all get
their guess. Here a guess is claimed first, by one conditional UPDATE, and only then checked.
The lock is per (name, address): nobody can lock a colleague out from elsewhere.
"""

import math
from datetime import datetime

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_ip_address, get_client_username, get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address
from django.db.models import Case, F, When
from django.utils import timezone


def client_address(request) -> str:
    """The address that a lock counts: the peer, or what our own proxies say about it.

    ``settings.PROXY_COUNT`` proxies of our own append to X-Forwarded-For; whatever stands further
    left was written by the caller and is not believed. A local socket counts as 127.0.0.1.
    """
    address = request.META.get("REMOTE_ADDR", "")
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if settings.PROXY_COUNT and len(forwarded) >= settings.PROXY_COUNT:
        address = forwarded[-settings.PROXY_COUNT]
    try:
        validate_ipv46_address(address)
    except ValidationError:
        return "127.0.0.1"
    return address


def _attempts(username: str, address: str):
    return AccessAttempt.objects.filter(username=username, ip_address=address, user_agent="")


def tries_left(request, username: str) -> int:
    """How many wrong passwords this name at this address still has."""
    row = _attempts(username, get_client_ip_address(request)).first()
    used = row.failures_since_start if row else 0
    return max(0, settings.AXES_FAILURE_LIMIT - used)


def minutes_locked(request, username: str, now: datetime) -> int:
    """Minutes until the lock ends, rounded up, at least one."""
    row = _attempts(username, get_client_ip_address(request)).first()
    if row is None:
        return 1
    left = row.attempt_time + get_cool_off() - now
    return max(1, math.ceil(left.total_seconds() / 60))


def unlock(username: str) -> None:
    """Forget the wrong passwords of a name at every address: a superior has reset it."""
    AccessAttempt.objects.filter(username=username).delete()


class CountFirstHandler(AxesDatabaseHandler):
    """AXES_HANDLER: one row per (name, address), whatever browser the caller pretends to be."""

    def is_locked(self, request, credentials=None) -> bool:
        """Claim one guess; True when none is left. Asked once per login, before the password."""
        username = get_client_username(request, credentials) or ""
        address, now = request.axes_ip_address, timezone.now()
        attempts = _attempts(username, address)
        attempts.filter(attempt_time__lte=now - get_cool_off(request)).delete()
        AccessAttempt.objects.get_or_create(
            username=username,
            ip_address=address,
            user_agent="",
            defaults={"failures_since_start": 0, "path_info": request.axes_path_info},
        )
        limit = settings.AXES_FAILURE_LIMIT
        claimed = attempts.filter(failures_since_start__lt=limit).update(
            # The lock runs from the last guess; until then the window runs from the first.
            attempt_time=Case(
                When(failures_since_start=limit - 1, then=now), default=F("attempt_time")
            ),
            failures_since_start=F("failures_since_start") + 1,
        )
        request.login_refused = not claimed
        return request.login_refused

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        """The guess was counted when it was claimed; only a refused one shows the lock page."""
        if request is not None and getattr(request, "login_refused", False):
            request.axes_locked_out = True
            request.axes_credentials = credentials
