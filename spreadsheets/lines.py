"""A worksheet that takes whole lines: a ledger has 300,000 cells, and each is looked at once.

XlsxWriter makes an object of every cell, checks it, and turns it into XML in a second step, which
took most of the time of an export. Here a line becomes XML at once and goes to the file in which
XlsxWriter collects the lines of a sheet in constant memory; all else is XlsxWriter's own. The
lines are byte for byte those that it would have written (tests/spreadsheets/test_lines.py).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from math import isfinite
from typing import Literal
from zoneinfo import ZoneInfo

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

SHANGHAI = ZoneInfo("Asia/Shanghai")
Kind = Literal["text", "date", "moment", "number", "money"]
DAYS, NUMBERS = {"date", "moment"}, {"number", "money"}
LONGEST_CELL = 32_767
_RISKY = tuple("=+-@\t\r＝＋－＠")
_ILLEGAL = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF])
_DAY_NOUGHT = datetime(1899, 12, 31)  # noqa: DTZ001 -- a cell has no zone
_DAY_NOUGHT_THERE = _DAY_NOUGHT.replace(tzinfo=timezone(timedelta(hours=8)))
LAST_SUMMER_TIME = 1991  # since then Shanghai is 8 hours ahead all year
_LIKE_AN_ESCAPE = re.compile("(_x[0-9a-fA-F]{4}_)")


def guarded(text: str) -> str:
    """Text that no spreadsheet program takes for a formula, and that fits into a cell."""
    text = text.translate(_ILLEGAL)
    if text.lstrip(" ;\"'\u3000").startswith(_RISKY) or text.startswith(_RISKY):
        text = "'" + text
    if len(text) > LONGEST_CELL // 2:  # counted as Excel counts: an emoji is two
        text = text.encode("utf-16-le")[: 2 * LONGEST_CELL].decode("utf-16-le", "ignore")
    return text


@lru_cache(maxsize=4096)  # most cells of a ledger say what others said: names, states, kinds
def text_xml(text: str) -> str:
    """The inside of a cell with a text: guarded, and no part of it is read as XML."""
    text = guarded(text)
    keep = ' xml:space="preserve"' if text != text.strip() else ""
    text = _LIKE_AN_ESCAPE.sub(r"_x005F\1", text).replace("\r", "_x000D_")
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<is><t{keep}>{text}</t></is>"


def day_of(value: date) -> date:
    """The day of a moment in Shanghai; a day is one already."""
    if not isinstance(value, datetime):
        return value
    return (value.astimezone(SHANGHAI) if value.tzinfo else value).date()


def serial(value: date) -> float:
    """A day, or a moment in Shanghai, as the number that spreadsheets count days with."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            span = value - _DAY_NOUGHT
        elif value.year > LAST_SUMMER_TIME:
            span = value - _DAY_NOUGHT_THERE
        else:
            span = value.astimezone(SHANGHAI).replace(tzinfo=None) - _DAY_NOUGHT
    else:
        span = datetime(value.year, value.month, value.day) - _DAY_NOUGHT  # noqa: DTZ001
    days = span.days + (float(span.seconds) + float(span.microseconds) / 1e6) / 86400
    return days + 1 if days > 59 else days  # for spreadsheets 1900 was a leap year


def _number_xml(number: float) -> str:
    return f"><v>{number:.16G}</v>" if isfinite(number) else ' t="e"><v>#NUM!</v>'


class LineSheet(Worksheet):
    """A worksheet of a workbook in constant memory, written from the top down."""

    def write_lines(
        self, rows: Iterable[tuple], kinds: Sequence[Kind], formats: Mapping[Kind, Format]
    ) -> int:
        """Write ``rows`` below the first line, a value per kind; return how many there were.

        None and "" are empty cells. What is no number, or no day, stands as text.
        """
        self._write_single_row(1)  # the headings, which wait for a next line
        styles = [formats[kind]._get_xf_index() for kind in kinds]
        text_style = formats["text"]._get_xf_index()
        letters = [xl_col_to_name(index) for index in range(len(kinds))]
        count = last = 0
        for count, row in enumerate(rows, start=1):
            line, cells = count + 1, []
            for letter, kind, style, value in zip(letters, kinds, styles, row, strict=True):
                if value is None or value == "":
                    continue
                place = f'<c r="{letter}{line}" s="'
                if kind in DAYS and isinstance(value, date):
                    number = serial(day_of(value) if kind == "date" else value)
                    cells.append(f'{place}{style}"><v>{number:.16G}</v></c>')
                elif kind in NUMBERS and not isinstance(value, str | bool):
                    cells.append(f'{place}{style}"{_number_xml(float(value))}</c>')
                else:
                    cells.append(f'{place}{text_style}" t="inlineStr">{text_xml(str(value))}</c>')
            if cells:
                self.fh.write(f'<row r="{line}">{"".join(cells)}</row>')
                last = count
        if last:
            self._check_dimensions(last, len(kinds) - 1)  # how far the sheet goes
        return count

    def _xml_rich_inline_string(self, string, attributes=()):
        """XlsxWriter takes ``<r>…</r>`` for its own rich text; here somebody typed it."""
        self._xml_inline_string(string, preserve=False, attributes=attributes)
