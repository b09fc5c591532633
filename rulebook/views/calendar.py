"""The working calendar: windows of the week, holidays, make-up working days."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rulebook import actions
from rulebook.forms import FIRST_YEAR, LAST_YEAR, ChangeDayForm, NewDayForm, WeekForm
from rulebook.models import DayOverride
from rulebook.windows import fingerprint, write_windows
from rulebook.workdays import load_calendar, years_without_data
from rulebook.worktime import NoWorkingTimeError

PREVIEW_DAYS = 3
LONGEST_PREVIEW = 60


@require_safe
@permission_required("rulebook.view", raise_exception=True)
def calendar(request: HttpRequest) -> HttpResponse:
    """One year's listed days, the working week, and what a deadline opened now would be."""
    return _calendar_page(request)


@require_POST
@permission_required("rulebook.change", raise_exception=True)
def week_change(request: HttpRequest) -> HttpResponse:
    form = WeekForm(request.POST)
    if not form.is_valid():
        return _calendar_page(request, week_form=form, status=422)
    try:
        actions.set_week(
            form.cleaned_data["week"],
            seen=form.cleaned_data["seen"],
            by=request.user,
            now=timezone.now(),
        )
    except ValidationError as error:
        form.add_error(None, error)
        stale = isinstance(error, actions.StaleError)
        if stale:  # both stand on the page now: the new week above, what was typed below
            form.data = form.data.copy()
            form.data["seen"] = fingerprint(actions.week_of_now())
        return _calendar_page(
            request, week_form=form, show_week=stale, status=409 if stale else 422
        )
    messages.success(request, _("工作时段已保存, 新开的事项按新时段计时"))
    return redirect("rulebook:calendar")


@require_POST
@permission_required("rulebook.change", raise_exception=True)
def day_add(request: HttpRequest) -> HttpResponse:
    form = NewDayForm(request.POST)
    if form.is_valid():
        try:
            override = actions.add_day(**form.cleaned_data, by=request.user, now=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(day)s 已加入") % {"day": override.day.isoformat()})
            return _to_year(override.day)
    return _calendar_page(request, day_form=form, status=422)


@permission_required("rulebook.change", raise_exception=True)
def day_change(request: HttpRequest, pk: int) -> HttpResponse:
    override = get_object_or_404(DayOverride, pk=pk)
    form = ChangeDayForm(
        request.POST or None,
        initial={
            "is_workday": "1" if override.is_workday else "0",
            "name": override.name,
            "source": override.source,
            "seen_version": override.version,
        },
    )
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            actions.change_day(override, **form.cleaned_data, by=request.user, now=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
            form.data = form.data.copy()
            form.data["seen_version"] = str(override.version)
            status = 409
        else:
            messages.success(request, _("%(day)s 已保存") % {"day": override.day.isoformat()})
            return _to_year(override.day)
    return render(
        request, "rulebook/day_form.html", {"form": form, "override": override}, status=status
    )


@require_POST
@permission_required("rulebook.change", raise_exception=True)
def day_remove(request: HttpRequest, pk: int) -> HttpResponse:
    override = get_object_or_404(DayOverride, pk=pk)
    seen = _number(request.POST.get("seen_version", ""), default=0, low=0, high=9999)
    try:
        actions.remove_day(
            override,
            seen_version=seen,
            by=request.user,
            now=timezone.now(),
        )
    except ValidationError as error:
        return _calendar_page(request, year=override.day.year, errors=error.messages, status=409)
    messages.success(
        request, _("%(day)s 已删除, 按平常的星期算") % {"day": override.day.isoformat()}
    )
    return _to_year(override.day)


def _to_year(day: date) -> HttpResponse:
    return redirect(f"{reverse('rulebook:calendar')}?year={day.year}")


def _number(text: str, *, default: int, low: int, high: int) -> int:
    """A whole number out of a request; what is not one, or out of bounds, is the default."""
    number = int(text) if text.isdecimal() and len(text) <= 4 else default
    return number if low <= number <= high else default


def _calendar_page(
    request: HttpRequest,
    *,
    week_form: WeekForm | None = None,
    day_form: NewDayForm | None = None,
    year: int | None = None,
    show_week: bool = False,
    errors: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    year = year or _number(
        request.GET.get("year", ""), default=today.year, low=FIRST_YEAR, high=LAST_YEAR
    )
    days = _number(request.GET.get("days", ""), default=PREVIEW_DAYS, low=1, high=LONGEST_PREVIEW)
    working = load_calendar()
    try:
        preview = working.add_working_days(now, days)
    except NoWorkingTimeError:
        preview = None
    week = working.windows_by_weekday
    return render(
        request,
        "rulebook/calendar.html",
        {
            "year": year,
            "overrides": DayOverride.objects.filter(day__year=year),
            "missing_years": years_without_data(working, today),
            "has_data": working.has_data(year),
            "week_form": week_form or WeekForm(week=week),
            "week_lines": [
                (WEEKDAYS[weekday], write_windows(week.get(weekday, ()))) for weekday in range(7)
            ],
            "show_week": show_week,
            "day_form": day_form or NewDayForm(initial={"is_workday": "0"}),
            "days": days,
            "preview": preview,
            "errors": errors or [],
            "can_change": request.user.has_perm("rulebook.change"),
        },
        status=status,
    )
