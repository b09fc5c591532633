"""The shifts of a day: two patterns, and who may stand in which shift (defaults 2.5)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import posts
from rulebook.limits import limits
from rulebook.worktime import ZONE

TWO, THREE = "two", "three"
DAY, NIGHT = "day", "night"
MORNING, AFTERNOON, SMALL_HOURS = "morning", "afternoon", "small_hours"

# Front desk and night duty sit at one desk: whoever of them is on duty answers for both.
DESK_POSTS = (posts.FRONT_DESK, posts.NIGHT_DUTY)
AWAKE = (posts.FRONT_DESK, posts.CS_ASSISTANT, posts.BUTLER, posts.ENG_DISPATCHER, posts.REPAIRER)


def standing_for(post: str) -> tuple[str, ...]:
    """The posts of which one may stand in a turn of this post."""
    return DESK_POSTS if post in DESK_POSTS else (post,)


@dataclass(frozen=True)
class Shift:
    """One shift of a pattern; its hours are numbers of the rulebook.

    ``posts`` may stand in it; somebody of the desk must, every day. A shift that ends no later
    than it starts runs into the next day and belongs to the date on which it began.
    """

    code: str
    label: str | Promise
    starts: str
    ends: str
    posts: tuple[str, ...]


PATTERNS: dict[str, tuple[Shift, ...]] = {
    TWO: (
        Shift(DAY, _("白班"), "shifts.day_starts", "shifts.day_ends", AWAKE),
        Shift(NIGHT, _("夜值"), "shifts.day_ends", "shifts.day_starts",
              (posts.NIGHT_DUTY, posts.FRONT_DESK, posts.ENG_DISPATCHER, posts.REPAIRER)),
    ),
    THREE: (
        Shift(SMALL_HOURS, _("夜班"), "shifts.night_starts", "shifts.morning_starts",
              (posts.NIGHT_DUTY, posts.FRONT_DESK, posts.ENG_DISPATCHER, posts.REPAIRER)),
        Shift(MORNING, _("早班"), "shifts.morning_starts", "shifts.afternoon_starts", AWAKE),
        Shift(AFTERNOON, _("中班"), "shifts.afternoon_starts", "shifts.night_starts",
              (*AWAKE, posts.NIGHT_DUTY)),
    ),
}  # fmt: skip
PATTERN_CHOICES = [(TWO, _("两班: 白班、夜值")), (THREE, _("三班: 早、中、夜"))]
SHIFTS = {shift.code: shift for pattern in PATTERNS.values() for shift in pattern}
SHIFT_CHOICES = [(code, shift.label) for code, shift in SHIFTS.items()]
HOURS = sorted({key for shift in SHIFTS.values() for key in (shift.starts, shift.ends)})


@dataclass(frozen=True)
class Clock:
    """The hours of all shifts as the rulebook has them at one moment (one query)."""

    hours: dict[str, float]

    @classmethod
    def at(cls, now: datetime) -> "Clock":
        return cls({key: float(found.value) for key, found in limits(*HOURS, at=now).items()})

    def span(self, shift: Shift, day: date) -> tuple[datetime, datetime]:
        """When the shift of that day starts and ends; the night's end lies on the next day."""
        starts, ends = self.hours[shift.starts], self.hours[shift.ends]
        midnight = datetime.combine(day, time(), ZONE)
        if ends <= starts:
            ends += 24
        return midnight + timedelta(hours=starts), midnight + timedelta(hours=ends)

    def current(self, pattern: str, now: datetime) -> tuple[Shift, date]:
        """The shift of a pattern that covers ``now``, with the date on which it began."""
        today = now.astimezone(ZONE).date()
        for day in (today, today - timedelta(days=1)):
            for shift in PATTERNS[pattern]:
                starts_at, ends_at = self.span(shift, day)
                if starts_at <= now < ends_at:
                    return shift, day
        return PATTERNS[pattern][0], today  # hours changed so that nothing covers this moment

    def following(self, pattern: str, shift: Shift, day: date) -> tuple[Shift, date]:
        """The shift that relieves this one, and its date."""
        turns = sorted(PATTERNS[pattern], key=lambda each: self.span(each, day)[0])
        at = turns.index(shift) + 1
        return (turns[at], day) if at < len(turns) else (turns[0], day + timedelta(days=1))
