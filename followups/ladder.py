"""When somebody must be told, and how far up: pure arithmetic, no database.

A follow-up climbs *rungs*: 0 warns before the moment, 1 is the moment itself, 2 comes another
share of the limit later, and from there one more every so many minutes. The line of superiors
ends somewhere: rungs above its top are repeats at the top.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Self

from rulebook.limits import limits
from rulebook.worktime import ZONE

WARN, DUE, UP = 0, 1, 2
KEYS = (
    "followups.warn_share",
    "followups.warn_least",
    "followups.step_share",
    "followups.step_least",
    "followups.step_least_urgent",
    "followups.repeat",
    "followups.repeat_urgent",
    "quiet.starts",
    "quiet.ends",
)


@dataclass(frozen=True)
class Ladder:
    """The numbers that a scan climbs by (defaults: manual of defaults, 2.10)."""

    warn_share: float = 0.25
    warn_least: timedelta = timedelta(minutes=1)
    step_share: float = 0.5
    step_least: timedelta = timedelta(minutes=10)
    step_least_urgent: timedelta = timedelta(minutes=5)
    repeat: timedelta = timedelta(minutes=30)
    repeat_urgent: timedelta = timedelta(minutes=10)
    quiet_starts: timedelta = timedelta(hours=21)  # after local midnight
    quiet_ends: timedelta = timedelta(hours=8)

    @classmethod
    def at(cls, now: datetime) -> Self:
        """The numbers in force at ``now``: one query."""
        found = limits(*KEYS, at=now)

        def span(key: str) -> timedelta:
            return timedelta(seconds=found[key].seconds)

        return cls(
            warn_share=float(found["followups.warn_share"].value) / 100,
            warn_least=span("followups.warn_least"),
            step_share=float(found["followups.step_share"].value) / 100,
            step_least=span("followups.step_least"),
            step_least_urgent=span("followups.step_least_urgent"),
            repeat=span("followups.repeat"),
            repeat_urgent=span("followups.repeat_urgent"),
            quiet_starts=timedelta(hours=float(found["quiet.starts"].value)),
            quiet_ends=timedelta(hours=float(found["quiet.ends"].value)),
        )

    def is_quiet(self, moment: datetime) -> bool:
        """Whether a moment lies in the quiet hours (start included, end excluded)."""
        return self.after_quiet(moment) > moment

    def after_quiet(self, moment: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours that it lies in."""
        midnight = _midnight(moment)
        since = moment - midnight
        starts, ends = self.quiet_starts, self.quiet_ends
        if starts <= ends:
            return midnight + ends if starts <= since < ends else moment
        if since >= starts:
            return _midnight(midnight + timedelta(hours=36)) + ends
        return midnight + ends if since < ends else moment

    def next_quiet(self, moment: datetime) -> datetime | None:
        """When the quiet hours begin next, after ``moment``; None if there are none."""
        if self.quiet_starts == self.quiet_ends:
            return None
        tonight = _midnight(moment) + self.quiet_starts
        return tonight if tonight > moment else tonight + timedelta(days=1)


@dataclass(frozen=True)
class Course:
    """One follow-up as the ladder sees it."""

    counted_from: datetime
    due_at: datetime
    urgent: bool = False
    held: bool = True  # whether the quiet hours hold its alerts back
    taken: bool = False


def first_moment(course: Course, ladder: Ladder) -> datetime:
    """The warning: when a share of the limit is left, never before the start of counting."""
    limit = course.due_at - course.counted_from
    early = max(limit * ladder.warn_share, ladder.warn_least)
    return _held(max(course.due_at - early, course.counted_from), course, ladder)


def climb(course: Course, now: datetime, ladder: Ladder) -> tuple[int, datetime | None]:
    """The highest rung reached by ``now`` (-1: none), and when to look again.

    In quiet hours nothing is reached and the next look is at their end; alerts that fall into
    them are held until then, and later rungs count from the moment at which the one before
    could be told. A follow-up that somebody took over still tells at its moment, no further:
    after that there is no next look (None).
    """
    awake = _held(now, course, ladder)
    if awake > now:
        return -1, awake
    warning = first_moment(course, ladder)
    moment = max(warning, _held(course.due_at, course, ladder))
    if now < warning:
        return -1, warning
    if now < moment:
        return WARN, moment
    if course.taken:
        return DUE, None
    least = ladder.step_least_urgent if course.urgent else ladder.step_least
    step = max((course.due_at - course.counted_from) * ladder.step_share, least)
    second = _held(moment + step, course, ladder)
    if now < second:
        return DUE, second
    return _repeat(second, course, now, ladder)


def standing(rung: int, top: int) -> tuple[int, int]:
    """``(level, repeat)`` of a rung when the line of superiors ends at level ``top``."""
    level = min(rung, top)
    return level, rung - level


def _repeat(
    moment: datetime, course: Course, now: datetime, ladder: Ladder
) -> tuple[int, datetime]:
    """Count the rungs from the second on; one turn of the loop per day, not per rung."""
    every = ladder.repeat_urgent if course.urgent else ladder.repeat
    rung = UP
    while True:
        until = now
        if course.held and (quiet := ladder.next_quiet(moment)):
            until = min(now, quiet - timedelta(microseconds=1))
        steps = (until - moment) // every
        following = _held(moment + (steps + 1) * every, course, ladder)
        rung += steps
        if following > now:
            return rung, following
        rung, moment = rung + 1, following


def _held(moment: datetime, course: Course, ladder: Ladder) -> datetime:
    return ladder.after_quiet(moment) if course.held else moment


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(ZONE).date(), time(), tzinfo=ZONE)
