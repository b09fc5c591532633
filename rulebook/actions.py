"""Changing the rulebook: numbers, working windows, holidays. The manager's verbs."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Staff
from history.entries import record
from rulebook.models import DayOverride, NumberVersion, WorkWindow
from rulebook.numbers.row import phrase
from rulebook.provenance import Standing, standing
from rulebook.windows import check_week, fingerprint
from rulebook.worktime import Window


class StaleError(ValidationError):
    """A colleague changed the same thing after the page was opened; views answer 409."""


@transaction.atomic
def change_number(
    key: str,
    *,
    value: Decimal,
    note: str,
    seen_version: int,
    by: Staff,
    now: datetime,
    effective_at: datetime | None = None,
) -> NumberVersion:
    """Give a number a new value from ``effective_at`` (default: now) on.

    ``value`` counts in the number's unit, within its bounds. What was opened under an older
    version keeps it. StaleError when ``seen_version`` is no longer the newest one;
    ValidationError for a value, moment or note that will not do.
    """
    found = standing(key, at=now)
    if found.newest != seen_version:
        raise _stale_number(found)
    found.number.check(value)
    if not note.strip():
        raise ValidationError({"note": _("写明为什么改, 例如按哪份制度或谁的批示")})
    if effective_at is not None and effective_at < now:
        raise ValidationError({"effective_at": _("生效时间已经过了。留空立即生效, 或填以后的时间")})
    if effective_at is None and value == found.value and found.is_confirmed:
        raise ValidationError({"value": _("与现在的值相同。改成别的值, 或不改")})
    return _add_version(found, value, effective_at or now, note.strip(), by=by, now=now)


@transaction.atomic
def confirm_number(key: str, *, seen_version: int, by: Staff, now: datetime) -> NumberVersion:
    """Declare the value in force, usually the shipped default, to be the company's own.

    StaleError as in ``change_number``; ValidationError when it is confirmed already.
    """
    found = standing(key, at=now)
    if found.newest != seen_version:
        raise _stale_number(found)
    if found.is_confirmed:
        raise ValidationError(_("这个数字已经核定过了"))
    return _add_version(found, found.value, now, "", by=by, now=now)


@transaction.atomic
def set_week(week: Mapping[int, Sequence[Window]], *, seen: str, by: Staff, now: datetime) -> None:
    """Replace the working windows of the week (0 Monday … 6 Sunday).

    ``seen`` is the ``windows.fingerprint`` of the week the form showed: StaleError when a
    colleague changed it since. ValidationError for an empty week or overlapping windows.
    """
    check_week(week)
    list(WorkWindow.objects.select_for_update())  # later changers wait, then read what is new
    before = week_of_now()
    if fingerprint(before) != seen:
        raise StaleError(_("工作时段刚被同事改过。页面已显示新的时段, 您填的还在"))
    WorkWindow.objects.all().delete()
    windows = WorkWindow.objects.bulk_create(
        WorkWindow(weekday=weekday, starts=starts, ends=ends)
        for weekday, spans in sorted(week.items())
        for starts, ends in spans
    )
    record(
        windows[0],
        "rulebook.week_set",
        by=by,
        now=now,
        before=fingerprint(before),
        after=fingerprint(week),
    )


def week_of_now() -> dict[int, list[Window]]:
    """The working windows by weekday."""
    week: dict[int, list[Window]] = {}
    for window in WorkWindow.objects.all():
        week.setdefault(window.weekday, []).append((window.starts, window.ends))
    return week


@transaction.atomic
def add_day(
    *, day: date, is_workday: bool, name: str, source: str, by: Staff, now: datetime
) -> DayOverride:
    """Make a day a holiday or a working day; ValidationError when it is listed already."""
    override, is_new = DayOverride.objects.get_or_create(
        day=day, defaults={"is_workday": is_workday, "name": name, "source": source}
    )
    if not is_new:
        raise ValidationError(
            {"day": _("%(day)s 已在表里。在表里修改那一行") % {"day": day.isoformat()}}
        )
    record(override, "rulebook.day_added", by=by, now=now, **_day_detail(override))
    return override


@transaction.atomic
def change_day(
    override: DayOverride,
    *,
    is_workday: bool,
    name: str,
    source: str,
    seen_version: int,
    by: Staff,
    now: datetime,
) -> DayOverride:
    """Change what a listed day is; StaleError when a colleague was faster."""
    changed = DayOverride.objects.filter(pk=override.pk, version=seen_version).update(
        is_workday=is_workday, name=name, source=source, version=seen_version + 1
    )
    if not changed:
        raise StaleError(_("这一天刚被同事改过或删除。核对后再保存, 您填的还在"))
    before = _day_detail(override)
    override.refresh_from_db()
    record(override, "rulebook.day_changed", by=by, now=now, before=before, **_day_detail(override))
    return override


@transaction.atomic
def remove_day(override: DayOverride, *, seen_version: int, by: Staff, now: datetime) -> None:
    """Let a day follow its weekday again. Seeding will not bring it back."""
    record(override, "rulebook.day_removed", by=by, now=now, **_day_detail(override))
    removed, _kinds = DayOverride.objects.filter(pk=override.pk, version=seen_version).delete()
    if not removed:
        raise StaleError(_("这一天刚被同事改过或删除。核对后再删"))


def _add_version(
    found: Standing, value: Decimal, effective_at: datetime, note: str, *, by: Staff, now: datetime
) -> NumberVersion:
    key = found.number.key
    try:
        with transaction.atomic():
            version = NumberVersion.objects.create(
                key=key,
                version=found.newest + 1,
                value=value,
                effective_at=effective_at,
                is_confirmed=True,
                by=by,
                note=note,
            )
    except IntegrityError:  # two managers at the same moment: the constraint lets one pass
        raise _stale_number(standing(key, at=now)) from None
    record(
        version,
        "rulebook.number_confirmed" if not note else "rulebook.number_changed",
        by=by,
        now=now,
        key=key,
        before=str(found.value),
        value=str(value),
        effective_at=effective_at.isoformat(),
        note=note,
    )
    return version


def _stale_number(found: Standing) -> StaleError:
    newest = (
        NumberVersion.objects.filter(key=found.number.key, version=found.newest)
        .select_related("by")
        .first()
    )
    if newest is None:  # the page claims a version that never was
        return StaleError(_("页面已过时。现在的值在上面, 核对后再保存"))
    return StaleError(
        _("%(who)s刚把它定为 %(value)s。核对后再保存, 您填的还在")
        % {
            "who": newest.by.name if newest.by else _("同事"),
            "value": phrase(newest.value, found.number.unit),
        }
    )


def _day_detail(override: DayOverride) -> dict:
    return {
        "day": override.day.isoformat(),
        "is_workday": override.is_workday,
        "name": override.name,
        "source": override.source,
    }
