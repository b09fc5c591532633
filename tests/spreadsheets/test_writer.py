"""What is written opens as it was meant, and never as a formula."""

import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from spreadsheets.writer import Column, guarded, write_workbook


def written(columns, rows, notes=()):
    file = io.BytesIO()
    count = write_workbook(
        file, sheet_title="报修/台账", columns=columns, rows=rows, notes=list(notes)
    )
    file.seek(0)
    return count, file


def test_workbook_keeps_kinds_and_explains_itself():
    count, file = written(
        [Column("电话"), Column("日期", "date"), Column("时间", "moment"), Column("金额", "money")],
        [
            ("013912341234", date(2026, 11, 23), datetime(2026, 11, 23, 7, 2, tzinfo=UTC), 12.5),
            (None, None, None, None),
        ],
        [("筛选", "超时")],
    )
    book = CalamineWorkbook.from_filelike(file)
    assert count == 2
    assert book.sheet_names == ["报修台账", "说明"]
    assert book.get_sheet_by_name("报修台账").to_python()[1] == [
        "013912341234",
        date(2026, 11, 23),
        datetime(2026, 11, 23, 15, 2),  # noqa: DTZ001 - a cell has no zone
        12.5,
    ]
    assert book.get_sheet_by_name("说明").to_python() == [["筛选", "超时"]]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠a", " =1", ";=1", '"=1'],
)
def test_guarded_text_is_no_formula(text):
    assert guarded(text).startswith("'")


def test_workbook_holds_no_formula_and_no_link():
    _count, file = written([Column("a")], [("=cmd|' /C calc'!A0",), ("http://example.com",)])
    with zipfile.ZipFile(file) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


def test_workbook_survives_what_no_cell_may_hold():
    _count, file = written(
        [Column("a\x00"), Column("n", "number")], [("b\x00\x0b😀" + "长" * 40_000, float("nan"))]
    )
    row = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()[1]
    assert row[0].startswith("b😀长")
