"""The working calendar as the database holds it."""

from datetime import date, time

from django.db.models import CharField, Value
from django.db.models.functions import Cast

from rulebook.models import DayOverride, WorkWindow
from rulebook.worktime import WorkCalendar


def load_calendar() -> WorkCalendar:
    """The windows and overrides of now, in one query."""
    windows = WorkWindow.objects.order_by().values_list(
        Value("window"),
        Cast("weekday", CharField()),
        Cast("starts", CharField()),
        Cast("ends", CharField()),
    )
    overrides = DayOverride.objects.order_by().values_list(
        Value("override"),
        Cast("day", CharField()),
        Cast("is_workday", CharField()),
        Value(""),
    )
    by_weekday: dict[int, list[tuple[time, time]]] = {}
    by_day: dict[date, bool] = {}
    for kind, first, second, third in windows.union(overrides, all=True):
        if kind == "window":
            span = (time.fromisoformat(second), time.fromisoformat(third))
            by_weekday.setdefault(int(first), []).append(span)
        else:
            by_day[date.fromisoformat(first)] = second in {"1", "true"}
    return WorkCalendar(by_weekday, by_day)


def years_without_data(calendar: WorkCalendar, today: date) -> list[int]:
    """This year, and from 1 November the next, where their holidays are not entered yet."""
    years = [today.year, today.year + 1] if today.month >= 11 else [today.year]
    return [year for year in years if not calendar.has_data(year)]
