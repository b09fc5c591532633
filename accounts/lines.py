"""Reporting lines and deputies: who is above a person, and who owes in his place while he is away.

``Line`` reads everybody once (two queries), so that a scan over thousands of rows asks nothing
per row; the functions below it are for pages that ask about one person.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import Leave, Staff
from accounts.posts import post_of


def lead_of(post_code: str) -> str:
    """The post that is told when this post misses something (1.15); "" above the general manager."""
    return post_of(post_code).lead


@dataclass(frozen=True)
class Line:
    """Everybody's place at one moment.

    ``people`` holds disabled staff too, since they may still owe something. ``deputies`` maps
    the id of a person on leave to the ids of his deputies, the leave that began last first.
    """

    people: dict[int, Staff]
    deputies: dict[int, list[int]] = field(default_factory=dict)

    @classmethod
    def load(cls, now: datetime) -> "Line":
        """Read all staff and the leaves that are running at ``now``: two queries."""
        deputies: dict[int, list[int]] = {}
        leaves = Leave.objects.current(now).order_by("-starts_at", "-pk")
        for staff_id, deputy_id in leaves.values_list("staff_id", "deputy_id"):
            deputies.setdefault(staff_id, []).append(deputy_id)
        return cls(Staff.objects.order_by("pk").in_bulk(), deputies)

    @classmethod
    def load_people(cls) -> "Line":
        """Everybody without leaves, for questions of rank alone: one query."""
        return cls(Staff.objects.order_by("pk").in_bulk())

    def is_present(self, staff_id: int) -> bool:
        """True for an enabled account that is not on leave."""
        person = self.people.get(staff_id)
        return person is not None and person.is_active and staff_id not in self.deputies

    def superiors(self, staff_id: int) -> list[Staff]:
        """Everybody above, nearest first. Disabled superiors are stepped over, loops end."""
        above: list[Staff] = []
        seen = {staff_id}
        person = self.people.get(staff_id)
        while person and person.superior_id and person.superior_id not in seen:
            seen.add(person.superior_id)
            person = self.people.get(person.superior_id)
            if person and person.is_active:
                above.append(person)
        return above

    def below(self, staff_id: int) -> set[int]:
        """The ids of everybody who has this person above him, disabled accounts included."""
        reports: dict[int, list[int]] = {}
        for person in self.people.values():
            if person.superior_id:
                reports.setdefault(person.superior_id, []).append(person.pk)
        found: set[int] = set()
        waiting = [staff_id]
        while waiting:
            for report in reports.get(waiting.pop(), []):
                if report not in found and report != staff_id:
                    found.add(report)
                    waiting.append(report)
        return found

    def stand_in(self, staff_id: int) -> Staff | None:
        """Who owes in this person's place now.

        The person himself while he is present; his deputy while he is on leave, and the deputy's
        deputy if that one is away too; his superior when he is disabled, or when no deputy is
        there. None when nobody up the line is present: then the lead post must be told.
        """
        return self._follow(staff_id, set())

    def _follow(self, staff_id: int | None, seen: set[int]) -> Staff | None:
        if staff_id is None or staff_id in seen or staff_id not in self.people:
            return None
        seen.add(staff_id)
        if self.is_present(staff_id):
            return self.people[staff_id]
        person = self.people[staff_id]
        # A disabled account has left for good: an old leave names nobody who still deputises.
        next_ids = [*self.deputies.get(staff_id, []), person.superior_id]
        if not person.is_active:
            next_ids = [person.superior_id]
        for next_id in next_ids:
            found = self._follow(next_id, seen)
            if found:
                return found
        return None

    def stand_ins(self, staff_ids: Iterable[int]) -> list[Staff]:
        """``stand_in`` of several people, each person once, in the given order."""
        found = (self.stand_in(staff_id) for staff_id in staff_ids)
        return list({person.pk: person for person in found if person}.values())

    def of_post(self, post_code: str) -> list[Staff]:
        """Everybody of a post whose account is enabled, by id; whoever is on leave included.

        Filter by estate first, then pass the ids to ``stand_ins``: a deputy may be of another post.
        """
        return [
            person
            for person in self.people.values()
            if person.post == post_code and person.is_active
        ]


def superiors_of(staff: Staff) -> list[Staff]:
    """The enabled people above ``staff``, nearest first: one query."""
    return Line.load_people().superiors(staff.pk)


def stand_in(staff: Staff, now: datetime) -> Staff | None:
    """Who owes in place of ``staff`` at ``now``; see ``Line.stand_in``. Two queries."""
    return Line.load(now).stand_in(staff.pk)
