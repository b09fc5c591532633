"""History entries as lines that people read: when, who, what, and the words of the detail."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from history.models import Entry

Words = str | Promise


@dataclass(frozen=True)
class Line:
    at: datetime
    who: str
    what: Words
    words: str
    is_remark: bool
    photos: tuple[int, ...] = ()  # their ids; several added at once are one line


@dataclass(frozen=True)
class Telling:
    """How one kind of record tells its history.

    ``events``: code → what it is called. ``told``: the details in the order in which a line tells
    them, each with the words before it; ``readings`` turn a stored value into what is said.
    ``moments``: the details that are moments in ISO form, told after the others. ``remarks``: the
    events that are somebody's remark.
    """

    events: Mapping[str, Words]
    told: Collection[tuple[str, Words]]
    moments: Collection[tuple[str, Words]]
    readings: Mapping[str, Callable[[Any], Words]]
    remarks: Collection[str]

    def lines_of(self, entries: Iterable[Entry]) -> list[Line]:
        """The entries as lines, in their order."""
        lines: list[Line] = []
        for entry in entries:
            line = self._line(entry)
            before = lines[-1] if lines else None
            if line.photos and before == replace(line, photos=before.photos if before else ()):
                lines[-1] = replace(line, photos=tuple(sorted((*before.photos, *line.photos))))
            else:
                lines.append(line)
        return lines

    def _line(self, entry: Entry) -> Line:
        photo = entry.detail.get("photo")
        return Line(
            at=entry.at,
            who=entry.by_name or _("系统"),
            what=self.events.get(entry.event, entry.event),
            words=self.words_of(entry.detail),
            is_remark=entry.event in self.remarks,
            photos=(photo,) if photo else (),
        )

    def words_of(self, detail: Mapping[str, Any]) -> str:
        """The details in one line, in the reader's language."""
        said = []
        for key, before in self.told:
            value = detail.get(key)
            if value in (None, ""):
                continue
            if key in self.readings:
                value = self.readings[key](value)
            said.append(f"{before} {value}".strip())
        said += [
            f"{before} {local(detail[key])}" for key, before in self.moments if detail.get(key)
        ]
        return " · ".join(said)


def label_in(choices: type[models.TextChoices]) -> Callable[[Any], Words]:
    """A reading that says the label of a stored choice; what is none any more is said as it is."""
    return lambda value: choices(value).label if value in choices else value


def local(text: str) -> str:
    """A moment of an entry as a line says it, in local time: 11-23 15:30."""
    moment = parse_datetime(text)
    return f"{timezone.localtime(moment):%m-%d %H:%M}" if moment else text
