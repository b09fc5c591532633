"""Sheets and months as workbooks."""

from datetime import date, datetime
from typing import BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Staff
from appraisal.bands import band_of_sheet
from appraisal.items import LABELS, Kind
from appraisal.models import Sheet
from appraisal.records import period_of_sheet
from spreadsheets.writer import Column, write_workbook


def write_sheet(file: BinaryIO, sheet: Sheet, *, by: Staff, now: datetime) -> int:
    """One 考评表: a row per deduction and linked line, the items' marks on the second page."""
    rows = []
    lines = sheet.deductions.select_related("sop").prefetch_related("linked", "evidence")
    for line in lines:
        rows.append(
            (
                line.item_label,
                line.happened_at,
                line.fact,
                str(line.sop) if line.sop else _("员工手册"),
                line.clause,
                line.get_grade_display(),
                line.points,
                line.reversed_points,
                "",
                "; ".join(each.label for each in line.evidence.all()),
            )
        )
        rows += [
            (each.item_label, line.happened_at, line.fact, "", "", _("连带扣分"), each.points,
             each.reversed_points, each.get_cause_display(), "")
            for each in line.linked.all()
        ]  # fmt: skip
    period = period_of_sheet(sheet)
    reviewed = sheet.reviewed_by.name if sheet.reviewed_by else ""
    notes = [
        (_("表号"), sheet.number),
        (_("考评类别"), str(sheet.get_kind_display())),
        (_("被考评人"), sheet.staff.name),
        (_("岗位"), str(sheet.get_post_display())),
        (_("检查人"), sheet.inspector.name),
        (_("考评日期"), f"{sheet.day:%Y-%m-%d}"),
        (_("考评期间"), f"{period.starts_on:%Y-%m-%d} – {period.ends_on:%Y-%m-%d}"),
        (_("检查时段"), sheet.slot),
        (_("状态"), str(sheet.get_status_display())),
        *(
            (str(LABELS[each.item]),
             _("满分 %(full)s, 扣 %(taken)s, 得 %(score)s")
             % {"full": each.full, "taken": each.taken, "score": each.score})
            for each in sheet.scores()
        ),
        (_("总分"), f"{sheet.total}"),
        (pgettext("band", "等级"), str(band_of_sheet(sheet))),
        (_("改进要求"), sheet.improvement),
        (_("整改期限"), f"{sheet.improve_by:%Y-%m-%d}" if sheet.improve_by else ""),
        (_("按员工手册处理"), sheet.handbook_note if sheet.by_handbook else ""),
        (_("被考评人意见"), sheet.opinion),
        *_appeals(sheet),
        (_("上级审核"), reviewed),
        (_("导出人"), f"{by.name} {timezone.localtime(now):%Y-%m-%d %H:%M}"),
    ]  # fmt: skip
    return write_workbook(
        file,
        sheet_title=_("考评表"),
        columns=[
            Column(_("考评项目"), width=26), Column(_("违规时间"), "moment", 18),
            Column(_("违规事实"), width=40), Column(_("依据规程"), width=30),
            Column(_("条款"), width=10), Column(_("违规等级"), width=14),
            Column(_("扣分"), "number", 8), Column(_("已撤回"), "number", 8),
            Column(_("主观因素"), width=16), Column(_("证据"), width=40),
        ],
        rows=rows,
        notes=notes,
        notes_title=_("说明"),
    )  # fmt: skip


def _appeals(sheet: Sheet) -> list[tuple[str, str]]:
    """What was said against the sheet and what was decided, both texts, level by level."""
    found = []
    for row in sheet.appeals.select_related("by", "decider").order_by("level"):
        level = _("第 %(level)s 级申诉") % {"level": row.level}
        found.append((level, f"{row.by.name}: {row.text}"))
        if row.decided_at:
            said = f"{row.get_outcome_display()}, {row.decider.name}: {row.decision}"
            found.append((pgettext("noun", "裁定"), said))
    return found


def write_month(file: BinaryIO, rows, *, month: date, by: Staff, now: datetime) -> int:
    """A month's results as seen on the page: means of the kinds, score, band."""
    return write_workbook(
        file,
        sheet_title=f"{month:%Y-%m}",
        columns=[
            Column(_("姓名")), Column(_("岗位"), width=18),
            *(Column(str(kind.label), "number", 9) for kind in Kind),
            Column(_("得分"), "number", 9), Column(pgettext("band", "等级"), width=10),
            Column(_("状态"), width=10), Column(_("原得分"), "number", 9),
            Column(_("改动原因"), width=30),
        ],
        rows=(
            (
                row.staff.name, str(row.staff.get_post_display()),
                *(row.mean(kind) for kind in Kind), row.score, str(row.band_label),
                str(row.status_label), row.before, row.why,
            )
            for row in rows
        ),
        notes=[(_("月份"), f"{month:%Y-%m}"),
               (_("导出人"), f"{by.name} {timezone.localtime(now):%Y-%m-%d %H:%M}")],
        notes_title=_("说明"),
    )  # fmt: skip
