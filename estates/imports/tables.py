"""Finding the tables of a workbook: by their headers, wherever they stand."""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from estates.typed import clean_text, half_width
from spreadsheets.reader import Sheet, cell_text

# What the columns are called in the layouts met so far; the first spelling is ours.
HEADERS = {
    "building": ("楼号", "楼栋号", "楼栋编号", "楼栋", "栋号", "幢号", "楼栋名称", "楼宇"),
    "stair": ("单元", "单元编号", "单元号", "门洞"),
    "room": ("房间", "房间号", "房屋编号", "房号", "室号", "房屋号", "房间编号"),
    "floor": ("楼层", "房屋楼层", "所在楼层"),
    "area": ("建筑面积", "面积", "房屋面积"),
    "occupancy": ("房屋状态", "入住情况", "入住状态", "状态"),
    "occupied_on": ("入住日期", "入住时间", "交房日期"),
    "name": ("业主名称", "业主姓名", "姓名", "住户姓名", "业户姓名", "客户名称", "业户"),
    "sex": ("性别",),
    "phone": ("手机号", "手机", "电话", "联系电话", "手机号码", "电话号码", "联系方式"),
    "id_number": ("身份证号", "证件号", "身份证", "证件号码", "身份证号码"),
    "relation": ("业主类型", "与房屋关系", "人员类型", "住户类型", "关系"),
    "owner_no": ("业主编号", "客户编号"),
    "note": ("备注",),
}  # fmt: skip
_FIELD = {spelling: name for name, spellings in HEADERS.items() for spelling in spellings}
_LEGEND = re.compile(r"(说明|填表|填写|注[:：意]|备注|示例|合计|小计|总计|制表|打印)")
_TITLE_ROWS = 20
PARKING = "车位"


@dataclass
class Row:
    """One line of a table: its place in the file, its cells as found, and what it says."""

    sheet: str
    number: int
    cells: list[str]
    said: dict[str, str]
    problems: list[str] = field(default_factory=list)


@dataclass
class Table:
    sheet: str
    header: list[str]
    columns: dict[str, int]
    rows: list[Row]


@dataclass
class Tables:
    """``rooms`` always; ``owners`` and ``buildings`` only in the layout of joined sheets."""

    rooms: Table
    owners: Table | None = None
    buildings: Table | None = None
    left_out: list[tuple[str, int]] = field(default_factory=list)


def find_tables(sheets: list[Sheet]) -> Tables:
    """Find the flat sheet of rooms, or the sheets joined by owner numbers.

    Raises ValidationError naming the columns that are needed when there is no sheet of rooms.
    """
    rooms, owners, buildings, left_out = None, None, None, []
    for sheet in sheets:
        table = _table(sheet)
        if table is None:
            continue
        has = table.columns.keys()
        if "room" in has and rooms is None:
            rooms = table
        elif "owner_no" in has and "name" in has and owners is None:
            owners = table
        elif PARKING in sheet.name:
            left_out.append((sheet.name, len(table.rows)))
        elif "building" in has and "room" not in has and buildings is None:
            buildings = table
        else:
            left_out.append((sheet.name, len(table.rows)))
    if rooms is None:
        raise ValidationError(
            _(
                "没有找到房屋表。表头须有“楼号、房间”两列(可有单元、业主名称、手机号等), 列的次序不限"
            ),
            code="no_rooms",
        )
    return Tables(rooms, owners if "owner_no" in rooms.columns else None, buildings, left_out)


def _table(sheet):
    for index, cells in enumerate(sheet.rows[:_TITLE_ROWS]):
        columns = {}
        for position, cell in enumerate(cells):
            name = _FIELD.get(heading(cell))
            if name and name not in columns:
                columns[name] = position
        # One word may be a title or a legend; two known columns make a header.
        if len(columns) >= 2:
            texts = [clean_text(cell_text(cell)) for cell in cells]
            return Table(sheet.name, texts, columns, _rows(sheet, index, columns))
    return None


def heading(cell) -> str:
    """A heading without stars, spaces, brackets and what is in them."""
    text = re.sub(r"[(（\[【].*", "", half_width(cell_text(cell)))
    return re.sub(r"[\s*＊:：]+", "", text)


def is_private(header: str) -> bool:
    """Whether a column holds phones or ID numbers, which lists show masked."""
    return _FIELD.get(heading(header)) in ("phone", "id_number")


def _rows(sheet, header_index, columns):
    rows = []
    for number, cells in enumerate(sheet.rows[header_index + 1 :], start=header_index + 2):
        said = {
            name: one_line(cells[position])
            for name, position in columns.items()
            if position < len(cells)
        }
        if any(said.values()) and not _is_legend(said):
            rows.append(
                Row(sheet.name, number, [clean_text(cell_text(cell)) for cell in cells], said)
            )
    return rows


def one_line(cell) -> str:
    """A cell's text on one line, half-width, without spaces around it."""
    return re.sub(r"\s+", " ", half_width(clean_text(cell_text(cell)))).strip()


def _is_legend(said):
    """Explanations under a table, sums, and a header that is repeated further down."""
    room, filled = said.get("room", ""), [text for text in said.values() if text]
    if room and heading(room) in HEADERS["room"]:
        return True
    return not room and (
        bool(_LEGEND.match(filled[0])) or (len(filled) <= 2 and heading(filled[0]) in _FIELD)
    )
