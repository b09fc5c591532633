"""投诉台账 and the monthly table as workbooks."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Staff
from complaints.analysis import Month
from complaints.filters import NEWEST, ComplaintFilter
from complaints.models import Complaint
from estates.models import Estate
from estates.phones import masked
from spreadsheets.writer import Column, write_workbook

MOST_ROWS = 50_000


def write_ledger(file: BinaryIO, *, chosen: ComplaintFilter, by: Staff, now: datetime) -> int:
    """What the list's filters leave, newest first; returns the number of rows.

    Phones are in full only for posts that may reveal them.
    """
    rows = (
        chosen.rows()
        .order_by(*NEWEST)
        .select_related(
            "estate", "unit", "place", "registered_by", "accepted_by", "handled_by", "replied_by",
            "called_back_by", "closed_by", "butler",
        )
    )  # fmt: skip
    phone = str if by.has_perm("estates.reveal") else masked
    return write_workbook(
        file,
        sheet_title=_("投诉台账"),
        columns=_columns(),
        rows=_cells(rows[:MOST_ROWS].iterator(chunk_size=1000), phone),
        notes=[(_("筛选"), chosen.words()), *_taken(by, now)],
        notes_title=_("说明"),
    )


def write_month(
    file: BinaryIO, *, figures: Month, estate: Estate, month: date, words: str, by: Staff,
    now: datetime,
) -> int:  # fmt: skip
    """The table of one month: heading, what, how many; the shares with their fractions."""
    rows = [("", str(figures.total.label), figures.total.count, "")]
    for share in figures.shares:
        fraction = f"{share.part.count}/{share.whole.count}"
        percent = f"{share.percent:.1f}%" if share.percent is not None else ""
        rows.append((_("比率"), str(share.label), share.part.count, f"{percent} ({fraction})"))
    for table in figures.tables:
        rows += [(str(table.heading), str(each.label), each.count, "") for each in table.figures]
    return write_workbook(
        file,
        sheet_title=_("投诉月度分析"),
        columns=[
            Column(_("项目"), "text", 14),
            Column(_("内容"), "text", 26),
            Column(_("件数"), "number", 10),
            Column(_("说明"), "text", 18),
        ],
        rows=rows,
        notes=[
            (_("项目"), estate.name),
            (_("月份"), f"{month:%Y-%m}"),
            (_("分析与改进意见"), words),
            *_taken(by, now),
        ],
        notes_title=_("说明"),
    )


def _taken(by: Staff, now: datetime) -> list[tuple[str, str]]:
    return [
        (_("导出时间"), f"{timezone.localtime(now):%Y-%m-%d %H:%M}"),
        (_("导出人"), by.name),
    ]


def _columns() -> list[Column]:
    return [
        Column(_("编号"), "text", 17),
        Column(_("投诉时间"), "moment", 17),
        Column(_("项目"), "text", 14),
        Column(_("房号"), "text", 12),
        Column(_("投诉人"), "text", 10),
        Column(_("联系电话"), "text", 15),
        Column(_("投诉方式"), "text", 9),
        Column(_("类别"), "text", 10),
        Column(_("等级"), "text", 8),
        Column(_("是否有效"), "text", 8),
        Column(_("被投诉人或部门"), "text", 14),
        Column(_("投诉内容"), "text", 40),
        Column(_("业户要求"), "text", 20),
        Column(_("状态"), "text", 9),
        Column(_("登记人"), "text", 9),
        Column(_("首次回复时间"), "moment", 17),
        Column(_("承诺时限"), "moment", 17),
        Column(_("完成时间"), "moment", 17),
        Column(_("处理人"), "text", 9),
        Column(_("处理措施"), "text", 30),
        Column(_("回复业户时间"), "moment", 17),
        Column(_("回访时间"), "moment", 17),
        Column(_("满意程度"), "text", 10),
        Column(_("重开次数"), "number", 9),
        Column(_("原因"), "text", 12),
        Column(_("责任认定"), "text", 20),
        Column(_("结案时间"), "moment", 17),
        Column(_("跟进管家"), "text", 9),
    ]


def _cells(rows: Iterator[Complaint], phone) -> Iterator[tuple]:
    for one in rows:
        yield (
            one.number, one.complained_at, one.estate.name, one.place_label, one.contact_name,
            phone(one.contact_phone), str(one.get_source_display()),
            str(one.get_category_display()), str(one.get_grade_display()),
            str(one.get_validity_display()), one.against, one.content, one.demand,
            str(one.get_status_display()), one.registered_by.name, one.first_replied_at,
            one.promised_at, one.handled_at, _name(one.handled_by), one.measures, one.replied_at,
            one.called_back_at, str(one.get_satisfaction_display()) if one.satisfaction else "",
            one.reopenings, str(one.get_cause_display()) if one.cause else "", one.responsibility,
            one.closed_at, _name(one.butler),
        )  # fmt: skip


def _name(staff: Staff | None) -> str:
    return staff.name if staff else ""
