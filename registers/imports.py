"""A register from a workbook: every row is tried first, and what fails goes back with its reason.

A row without a number is a new line. A row with one corrects the line of that number, so that a
register may be written out, changed in Excel and read in again.
"""

from datetime import datetime
from typing import BinaryIO

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Staff
from estates.models import Estate
from history import entries
from history.models import Entry
from registers import cells, undo, workbooks
from registers.actions import records
from registers.catalogue import Register
from registers.events import EVENTS
from registers.forms import form_class, new_form
from registers.models import Record, RegisterImport
from registers.models.imports import ADD, CHANGE, SAME, ImportState
from spreadsheets.reader import cell_text, read_sheets

MOST_ROWS = 500


def upload(
    file: BinaryIO, *, name: str, register: Register, estate: Estate, by: Staff, now: datetime
) -> RegisterImport:
    """Read a workbook and try every row, writing nothing but the batch itself.

    Raises ValidationError when the file cannot be read, has no known heading, or too many rows.
    """
    sheet = read_sheets(file)[0]
    texts = [[cell_text(cell) for cell in row] for row in sheet.rows]
    headers = texts[0] if texts else []
    if not set(workbooks.names_of(headers, register)) & set(register.fields):
        raise ValidationError({"file": _("第一行没有认得的列名。先下载模板, 按模板的列填写")})
    rows = [{"line": line, "cells": row} for line, row in enumerate(texts[1:], start=2) if any(row)]
    if not rows:
        raise ValidationError({"file": _("工作簿里没有要导入的行")})
    if len(rows) > MOST_ROWS:
        raise ValidationError(
            {"file": _("一次最多 %(most)s 行, 这份有 %(count)s 行。分几份导入")
             % {"most": MOST_ROWS, "count": len(rows)}}
        )  # fmt: skip
    with transaction.atomic():
        good, bad = _write(rows, headers, register, estate, by=by, now=now)
        transaction.set_rollback(True)  # only tried; the numbers go back too
    return RegisterImport.objects.create(
        estate=estate,
        slug=register.slug,
        file_name=name[-120:],
        headers=headers,
        good_rows=good,
        bad_rows=bad,
        by=by,
        created_at=now,
    )


@transaction.atomic
def start(batch: RegisterImport, register: Register, *, by: Staff, now: datetime) -> RegisterImport:
    """Write the good rows; what became impossible since the preview joins the bad ones."""
    _claim(batch, ImportState.DONE)
    good, bad = _write(batch.good_rows, batch.headers, register, batch.estate, by=by, now=now)
    batch.written = sum(row["does"] != SAME for row in good)
    batch.good_rows, batch.written_at = good, now
    batch.bad_rows = sorted(batch.bad_rows + bad, key=lambda row: row["line"])
    batch.save(update_fields=["written", "written_at", "good_rows", "bad_rows"])
    entries.record(
        batch, "register.imported", by=by, now=now, rows=batch.written, register=batch.slug
    )
    return batch


def discard(batch: RegisterImport) -> None:
    _claim(batch, ImportState.DISCARDED)


def _claim(batch, state):
    """Two clicks must not write twice."""
    rows = RegisterImport.objects.filter(pk=batch.pk, state=ImportState.PREVIEW)
    if not rows.update(state=state):
        raise ValidationError(_("这一份已经处理过了, 刷新页面再看"), code="stale")
    batch.state = state


def _write(rows, headers, register, estate, *, by, now) -> tuple[list[dict], list[dict]]:
    """Enter or correct each row as if it had been typed; returns the rows done and those refused."""
    good, bad = [], []
    names = workbooks.names_of(headers, register)
    for row in rows:
        line = {"line": row["line"], "cells": row["cells"]}
        texts = dict(zip(names, row["cells"], strict=False))
        try:
            with transaction.atomic():
                if texts.get("number"):
                    changed = _correct(texts, register, estate, by=by, now=now)
                    good.append(line | ({"does": CHANGE} | changed if changed else {"does": SAME}))
                else:
                    record = _enter(texts, register, estate, by=by, now=now)
                    good.append(line | {"does": ADD, "pk": record.pk, "version": record.version})
        except ValidationError as error:
            bad.append(line | {"problem": _problem(error, register)})
    return good, bad


def _enter(texts, register, estate, *, by, now) -> Record:
    data = workbooks.with_defaults(workbooks.typed(texts, register, register.fields), register)
    form = new_form(register, estate=estate, staff=by, now=now, data=data)
    _must_be_valid(form)
    return records.add(form.instance, by=by, now=now, event="record.imported")


def _correct(texts, register, estate, *, by, now) -> dict:
    """What changes: in words, and how to put it back; {} for a row that says what the line says."""
    record = register.model.objects.filter(estate=estate, number=texts["number"]).first()
    if record is None:
        raise ValidationError(
            _("没有编号 %(number)s。新登记的行把编号空着") % {"number": texts["number"][:30]}
        )
    differing = [
        name
        for name in cells.all_names(register)
        if name in texts and not workbooks.is_as_written(record, name, texts[name])
    ]
    changing = [name for name in differing if name in register.corrected]
    if texts.get("version") not in (None, "", str(record.version)):
        if changing:
            raise ValidationError(_moved_on(record))
        return {}  # only the line itself moved on; nobody touched the row
    if len(changing) < len(differing):
        fixed = (cells.heading(register, name) for name in differing if name not in changing)
        raise ValidationError(
            _("“%(fields)s”不能在表里改, 打开 %(number)s 按步骤办")
            % {"fields": "、".join(fixed), "number": record.number}
        )
    return _change(record, texts, register, by=by, now=now) if changing else {}


def _moved_on(record: Record) -> str:
    last = Entry.objects.about(record)[0]
    return _("导出以后%(name)s改过这一条(%(when)s %(what)s)。重新导出再改") % {
        "name": last.by_name,
        "when": f"{timezone.localtime(last.at):%m-%d %H:%M}",
        "what": EVENTS[last.event],
    }


def _change(record: Record, texts, register, *, by, now) -> dict:
    now_there = {name: workbooks.plain(getattr(record, name)) for name in register.corrected}
    form = form_class(register, register.corrected)(
        workbooks.typed(now_there | texts, register, register.corrected), instance=record, staff=by
    )
    was = register.model.objects.get(pk=record.pk)
    _must_be_valid(form)
    records.change(record, form.values(), seen=was.version, by=by, now=now)
    says = records.difference(was, record, register.corrected)
    if not says:
        return {}
    return {
        "says": says,
        "pk": record.pk,
        "version": record.version,
        "was": undo.kept_values(was, register.corrected),
    }


def _must_be_valid(form) -> None:
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())


def _problem(error: ValidationError, register: Register) -> str:
    """What is wrong with a row, each thing under the heading of its column."""
    if not hasattr(error, "error_dict"):
        return "; ".join(error.messages)
    return "; ".join(
        _under_heading(register, name, each)
        for name, errors in error.error_dict.items()
        for each in errors
    )


def _under_heading(register: Register, name: str, error: ValidationError) -> str:
    if name == NON_FIELD_ERRORS:
        return error.messages[0]
    said = error.messages[0]
    if error.code == "invalid_choice":
        choices = register.model._meta.get_field(name).flatchoices
        said = _("没有“%(typed)s”这一种, 写成: %(choices)s") % {
            "typed": str((error.params or {}).get("value", ""))[:20],
            "choices": "、".join(str(label) for key, label in choices if key),
        }
    return f"{cells.heading(register, name)}: {said}"
