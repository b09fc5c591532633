"""What stands behind a figure: its rows as lines that lead to the records."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise


@dataclass(frozen=True)
class Line:
    """One record: what it is called, where, what it is about, when, and its page."""

    label: str | Promise
    place: str
    words: str
    state: str | Promise
    at: datetime | None
    day: date | None
    url: str


def line_of(code: str, row: Any) -> Line:
    """The line of one row of a figure's base ``code``."""
    return _LINES[code](row)


def _page(name: str, pk: int) -> str:
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:  # the room has no such page yet
        return ""


def _repair(row):
    return Line(row.number, row.place_label, row.content, row.get_status_display(),
                row.reported_at, None, _page("repairs:repair_detail", row.pk))  # fmt: skip


def _complaint(row):
    return Line(row.number, row.place_label, row.content, row.get_status_display(),
                row.complained_at, None, _page("complaints:complaint_detail", row.pk))  # fmt: skip


def _followup(row):
    who = row.owner.name if row.owner else row.get_owner_post_display()
    return Line(row.text, row.place_label, who, "", row.due_at, None,
                _page("followups:followup_detail", row.pk))  # fmt: skip


def _visit(row):
    return Line(row.get_kind_display(), row.unit.code, row.butler.name, row.get_status_display(),
                None, row.visited_on or row.planned_for,
                _page("visits:visit_detail", row.pk))  # fmt: skip


def _callback(row):
    return Line(row.subject_label, row.unit.code if row.unit else "", row.what,
                row.get_state_display(), row.opened_at, None, row.subject_url)  # fmt: skip


def _contact(row):
    return Line(row.get_source_display(), row.unit.code if row.unit else "", row.text or row.answer,
                row.get_outcome_display(), row.started_at, None,
                _page("contacts:contact_detail", row.pk))  # fmt: skip


def _training(row):
    return Line(str(row), "", row.trainer, row.get_status_display(), row.starts_at, None,
                row.get_absolute_url())  # fmt: skip


def _attendance(row):
    return Line(row.staff.name, "", str(row.session), row.get_status_display(),
                row.session.starts_at, None, row.session.get_absolute_url())  # fmt: skip


_LINES = {
    "repair": _repair,
    "complaint": _complaint,
    "followup": _followup,
    "visit": _visit,
    "callback": _callback,
    "contact": _contact,
    "training": _training,
    "attendance": _attendance,
}
