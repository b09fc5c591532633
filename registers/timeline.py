"""The history of a line as people read it: the chain of custody."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from history.models import Entry
from registers.events import EVENTS, TOLD


@dataclass(frozen=True)
class Line:
    at: datetime
    who: str
    what: str | Promise
    words: str


def lines_of(entries: list[Entry]) -> list[Line]:
    """History entries as lines, in their order."""
    return [
        Line(
            at=entry.at,
            who=entry.by_name or _("系统"),
            what=EVENTS.get(entry.event, entry.event),
            words=" · ".join(
                f"{before} {entry.detail[key]}".strip()
                for key, before in TOLD
                if entry.detail.get(key)
            ),
        )
        for entry in entries
    ]
