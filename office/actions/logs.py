"""Daily log and monthly summary: write, submit, sign; report up, review, read (LOG-1, SUM-1)."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import posts
from accounts.models import Staff
from followups.actions import meet
from history import entries
from office import followups as kinds
from office.figures import Figure, count, members
from office.models import DailyLog, MonthlySummary
from office.moving import change, move, must_be
from office.statuses import LogStatus, SummaryStatus
from office.tables import DAILY, monthly


@transaction.atomic
def save_log(log: DailyLog, *, by: Staff, now: datetime, **words: Any) -> DailyLog:
    """Keep what was written so far; only a draft can be written in."""
    must_be(log, LogStatus.DRAFT, by=by, now=now)
    change(log, by=by, now=now, **words)
    entries.record(log, "log.saved", by=by, now=now)
    return log


@transaction.atomic
def submit_log(log: DailyLog, *, by: Staff, now: datetime, **words: Any) -> DailyLog:
    """LOG-1: the day's figures are taken now, and the manager owes his signature.

    Raises ValidationError without attendance, important matters or a plan for tomorrow, and for
    a day that has not come.
    """
    written = {name: getattr(log, name) for name in ("attendance", "important", "tomorrow")} | words
    missing = {
        name: _("还没有写。没有就写“无”")
        for name in ("attendance", "important", "tomorrow")
        if not written[name].strip()
    }
    if missing:
        raise ValidationError(missing)
    if log.day > timezone.localdate(now):
        raise ValidationError(_("这一天还没有到, 不能提交"))
    move(
        log,
        LogStatus.SUBMITTED,
        by=by,
        now=now,
        **words,
        **counted(log, now=now),
        submitted_at=now,
        submitted_by=by,
    )
    meet(log, kinds.DAILY_LOG, by=by, now=now)
    post = posts.GENERAL_MANAGER if by.post == posts.CS_MANAGER else posts.CS_MANAGER
    kinds.owe(log, kinds.SIGN_LOG, now=now, post=post, limit_key=kinds.SIGN_LOG)
    entries.record(log, "log.submitted", by=by, now=now)
    return log


@transaction.atomic
def sign_log(log: DailyLog, *, by: Staff, now: datetime, opinion: str = "") -> DailyLog:
    """The manager signs; nobody signs what he wrote himself."""
    if log.submitted_by_id == by.pk:
        raise ValidationError(_("自己写的日志要由上级签阅"))
    move(log, LogStatus.SIGNED, by=by, now=now, signed_at=now, signed_by=by, opinion=opinion)
    meet(log, kinds.SIGN_LOG, by=by, now=now)
    entries.record(log, "log.signed", by=by, now=now, opinion=opinion)
    return log


@transaction.atomic
def return_log(log: DailyLog, *, by: Staff, now: datetime, reason: str) -> DailyLog:
    """Back to the writer, with the reason; it is owed again by its old moment."""
    if not reason.strip():
        raise ValidationError({"reason": _("写明退回原因")})
    move(log, LogStatus.DRAFT, by=by, now=now, figures={}, rows={}, submitted_at=None,
         submitted_by=None)  # fmt: skip
    meet(log, kinds.SIGN_LOG, by=by, now=now)
    kinds.reopen(log, kinds.DAILY_LOG, now=now, post=posts.CS_ASSISTANT)
    entries.record(log, "log.returned", by=by, now=now, reason=reason)
    return log


@transaction.atomic
def save_summary(summary: MonthlySummary, /, *, by: Staff, now: datetime, **words: Any):
    must_be(summary, SummaryStatus.DRAFT, by=by, now=now)
    change(summary, by=by, now=now, **words)
    entries.record(summary, "summary.saved", by=by, now=now)
    return summary


@transaction.atomic
def report_summary(summary: MonthlySummary, /, *, by: Staff, now: datetime, **words: Any):
    """SUM-1: every table is computed and kept as it is now; the manager owes his review.

    Raises ValidationError for a month that is not over, and without the assistant's own summary,
    problems, suggestions and measures.
    """
    fields = ("summary", "problems", "suggestions", "measures")
    written = {name: getattr(summary, name) for name in fields} | words
    missing = {name: _("还没有写") for name in fields if not written[name].strip()}
    if missing:
        raise ValidationError(missing)
    if timezone.localdate(now) < summary.next_month:
        raise ValidationError(_("这个月还没有过完, 下月 1 日起上报"))
    move(
        summary,
        SummaryStatus.REPORTED,
        by=by,
        now=now,
        **words,
        **counted(summary, now=now),
        reported_at=now,
        reported_by=by,
    )
    meet(summary, kinds.SUMMARY, by=by, now=now)
    kinds.owe(summary, kinds.REVIEW_SUMMARY, now=now, post=posts.CS_MANAGER,
              limit_key=kinds.REVIEW_SUMMARY)  # fmt: skip
    entries.record(summary, "summary.reported", by=by, now=now)
    return summary


@transaction.atomic
def review_summary(summary: MonthlySummary, *, by: Staff, now: datetime, review: str):
    """The manager's word, after which the general manager reads it."""
    if not review.strip():
        raise ValidationError({"review": _("写一句审核意见")})
    move(summary, SummaryStatus.REVIEWED, by=by, now=now, reviewed_at=now, reviewed_by=by,
         review=review)  # fmt: skip
    meet(summary, kinds.REVIEW_SUMMARY, by=by, now=now)
    kinds.owe(summary, kinds.READ_SUMMARY, now=now, post=posts.GENERAL_MANAGER,
              limit_key=kinds.READ_SUMMARY)  # fmt: skip
    entries.record(summary, "summary.reviewed", by=by, now=now, review=review)
    return summary


