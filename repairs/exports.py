"""报修台账: the list as a workbook, streamed row by row."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Staff
from estates.phones import masked
from repairs.filters import ORDER_BY, RepairFilter
from repairs.models import Repair
from spreadsheets.writer import Column, write_workbook

MOST_ROWS = 100_000
READ_AT_ONCE = 2_000
READ = (
    "number", "reported_at", "estate__name", "unit__code", "place__name", "where", "contact_name",
    "contact_phone", "content", "category", "priority", "status", "source", "appointment_at",
    "promised_at", "registered_by__name", "dispatched_at", "accepted_at", "accepted_verbally_by",
    "accepted_by__name", "assigned_at", "repairer__name", "arrived_at", "finished_at", "work_done",
    "is_paid", "labour_fee", "material_fee", "returned_at", "called_back_at", "callback_result",
    "satisfaction", "called_back_by__name", "archived_at", "butler__name",
)  # fmt: skip


def write_ledger(file: BinaryIO, *, chosen: RepairFilter, by: Staff, now: datetime) -> int:
    """Write what the list's filters leave, in its order; return the number of rows.

    At most 100,000 rows; the sheet 说明 says so when there are more. Phones are in full only for
    posts that may reveal them (estates.reveal). Memory does not grow with the rows.
    """
    rows = chosen.rows().order_by(*ORDER_BY[chosen.order]).values_list(*READ, named=True)
    phone = str if by.has_perm("estates.reveal") else masked
    notes = [
        (_("筛选"), chosen.words()),
        (_("排序"), str(dict(chosen.form.fields["order"].choices)[chosen.order])),
        (_("导出时间"), f"{timezone.localtime(now):%Y-%m-%d %H:%M}"),
        (_("导出人"), by.name),
        (
            _("行数上限"),
            _("最多 %(most)s 行, 更多时缩小日期范围分次导出") % {"most": f"{MOST_ROWS:,}"},
        ),
    ]
    return write_workbook(
        file,
        sheet_title=_("报修台账"),
        columns=_columns(),
        rows=_cells(rows[:MOST_ROWS].iterator(chunk_size=READ_AT_ONCE), phone),
        notes=notes,
        notes_title=_("说明"),
    )


def ledger_name(chosen: RepairFilter, now: datetime) -> str:
    """报修台账_起_止.xlsx; an open end is written as 最早 or today."""
    since, until = chosen.chosen.get("since"), chosen.chosen.get("until")
    start = f"{since:%Y-%m-%d}" if since else _("最早")
    end = f"{until or timezone.localdate(now):%Y-%m-%d}"
    return _("报修台账_%(start)s_%(end)s.xlsx") % {"start": start, "end": end}


def _columns() -> list[Column]:
    return [
        Column(_("单号"), "text", 18),
        Column(_("报修时间"), "moment", 17),
        Column(_("项目"), "text", 14),
        Column(_("地点"), "text", 14),
        Column(_("具体位置"), "text", 10),
        Column(_("联系人"), "text", 10),
        Column(_("联系电话"), "text", 15),
        Column(_("报修内容"), "text", 40),
        Column(_("类别"), "text", 10),
        Column(_("紧急程度"), "text", 9),
        Column(_("状态"), "text", 9),
        Column(_("报修方式"), "text", 9),
        Column(_("预约时间"), "moment", 17),
        Column(_("承诺完成时间"), "moment", 17),
        Column(_("登记人"), "text", 9),
        Column(_("转单时间"), "moment", 17),
        Column(_("接单时间"), "moment", 17),
        Column(_("接单人"), "text", 9),
        Column(_("派工时间"), "moment", 17),
        Column(_("维修人员"), "text", 9),
        Column(_("到场时间"), "moment", 17),
        Column(_("完工时间"), "moment", 17),
        Column(_("维修内容"), "text", 30),
        Column(_("有偿"), "text", 6),
        Column(_("人工费"), "money", 10),
        Column(_("材料费"), "money", 10),
        Column(_("返单时间"), "moment", 17),
        Column(_("回访时间"), "moment", 17),
        Column(_("回访结果"), "text", 10),
        Column(_("满意程度"), "text", 10),
        Column(_("回访人"), "text", 9),
        Column(_("存档时间"), "moment", 17),
        Column(_("跟进管家"), "text", 9),
    ]


def _cells(rows: Iterator[tuple], phone) -> Iterator[tuple]:
    yes, no = _("有偿"), _("无偿")
    say = {
        name: {code: str(label) for code, label in Repair._meta.get_field(name).flatchoices}
        for name in ("category", "priority", "status", "source", "callback_result", "satisfaction")
    }
    for row in rows:
        yield (
            row.number,
            row.reported_at,
            row.estate__name,
            row.unit__code or row.place__name or "",
            row.where,
            row.contact_name,
            phone(row.contact_phone),
            row.content,
            say["category"].get(row.category, row.category),
            say["priority"].get(row.priority, row.priority),
            say["status"].get(row.status, row.status),
            say["source"].get(row.source, row.source),
            row.appointment_at,
            row.promised_at,
            row.registered_by__name,
            row.dispatched_at,
            row.accepted_at,
            row.accepted_verbally_by or row.accepted_by__name,
            row.assigned_at,
            row.repairer__name,
            row.arrived_at,
            row.finished_at,
            row.work_done,
            yes if row.is_paid else no,
            row.labour_fee,
            row.material_fee,
            row.returned_at,
            row.called_back_at,
            say["callback_result"].get(row.callback_result, "") if row.called_back_at else "",
            say["satisfaction"].get(row.satisfaction, ""),
            row.called_back_by__name,
            row.archived_at,
            row.butler__name,
        )
