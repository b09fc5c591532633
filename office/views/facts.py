"""The fields of a paper as its page and its sheet list them, in the order of the form."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.functional import Promise

SHOWN = {
    "DailyLog": ("submitted_by", "submitted_at", "signed_by", "signed_at", "opinion"),
    "MonthlySummary": (
        "reported_by", "reported_at", "reviewed_by", "reviewed_at", "review", "read_by", "read_at",
        "gm_opinion",
    ),
    "Assignment": (
        "content", "set_by", "set_at", "assignee", "due_at", "report", "reported_at",
        "return_reason", "returns", "accepted_by", "accepted_at", "verdict", "cancel_reason",
    ),
    "ButlerCheck": ("checked_by", "checked_at"),
    "Purchase": (
        "item", "spec", "amount", "purpose", "budget", "needed_on", "requested_by", "requested_at",
        "decided_by", "decided_at", "decision", "supplier", "ordered_by", "ordered_at",
        "expected_on", "arrived_on", "received_quantity", "cost", "check_note", "received_by",
        "received_at", "place", "issued_to", "ended_at", "cancel_reason",
    ),
    "TrainingPlan": (
        "note", "submitted_by", "submitted_at", "approved_by", "approved_at", "opinion",
    ),
    "TrainingSession": (
        "subject", "title", "kind", "starts_at", "hours", "trainer", "material", "exam",
        "pass_mark", "planned_by", "held_at", "graded_on", "graded_by", "review", "cancel_reason",
    ),
}  # fmt: skip
LABELLED_BY = {"amount": "quantity"}


@dataclass(frozen=True)
class Fact:
    label: str | Promise
    value: Any
    is_moment: bool
    is_day: bool


def facts_of(paper: models.Model) -> list[Fact]:
    """What is known about a paper; empty fields are left out."""
    found = []
    for name in SHOWN[type(paper).__name__]:
        field = paper._meta.get_field(LABELLED_BY.get(name, name))
        value = getattr(paper, name)
        if value in (None, "", 0):
            continue
        if field.choices:
            value = getattr(paper, f"get_{name}_display")()
        if isinstance(value, Decimal):
            value = f"{value.normalize():f}"
        found.append(
            Fact(
                field.verbose_name,
                value,
                isinstance(value, datetime),
                isinstance(value, date) and not isinstance(value, datetime),
            )
        )
    return found
