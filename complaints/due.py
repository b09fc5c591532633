"""What time alone makes due in this room; the scan calls it first."""

from datetime import datetime

from complaints.actions.rising import raise_old, see_repairs
from complaints.analysis import owe_analyses


def open_due(now: datetime) -> None:
    """A month unsolved, a repair that ended, a month to analyse."""
    raise_old(now)
    see_repairs(now)
    owe_analyses(now)
