"""Reading what people type: text without surprises, and moments as they are said."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SHANGHAI = ZoneInfo("Asia/Shanghai")
FURTHEST = timedelta(days=366)

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# Marks that change how a line reads without being seen; joiners of emoji are not among them.
_INVISIBLE = dict.fromkeys(
    [0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


def half_width(text: str) -> str:
    """Full-width digits, letters and signs become the usual ones; other text stays."""
    return text.translate(_FULL_WIDTH)


def clean_text(text: str | None) -> str:
    """Return what was typed without NUL, control and invisible characters, stripped.

    Line breaks stay (as ``\\n``), tabs become spaces, emoji and Chinese signs stay as they are.
    """
    text = str(text or "").replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = text.translate(_INVISIBLE)
    kept = (char for char in text if char == "\n" or unicodedata.category(char) not in ("Cc", "Cs"))
    return "".join(kept).strip()


# --- moments --------------------------------------------------------------------------------

_AT_ONCE = {"尽快", "越快越好", "马上", "现在", "立即", "立刻", "jk", "asap", "随时"}
_NUMERALS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_WEEKDAYS = {
    "一": 0,
    "二": 1,
    "三": 2,
    "四": 3,
    "五": 4,
    "六": 5,
    "日": 6,
    "天": 6,
    "1": 0,
    "2": 1,
    "3": 2,
    "4": 3,
    "5": 4,
    "6": 5,
    "7": 6,
}
_DAYS = {
    "大后天": 3,
    "今天": 0,
    "今日": 0,
    "今晚": 0,
    "明天": 1,
    "明日": 1,
    "明早": 1,
    "明晚": 1,
    "后天": 2,
    "jt": 0,
    "mt": 1,
    "ht": 2,
}
_PARTS = {
    "凌晨": time(6),
    "清晨": time(8),
    "早上": time(8),
    "早晨": time(8),
    "上午": time(9),
    "中午": time(12),
    "下午": time(14),
    "傍晚": time(18),
    "晚上": time(19),
    "早": time(8),
    "晚": time(19),
    "sw": time(9),
    "zw": time(12),
    "xw": time(14),
    "ws": time(19),
}
_AFTERNOON = {"中午", "下午", "傍晚", "晚上", "晚", "xw", "ws", "zw"}
_NIGHT = {"晚上", "晚", "ws"}
_QUARTERS = {"半": 30, "一刻": 15, "三刻": 45, "整": 0, "": 0}

_DAY = re.compile(
    r"(?P<word>大后天|今天|今日|今(?=晚)|明天|明日|明(?=[早晚])|后天|jt|mt|ht)"
    r"|(?P<next>下)?(?:本|这)?(?:周|星期|礼拜|z(?=[1-7]))(?P<weekday>[一二三四五六日天1-7])"
    r"|(?:(?P<year>20[0-9]{2})[-/年.])?(?P<month>[0-9]{1,2})[-/月](?P<day>[0-9]{1,2})[日号]?t?"
    r"|(?P<alone>[0-9]{1,2})[日号]"
)
_PART = re.compile("|".join(sorted(_PARTS, key=len, reverse=True)))
_CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:[:点时](?P<minute>[0-5]?[0-9])分?|[点时](?P<quarter>半|一刻|三刻|整)?"
    r"|\.(?P<tenth>[0-9]{1,2}))?(?::[0-9]{2})?"
    r"|(?P<digits>[0-9]{3,4})"
)
_LATER = re.compile(r"(?P<count>[0-9]{1,3}|半)个?(?P<unit>小时|钟头|分钟|分|天|日)(?:之?后|以后)")


def parse_moment(text: str | None, now: datetime) -> datetime | None:
    """Read a moment as typed at the desk (screens.md 3.3); None means as soon as possible.

    ``15``, ``1530``, ``9.5``, ``明天9点``, ``周六上午``, ``mt9``, ``11月25日 9:00``, ``2小时后``.
    A time without a day is the next such time. Raises ValidationError for what cannot be read,
    is over, or lies more than a year ahead. The result is in Shanghai time.
    """
    typed = re.sub(r"[\s,]+", "", half_width(clean_text(text)[:60])).lower().replace("：", ":")
    if not typed or typed in _AT_ONCE:
        return None
    here = now.astimezone(SHANGHAI)
    try:
        moment, has_day = _read(re.sub(r"(之前|以前|左右|前|到)$", "", typed), here)
    except (ValueError, OverflowError):
        raise ValidationError(
            _("看不懂时间“%(text)s”。可写 15、15:30、明天9点、周六上午, 或选“尽快”"),
            code="unreadable",
            params={"text": clean_text(text)[:30]},
        ) from None
    if moment <= here:
        if has_day:
            raise _past(moment, here)
        moment += timedelta(days=1)
    if moment - here > FURTHEST:
        raise ValidationError(_("时间离现在超过一年。改为一年以内的时间"), code="far")
    return moment


def _past(moment, here):
    earliest = here.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    shown = f"{moment:%H:%M}" if moment.date() == here.date() else f"{moment:%Y-%m-%d %H:%M}"
    texts = {"moment": shown, "earliest": f"{earliest:%H:%M}"}
    if earliest.date() == here.date():
        message = _("预约时间 %(moment)s 已经过了。改为今天 %(earliest)s 之后, 或选“尽快”")
    else:
        message = _("预约时间 %(moment)s 已经过了。改为明天 %(earliest)s 之后, 或选“尽快”")
    return ValidationError(message, code="past", params=texts)


def _read(typed, here):
    """Return (moment, whether a day was said); ValueError for what is no moment."""
    later = _LATER.fullmatch(_with_digits(typed))
    if later:
        count = 0.5 if later["count"] == "半" else int(later["count"])
        unit = {"小": "hours", "钟": "hours", "分": "minutes", "天": "days", "日": "days"}
        return here + timedelta(**{unit[later["unit"][0]]: count}), True
    rest, day, next_week_possible = typed, None, False
    found = _DAY.match(typed)
    if found and not _is_clock(typed, found):
        day, next_week_possible = _day(found, here)
        rest = typed[found.end() :]
    part = ""
    in_front = _PART.match(rest)
    if in_front:
        part, rest = in_front.group(), rest[in_front.end() :]
    if not rest and not part and day is None:
        raise ValueError
    at = _clock(_with_digits(rest), part) if rest else _PARTS.get(part, time(9))
    if day == here.date() and not rest and not part:
        at = time(18)  # 今天, and nothing else: by the end of the working day
    moment = datetime.combine(day or here.date(), at, SHANGHAI)
    if part in _NIGHT and at.hour == 12:
        moment += timedelta(hours=12)  # 晚上12点 is the midnight that follows
    if next_week_possible and moment <= here:
        moment += timedelta(days=7)
    return moment, day is not None


def _is_clock(typed, found):
    """``9.5`` and ``15`` are times of day, not dates."""
    return found["month"] is not None and "." in found.group() and not found["year"]


def _day(found, here):
    today = here.date()
    if found["word"]:
        word = {"今": "今天", "明": "明天"}.get(found["word"], found["word"])
        return today + timedelta(days=_DAYS[word]), False
    if found["weekday"]:
        monday = today - timedelta(days=today.weekday())
        day = monday + timedelta(days=_WEEKDAYS[found["weekday"]])
        if found["next"]:
            return day + timedelta(days=7), False
        return (day if day >= today else day + timedelta(days=7)), True
    if found["alone"]:
        day = today.replace(day=int(found["alone"]))
        if day < today:
            day = (today.replace(day=1) + timedelta(days=32)).replace(day=int(found["alone"]))
        return day, False
    year = int(found["year"] or today.year)
    day = date(year, int(found["month"]), int(found["day"]))
    if not found["year"] and day < today - timedelta(days=180):
        day = date(year + 1, day.month, day.day)
    return day, False


def _clock(typed, part):
    found = _CLOCK.fullmatch(typed)
    if not found:
        raise ValueError
    if found["digits"]:
        hour, minute = int(found["digits"][:-2]), int(found["digits"][-2:])
    else:
        hour = int(found["hour"])
        minute = int(found["minute"] or 0) + _QUARTERS[found["quarter"] or ""]
        if found["tenth"]:
            tenth = found["tenth"]
            minute = int(tenth) * 6 if len(tenth) == 1 else int(tenth)
    if part in _AFTERNOON and hour < (11 if part in ("中午", "zw") else 12):
        hour += 12
    return time(hour, minute)


def _with_digits(typed):
    """Chinese numerals up to 九十九 as digits, letter for letter elsewhere."""

    def number(found):
        tens, ten, ones = found.group(1), found.group(2), found.group(3)
        if not ten:
            return str(_NUMERALS[tens]) if tens else ""
        return str((_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0))

    typed = re.sub(r"(?<=[点时])一刻", "15", typed)
    typed = re.sub(r"(?<=[点时])三刻", "45", typed)
    return re.sub(r"([零〇一二两三四五六七八九])?(十)?(?(2)([一二三四五六七八九])?)", number, typed)
