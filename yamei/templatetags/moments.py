"""Moments, lengths of time, money, and personal data, as this house writes them."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from estates.models import COMPOUND_SURNAMES
from estates.phones import masked

register = template.Library()
WEEKDAYS = [
    gettext_noop("周一"), gettext_noop("周二"), gettext_noop("周三"), gettext_noop("周四"),
    gettext_noop("周五"), gettext_noop("周六"), gettext_noop("周日"),
]  # fmt: skip


def weekday(day: date) -> str:
    """The short name of the weekday, in the reader's language."""
    return _(WEEKDAYS[day.weekday()])


def moment_text(value: datetime, now: datetime) -> str:
    """15:02 today, 昨天 15:02, 11月20日 15:02 this year, 2025年11月20日 before."""
    local, today = timezone.localtime(value), timezone.localdate(now)
    time = f"{local:%H:%M}"
    away = (local.date() - today).days
    if away == 0:
        return time
    if away == -1:
        return _("昨天 %(time)s") % {"time": time}
    if away == 1:
        return _("明天 %(time)s") % {"time": time}
    parts = {"year": local.year, "month": local.month, "day": local.day, "time": time}
    if local.year == today.year:
        return _("%(month)s月%(day)s日 %(time)s") % parts
    return _("%(year)s年%(month)s月%(day)s日") % parts


def planned_text(value: datetime) -> str:
    """With its weekday, for what lies ahead: 11月25日 周三 09:00."""
    local = timezone.localtime(value)
    return _("%(month)s月%(day)s日 %(weekday)s %(time)s") % {
        "month": local.month,
        "day": local.day,
        "weekday": weekday(local.date()),
        "time": f"{local:%H:%M}",
    }


def duration_text(seconds: float) -> str:
    """A length of time as people say it: 28 天, 1 天 3 小时, 1 小时 20 分, 8 分钟.

    From a week on the hours say nothing any more and are left out.
    """
    minutes = int(abs(seconds) // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        whole = _("%(days)s 天") % {"days": days}
        part = _("%(hours)s 小时") % {"hours": hours}
        return f"{whole} {part}" if hours and days < 7 else whole
    if hours:
        whole = _("%(hours)s 小时") % {"hours": hours}
        part = _("%(minutes)s 分") % {"minutes": minutes}
        return f"{whole} {part}" if minutes else whole
    if minutes:
        return _("%(minutes)s 分钟") % {"minutes": minutes}
    return _("不到 1 分钟")


@register.filter
def moment(value):
    """A moment in a list; the exact one is in ``<time>`` and its tooltip."""
    return _time(value, moment_text(value, timezone.now())) if value else ""


@register.filter
def planned(value):
    """A moment ahead, with its weekday."""
    return _time(value, planned_text(value)) if value else ""


@register.filter
def exact(value):
    """As printed and as in workbooks: 2026-11-23 15:02."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


@register.filter
def exact_day(value):
    return f"{timezone.localtime(value):%Y-%m-%d}" if value else ""


@register.filter
def duration(value):
    """Seconds or a timedelta in words."""
    if value is None or value == "":
        return ""
    return duration_text(value.total_seconds() if hasattr(value, "total_seconds") else value)


@register.filter
def money(value):
    """¥1,280.00; empty stays empty."""
    return "" if value is None or value == "" else f"¥{Decimal(value):,.2f}"


@register.filter
def masked_phone(value):
    """139****1234, 029-****1234: enough to recognise, not enough to call."""
    return masked(value)


@register.filter
def masked_name(value):
    """The surname and two stars: 王**, 欧阳**."""
    text = str(value or "")
    if not text:
        return ""
    return f"{text[:2] if text[:2] in COMPOUND_SURNAMES else text[:1]}**"


def _time(value, text):
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), exact(value), text
    )


@register.filter
def day(value):
    """11月24日 周二; a date or a moment, in Shanghai."""
    if not value:
        return ""
    local = timezone.localdate(value) if isinstance(value, datetime) else value
    parts = {"month": local.month, "day": local.day, "weekday": weekday(local)}
    return _("%(month)s月%(day)s日 %(weekday)s") % parts


@register.filter
def month(value):
    """2026年11月."""
    if not value:
        return ""
    local = timezone.localdate(value) if isinstance(value, datetime) else value
    return _("%(year)s年%(month)s月") % {"year": local.year, "month": local.month}
