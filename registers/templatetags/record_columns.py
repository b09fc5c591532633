"""How a cell of a register reads on a page, and the colour of a state."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone

from registers.models import Record

register = template.Library()

GREEN = frozenset({"held", "stored", "on_file", "issued", "told"})
ORANGE = frozenset({"asked", "approved", "checked", "lent", "out", "received", "condemned", "back",
                    "waiting"})  # fmt: skip
RED = frozenset({"lost"})


@register.filter
def shown(value: Any) -> str:
    """A moment as 2026-11-23 15:02, a day as 2026-11-23, everything else as it is."""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else value


@register.filter
def state_colour(record: Record) -> str:
    """Green rests where it belongs, orange waits for a step, red is trouble, grey is over."""
    if record.slug == "mail" and record.status == "held":
        return "bg-blue"
    for colour, states in (("bg-green", GREEN), ("bg-orange", ORANGE), ("bg-red", RED)):
        if record.status in states:
            return colour
    return "bg-secondary"