@transaction.atomic
def return_summary(summary: MonthlySummary, *, by: Staff, now: datetime, reason: str):
    """Back to the assistant; the tables follow the work again until it is reported anew."""
    if not reason.strip():
        raise ValidationError({"reason": _("写明退回原因")})
    move(summary, SummaryStatus.DRAFT, by=by, now=now, figures={}, rows={}, reported_at=None,
         reported_by=None)  # fmt: skip
    meet(summary, kinds.REVIEW_SUMMARY, by=by, now=now)
    kinds.reopen(summary, kinds.SUMMARY, now=now, post=posts.CS_ASSISTANT)
    entries.record(summary, "summary.returned", by=by, now=now, reason=reason)
    return summary


@transaction.atomic
def read_summary(summary: MonthlySummary, *, by: Staff, now: datetime, opinion: str = ""):
    """The general manager has read it."""
    move(summary, SummaryStatus.READ, by=by, now=now, read_at=now, read_by=by, gm_opinion=opinion)
    meet(summary, kinds.READ_SUMMARY, by=by, now=now)
    entries.record(summary, "summary.read", by=by, now=now, opinion=opinion)
    return summary


def figures_of(paper: DailyLog | MonthlySummary):
    """Which figures the paper has."""
    return DAILY if isinstance(paper, DailyLog) else monthly()


def numbers_of(paper: DailyLog | MonthlySummary, *, now: datetime) -> dict[str, Any]:
    """Its numbers by key: as they were kept, or of a draft as they are ``now``."""
    if paper.is_counted:
        return paper.figures
    return count(figures_of(paper), paper.estate, paper.span(now))


def number_of(paper: DailyLog | MonthlySummary, figure: Figure, *, now: datetime) -> Any:
    """One of its numbers: as it was kept, or of a draft as it is ``now``."""
    if paper.is_counted:
        return paper.figures.get(figure.key)
    return count([figure], paper.estate, paper.span(now))[figure.key]


def counted(paper: DailyLog | MonthlySummary, *, now: datetime) -> dict[str, Any]:
    """What the paper keeps of its figures: the numbers, and the rows that were counted.

    A number of rows is how many ids are kept with it, so that its list can never show more or
    fewer.
    """
    figures = figures_of(paper)
    rows = members(figures, paper.estate, paper.span(now))
    numbers = count(figures, paper.estate, paper.span(now))
    kept = {figure.key: len(rows[figure.key]) for figure in figures if figure.counts_rows}
    return {"figures": numbers | kept, "rows": rows}


def open_log(*, estate, day: date, now: datetime, by: Staff) -> DailyLog:
    """Begin the log of a day that the calendar left out; the same row if it is there.

    ValidationError for a day to come.
    """
    if day > timezone.localdate(now):
        raise ValidationError({"day": _("这一天还没有到")})
    kinds.begin_log(DailyLog(estate=estate, day=day, opened_at=now), now=now)
    return DailyLog.objects.get(estate=estate, day=day)


def open_summary(*, estate, month: date, now: datetime, by: Staff) -> MonthlySummary:
    """Begin a month's summary before the calendar does; the same row if it is there."""
    if month > timezone.localdate(now):
        raise ValidationError({"month": _("这个月还没有开始")})
    kinds.begin_summary(MonthlySummary(estate=estate, month=month, opened_at=now), now=now)
    return MonthlySummary.objects.get(estate=estate, month=month)
