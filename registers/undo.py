"""Taking an import back within a day: what it wrote goes, unless somebody has used it since."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import Staff
from followups.actions import cancel
from history import entries
from registers.actions import records
from registers.catalogue import Register
from registers.models import Record, RegisterImport, RegisterNumber
from registers.models.imports import ADD, SAME, ImportState

UNDO_FOR = timedelta(hours=24)


def kept_values(record: Record, names: Iterable[str]) -> dict[str, str | None]:
    """The fields as texts that ``undo`` reads back."""
    fields = (record._meta.get_field(name) for name in names)
    return {
        field.name: None
        if getattr(record, field.attname) is None
        else field.value_to_string(record)
        for field in fields
    }


def can_undo(batch: RegisterImport, *, now: datetime) -> bool:
    """Written, and no more than a day ago."""
    return (
        batch.state == ImportState.DONE
        and batch.written_at is not None
        and now - batch.written_at <= UNDO_FOR
    )


@transaction.atomic
def undo(batch: RegisterImport, register: Register, *, by: Staff, now: datetime) -> RegisterImport:
    """Take back every line that is still as the batch left it; ``batch.kept`` says what stays, and why.

    New lines go with what they made people owe, changed ones get their old words back. Raises
    ValidationError after a day, or (``stale``) when a colleague was faster.
    """
    if not can_undo(batch, now=now):
        raise ValidationError(_("只能撤销 24 小时内写入的导入"))
    done = RegisterImport.objects.filter(pk=batch.pk, state=ImportState.DONE)
    if not done.update(state=ImportState.UNDONE, undone_at=now):
        raise ValidationError(_("同事刚撤销了这一批。刷新页面再看"), code="stale")
    kept, gone = [], []
    # From the last on, so that the numbers given out by the batch are free again.
    for row in reversed([row for row in batch.good_rows if row["does"] != SAME]):
        try:
            with transaction.atomic():
                gone += _take_back(row, register, by=by, now=now)
        except ValidationError as error:
            kept.append({"line": row["line"], "problem": "; ".join(error.messages)})
    batch.kept = sorted(kept, key=lambda row: row["line"])
    batch.state, batch.undone_at = ImportState.UNDONE, now
    batch.save(update_fields=["kept"])
    entries.record(batch, "register.import_undone", by=by, now=now, register=batch.slug,
                   numbers=gone[:500], kept=len(kept))  # fmt: skip
    return batch


def _take_back(row: dict, register: Register, *, by, now) -> list[str]:
    """Undo one row; returns the number of a line that is gone."""
    record = register.model.objects.select_for_update().filter(pk=row["pk"]).first()
    if record is None:
        return []
    if record.version != row["version"]:
        raise ValidationError(
            _("%(number)s导入以后办过步骤或改过, 保留") % {"number": record.number}
        )
    if row["does"] != ADD:
        records.change(record, _read(record, row["was"]), seen=record.version, by=by, now=now)
        return []
    cancel(record, now=now)
    try:
        record.delete()
    except models.ProtectedError as error:  # e.g. found missing by a monthly count
        raise ValidationError(
            _("%(number)s已被别的记录用到, 保留") % {"number": record.number}
        ) from error
    _give_number_back(record)
    return [record.number]


def _read(record: Record, was: dict[str, str | None]) -> dict[str, Any]:
    return {
        name: None if text is None else record._meta.get_field(name).to_python(text)
        for name, text in was.items()
    }


def _give_number_back(record: Record) -> None:
    """The last number given out is the next one again; a number within the row stays unused."""
    year, last = record.number.removeprefix(record.LETTERS).split("-")
    RegisterNumber.objects.filter(
        estate=record.estate_id, letters=record.LETTERS, year=int(year), last=int(last)
    ).update(last=models.F("last") - 1)
