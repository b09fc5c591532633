"""What customers bring is read, or refused in words; never more than it may cost."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from spreadsheets import reader
from spreadsheets.reader import cell_text, read_sheets
from spreadsheets.writer import Column, write_workbook

FILES = Path(__file__).parent.parent / "data"


def test_sheets_keep_their_row_numbers():
    with (FILES / "hc-room-list.xlsx").open("rb") as file:
        (sheet,) = read_sheets(file)
    assert sheet.name == "资产信息"
    assert len(sheet.rows) == 22
    assert sheet.rows[5][18] == "说明"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1102.0, "1102"),
        (94.56, "94.56"),
        ("　王 ", "王"),
        (None, ""),
        (True, "是"),
        ("'+86", "+86"),
    ],
)
def test_cell_text_is_as_a_person_reads_it(value, text):
    assert cell_text(value) == text


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"name,phone\n", b"PK\x03\x04" + b"x" * 500, b"\xd0\xcf\x11\xe0old"]
)
def test_foreign_or_torn_file_is_refused_in_words(content):
    with pytest.raises(ValidationError, match=r"xlsx|损坏"):
        read_sheets(io.BytesIO(content))


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_workbook_cut_off_is_refused_in_words(share):
    content = (FILES / "hc-room-list.xlsx").read_bytes()
    with pytest.raises(ValidationError, match=r"xlsx|损坏"):
        read_sheets(io.BytesIO(content[: int(len(content) * share)]))


def test_workbook_with_a_broken_part_is_refused_in_words():
    content = bytearray((FILES / "hc-room-list-1200.xlsx").read_bytes())
    content[len(content) // 2] ^= 0xFF
    with pytest.raises(ValidationError, match="损坏"):
        read_sheets(io.BytesIO(bytes(content)))


def _with_sheet(xml):
    file, out = io.BytesIO(), io.BytesIO()
    write_workbook(file, sheet_title="a", columns=[Column("a")], rows=[], notes=[])
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, xml if part.endswith("sheet1.xml") else old.read(part))
    return out


def test_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(reader, "LARGEST_CONTENT", 5_000_000)
    with pytest.raises(ValidationError, match="太大"):
        read_sheets(_with_sheet(b" " * 6_000_000))


def test_cell_far_away_is_refused_before_the_grid_is_made():
    xml = (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
        b'2006/main"><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        b"</worksheet>"
    )
    with pytest.raises(ValidationError, match="太大"):
        read_sheets(_with_sheet(xml))


def test_large_file_is_refused(monkeypatch):
    monkeypatch.setattr(reader, "LARGEST_FILE", 1000)
    with pytest.raises(ValidationError, match="太大"):
        read_sheets(io.BytesIO(b"PK" + b"x" * 2000))
