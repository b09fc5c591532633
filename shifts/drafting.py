"""The sheet as it stands now: which shift, what is open, what blocks it, and the figures."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.db import IntegrityError, transaction
from django.db.models import (
    Count,
    DecimalField,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _

from accounts.models import Staff
from complaints.models import Complaint
from contacts import followups as contact_kinds
from contacts.models import Contact, Source
from estates.models import Estate
from followups.models import FollowUp
from incidents.models import Incident
from repairs.models import Repair
from roster.models import Duty, Roster
from roster.models import Status as RosterStatus
from roster.patterns import TWO, Clock
from rulebook.limits import limit
from rulebook.worktime import ZONE
from shifts.models import CashEntry, Handover
from shifts.seats import BUTLER, SEATS, Seat, seat_of
from shifts.sources import CASH, Expected, Found, Sight, counts, find_all
from shifts.statuses import Status

LATE_TO_SIGN = timedelta(hours=2)  # so long after its end a shift is still the one to close
LOOK_BACK = timedelta(hours=36)


# --- which shift ----------------------------------------------------------------------------


def ensure(
    estate: Estate, seat: Seat, owner: Staff | None, shift: str, day, span, *, now: datetime
) -> Handover:
    """The sheet of that shift; drafted if it is not there yet. Asked twice, drafted once."""
    terms = {"estate": estate, "seat": seat.code, "owner": owner, "shift": shift, "day": day}
    found = Handover.objects.filter(**terms).first()
    if found:
        return found
    early = timedelta(seconds=limit("shifts.arrive_before", at=now).seconds)
    try:
        with transaction.atomic():
            return Handover.objects.create(
                **terms, starts_at=span[0], ends_at=span[1], drafted_at=now,
                arrive_by=span[1] - early,
            )  # fmt: skip
    except IntegrityError:
        return Handover.objects.get(**terms)


def current(staff: Staff, estate: Estate, *, now: datetime) -> Handover:
    """The sheet that this person closes now: his latest turn on the roster, else by the clock.

    Without a roster the shift that runs now; for two hours after its end still the one before,
    if it was begun and not signed.
    """
    seat = seat_of(staff)
    owner = staff if seat.code == BUTLER else None
    turn = (
        Duty.objects.published()
        .filter(staff=staff, roster__estate=estate, starts_at__lte=now, ends_at__gt=now - LOOK_BACK)
        .order_by("-starts_at")
        .first()
    )
    if turn:
        span = (turn.starts_at, turn.ends_at)
        return ensure(estate, seat, owner, turn.shift, turn.day, span, now=now)
    unsigned = (
        Handover.objects.filter(
            estate=estate, seat=seat.code, owner=owner, ends_at__lte=now,
            ends_at__gt=now - LATE_TO_SIGN,
        )
        .exclude(status=Status.SIGNED)
        .filter(Q(giver=staff) | Q(giver=None, successor__isnull=False))
        .first()
    )  # fmt: skip
    if unsigned:
        return unsigned
    month = now.astimezone(ZONE).date().replace(day=1)
    roster = Roster.objects.filter(estate=estate, month=month, status=RosterStatus.PUBLISHED)
    pattern = roster.values_list("pattern", flat=True).first() or TWO
    clock = Clock.at(now)
    shift, day = clock.current(pattern, now)
    return ensure(estate, seat, owner, shift.code, day, clock.span(shift, day), now=now)


def _count(rows, **more):
    of_shift = rows.order_by().filter(estate=OuterRef("estate"), **more).values("estate")
    return Coalesce(
        Subquery(of_shift.annotate(n=Count("pk")).values("n"), output_field=IntegerField()),
        Value(0),
    )


def _within(name: str) -> dict:
    return {f"{name}__gte": OuterRef("starts_at"), f"{name}__lt": OuterRef("ends_at")}


FIGURES = {
    "calls": _count(Contact.objects.filter(source=Source.PHONE), **_within("started_at")),
    "visits": _count(Contact.objects.filter(source=Source.WALK_IN), **_within("started_at")),
    "repairs": _count(Repair.objects.all(), **_within("reported_at")),
    "complaints": _count(Complaint.objects.all(), **_within("complained_at")),
    "dispatched": _count(Repair.objects.all(), **_within("dispatched_at")),
    "called_back": _count(Repair.objects.all(), **_within("called_back_at")),
}


def with_facts(rows):
    """Sheets with the figures of their shift and the sheet before them, in the same query."""
    before = Handover.objects.filter(
        estate=OuterRef("estate"),
        seat=OuterRef("seat"),
        starts_at__lt=OuterRef("starts_at"),
    ).filter(Q(owner=OuterRef("owner")) | Q(owner__isnull=True, seat="desk"))
    last = before.order_by("-starts_at", "-pk")
    counted = {f"n_{name}": query for name, query in FIGURES.items()}
    return rows.select_related("estate", "giver", "successor", "owner").annotate(
        before_id=Subquery(last.values("pk")[:1]),
        before_status=Subquery(last.values("status")[:1]),
        before_ended=Subquery(last.values("ends_at")[:1]),
        carried=Subquery(
            last.filter(status=Status.SIGNED).values("passed_on")[:1], output_field=JSONField()
        ),
        cash=Subquery(
            CashEntry.objects.filter(estate=OuterRef("estate"))
            .order_by()
            .values("estate")
            .annotate(total=Sum("amount"))
            .values("total"),
            output_field=DecimalField(max_digits=12, decimal_places=2),
        ),
        **counted,
    )


# --- the sheet ------------------------------------------------------------------------------


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
class Way:
    """A way out of a blocking reason: one press. ``code`` and ``key`` say which."""

    code: str
    label: str | Promise
    key: str = ""

    @property
    def value(self):
        return f"{self.code} {self.key}".strip()


@dataclass(frozen=True)
class Blocker:
    """Why the shift may not be handed over now (defaults 2.5), and the ways out."""

    why: str
    ways: tuple[Way, ...]
    url: str = ""


@dataclass(frozen=True)
class Tally:
    """A number that should be there, and what was counted."""

    expected: Expected
    typed: str
    is_cleared: bool

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
    def step(self):
        return "0.01" if self.expected.code == CASH else "1"

    def as_json(self) -> dict:
        return {
            "code": self.expected.code,
            "expected": str(self.expected.number),
            "counted": str(self.counted),
        }


class Sheet:
    """One handover with everything that is open now. Reads each list once."""

    def __init__(self, handover: Handover, *, now: datetime, reader: Staff | None = None):
        self.handover, self.now, self.reader = handover, now, reader
        self.seat = SEATS[handover.seat]
        self.sight = Sight(handover.estate, self.seat, handover.owner, now, handover.starts_at)

    @cached_property
    def found(self) -> list[Found]:
        return find_all(self.sight)

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
        if "n_calls" in self.handover.__dict__:
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
        cleared = self.handover.cleared
        return [
            Tally(each, self.handover.counted.get(each.code, ""),
                  cleared.get(f"count:{each.code}") == self.handover.counted.get(each.code, ""))
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

    @property
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

    @property
    def next_people(self) -> list[Staff]:
        """Who relieves this shift by the roster."""
        return [turn.staff for turn in self.turns if turn.starts_at == self.handover.ends_at]

    def may_write(self, staff: Staff) -> bool:
        """Whether this person writes and signs the sheet of this shift."""
        if not staff.has_perm("shifts.hand_over") or staff.post not in self.seat.sitters:
            return False
        givers = self.givers
        return not givers or staff.pk in {each.pk for each in givers}

    @property
    def successor(self) -> Staff | None:
        if self.handover.successor_id:
            return self.handover.successor
        known = self.next_people
        return known[0] if known else None

    @property
    def in_hand(self) -> list[FollowUp]:
        """What the reader himself is in the middle of: begun calls, taken over, or urgent."""
        mine = self.reader
        if mine is None:
            return []
        return [
            row
            for row in self.sight.followups
            if f"followup:{row.pk}" not in self.handover.cleared
            and row.content_type_id != self.sight.types["notice"]  # each knows for himself
            and (
                row.taken_by_id == mine.pk
                or (row.owner_id == mine.pk and (row.urgent or row.kind == contact_kinds.FINISH))
            )
        ]

    @cached_property
    def shift_incidents(self) -> list[Incident]:
        """What happened in this shift, for the sheet."""
        handover = self.handover
        until = max(handover.ends_at, handover.given_at or self.now)
        return [
            row for row in self.sight.incidents if handover.starts_at <= row.reported_at < until
        ]

    @cached_property
    def blockers(self) -> list[Blocker]:
        """Every reason why this shift may not be handed over yet."""
        return [*self._events(), *self._incidents(), *self._absence(), *self._before()]

    def _events(self):
        to = self.successor
        for row in self.in_hand:
            ways = [Way("handled", _("标记已处理完"), str(row.pk))]
            if to:
                label = _("转给%(name)s") % {"name": to.name}
                ways.insert(0, Way("hand", label, str(row.pk)))
            yield Blocker(_("%(what)s 正在由您处理") % {"what": row.text}, tuple(ways), row.url)

    def _incidents(self):
        for row in self.shift_incidents:
            mine = self.reader and row.reported_by_id == self.reader.pk
            if row.ended_at or not mine or f"incident:{row.pk}" in self.handover.cleared:
                continue
            ways = [Way("end_incident", _("标记已处理完"), str(row.pk))]
            if self.successor:
                label = _("转给%(name)s") % {"name": self.successor.name}
                ways.insert(0, Way("pass_incident", label, str(row.pk)))
            yield Blocker(
                _("重大事件正在由您处理: %(what)s") % {"what": row}, tuple(ways),
                row.get_absolute_url(),
            )  # fmt: skip

    def _absence(self):
        if self.handover.arrived_at:
            return
        if self.successor is None:
            yield Blocker(_("还没有选接班人"), ())
            return
        yield Blocker(
            _("接班人%(name)s还没有到岗。没到之前由您继续留守") % {"name": self.successor.name},
            (
                Way("arrived", _("%(name)s已到岗") % {"name": self.successor.name}),
                *(() if "absent" in self.handover.cleared else (Way("absent", _("没来, 报经理")),)),
            ),
        )

    def _before(self):
        handover, facts = self.handover, self.facts
        status = facts.before_status
        if status and facts.before_ended < handover.starts_at - LOOK_BACK:
            return  # long ago: the estate did not hand over in between
        if status in (None, Status.SIGNED) or "previous" in handover.cleared:
            return
        yield Blocker(
            _("上一班还没有交清"),
            (Way("previous", _("情况已问清, 报经理")),),
            reverse("shifts:handover_detail", args=[facts.before_id]),
        )

    @property
    def figures(self) -> dict[str, int]:
        """The shift in numbers: from the signature on as they stood then."""
        if self.handover.figures:
            return self.handover.figures
        return {name: getattr(self.facts, f"n_{name}") for name in FIGURES}
