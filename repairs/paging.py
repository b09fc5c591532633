"""Walking through a long list without counting it: each page begins behind the last row shown.

The mark of a row is its moment in microseconds and its id; an unreadable mark is the first page.
"""

from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.http import HttpRequest

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def mark_of(moment: datetime, pk: int) -> str:
    return f"{(moment - EPOCH) // timedelta(microseconds=1)}.{pk}"


def split_mark(asked: str) -> tuple[str, int] | None:
    """The two halves of a mark; None for what is none."""
    value, _dot, pk = asked[:60].rpartition(".")
    return (value, int(pk)) if pk.isascii() and pk.isdecimal() and len(pk) < 19 else None


def behind(asked: str, field: str, *, newest: bool = True) -> Q | None:
    """The rows behind a mark, ordered by ``field`` and id; the bound stands first: indexable."""
    mark = split_mark(asked)
    if mark is None:
        return None
    value, pk = mark
    try:
        moment = EPOCH + timedelta(microseconds=int(value))
    except (ValueError, OverflowError):
        return None
    to = "lt" if newest else "gt"
    further = Q(**{f"{field}__{to}": moment}) | Q(**{f"pk__{to}": pk})
    return Q(**{f"{field}__{to}e": moment}) & further


def address(request: HttpRequest, **changes: str) -> str:
    """The filters of this page as a query string, without the place in the pages."""
    asked = request.GET.copy()
    asked.pop("after", None)
    for name, value in changes.items():
        asked[name] = value
    return f"?{asked.urlencode()}"
