"""What every register does the same way: a new line, and a correction of one."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Staff
from estates.models import Estate, Unit
from followups.actions import meet
from history import entries
from registers import followups
from registers.actions.moving import move, refusal
from registers.models import Record, RegisterNumber

R = TypeVar("R", bound=Record)


@transaction.atomic
def add(record: R, *, by: Staff, now: datetime, event: str = "record.added") -> R:
    """Enter a new line: numbered, checked by its register's rules, and owed what follows from it.

    Raises ValidationError for what the register refuses.
    """
    record.recorded_by, record.recorded_at = by, now
    if record.SIGNATURE and getattr(record, record.SIGNATURE):
        record.signed_at, record.signature_by = now, by
    if record.unit_id:  # two people at once must not both be the third of three cards
        Unit.objects.select_for_update(of=("self",)).get(pk=record.unit_id)
    record.number = next_number(record.estate, record.LETTERS, now=now)
    record.full_clean()
    try:
        with transaction.atomic():
            record.save(force_insert=True)
    except IntegrityError:
        record.pk = None
        record.validate_constraints()  # says in words which one
        raise
    was_refused = not record.is_open
    entries.record(
        record, "deposit.refused" if was_refused else event, by=by, now=now, note=record.summary
    )
    followups.start(record, now=now)
    return record


@transaction.atomic
def sign(record: Record, *, by: Staff, now: datetime) -> None:
    """The paper form, printed with what was typed, is signed; ``by`` saw it."""
    if not record.awaits_signature:
        raise ValidationError(refusal(record, by=by, now=now), code="stale")
    move(record, record.status, "record.signed", frm=record.OPEN, by=by, now=now,
         signed_at=now, signature_by=by, **{record.SIGNATURE: True})  # fmt: skip
    meet(record, followups.SIGN, by=by, now=now)


@transaction.atomic
def change(
    record: Record, changes: dict[str, Any], *, seen: int, by: Staff, now: datetime
) -> Record:
    """Correct fields of a line that is not over; ``seen`` is the version that was on the screen.

    Raises ValidationError with code ``stale`` when somebody changed it since, and for whatever
    the register refuses. The same values again change nothing.
    """
    was = type(record).objects.get(pk=record.pk)
    if was.version != seen:
        raise ValidationError(refusal(was, by=by, now=now), code="stale")
    if not was.is_open:
        raise ValidationError(_("%(number)s已经结束, 不能再改") % {"number": was.number})
    for name, value in changes.items():
        setattr(record, name, value)
    record.full_clean()
    values = {name: getattr(record, name) for name in changes}
    differing = {name: value for name, value in values.items() if value != getattr(was, name)}
    if not differing:
        return record
    rows = type(record).objects.filter(pk=record.pk, version=seen, status=was.status)
    try:
        with transaction.atomic():
            changed = rows.update(version=F("version") + 1, **differing)
    except IntegrityError:
        record.validate_constraints()  # says in words which one
        raise
    if not changed:
        raise ValidationError(refusal(was, by=by, now=now), code="stale")
    record.version = seen + 1
    words = difference(was, record, differing)
    entries.record(record, "record.changed", by=by, now=now, changes=words[:500])
    return record


def difference(was: Record, record: Record, names: Iterable[str]) -> str:
    """What became of the named fields, in words: 柜位 甲1 → 甲2."""
    return "; ".join(
        f"{record._meta.get_field(name).verbose_name} {said(was, name)} → {said(record, name)}"
        for name in names
        if getattr(was, name) != getattr(record, name)
    )


def said(record: Record, name: str) -> str:
    """A field's value as people read it; numbers to dial only by their ends."""
    field = record._meta.get_field(name)
    if field.choices:
        return str(getattr(record, f"get_{name}_display")())
    value = getattr(record, name)
    if name in record.PHONES:
        return f"…{value[-4:]}" if value else "–"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return "–" if value in ("", None) else str(value)


def next_number(estate: Estate, letters: str, *, now: datetime) -> str:
    """The next number of the register's year, without gaps: YS2026-0001.

    The counting UPDATE locks the year's row until the caller commits.
    """
    year = timezone.localdate(now).year
    row = RegisterNumber.objects.filter(estate=estate, letters=letters, year=year)
    if not row.update(last=F("last") + 1):
        try:
            with transaction.atomic():
                RegisterNumber.objects.create(estate=estate, letters=letters, year=year, last=1)
        except IntegrityError:  # a colleague took the first number of the year meanwhile
            row.update(last=F("last") + 1)
    return f"{letters}{year}-{row.values_list('last', flat=True).get():04d}"
