"""Workbooks that an import gives back: the bad rows with their reasons, and the template."""

from typing import BinaryIO

from django.utils.translation import gettext as _

from estates.imports.tables import HEADERS
from spreadsheets.writer import Column, write_workbook

_TEMPLATE = (
    ("building", "1"), ("stair", "2"), ("room", "1102"), ("floor", "11"), ("area", "94.56"),
    ("occupancy", "2001"), ("occupied_on", "2026-03-01"), ("name", "王秀梅"), ("sex", "女"),
    ("phone", "13912341234"), ("id_number", ""), ("relation", "1001"),
)  # fmt: skip


def write_bad_rows(
    file: BinaryIO | str, *, headers: dict[str, list[str]], bad_rows: list[dict], source: str
) -> int:
    """Write the rows that were refused: their own columns, and a last column 问题.

    Rows of several sheets stand one under the other, each sheet with its header.
    """
    sheets = [name for name in headers if any(row["sheet"] == name for row in bad_rows)]
    first = sheets[0] if sheets else next(iter(headers), "")
    width = max([len(headers[name]) for name in sheets] or [len(headers.get(first, []))])
    head = _filled(headers.get(first, []), width)
    several = len(sheets) > 1

    def rows():
        for name in sheets:
            if name != first:
                yield (*_filled(headers[name], width), "")
            for row in bad_rows:
                if row["sheet"] == name:
                    place = _("%(sheet)s 第 %(line)s 行: ") if several else _("第 %(line)s 行: ")
                    place %= {"sheet": name, "line": row["number"]}
                    yield (*_filled(row["cells"], width), place + row["problem"])

    return write_workbook(
        file,
        sheet_title=first or _("有问题的行"),
        columns=[*(Column(text, width=12) for text in head), Column(_("问题"), width=60)],
        rows=rows(),
        notes=[
            (_("来源文件"), source),
            (_("怎么用"), _("按最后一列改好后, 直接上传本文件; 已导入的行不会重复导入")),
        ],
    )


def _filled(cells, width):
    return (list(cells) + [""] * width)[:width]


def write_template(file: BinaryIO | str) -> None:
    """The flat layout with one example row and an explanation of every column."""
    write_workbook(
        file,
        sheet_title="资产信息",
        columns=[Column(HEADERS[name][0], width=14) for name, _example in _TEMPLATE],
        rows=[tuple(example for _name, example in _TEMPLATE)],
        notes=[
            (_("第 2 行"), _("是示例, 填写前删掉")),
            ("楼号、房间", _("必填; 没有单元的留空, 商铺单元填 0")),
            ("房屋状态", _("2001 已入住, 2002 未销售, 2003 已交房, 2004 未入住, 2006 已出租")),
            ("业主类型", _("1001 业主, 1002 家庭成员, 1003 房屋租客, 1004 临时人员; 空着按业主")),
            ("手机号", _("11 位手机号或带区号的座机; 没有就留空")),
            (_("几个人住一间"), _("一人一行, 房屋信息重复写; 一位业主有几套房, 每套一行")),
        ],
    )
