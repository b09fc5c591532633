"""A line of a register as a row of a workbook, and the row read back."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from registers import cells
from registers.catalogue import Register
from registers.models import Record, RegisterImport
from spreadsheets.reader import cell_text
from spreadsheets.writer import Column, write_workbook

YES = {"是", "已", "√", "对", "true", "1", "y", "yes"}
# A workbook that was written out may be read in by a colleague who works in the other language.
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def exported(register: Register) -> tuple[str, ...]:
    """The fields of an exported row; the version tells a stale row when it comes back."""
    return (*cells.all_names(register), "version")


def names_of(headers: list[str], register: Register) -> list[str]:
    """The field under each heading, in any language of the application; "" for foreign columns."""
    known = {}
    for code in LANGUAGES:
        with override(code):
            known |= {cells.heading(register, name): name for name in exported(register)}
    return [known.get(header, "") for header in headers]


def typed(texts: Mapping[str, str], register: Register, names: Iterable[str]) -> dict[str, Any]:
    """A row's texts by field as the form would have been filled in."""
    data = {}
    for name in names:
        field, text = register.model._meta.get_field(name), texts.get(name, "")
        if field.get_internal_type() == "BooleanField":
            if text.lower() in YES:
                data[name] = "on"
        elif field.choices:
            data[name] = _choice(field, text)
        else:
            data[name] = text
    return data


def with_defaults(data: dict[str, Any], register: Register) -> dict[str, Any]:
    """What a new row leaves empty is what an empty form proposes."""
    fields = {name: register.model._meta.get_field(name) for name in data}
    return {
        name: field.default if data[name] == "" and field.has_default() else data[name]
        for name, field in fields.items()
    }


def is_as_written(record: Record, name: str, text: str) -> bool:
    """Whether a cell says what the line says. Moments are not compared: Excel rounds them."""
    field, value = record._meta.get_field(name), getattr(record, name)
    kind = field.get_internal_type()
    if kind == "DateTimeField":
        return True
    if kind == "BooleanField":
        return (text.lower() in YES) == value
    if field.choices:
        return _choice(field, text) == value
    return text == plain(value)


def plain(value: Any) -> str:
    """A value as its cell reads when it comes back."""
    if value is None:
        return ""
    if isinstance(value, Decimal | int):
        return cell_text(float(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _choice(field, text: str) -> str:
    """The key of a choice by its label in any language; the text itself when it is none."""
    for code in LANGUAGES:
        with override(code):
            for key, label in field.flatchoices:
                if text == str(label):
                    return key
    return text


def write_template(file: BinaryIO, register: Register) -> int:
    """The headings of a register, and on the second sheet what may stand under each."""
    notes = [(_("每行一条"), _("第一行是列名, 不要改; 房号写成 3-2-1102"))]
    for name in register.fields:
        field, title = register.model._meta.get_field(name), cells.heading(register, name)
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
