"""Who is on duty: the one place that reads the published roster."""

from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import Staff
from estates.models import Estate
from roster.models import Duty
from roster.patterns import standing_for


@dataclass(frozen=True)
class OnDuty:
    """Everybody's turns at one moment: one query for all estates and posts."""

    turns: dict[tuple[int, str], list[Staff]] = field(default_factory=dict)

    @classmethod
    def load(cls, now: datetime) -> "OnDuty":
        turns: dict[tuple[int, str], list[Staff]] = {}
        rows = Duty.objects.published().covering(now).filter(staff__is_active=True)
        for row in rows.select_related("staff", "roster").order_by("pk"):
            turns.setdefault((row.roster.estate_id, row.post), []).append(row.staff)
        return cls(turns)

    def of(self, post: str, estate_id: int) -> list[Staff]:
        """Who of a post is on duty; empty if no published roster says so.

        Front desk and night duty answer for each other: at three in the morning the desk is
        whoever sits at it.
        """
        found: dict[int, Staff] = {}
        for each in standing_for(post):
            for staff in self.turns.get((estate_id, each), ()):
                found.setdefault(staff.pk, staff)
        return list(found.values())

    def covers(self, estate_id: int) -> bool:
        """Whether a published roster says anything about this estate now."""
        return any(place == estate_id for place, _post in self.turns)


def on_duty(post: str, estate: Estate, now: datetime) -> list[Staff]:
    """Who of a post is on duty for an estate now; everybody of the post while no roster says."""
    known = OnDuty.load(now).of(post, estate.pk)
    if known:
        return known
    return list(Staff.objects.active().filter(post=post, memberships__estate=estate).order_by("pk"))
