"""What stands behind a figure: its rows as lines that lead to the records."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
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


def repair(row):
    return Line(row.number, row.place_label, row.content, row.get_status_display(),
                row.reported_at, None, reverse("repairs:repair_detail", args=[row.pk]))  # fmt: skip


def complaint(row):
    return Line(row.number, row.place_label, row.content, row.get_status_display(),
                row.complained_at, None, reverse("complaints:complaint_detail", args=[row.pk]))  # fmt: skip


def followup(row):
    who = row.owner.name if row.owner else row.get_owner_post_display()
    return Line(row.text, row.place_label, who, "", row.due_at, None,
                reverse("followups:followup_detail", args=[row.pk]))  # fmt: skip


def visit(row):
    return Line(row.get_kind_display(), row.unit.code, row.butler.name, row.get_status_display(),
                None, row.visited_on or row.planned_for,
                reverse("visits:visit_detail", args=[row.pk]))  # fmt: skip


def callback(row):
    return Line(row.subject_label, row.unit.code if row.unit else "", row.what,
                row.get_state_display(), row.opened_at, None, row.subject_url)  # fmt: skip


def contact(row):
    return Line(row.get_source_display(), row.unit.code if row.unit else "", row.text or row.answer,
                row.get_outcome_display(), row.started_at, None,
                reverse("contacts:contact_detail", args=[row.pk]))  # fmt: skip


def incident(row):
    return Line(row.get_category_display(), row.where, row.what, row.get_status_display(),
                row.happened_at, None, row.get_absolute_url())  # fmt: skip


def record(row, pieces):
    """A line of a register, of which so many pieces were counted."""
    words = f"{row.summary} × {pieces}" if pieces > 1 else row.summary
    return Line(row.number, row.unit.code if row.unit else "", words, row.get_status_display(),
                row.recorded_at, None, row.get_absolute_url())  # fmt: skip


def unit(row):
    return Line(row.code, "", row.note, row.get_occupancy_display(), None, row.occupied_on,
                reverse("desk:household", args=[row.pk]))  # fmt: skip


def training(row):
    return Line(str(row), "", row.trainer, row.get_status_display(), row.starts_at, None,
                row.get_absolute_url())  # fmt: skip


def attendance(row):
    return Line(row.staff.name, "", str(row.session), row.get_status_display(),
                row.session.starts_at, None, row.session.get_absolute_url())  # fmt: skip
