"""Working windows as the manager types them: ``08:30-12:00, 13:30-17:30``."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import time

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rulebook.worktime import Window

MINUTES_PER_DAY = 24 * 60
MOST_PER_DAY = 6
SPAN = re.compile(r"(\d{1,2}):(\d{2})[-~至到—–](\d{1,2}):(\d{2})", re.ASCII)

Week = Mapping[int, Sequence[Window]]


def read_windows(text: str) -> list[Window]:
    """The windows of one weekday; an empty text means none.

    Full-width digits and punctuation are understood, 24:00 is midnight, a window that ends no
    later than it starts runs into the next day. ValidationError says what cannot be read.
    """
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    windows = []
    for part in re.split(r"[,;、;]", plain):
        if not part:
            continue
        match = SPAN.fullmatch(part)
        starts = _clock(match[1], match[2]) if match else None
        ends = _clock(match[3], match[4]) if match else None
        if starts is None or ends is None or starts == ends:
            raise ValidationError(
                _("“%(part)s”读不懂。写成 08:30-12:00, 多段用逗号隔开") % {"part": part[:30]}
            )
        windows.append((starts, ends))
    if len(windows) > MOST_PER_DAY:
        raise ValidationError(_("一天最多 %(most)s 段") % {"most": MOST_PER_DAY})
    return sorted(windows)


def write_windows(windows: Sequence[Window]) -> str:
    """The text that ``read_windows`` reads back."""
    return ", ".join(f"{starts:%H:%M}-{ends:%H:%M}" for starts, ends in sorted(windows))


def fingerprint(week: Week) -> str:
    """The whole week as one text, to notice that a colleague changed it meanwhile."""
    return "|".join(write_windows(week.get(weekday, ())) for weekday in range(7))


def check_week(week: Week) -> None:
    """ValidationError for a week without any window, or with windows that overlap.

    Night shifts reach into the next weekday, Sunday's into Monday.
    """
    spans = sorted(
        (weekday * MINUTES_PER_DAY + _minute(starts), weekday, starts, ends)
        for weekday, windows in week.items()
        for starts, ends in windows
    )
    if not spans:
        raise ValidationError(_("一周至少要有一段工作时间, 否则算不出工作日时限"))
    following = [*spans[1:], (spans[0][0] + 7 * MINUTES_PER_DAY, *spans[0][1:])]
    for (begins, _day, starts, ends), (next_begins, _next_day, next_starts, next_ends) in zip(
        spans, following, strict=True
    ):
        length = (_minute(ends) - _minute(starts)) % MINUTES_PER_DAY
        if begins + length > next_begins:
            raise ValidationError(
                _("%(one)s 与 %(other)s 重叠。改其中一段的时间")
                % {
                    "one": write_windows([(starts, ends)]),
                    "other": write_windows([(next_starts, next_ends)]),
                }
            )


def _clock(hour: str, minute: str) -> time | None:
    if (hour, minute) == ("24", "00"):
        return time(0)
    if int(hour) > 23 or int(minute) > 59:
        return None
    return time(int(hour), int(minute))


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute
