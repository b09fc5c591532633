"""A register from a workbook: every row is tried first, and what fails goes back with its reason."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Staff
from estates.models import Estate
from history import entries
from registers import cells
from registers.actions import records
from registers.catalogue import Register
from registers.forms import new_form
from registers.models import RegisterImport
from registers.models.imports import ImportState
from spreadsheets.reader import cell_text, read_sheets
from spreadsheets.writer import Column, write_workbook

MOST_ROWS = 500
YES = {"是", "已", "√", "对", "true", "1", "y", "yes"}


def upload(
    file: BinaryIO, *, name: str, register: Register, estate: Estate, by: Staff, now: datetime
) -> RegisterImport:
    """Read a workbook and try every row, writing nothing but the batch itself.

    Raises ValidationError when the file cannot be read, has no known heading, or too many rows.
    """
    sheet = read_sheets(file)[0]
    texts = [[cell_text(cell) for cell in row] for row in sheet.rows]
    headers = texts[0] if texts else []
    if not set(headers) & set(_headings(register).values()):
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
    batch.written = len(good)
    batch.bad_rows = sorted(batch.bad_rows + bad, key=lambda row: row["line"])
    batch.save(update_fields=["written", "bad_rows"])
    entries.record(batch, "register.imported", by=by, now=now, rows=len(good), register=batch.slug)
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
    """Enter each row as if it had been typed; returns the rows written and those refused."""
    good, bad = [], []
    for row in rows:
        form = new_form(
            register, estate=estate, staff=by, now=now, data=_typed(row["cells"], headers, register)
        )
        problem = "" if form.is_valid() else _said(form.errors.as_data().values())
        if not problem:
            try:
                with transaction.atomic():
                    records.add(form.instance, by=by, now=now, event="record.imported")
            except ValidationError as error:
                problem = "; ".join(error.messages)
        if problem:
            bad.append({"line": row["line"], "cells": row["cells"], "problem": problem})
        else:
            good.append({"line": row["line"], "cells": row["cells"]})
    return good, bad


def _typed(cells_of_row: list[str], headers: list[str], register: Register) -> dict[str, Any]:
    """A row as the form would have been filled in."""
    by_heading = dict(zip(headers, cells_of_row, strict=False))
    data = {}
    for name, title in _headings(register).items():
        field = register.model._meta.get_field(name)
        text = by_heading.get(title, "")
        if field.get_internal_type() == "BooleanField":
            if text.lower() in YES:
                data[name] = "on"
        elif field.choices:
            labels = {str(label): key for key, label in field.choices}
            data[name] = labels.get(text, text or (field.default if field.has_default() else ""))
        elif text or not field.has_default():
            data[name] = text
        else:
            data[name] = field.default
    return data


def _headings(register: Register) -> dict[str, str]:
    return {name: cells.heading(register, name) for name in register.fields}


def _said(errors: Iterable[list[ValidationError]]) -> str:
    return "; ".join(text for group in errors for error in group for text in error.messages)


def write_bad_rows(file: BinaryIO, batch: RegisterImport) -> int:
    """The refused rows as they came, and why; corrected, the file can be uploaded as it is."""
    width = len(batch.headers)
    return write_workbook(
        file,
        sheet_title=_("有问题的行"),
        columns=[*(Column(text) for text in batch.headers), Column(_("问题"), width=60)],
        rows=(
            (
                *(row["cells"] + [""] * width)[:width],
                _("第 %(line)s 行: ") % {"line": row["line"]} + row["problem"],
            )
            for row in batch.bad_rows
        ),
        notes=[
            (_("来源文件"), batch.file_name),
            (_("怎么用"), _("按最后一列改好后, 直接上传本文件; 已导入的行不在里面")),
        ],
    )


def write_template(file: BinaryIO, register: Register) -> int:
    """The headings of a register, and on the second sheet what may stand under each."""
    notes = [(_("每行一条"), _("第一行是列名, 不要改; 房号写成 3-2-1102"))]
    for name, title in _headings(register).items():
        field = register.model._meta.get_field(name)
        if field.choices:
            notes.append((title, "、".join(str(label) for _key, label in field.choices)))
        elif field.get_internal_type() == "BooleanField":
            notes.append((title, _("是 / 否")))
        elif field.help_text:
            notes.append((title, str(field.help_text)))
    return write_workbook(
        file,
        sheet_title=str(register.title),
        columns=[cells.column(register, name) for name in register.fields],
        rows=[],
        notes=notes,
    )
