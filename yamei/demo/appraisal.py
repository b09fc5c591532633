"""A month of score sheets to look at: one published month, one appeal, rounds that are due."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import Staff
from appraisal.actions import appeals, lines, months, opening, sheets
from appraisal.items import Cause, Grade, Group
from appraisal.periods import month_start
from estates.models import Estate


def fill(estate: Estate, staff: dict[str, Staff], *, now: datetime) -> int:
    """Sheets of last month (published) and of today; returns how many."""
    manager, assistant, gm = staff["manager"], staff["assistant"], staff["gm"]
    last = month_start(month_start(timezone.localdate(now)) - timedelta(days=1))
    then = datetime.combine(last, datetime.min.time(), tzinfo=timezone.get_current_timezone())
    found = {"butler1": (Group.JOB, "repairs", "REP-6", "两张维修单未按时回访"),
             "desk1": (Group.CONDUCT, "conduct", "MAN-6", "与业户相遇未保持微笑"),
             "butler2": (Group.HANDOVER, "shifts", "DUT-4", "交接班记录不清")}  # fmt: skip
    count = 0
    for day, (kind, by) in enumerate(
        (("daily", assistant), ("weekly", manager), ("monthly", manager)), start=5
    ):
        moment = then + timedelta(days=day, hours=16)
        for username in ("butler1", "butler2", "desk1", "cashier"):
            if kind == "daily" and username == "desk1":
                continue
            sheet = sheets.open_sheet(
                staff[username], kind=kind, day=moment.date(), by=by, now=moment
            )
            if username in found and kind != "monthly":
                group, sop, clause, fact = found[username]
                lines.add_deduction(
                    sheet, group=group, sop=sop, clause=clause, fact=fact,
                    happened_at=moment - timedelta(hours=3), grade=Grade.MINOR, by=by, now=moment,
                )  # fmt: skip
            sheets.submit(sheet, by=by, now=moment)
            if sheet.status != "locked":
                sheets.see(sheet, by=sheet.staff, now=moment + timedelta(hours=1))
                sheets.accept(sheet, opinion="", by=sheet.staff, now=moment + timedelta(hours=2))
            count += 1
    moment = then + timedelta(days=12, hours=16)
    own = sheets.open_sheet(manager, kind="weekly", day=moment.date(), by=gm, now=moment)
    lines.add_deduction(
        own, group=Group.JOB, sop="patrol", clause="PAT-1", fact="两周未抽查巡视记录",
        happened_at=moment - timedelta(days=1), grade=Grade.MINOR,
        causes=[Cause.DUTY, Cause.TRAINING], by=gm, now=moment,
    )  # fmt: skip
    sheets.submit(own, by=gm, now=moment)
    months.review(last, months.people_of(manager, estate), estate=estate, by=manager, now=now)
    months.work_off(months.publish(last, estate=estate, by=manager, now=now), now=now)
    _today(staff, now)
    opening.open_rounds(now)
    return count + 3


def _today(staff, now):
    """One sheet that waits for review, and one appeal that waits for its decision.

    Of the other butlers the manager has one drawn for himself (APP-3).
    """
    assistant, butler, butler2 = staff["assistant"], staff["butler1"], staff["butler2"]
    day = timezone.localdate(now)
    sheet = sheets.open_sheet(butler, kind="daily", day=day, by=assistant, now=now)
    for sop, clause, fact in (
        ("repairs", "REP-6", "3-2-1102 回访超时 1 天"),
        ("patrol", "PAT-1", "A 区漏巡一点"),
    ):
        line = lines.add_deduction(
            sheet, group=Group.JOB, sop=sop, clause=clause, fact=fact,
            happened_at=now - timedelta(hours=4), grade=Grade.MINOR, by=assistant, now=now,
        )  # fmt: skip
        lines.add_evidence(line, label=fact, url="/repairs/1/", by=assistant, now=now)
    sheets.submit(sheet, by=assistant, now=now)
    other = sheets.open_sheet(butler2, kind="spot", day=day, by=assistant, now=now)
    line = lines.add_deduction(
        other, group=Group.JOB, sop="visits", clause="VIS-1", fact="本周走访少两户",
        happened_at=now - timedelta(hours=5), grade=Grade.CONSEQUENCE, points=Decimal(8),
        reason="业户打电话到公司反映", by=assistant, now=now,
    )  # fmt: skip
    sheets.submit(other, by=assistant, now=now)
    sheets.see(other, by=butler2, now=now)
    appeals.appeal(
        other, text="两户都出差, 已电话联系并留了记录", deductions=[line], by=butler2, now=now
    )
