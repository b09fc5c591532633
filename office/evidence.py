"""What the office knows of a person's work, as evidence for an appraisal (TRN-2, MGT-7)."""

from datetime import datetime

from django.db.models import F, Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Staff
from followups.evidence import MOST, Evidence, Page, Record
from followups.models import FollowUp
from office import followups as kinds
from office.models import (
    Assignment,
    Attendance,
    ButlerCheck,
    DailyLog,
    MonthlySummary,
    Purchase,
    TrainingSession,
)
from office.periods import end_of
from office.statuses import Standing

PAPERS = (kinds.DAILY_LOG, kinds.SUMMARY, kinds.CHECK, kinds.TASK)


def evidence(staff: Staff, start: datetime, end: datetime) -> list[Evidence]:
    """Failed exams and trainings missed, and papers that his post owed and wrote late or not.

    What he owed by name is offered by the follow-ups themselves. Two queries.
    """
    return [*_training(staff, start, end), *_papers(staff, start, end)]


def _training(staff, start, end):
    rows = (
        Attendance.objects.filter(
            staff=staff,
            ended_on__range=(start.date(), end.date()),
            status__in=(Standing.FAILED, Standing.ABSENT),
        )
        .select_related("session")
        .order_by("ended_on", "pk")
    )
    for row in rows:
        failed = row.status == Standing.FAILED
        yield Evidence(
            key=f"training:{row.pk}",
            rule="exam",
            sop="",
            clause="TRN-2",
            label=(_("考试不合格: %(what)s") if failed else _("没有参加培训: %(what)s"))
            % {"what": row.session},
            url=row.session.get_absolute_url(),
            at=min(end_of(row.ended_on), end),
        )


def _papers(staff, start, end):
    rows = (
        FollowUp.objects.filter(
            kind__in=PAPERS,
            owner=None,
            taken_by=None,
            owner_post=staff.post,
            due_at__gte=start,
            due_at__lt=end,
            cancelled_at=None,
            paused_at=None,
            estate__in=staff.memberships.values("estate"),
        )
        .filter(Q(done_at=None) | Q(done_at__gt=F("due_at")))
        .order_by("due_at", "pk")
    )
    for row in rows:
        yield Evidence(
            key=f"followup:{row.pk}",
            rule="missed",
            sop="",
            clause="MGT-7",
            label=_("逾期: %(what)s") % {"what": row.text},
            url=row.url,
            at=row.due_at,
        )


def records(staff: Staff, start: datetime, end: datetime, *, to: Staff) -> list[Record]:
    """Trainings that he was put down for, and daily logs that he wrote, as far as ``to`` may see
    them. Two queries.
    """
    trainings = Attendance.objects.filter(
        staff=staff,
        session__in=TrainingSession.objects.visible_to(to).values("pk"),
        session__starts_at__gte=start,
        session__starts_at__lt=end,
    ).select_related("session")
    logs = DailyLog.objects.visible_to(to).filter(
        submitted_by=staff, submitted_at__gte=start, submitted_at__lt=end
    )
    return [
        *(
            Record(f"training:{row.pk}", _("培训"), f"{row.session} ({row.get_status_display()})",
                   row.session.get_absolute_url(), row.session.starts_at)
            for row in trainings.order_by("-session__starts_at", "-pk")[:MOST]
        ),
        *(
            Record(f"log:{row.pk}", _("工作日志"), str(row), row.get_absolute_url(),
                   row.submitted_at)
            for row in logs.order_by("-submitted_at", "-pk")[:MOST]
        ),
    ]  # fmt: skip


def _page(kind, model: type[Model]) -> Page:
    return Page(kind, lambda to, pk: model.objects.visible_to(to).filter(pk=pk))


PAGES = {
    "office:session_detail": _page(_lazy("培训"), TrainingSession),
    "office:log_detail": _page(_lazy("工作日志"), DailyLog),
    "office:summary_detail": _page(_lazy("月度总结"), MonthlySummary),
    "office:task_detail": _page(_lazy("任务"), Assignment),
    "office:check_detail": _page(_lazy("管家检查"), ButlerCheck),
    "office:purchase_detail": _page(_lazy("采购"), Purchase),
}
