"""What time alone makes due in this room; the scan calls it first."""

from datetime import datetime

from visits import manager_round, occasions, plan


def open_due(now: datetime) -> None:
    """This month's households, new ones, the manager's own round, and whom to call back."""
    plan.fill_month(now)
    manager_round.owe_rounds(now)
    occasions.draw_week(now)
    occasions.owe_first_aid(now)
    occasions.drop_overtaken(now)
