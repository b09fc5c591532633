"""Reading workbooks that customers bring: bounded, and with words for what is wrong."""

import re
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineWorkbook

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_CONTENT = 300 * 1024 * 1024
MOST_PARTS = 2_000
MOST_ROWS = 60_000
MOST_COLUMNS = 400
MOST_CELLS = 6_000_000
_CELL = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_CHUNK = 1 << 20

NOT_A_WORKBOOK = _("这不是 Excel 工作簿(.xlsx)。在 Excel 或 WPS 里另存为“.xlsx”后再上传")
TORN = _("工作簿已损坏, 读不出来。在 Excel 里打开后另存一份再上传; 没有写入任何数据")
TOO_LARGE = _("工作簿太大(上限 20 MB、6 万行、400 列)。拆成几个文件分别导入; 没有写入任何数据")


@dataclass(frozen=True)
class Sheet:
    """``rows[0]`` is the sheet's first row, so a row's number is its index + 1."""

    name: str
    rows: list[list[Any]]


def read_sheets(file: BinaryIO) -> list[Sheet]:
    """Read every sheet of an .xlsx file; cells are texts, numbers, dates, bools or "".

    Raises ValidationError in words for staff when the file is no workbook, torn, or larger
    than a property's lists ever are (also when only its unpacked content is).
    """
    file.seek(0, 2)
    if file.tell() > LARGEST_FILE:
        raise ValidationError(TOO_LARGE, code="large")
    _measure(file)
    file.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(file)
        return [
            Sheet(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in book.sheet_names
        ]
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # the parser's panics are not Exceptions
        raise ValidationError(TORN, code="torn") from error


def cell_text(value: Any) -> str:
    """A cell as a person reads it: 1102.0 is "1102", a date "2026-11-23"; spaces are stripped."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M" if value.hour or value.minute else "%Y-%m-%d")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).strip()
    # The writer puts an apostrophe before what could be a formula; it is no part of the value.
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@＝＋－＠") else text


def _measure(file):
    """Refuse before unpacking: no archive, too many parts, a bomb, or cells far away."""
    file.seek(0)
    if file.read(2) != b"PK":
        raise ValidationError(NOT_A_WORKBOOK, code="foreign")
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_CONTENT:
                raise ValidationError(TOO_LARGE, code="large")
            if not any(part.filename == "xl/workbook.xml" for part in parts):
                raise ValidationError(NOT_A_WORKBOOK, code="foreign")
            left = LARGEST_CONTENT
            for part in parts:
                left -= _measure_part(archive, part, left)
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        zlib.error,
    ) as error:
        if isinstance(error, ValidationError):
            raise
        raise ValidationError(TORN, code="torn") from error


def _measure_part(archive, part, left):
    """Read a part through; declared sizes may lie."""
    is_sheet = part.filename.endswith(".xml") and "sharedStrings" not in part.filename
    read, tail, rows, columns = 0, b"", 0, 0
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            read += len(chunk)
            if read > left:
                raise ValidationError(TOO_LARGE, code="large")
            if is_sheet:
                for letters, number in _CELL.findall(tail + chunk):
                    rows = max(rows, int(number))
                    columns = max(columns, _column_number(letters))
                tail = chunk[-24:]
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        raise ValidationError(TOO_LARGE, code="large")
    return read


def _column_number(letters):
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
