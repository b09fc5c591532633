"""Whom each level of the ladder tells: the owner or his deputy, the lead, then up the line.

Nobody outside the follow-up's estate is told, and no account that is switched off.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from accounts.lines import Line, lead_of
from accounts.models import Staff
from estates.models import Membership
from followups.models import FollowUp
from roster.duty import OnDuty

OWNER, POST, LEAD, UP_THE_LINE = "owner", "post", "lead", "line"


@dataclass(frozen=True)
class Told:
    """One person to tell, and as what. ``instead_of`` names the absent one he stands in for."""

    staff: Staff
    role: str
    instead_of: str = ""


@dataclass(frozen=True)
class People:
    """Everybody's line, estates and turns of duty, read once per scan (four queries)."""

    line: Line
    members: dict[int, set[int]]
    roster: OnDuty = field(default_factory=OnDuty)
    _known: dict[tuple, list[list[Told]]] = field(default_factory=dict)

    @classmethod
    def load(cls, now: datetime) -> Self:
        members: dict[int, set[int]] = defaultdict(set)
        for staff_id, estate_id in Membership.objects.values_list("staff_id", "estate_id"):
            members[estate_id].add(staff_id)
        return cls(Line.load(now), members, OnDuty.load(now))

    def levels(self, row: FollowUp) -> list[list[Told]]:
        """Whom level 0, 1, 2 … of a follow-up tell; the last one is the top of the line."""
        key = (row.owner_id, row.taken_by_id, row.owner_post, row.estate_id)
        if key not in self._known:
            self._known[key] = self._levels(*key)
        return self._known[key]

    def _levels(
        self, owner_id: int | None, taken_by_id: int | None, post: str, estate_id: int
    ) -> list[list[Told]]:
        owing = [pk for pk in (taken_by_id, owner_id) if pk]
        if owing:
            first = self._present([self.line.people[pk] for pk in owing], estate_id, OWNER)
        else:
            first = [Told(each, POST) for each in on_duty(post, estate_id, self)]
        steps = self._steps_up(owner_id, post, estate_id, {told.staff.pk for told in first})
        lead, above = (steps[0], steps[1:]) if steps else ([], [])
        # Nobody named, or nobody there: the lead hears of it at once.
        warned = first if owner_id and first else first + lead
        return [warned, first + lead, *above]

    def _steps_up(
        self, owner_id: int | None, post: str, estate_id: int, told: set[int]
    ) -> list[list[Told]]:
        """The reporting line of the owner, then on by the leads of the posts table."""
        groups = []
        if owner_id:
            for superior in self.line.superiors(owner_id):
                groups.append([superior])
                post = superior.post
        while post := lead_of(post):
            groups.append(self.line.of_post(post))
        steps = []
        for group in groups:
            role = UP_THE_LINE if steps else LEAD
            step = [
                each for each in self._present(group, estate_id, role) if each.staff.pk not in told
            ]
            told |= {each.staff.pk for each in step}
            if step:
                steps.append(step)
        return steps

    def _present(self, people: list[Staff], estate_id: int, role: str) -> list[Told]:
        """Those of the estate, each absent one replaced by whoever stands in for him."""
        found: dict[int, Told] = {}
        members = self.members.get(estate_id, set())
        for person in people:
            if person.pk not in members:
                continue
            there = self.line.stand_in(person.pk)
            if there and there.pk in members:
                absent = "" if there.pk == person.pk else person.name
                found.setdefault(there.pk, Told(there, role, absent))
        return list(found.values())


def on_duty(post: str, estate_id: int, people: People) -> list[Staff]:
    """Who of a post is on duty for an estate; everybody of the post while no roster says so."""
    turns = people.roster.of(post, estate_id) or people.line.of_post(post)
    return [told.staff for told in people._present(turns, estate_id, POST)]
