"""The records of the house that an inspector may point at: what the person scored did and owed."""

from datetime import datetime, time, timedelta

from accounts.models import Staff
from appraisal.models import Sheet
from appraisal.periods import Period, month_start
from appraisal.round_plan import running_periods
from followups.evidence import Evidence, Record, collect_records
from rulebook.worktime import ZONE

LOOK_BACK = timedelta(days=31)
MOST = 300


def look_back(sheet: Sheet, now: datetime) -> datetime:
    """From when on something may speak for or against: the month of the sheet, at least 31 days
    back from its end, so that nothing falls between two inspections.
    """
    first = datetime.combine(month_start(sheet.day), time.min, tzinfo=ZONE)
    return min(looks_until(sheet, now) - LOOK_BACK, first)


def looks_until(sheet: Sheet, now: datetime) -> datetime:
    """Up to when: what came after the days of the sheet belongs to a later one."""
    after = period_of_sheet(sheet).ends_on + timedelta(days=1)
    return min(now, datetime.combine(after, time.min, tzinfo=ZONE))


def records_of(sheet: Sheet, *, to: Staff, now: datetime) -> list[Record]:
    """What the apps know of the person scored and ``to`` may open: the sheet's own period first,
    then what is older, each newest first.
    """
    found = collect_records(sheet.staff, look_back(sheet, now), looks_until(sheet, now), to=to)
    period = period_of_sheet(sheet)
    found.sort(key=lambda each: not lies_in(each, period))  # stable: newest first in both parts
    return found[:MOST]


def lies_in(record: Record | Evidence, period: Period) -> bool:
    """Whether it happened on the days of a period."""
    return period.starts_on <= record.at.astimezone(ZONE).date() <= period.ends_on


def period_of_sheet(sheet: Sheet) -> Period:
    """The days the sheet is about: its round's, else those of its kind around its day."""
    if sheet.round:
        return Period(sheet.round.starts_on, sheet.round.ends_on)
    noon = datetime.combine(sheet.day, time(12), tzinfo=ZONE)
    return running_periods(noon).get(sheet.kind, Period(sheet.day, sheet.day))
