"""What one number of the manual is: its row in the tables of this package."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MINUTES = "minutes"
HOURS = "hours"
DAYS = "days"
WORKING_DAYS = "working_days"
MONTHS = "months"
MONTH_DAYS = "month_days"  # a day of the month, 1 … 31
MONTH_OF_YEAR = "month_of_year"
HOUR_OF_DAY = "hour_of_day"
COUNT = "count"
PERCENT = "percent"
POINTS = "points"

UNIT_LABELS = {
    MINUTES: _("分钟"),
    HOURS: _("小时"),
    DAYS: _("天"),
    WORKING_DAYS: _("个工作日"),
    MONTHS: _("个月"),
    MONTH_DAYS: _("日, 每月"),
    MONTH_OF_YEAR: _("月, 每年"),
    HOUR_OF_DAY: _("点, 每天 (8.5 即 8:30)"),
    COUNT: _("个或次"),
    PERCENT: "%",
    POINTS: _("分"),
}

UNIT_PHRASES = {
    MINUTES: _("%(value)s 分钟"),
    HOURS: _("%(value)s 小时"),
    DAYS: _("%(value)s 天"),
    WORKING_DAYS: _("%(value)s 个工作日"),
    MONTHS: _("%(value)s 个月"),
    MONTH_DAYS: _("每月 %(value)s 日"),
    MONTH_OF_YEAR: _("每年 %(value)s 月"),
    HOUR_OF_DAY: "%(value)s",
    COUNT: "%(value)s",
    PERCENT: "%(value)s%%",
    POINTS: _("%(value)s 分"),
}

WHOLE_UNITS = {WORKING_DAYS, MONTHS, MONTH_DAYS, MONTH_OF_YEAR, COUNT}

MANUAL = "manual"
FAMILY = "family"
SIMILAR = "similar"
NATIONAL = "national"
LOCAL = "local"
JUDGEMENT = "judgement"

CONFIDENCE_LABELS = {
    MANUAL: _("本手册原文"),
    FAMILY: _("同系列手册"),
    SIMILAR: _("同类手册"),
    NATIONAL: _("国家标准"),
    LOCAL: _("地方标准"),
    JUDGEMENT: _("编写时的判断"),
}


# Why a change of a number moves nothing: pages say so, and tests/rulebook/test_readers.py looks
# that it is true of these numbers and of no other.
AWAITED = _("这项功能系统里还没有, 改了暂不起作用")
FOR_PEOPLE = _("给人看的标准, 系统不按它计时")
FIXED = _("手册定死的, 系统每单必做")


@dataclass(frozen=True)
class Number:
    """One number: where it is used, what it ships as, and how sure anybody is of that.

    ``default`` counts in ``unit`` and lies within ``low`` … ``high``, the bounds a manager may
    move it in. ``source`` says in own words where the default comes from, ``confidence`` how
    far that may be trusted. ``clauses`` are the clauses of the manual that need the number,
    ``sop`` the code of the procedure it belongs to (empty: none of the 15).
    ``unread`` says why nothing in the software goes by it (empty: something does).
    """

    key: str
    label: str | Promise
    unit: str
    default: Decimal
    low: Decimal
    high: Decimal
    confidence: str
    source: str | Promise
    clauses: tuple[str, ...] = ()
    sop: str = ""
    unread: str | Promise = ""

    @property
    def topic(self) -> str:
        return self.key.partition(".")[0]

    @property
    def unit_label(self) -> str | Promise:
        return UNIT_LABELS[self.unit]

    @property
    def confidence_label(self) -> str | Promise:
        return CONFIDENCE_LABELS[self.confidence]

    def check(self, value: Decimal) -> None:
        """ValidationError for a value out of bounds, or a broken one where only whole ones do."""
        if not self.low <= value <= self.high:
            raise ValidationError(
                _("应在 %(low)s 到 %(high)s 之间"),
                params={"low": phrase(self.low, self.unit), "high": phrase(self.high, self.unit)},
            )
        if self.unit in WHOLE_UNITS and value != value.to_integral_value():
            raise ValidationError(_("应为整数"))


def phrase(value: Decimal, unit: str) -> str:
    """A value as people write it: ``5 分钟``, ``18:00``, ``98%``."""
    if unit == HOUR_OF_DAY:
        hour, minute = divmod(round(value * 60), 60)
        return f"{hour}:{minute:02}"
    text = f"{value.normalize():f}"
    return UNIT_PHRASES[unit] % {"value": text}


def row(
    key: str,
    label: str | Promise,
    default: int | str,
    unit: str,
    bounds: tuple[int | str, int | str],
    confidence: str,
    source: str | Promise,
    *clauses: str,
    sop: str = "",
    unread: str | Promise = "",
) -> Number:
    """One line of a table, in the order a person reads it."""
    low, high = bounds
    return Number(
        key,
        label,
        unit,
        Decimal(default),
        Decimal(low),
        Decimal(high),
        confidence,
        source,
        clauses,
        sop,
        unread,
    )
