"""Writing workbooks: what was seen on the screen, safe to open, with a page that explains it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

import xlsxwriter

from spreadsheets.lines import Kind, LineSheet, guarded

__all__ = ["Column", "Kind", "guarded", "write_workbook"]


@dataclass(frozen=True)
class Column:
    """``width`` in characters of a digit; a Chinese character needs two."""

    heading: str
    kind: Kind = "text"
    width: float = 14


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
        sheet = book.add_worksheet(_sheet_name(sheet_title), worksheet_class=LineSheet)
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
        count = sheet.write_lines(rows, [column.kind for column in columns], formats)
        if columns:
            sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
        page = book.add_worksheet(_sheet_name(notes_title), worksheet_class=LineSheet)
        page.set_column(0, 0, 16)
        page.set_column(1, 1, 70, book.add_format({"text_wrap": True, "valign": "top"}))
        for line, (name, text) in enumerate(notes):
            page.write_string(line, 0, guarded(str(name)))
            page.write_string(line, 1, guarded(str(text)))
    return count


def _sheet_name(title):
    """A sheet's name may have 31 characters, and none of ``[]:*?/\\``."""
    kept = "".join(char for char in str(title) if char not in "[]:*?/\\").strip("' ")
    return kept[:31] or "Sheet"
