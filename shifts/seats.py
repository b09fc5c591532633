"""Who hands over to whom: the desk as one seat, and every butler for his own work (DUT-4)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import posts
from accounts.models import Staff
from estates.models import Membership
from roster.patterns import DESK_POSTS

DESK, BUTLER = "desk", "butler"


@dataclass(frozen=True)
class Seat:
    """``posts`` own what is handed over; ``sitters`` may write and sign in their place.

    ``stand_ins`` only take over, and only when nobody else is there (defaults 2.10: without a
    butler the desk). ``counts``: whether things and cash are counted.
    """

    code: str
    label: str | Promise
    posts: tuple[str, ...]
    sitters: tuple[str, ...]
    counts: bool
    stand_ins: tuple[str, ...] = ()


SEATS = {
    DESK: Seat(DESK, _("客服中心"), DESK_POSTS, (*DESK_POSTS, posts.CS_ASSISTANT), counts=True),
    BUTLER: Seat(BUTLER, _("管家"), (posts.BUTLER,), (posts.BUTLER,), counts=False,
                 stand_ins=DESK_POSTS),
}  # fmt: skip
SEAT_CHOICES = [(seat.code, seat.label) for seat in SEATS.values()]


def seat_of(staff: Staff) -> Seat:
    """Where this person's post sits."""
    return SEATS[BUTLER] if staff.post == posts.BUTLER else SEATS[DESK]


def fits(staff: Staff, seat: str, estate_id: int) -> bool:
    """Whether this person may take a shift of that seat over."""
    may = (*SEATS[seat].sitters, *SEATS[seat].stand_ins)
    if not staff.has_perm("shifts.hand_over") or staff.post not in may:
        return False
    return Membership.objects.filter(staff=staff, estate=estate_id).exists()
