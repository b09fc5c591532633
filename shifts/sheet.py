"""The sheet as it stands now: what is open, what was counted, who signs."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.utils.functional import cached_property

from accounts.models import Leave, Staff
from contacts import followups as contact_kinds
from followups.models import FollowUp
from incidents.models import Incident
from roster.duty import on_duty
from roster.models import Duty
from shifts.figures import FIGURES, PLAN, Figure, count, with_facts
from shifts.models import Handover
from shifts.seats import SEATS
from shifts.sources import Expected, Found, Sight, Sorted, counts, find_all
from shifts.statuses import WRITING
from shifts.turns import watch_ends


@dataclass(frozen=True)
class Line:
    """One open thing with how many shifts it has been through, this one included."""

    found: Found
    carried: int
    reason: str = ""  # why it is struck; empty: handed over
    is_struck: bool = False
    is_new: bool = False

    @property
    def key(self):
        return self.found.key


@dataclass(frozen=True)
class Tally:
    """A number that should be there, and what was counted."""

    expected: Expected
    typed: str
    is_cleared: bool
    reported: str = ""  # the difference as it was told to the manager

    @property
    def counted(self) -> Decimal | None:
        try:
            number = Decimal(self.typed.strip())
        except InvalidOperation:
            return None
        return number if number.is_finite() else None

    @property
    def is_missing(self):
        return self.counted is None

    @property
    def difference(self) -> Decimal | None:
        return None if self.counted is None else self.counted - self.expected.number

    @property
    def short(self) -> Decimal:
        """How much is missing; negative when there is too much."""
        return -(self.difference or Decimal(0))

    def as_json(self) -> dict:
        return {
            "code": self.expected.code,
            "expected": str(self.expected.number),
            "counted": self.typed if self.counted is None else str(self.counted),
            "reported": self.reported,
        }


class Sheet:
    """One handover with everything that is open now. Reads each list once."""

    def __init__(self, handover: Handover, *, now: datetime, reader: Staff | None = None):
        self.handover, self.now, self.reader = handover, now, reader
        self.seat = SEATS[handover.seat]

    @cached_property
    def stands_in(self) -> bool:
        """Whether another seat takes over, until this one has its own people again."""
        return self.successor is not None and self.successor.post not in self.seat.sitters

    @cached_property
    def until(self) -> datetime:
        """Before when the next shift must look after what it takes over."""
        end = watch_ends(self.handover, self.seat, stands_in=self.stands_in, now=self.now)
        return max(end, self.now)

    @cached_property
    def sight(self) -> Sight:
        handover = self.handover
        return Sight(handover.estate, self.seat, handover.owner, self.now,
                     handover.starts_at, self.until, self.stands_in)  # fmt: skip

    @cached_property
    def _sorted(self) -> Sorted:
        return find_all(self.sight)

    @property
    def found(self) -> list[Found]:
        return self._sorted.now

    @property
    def plan(self) -> list[Found]:
        """What is due of the butler's own plan and stays his: one line of the sheet."""
        return self._sorted.plan

    @property
    def later(self) -> list[Found]:
        """What stays in the people's own lists, because it is for later."""
        return self._sorted.later

    @cached_property
    def keys(self) -> set[str]:
        return {each.key for each in self.found}

    @cached_property
    def history(self) -> dict[str, int]:
        """Through how many shifts each thing of the last sheet had been."""
        return self.facts.carried or {}

    @cached_property
    def facts(self) -> Handover:
        """The sheet with what ``with_facts`` reads; asked once if the caller did not."""
        if "before_id" in self.handover.__dict__:
            return self.handover
        return with_facts(Handover.objects.filter(pk=self.handover.pk)).get()

    def lines(self, *, seen: set[str] | None = None) -> list[Line]:
        """Every open thing; ``seen`` are those that the page had shown when it was sent."""
        strikes = self.handover.strikes
        return [
            Line(each, self.history.get(each.key, 0) + 1, strikes.get(each.key, ""),
                 each.key in strikes, seen is not None and each.key not in seen)
            for each in self.found
        ]  # fmt: skip

    @cached_property
    def counts(self) -> list[Tally]:
        cleared, typed = self.handover.cleared, self.handover.counted
        return [
            Tally(each, typed.get(each.code, ""),
                  cleared.get(f"count:{each.code}") == typed.get(each.code, ""),
                  cleared.get(f"reported:{each.code}", ""))
            for each in counts(self.sight, cash=self.facts.cash or Decimal(0))
        ]  # fmt: skip

    @cached_property
    def turns(self) -> list[Duty]:
        """The published turns of this shift, and of the one that relieves it; one query."""
        handover = self.handover
        rows = (
            Duty.objects.published()
            .filter(
                roster__estate=handover.estate_id, staff__is_active=True,
                starts_at__lte=handover.ends_at, ends_at__gt=handover.starts_at,
            )
            .filter(post__in=self.seat.sitters)
        )  # fmt: skip
        return list(rows.select_related("staff").order_by("starts_at", "pk"))

    @cached_property
    def givers(self) -> list[Staff]:
        """Who may sign for this shift; empty: the roster does not say."""
        handover = self.handover
        if handover.owner_id:
            return [handover.owner]
        return [
            turn.staff
            for turn in self.turns
            if turn.shift == handover.shift and turn.day == handover.day
        ]

    @cached_property
    def next_people(self) -> list[Staff]:
        """Who relieves this shift by the roster."""
        return [turn.staff for turn in self.turns if turn.starts_at == self.handover.ends_at]

    @cached_property
    def colleagues(self) -> list[Staff]:
        """Who else of the seat could take over: by the roster if it names the seat at all, else
        everybody of it who is not on leave. Asked only where another seat may stand in.
        """
        if not self.seat.stand_ins:
            return self.next_people
        owner = self.handover.owner_id
        if any(turn.post in self.seat.posts for turn in self.turns):
            return [turn.staff for turn in self.turns if turn.staff_id != owner]
        away = Leave.objects.filter(starts_at__lte=self.until, ends_at__gt=self.now)
        people = Staff.objects.active().filter(
            post__in=self.seat.sitters, memberships__estate=self.handover.estate_id
        )
        return list(people.exclude(pk=owner).exclude(leaves__in=away).order_by("name", "pk"))

    @cached_property
    def stand_ins(self) -> list[Staff]:
        """Who may keep watch when nobody of the seat is there: whoever is on duty now."""
        if not self.seat.stand_ins or self.colleagues:
            return []
        return on_duty(self.seat.stand_ins[0], self.handover.estate, self.now)

    def may_write(self, staff: Staff) -> bool:
        """Whether this person writes and signs the sheet of this shift."""
        if not staff.has_perm("shifts.hand_over") or staff.post not in self.seat.sitters:
            return False
        givers = self.givers
        return not givers or staff.pk in {each.pk for each in givers}

    def is_next(self, staff: Staff) -> bool:
        """Whether this person was chosen to take over, or relieves this shift by the roster."""
        if self.handover.successor_id:
            return staff.pk == self.handover.successor_id
        return staff.pk in {each.pk for each in self.next_people}

    @property
    def successor(self) -> Staff | None:
        if self.handover.successor_id:
            return self.handover.successor
        known = self.next_people
        return known[0] if known else None

    @cached_property
    def outgoing(self) -> list[Staff]:
        """Whose shift ends: those of the roster, without whom it keeps on duty, and the reader."""
        staying = {staff.pk for staff in self.next_people}
        people = {each.pk: each for each in self.givers if each.pk not in staying}
        if self.reader and self.may_write(self.reader):
            people.setdefault(self.reader.pk, self.reader)
        return list(people.values())

    @property
    def in_hand(self) -> list[tuple[Staff, FollowUp]]:
        """What the outgoing people are in the middle of: begun calls, taken over, or urgent."""
        outgoing = {person.pk for person in self.outgoing}
        found = []
        for row in self.sight.followups:
            holder = row.taken_by or row.owner
            if holder is None or holder.pk not in outgoing:
                continue
            if f"followup:{row.pk}" in self.handover.cleared:
                continue
            if row.content_type_id == self.sight.types["notice"]:
                continue  # each knows for himself
            if row.taken_by or row.urgent or row.kind == contact_kinds.FINISH:
                found.append((holder, row))
        return found

    @cached_property
    def shift_incidents(self) -> list[Incident]:
        """What happened in this shift, for the sheet."""
        handover = self.handover
        until = max(handover.ends_at, handover.given_at or self.now)
        return [
            row for row in self.sight.incidents if handover.starts_at <= row.reported_at < until
        ]

    @cached_property
    def figures(self) -> dict[str, int]:
        """The shift in numbers: from the signature on as they stood then."""
        if self.handover.status not in WRITING:
            return self.handover.figures
        numbers = count(self.handover, now=self.now)
        return numbers | {PLAN: len(self.plan)} if self.plan else numbers

    @property
    def numbers(self) -> list[tuple[Figure, int]]:
        """The figures of the page with their numbers; a sheet of before has fewer."""
        return [
            (figure, self.figures[figure.key]) for figure in FIGURES if figure.key in self.figures
        ]
