"""Which shift a person closes: by the roster, or by the clock; and which one he relieves."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.models import Staff
from estates.models import Estate
from roster.models import Duty, Roster
from roster.models import Status as RosterStatus
from roster.patterns import PATTERNS, SHIFTS, TWO, Clock, Shift
from rulebook.limits import limit
from rulebook.worktime import ZONE
from shifts.models import Handover
from shifts.seats import BUTLER, Seat, seat_of
from shifts.statuses import GIVEN, Status

LOOK_BACK = timedelta(hours=36)  # older turns and sheets have nothing to do with this one
COMES_EARLY = timedelta(hours=2)  # so long before a turn its person may look for the sheet
LATE_TO_SIGN = timedelta(hours=2)  # so long after its end a shift is still the one to close


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


def to_sign(staff: Staff, estate: Estate, *, now: datetime) -> Handover:
    """The sheet that waits for this person: given to him, else his own, else the one he relieves."""
    given = Handover.objects.filter(estate=estate, status__in=GIVEN, successor=staff)
    waiting = given.order_by("starts_at").first()
    if waiting:
        return waiting
    own = current(staff, estate, now=now)
    if own.status != Status.SIGNED:
        return own
    return _relieved_by(staff, estate, now=now) or own


def _relieved_by(staff: Staff, estate: Estate, *, now: datetime) -> Handover | None:
    """The desk's shift that ends when the next turn of this person begins, if that is soon."""
    seat = seat_of(staff)
    if seat.code == BUTLER:
        return None  # a butler's sheet is his own: it names who takes his work
    turns = Duty.objects.published().filter(roster__estate=estate)
    mine = turns.filter(staff=staff, starts_at__gt=now, starts_at__lte=now + COMES_EARLY).first()
    if mine is None:
        return None
    relieved = turns.filter(ends_at=mine.starts_at, post__in=seat.posts).first()
    if relieved is None:
        return None
    span = (relieved.starts_at, relieved.ends_at)
    return ensure(estate, seat, None, relieved.shift, relieved.day, span, now=now)


def watch_ends(handover: Handover, seat: Seat, *, stands_in: bool, now: datetime) -> datetime:
    """When the shift that takes over is relieved in its turn, by the hours of the pattern.

    Only shifts count in which the seat's people stand: a butler who takes over in the evening
    looks after everything until butlers hand over again, which is the day after. Who stands in
    for them keeps watch until the first of them is back.
    """
    clock = Clock.at(now)
    ours = (
        clock.span(shift, day)[0]
        for shift, day in _shifts_after(handover, clock)
        if not set(shift.posts).isdisjoint(seat.posts)
    )
    return next(islice(ours, 0 if stands_in else 1, None))


def _shifts_after(handover: Handover, clock: Clock) -> Iterator[tuple[Shift, date]]:
    """The shifts of the same pattern that follow, one after the other, without end."""
    shift, day = SHIFTS[handover.shift], handover.day
    pattern = next(code for code, shifts in PATTERNS.items() if shift in shifts)
    while True:
        shift, day = clock.following(pattern, shift, day)
        yield shift, day


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
