"""A line of a ledger is, byte for byte, what XlsxWriter would have written cell by cell."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from spreadsheets.lines import SHANGHAI, LineSheet, guarded
from spreadsheets.writer import Column, write_workbook

TEXTS = (
    "张敏",
    " 空 ",
    "\u3000全",
    'a<b> & "c"',
    "两\n行",
    "r\r\nn",
    "_x0041_",
    "=1+1",
    "😀😀",
    "1102",
)
MOMENTS = (
    datetime(2026, 11, 23, 7, 2, 3, 456789, tzinfo=UTC),
    datetime(1988, 7, 1, 12, tzinfo=UTC),  # Shanghai had summer time
    datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC),
)
DAYS = (date(2026, 11, 23), date(1900, 2, 28), date(1900, 3, 1))
NUMBERS = (0, -3, Decimal("12.30"), 1 / 3, 1e16)


def sheet_of(write):
    """The XML of the first sheet that ``write(book)`` makes."""
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        write(book)
    with zipfile.ZipFile(file) as parts:
        return parts.read("xl/worksheets/sheet1.xml").decode()


def test_lines_are_those_of_the_library():
    rows = [
        (TEXTS[index % len(TEXTS)], MOMENTS[index % 3], DAYS[index % 3], NUMBERS[index % 5])
        for index in range(30)
    ]
    rows[7] = (None, "", None, "")
    rows[8] = ("", "明天", "没有", "没数")  # no moment, no day, no number: text

    def formats_of(book):
        return {
            "text": book.add_format({"num_format": "@"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "number": book.add_format({"num_format": "0.00"}),
        }

    kinds = ("text", "moment", "date", "number")

    def by_line(book):
        sheet = book.add_worksheet("a", worksheet_class=LineSheet)
        formats = formats_of(book)
        sheet.write_string(0, 0, "标题")
        assert sheet.write_lines(rows, kinds, formats) == len(rows)

    def by_cell(book):
        sheet, formats = book.add_worksheet("a"), formats_of(book)
        sheet.write_string(0, 0, "标题")
        for line, row in enumerate(rows, start=1):
            for index, (kind, value) in enumerate(zip(kinds, row, strict=True)):
                if value in (None, ""):
                    continue
                if isinstance(value, str):
                    sheet.write_string(line, index, guarded(value), formats["text"])
                elif kind == "number":
                    sheet.write_number(line, index, float(value), formats[kind])
                else:
                    if isinstance(value, datetime):
                        value = value.astimezone(SHANGHAI).replace(tzinfo=None)
                    sheet.write_datetime(line, index, value, formats[kind])

    assert sheet_of(by_line) == sheet_of(by_cell)


def written(columns, rows, notes=()):
    file = io.BytesIO()
    write_workbook(file, sheet_title="a", columns=columns, rows=rows, notes=list(notes))
    file.seek(0)
    return CalamineWorkbook.from_filelike(file)


@pytest.mark.parametrize("text", ["<r>", "<r>x</r>", "<r><b></r>", "</c></row>", "]]>", "&#0;"])
def test_text_is_never_read_as_the_files_own_words(text):
    book = written([Column(text)], [(text,)], [(text, text)])
    assert book.get_sheet_by_name("a").to_python() == [[text], [text]]
    assert book.get_sheet_by_name("说明").to_python() == [[text, text]]


def test_text_too_long_for_a_cell_is_cut_as_excel_counts():
    (row,) = written([Column("a")], [("😀" * 20_000,)]).get_sheet_by_name("a").to_python()[1:]
    assert row == ["😀" * (32_767 // 2)]


def test_moment_of_the_evening_is_the_day_of_shanghai():
    late = datetime(2026, 11, 23, 17, tzinfo=UTC)
    book = written([Column("a", "date"), Column("b", "moment")], [(late, late)])
    assert book.get_sheet_by_name("a").to_python()[1] == [
        date(2026, 11, 24),
        datetime(2026, 11, 24, 1),  # noqa: DTZ001 -- a cell has no zone
    ]
