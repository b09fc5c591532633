"""What this room opens, and what time itself makes due in it."""

from datetime import datetime

from followups.kinds import Kind

KINDS: tuple[Kind, ...] = ()


def open_due(now: datetime) -> None:
    """Nothing yet."""
