"""Workbooks of the office, and what a butler owes beside his daily check."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Staff
from followups.models import OPEN, FollowUp
from office import people
from office.figures import Row, Table
from office.models import ButlerCheck, MonthlySummary, Purchase
from office.periods import day_span
from spreadsheets.writer import Column, write_workbook


def _notes(by: Staff, now: datetime) -> list[tuple[str, str]]:
    return [
        (_("导出时间"), f"{timezone.localtime(now):%Y-%m-%d %H:%M}"),
        (_("导出人"), by.name),
    ]


def write_purchases(file: BinaryIO, rows, *, by: Staff, now: datetime) -> int:
    """采购台账: one line per request, in the fields of forms 4.19."""
    label = {name: str(words) for name, words in Purchase._meta.get_field("status").flatchoices}
    found = rows.select_related("requested_by", "decided_by", "received_by", "issued_to")
    return write_workbook(
        file,
        sheet_title=_("采购台账"),
        columns=[
            Column(_("单号"), "text", 16),
            Column(_("状态"), "text", 12),
            Column(_("物品"), "text", 20),
            Column(_("规格"), "text", 14),
            Column(_("数量"), "number", 8),
            Column(_("单位"), "text", 6),
            Column(_("用途"), "text", 24),
            Column(_("预算(元)"), "money", 10),
            Column(_("需用日期"), "date", 12),
            Column(_("申请人"), "text", 9),
            Column(_("申请时间"), "moment", 17),
            Column(_("审批人"), "text", 9),
            Column(_("审批时间"), "moment", 17),
            Column(_("供应商"), "text", 16),
            Column(_("到货日期"), "date", 12),
            Column(_("验收数量"), "number", 9),
            Column(_("实际金额(元)"), "money", 12),
            Column(_("验收人"), "text", 9),
            Column(_("存放处"), "text", 14),
            Column(_("领用人"), "text", 9),
        ],
        rows=(
            (
                row.number,
                label[row.status],
                row.item,
                row.spec,
                row.quantity,
                row.unit_name,
                row.purpose,
                row.budget,
                row.needed_on,
                row.requested_by.name,
                row.requested_at,
                row.decided_by.name if row.decided_by else "",
                row.decided_at,
                row.supplier,
                row.arrived_on,
                row.received_quantity,
                row.cost,
                row.received_by.name if row.received_by else "",
                row.place,
                row.issued_to.name if row.issued_to else "",
            )
            for row in found.iterator(chunk_size=500)
        ),
        notes=_notes(by, now),
        notes_title=_("说明"),
    )


def write_summary(
    file: BinaryIO,
    summary: MonthlySummary,
    *,
    tables: Iterable[tuple[Table, list[Row]]],
    by: Staff,
    now: datetime,
) -> int:
    """月度汇总表: every figure of every table in one sheet, the assistant's words on the second."""
    state = (str(MonthlySummary._meta.get_field("status").verbose_name),
             str(summary.get_status_display()))  # fmt: skip
    return write_workbook(
        file,
        sheet_title=str(summary),
        columns=[
            Column(_("汇总表"), "text", 16),
            Column(_("项目名"), "text", 20),
            Column(_("列"), "text", 10),
            Column(_("数"), "number", 10),
            Column(_("占比(%)"), "number", 10),
            Column(_("目标(%)"), "number", 10),
        ],
        rows=(
            (
                str(table.title),
                str(row.label),
                str(column),
                cell.value,
                row.share if index == 0 else None,
                row.target if index == 0 else None,
            )
            for table, rows in tables
            for row in rows
            for index, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True))
        ),
        notes=[state, *words_of(summary), *_notes(by, now)],
        notes_title=_("说明"),
    )


def words_of(summary: MonthlySummary) -> list[tuple[str, str]]:
    """(label, text) of what the assistant wrote about the month."""
    names = ("summary", "problems", "suggestions", "measures")
    return [
        (str(MonthlySummary._meta.get_field(name).verbose_name), getattr(summary, name))
        for name in names
    ]


@dataclass(frozen=True)
class Load:
    """What the system knows of a butler's day: owed, late, kept and missed."""

    butler: Staff
    open: int
    late: int
    kept: int
    missed: int


def butler_loads(check: ButlerCheck, now: datetime) -> list[Load]:
    """Every butler of the estate on the day of the check: two queries."""
    as_of = check.checked_at or now
    span = day_span(check.day, as_of)
    today = Q(due_at__gte=span.start, due_at__lt=span.end)
    counted = {
        row["owner"]: row
        for row in FollowUp.objects.filter(estate=check.estate, cancelled_at__isnull=True)
        .filter(today | OPEN, owner__in=people.butlers(check.estate))
        .order_by()
        .values("owner")
        .annotate(
            open=Count("pk", filter=OPEN),
            late=Count("pk", filter=OPEN & Q(due_at__lt=as_of)),
            kept=Count("pk", filter=today & Q(done_at__lte=F("due_at"))),
            missed=Count("pk", filter=today & Q(done_at__gt=F("due_at"))),
        )
    }
    none = {"open": 0, "late": 0, "kept": 0, "missed": 0}
    return [
        Load(
            butler,
            **{name: counted.get(butler.pk, none)[name] for name in none},
        )
        for butler in people.butlers(check.estate)
    ]
