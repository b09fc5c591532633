"""What time alone makes due in this room; the scan calls it first."""

from datetime import datetime

from community.collecting import take_from_visits
from community.months import open_months


def open_due(now: datetime) -> None:
    """The rulebook's months, and what residents suggested at visits and call-backs (VIS-3)."""
    open_months(now)
    take_from_visits(now)
