"""Writing workbooks: what was seen on the screen, safe to open, with a page that explains it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO, Literal
from zoneinfo import ZoneInfo

import xlsxwriter

SHANGHAI = ZoneInfo("Asia/Shanghai")
Kind = Literal["text", "date", "moment", "number", "money"]
LONGEST_CELL = 32_767
_RISKY = tuple("=+-@\t\r＝＋－＠")
_ILLEGAL = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF])


@dataclass(frozen=True)
class Column:
    """``width`` in characters of a digit; a Chinese character needs two."""

    heading: str
    kind: Kind = "text"
    width: float = 14


def guarded(text: str) -> str:
    """Text that no spreadsheet program takes for a formula, and that fits into a cell."""
    text = text.translate(_ILLEGAL)
    if text.lstrip(" ;\"'\u3000").startswith(_RISKY) or text.startswith(_RISKY):
        text = "'" + text
    return text[:LONGEST_CELL]


def write_workbook(
    file: BinaryIO | str,
    *,
    sheet_title: str,
    columns: list[Column],
    rows: Iterable[tuple],
    notes: list[tuple[str, str]],
    notes_title: str = "说明",
) -> int:
    """Write ``rows`` under ``columns`` and the ``notes`` on a second sheet; return the row count.

    Phones and rooms are text, dates real dates in Shanghai time, None an empty cell. Rows are
    streamed: memory does not grow with them.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(_sheet_name(sheet_title))
        formats = {
            "text": book.add_format({"num_format": "@", "valign": "top"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
            "number": book.add_format({"num_format": "General"}),
            "money": book.add_format({"num_format": "#,##0.00"}),
        }
        head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF1F4"})
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
            sheet.write_string(0, index, guarded(str(column.heading)), head)
        sheet.freeze_panes(1, 0)
        count = 0
        for count, row in enumerate(rows, start=1):
            for index, (column, value) in enumerate(zip(columns, row, strict=True)):
                _write_cell(sheet, count, index, value, column.kind, formats)
        if columns:
            sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
        page = book.add_worksheet(_sheet_name(notes_title))
        page.set_column(0, 0, 16)
        page.set_column(1, 1, 70, book.add_format({"text_wrap": True, "valign": "top"}))
        for line, (name, text) in enumerate(notes):
            page.write_string(line, 0, guarded(str(name)))
            page.write_string(line, 1, guarded(str(text)))
    return count


def _write_cell(sheet, line, index, value: Any, kind: Kind, formats):
    if value is None or value == "":
        return
    if kind in ("date", "moment") and isinstance(value, date):
        if isinstance(value, datetime):
            if value.tzinfo:
                value = value.astimezone(SHANGHAI).replace(tzinfo=None)
            if kind == "date":
                value = value.date()
        sheet.write_datetime(line, index, value, formats[kind])
    elif kind in ("number", "money") and not isinstance(value, str | bool):
        sheet.write_number(line, index, float(value), formats[kind])
    else:
        sheet.write_string(line, index, guarded(str(value)), formats["text"])


def _sheet_name(title):
    """A sheet's name may have 31 characters, and none of ``[]:*?/\\``."""
    kept = "".join(char for char in str(title) if char not in "[]:*?/\\").strip("' ")
    return kept[:31] or "Sheet"
