"""What the department's papers make people owe, and what the calendar opens by itself."""

from contextlib import suppress
from datetime import date, datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import posts
from accounts.models import Staff
from estates.models import Estate, Membership
from followups.actions import cancel, meet, open_followup
from followups.kinds import Kind
from followups.models import FollowUp
from office import people
from office.models import (
    Attendance,
    ButlerCheck,
    DailyLog,
    MonthlySummary,
    PlanItem,
    StaffRecord,
    TrainingPlan,
    TrainingSession,
)
from office.periods import end_of, last_of, month_before
from office.statuses import PlanStatus, SessionStatus, Standing
from office.subjects import HANDBOOK
from roster.models import Duty
from roster.models import Status as RosterStatus
from rulebook.limits import due, limit, limits
from rulebook.workdays import load_calendar

DAILY_LOG = "office.daily_log"
SIGN_LOG = "office.sign_log"
SUMMARY = "office.monthly_summary"
REVIEW_SUMMARY = "office.review_summary"
READ_SUMMARY = "office.read_summary"
CHECK = "office.butler_check"
TASK = "office.task"
ACCEPT_TASK = "office.accept_task"
APPROVE_PURCHASE = "office.approve_purchase"
ORDER_PURCHASE = "office.order_purchase"
RECEIVE_PURCHASE = "office.receive_purchase"
STORE_PURCHASE = "office.store_purchase"
PLAN = "office.training_plan"
APPROVE_PLAN = "office.approve_plan"
ARRANGE = "office.arrange_training"
HOLD = "office.hold_training"
GRADE = "office.grade_training"
RESIT = "office.resit"
RECORD_STAFF = "office.record_staff"
INDUCT = "office.induct"
REPLACE = "office.replace_on_roster"

KINDS = (
    Kind(key=DAILY_LOG, label=_("工作日志"), title=gettext_noop("写工作日志: %(what)s"),
         action=_("写日志"), pausable=False),
    Kind(key=SIGN_LOG, label=_("签阅日志"), title=gettext_noop("签阅工作日志: %(what)s"),
         action=_("签阅")),
    Kind(key=CHECK, label=_("管家检查"), title=gettext_noop("检查管家日常工作: %(what)s"),
         action=_("记检查结果"), pausable=False),
    Kind(key=SUMMARY, label=_("月度总结"), title=gettext_noop("写月度总结: %(what)s"),
         action=_("写总结")),
    Kind(key=REVIEW_SUMMARY, label=_("审总结"), title=gettext_noop("审月度总结: %(what)s"),
         action=_("审核")),
    Kind(key=READ_SUMMARY, label=_("阅总结"), title=gettext_noop("阅月度总结: %(what)s"),
         action=_("已阅")),
    Kind(key=TASK, label=_("任务"), title=gettext_noop("任务: %(what)s"), action=_("汇报")),
    Kind(key=ACCEPT_TASK, label=_("认可任务"), title=gettext_noop("看汇报, 认可或退回: %(what)s"),
         action=_("看汇报")),
    Kind(key=APPROVE_PURCHASE, label=_("采购审批"), title=gettext_noop("审批采购: %(what)s"),
         action=_("审批")),
    Kind(key=ORDER_PURCHASE, label=_("采购下单"), title=gettext_noop("下单采购: %(what)s"),
         action=_("记下单")),
    Kind(key=RECEIVE_PURCHASE, label=_("到货验收"), title=gettext_noop("到货验收: %(what)s"),
         action=_("记验收")),
    Kind(key=STORE_PURCHASE, label=_("入库"), title=gettext_noop("入库或领用: %(what)s"),
         action=_("记入库")),
    Kind(key=PLAN, label=_("培训计划"), title=gettext_noop("编年度培训计划: %(what)s"),
         action=_("编计划")),
    Kind(key=APPROVE_PLAN, label=_("批培训计划"), title=gettext_noop("批准年度培训计划: %(what)s"),
         action=_("批准")),
    Kind(key=ARRANGE, label=_("安排培训"), title=gettext_noop("按计划安排培训: %(what)s"),
         action=_("安排")),
    Kind(key=HOLD, label=_("培训"), title=gettext_noop("实施培训: %(what)s"), action=_("去签到")),
    Kind(key=GRADE, label=_("登记成绩"), title=gettext_noop("登记培训成绩: %(what)s"),
         action=_("登记成绩")),
    Kind(key=RESIT, label=_("补考"), title=gettext_noop("安排补考: %(what)s"),
         action=_("登记补考")),
    Kind(key=RECORD_STAFF, label=_("登记资格"),
         title=gettext_noop("登记谁已经考核合格: %(what)s"), action=_("登记")),
    Kind(key=INDUCT, label=_("上岗培训"), title=gettext_noop("培训并考核合格后上岗: %(what)s"),
         action=_("安排培训")),
    Kind(key=REPLACE, label=_("不合格换班"), title=gettext_noop("没有合格资格, 换下班表上的班: %(what)s"),
         action=_("去换班"), pausable=False),
)  # fmt: skip


def owe(
    paper,
    kind: str,
    *,
    now: datetime,
    post: str,
    owner: Staff | None = None,
    what: str = "",
    url: str = "",
    **terms,
) -> FollowUp:
    """A follow-up about a paper of an estate; ``what`` defaults to the paper's own name."""
    return open_followup(
        paper,
        kind,
        now=now,
        owner=owner,
        owner_post=post,
        estate=terms.pop("estate", None) or paper.estate,
        params={"what": (what or str(paper))[:80]},
        url=url or paper.get_absolute_url(),
        **terms,
    )


def reopen(paper, kind: str, *, now: datetime, post: str) -> FollowUp:
    """A returned paper is owed again by its old moment, so that returning is no more time."""
    last = FollowUp.objects.about(paper).filter(kind=kind).order_by("-pk").first()
    if last is None:
        return owe(paper, kind, now=now, post=post, limit_key=kind)
    return owe(
        paper,
        kind,
        now=now,
        post=last.owner_post,
        owner=last.owner,
        start=last.started_at,
        due_at=last.due_at,
        limit_key=last.limit_key,
    )


def open_due(now: datetime) -> None:
    """Each working day a log and a look at the butlers; each month a summary and what the training
    plan has for it; in December the next plan; for everybody new his induction, and the turns that he may not stand in.

    Each is opened once by its own unique row. On days when everything is open this asks a few
    small questions.
    """
    today = timezone.localdate(now)
    open_daily(today, now=now)
    open_month(today, now=now)
    open_plan(today, now=now)
    open_items(today, now=now)
    open_records(now=now)
    open_inductions(now=now)
    open_replacements(now=now)


def open_daily(today: date, *, now: datetime) -> None:
    """LOG-1, MGT-2: on working days only, where somebody of the department works."""
    without_log = _estates_without(DailyLog.objects.filter(day=today), posts.CS_ASSISTANT)
    without_check = _estates_without(ButlerCheck.objects.filter(day=today), posts.BUTLER)
    if not (without_log or without_check) or not load_calendar().is_workday(today):
        return
    for estate in without_log:
        begin_log(DailyLog(estate=estate, day=today, opened_at=now), now=now)
    for estate in without_check:
        due_at = _at_hour(today, limit(CHECK, at=now).value)
        _open_once(ButlerCheck(estate=estate, day=today, opened_at=now), CHECK,
                   due_at=due_at, now=now)  # fmt: skip


def begin_log(log: DailyLog, *, now: datetime) -> bool:
    """Owed by the rulebook's hour of its day; False if the day has one already."""
    due_at = _at_hour(log.day, limit(DAILY_LOG, at=now).value)
    return _open_once(log, DAILY_LOG, due_at=due_at, now=now)


def open_month(today: date, *, now: datetime) -> None:
    """SUM-1: the month before is summed up by the day of the rulebook."""
    month = month_before(today)
    missing = _estates_without(MonthlySummary.objects.filter(month=month), posts.CS_ASSISTANT)
    if not missing:
        return
    for estate in missing:
        begin_summary(MonthlySummary(estate=estate, month=month, opened_at=now), now=now)


def begin_summary(summary: MonthlySummary, *, now: datetime) -> bool:
    """Owed by the rulebook's day of the month after it; False if the month has one already."""
    day = int(limits(SUMMARY, at=now)[SUMMARY].value)
    due_on = max(summary.next_month.replace(day=day), timezone.localdate(now))
    return _open_once(summary, SUMMARY, due_at=end_of(due_on), now=now)


def open_plan(today: date, *, now: datetime) -> None:
    """TRN-1: in the month of the rulebook the next year's plan, with the handbook in it (TRN-3)."""
    numbers = limits("training.plan_month", "training.plan_day", at=now)
    if today.month != int(numbers["training.plan_month"].value):
        return
    year = today.year + 1
    for estate in _estates_without(TrainingPlan.objects.filter(year=year), posts.CS_ASSISTANT):
        plan = TrainingPlan(estate=estate, year=year, opened_at=now)
        day = min(int(numbers["training.plan_day"].value), 28)
        begin_plan(plan, due_at=max(end_of(today.replace(day=day)), end_of(today)), now=now)


def begin_plan(plan: TrainingPlan, *, due_at: datetime, now: datetime) -> bool:
    """Save a new plan and owe it; False if the year of the estate has one already."""
    if not _open_once(plan, PLAN, due_at=due_at, limit_key="", now=now):
        return False
    PlanItem.objects.create(
        plan=plan, month=1, subject=HANDBOOK, audience=str(_("客服中心全体")), hours=4
    )
    return True


def open_items(today: date, *, now: datetime) -> None:
    """TRN-1: what the approved plan has for this month and nobody has arranged; a cancelled
    training is to be arranged anew.
    """
    arranged = TrainingSession.objects.filter(item=OuterRef("pk")).exclude(
        status=SessionStatus.CANCELLED
    )
    owed = FollowUp.objects.open().filter(
        content_type=ContentType.objects.get_for_model(PlanItem),
        object_id=OuterRef("pk"),
        kind=ARRANGE,
    )
    items = PlanItem.objects.filter(
        plan__status=PlanStatus.APPROVED, plan__year=today.year, month__lte=today.month
    )
    items = items.exclude(Exists(arranged)).exclude(Exists(owed))
    for item in items.select_related("plan__estate"):
        last = last_of(date(item.plan.year, item.month, 1))
        with suppress(ValidationError):  # another scan was faster
            owe(item, ARRANGE, now=now, post=posts.CS_ASSISTANT, estate=item.plan.estate,
                what=str(item.get_subject_display()), url=item.plan.get_absolute_url(),
                due_at=end_of(max(last, today)))  # fmt: skip


def open_records(*, now: datetime) -> None:
    """TRN-1: an estate that begins records once who is qualified already, all on one page.

    Where everybody is, there is nothing to record; a record ends too when nobody is left on it.
    """
    taught = Staff.objects.active().filter(
        post__in=people.TAUGHT_POSTS, memberships__estate=OuterRef("pk")
    )
    records = StaffRecord.objects.filter(estate=OuterRef("pk"))
    estates = Estate.objects.annotate(
        is_known=Exists(records), has_waiting=Exists(taught.filter(qualified_on=None))
    ).filter(
        Q(Exists(taught), is_known=False)
        | Q(Exists(records.filter(recorded_at=None)), has_waiting=False)
    )
    for estate in estates.order_by("pk"):
        if not estate.is_known and estate.has_waiting:
            due_at = due(RECORD_STAFF, start=now).due_at
            record = StaffRecord(estate=estate, opened_at=now)
            _open_once(record, RECORD_STAFF, due_at=due_at, now=now)
        elif not estate.is_known:
            record = StaffRecord(estate=estate, opened_at=now, recorded_at=now)
            StaffRecord.objects.bulk_create([record], ignore_conflicts=True)
        else:
            record = StaffRecord.objects.get(estate=estate)
            StaffRecord.objects.filter(pk=record.pk).update(recorded_at=now)
            meet(record, RECORD_STAFF, by=None, now=now)


def open_inductions(*, now: datetime) -> None:
    """TRN-1: who is not qualified is to be trained and examined within the rulebook's days: whoever
    came after his estate had recorded its people, or failed.

    It ends when he is qualified, by an exam or on his record, and when he leaves.
    """
    rows = _owed_about_staff(INDUCT)
    staff = Staff.objects.filter(pk=OuterRef("object_id"))
    ended = staff.filter(Q(qualified_on__isnull=False) | Q(is_active=False))
    for row in rows.filter(Exists(ended)):
        if row.subject.qualified_on:
            meet(row.subject, INDUCT, by=None, now=now)
        else:
            cancel(row.subject, INDUCT, now=now)
    new = Membership.objects.filter(
        staff__post__in=people.TAUGHT_POSTS, staff__is_active=True, staff__qualified_on=None
    )
    unowed = ~Exists(rows.filter(object_id=OuterRef("staff")))
    begun = StaffRecord.objects.filter(estate=OuterRef("estate"), recorded_at__isnull=False)
    failed = Attendance.objects.filter(staff=OuterRef("staff"), status=Standing.FAILED)
    for place in (
        new.filter(unowed, Exists(begun) | Exists(failed))
        .select_related("staff", "estate")
        .order_by("pk")
    ):
        with suppress(ValidationError):  # owed already in another estate of his
            owe(place.staff, INDUCT, now=now, post=posts.CS_ASSISTANT, estate=place.estate,
                what=f"{place.staff.name} {place.staff.get_post_display()}",
                url=f"{reverse('office:session_add')}?person={place.staff.pk}",
                limit_key="training.induction")  # fmt: skip


def open_replacements(*, now: datetime) -> None:
    """TRN-1: who is no longer qualified but stands in a published roster is to be taken out of it
    before his next turn. It ends when he has no turn left, or is qualified again.
    """
    rows = _owed_about_staff(REPLACE)
    turns = Duty.objects.filter(
        roster__status=RosterStatus.PUBLISHED, starts_at__gt=now, staff__qualified_on=None
    )
    for row in rows.exclude(Exists(turns.filter(staff=OuterRef("object_id")))):
        meet(row.subject, REPLACE, by=None, now=now)
    unowed = turns.exclude(Exists(rows.filter(object_id=OuterRef("staff"))))
    for turn in unowed.select_related("staff", "roster__estate").order_by("starts_at", "pk"):
        with suppress(ValidationError):  # his next turn is owed already
            owe(turn.staff, REPLACE, now=now, post=posts.CS_ASSISTANT, estate=turn.roster.estate,
                what=turn.staff.name, url=turn.roster.get_absolute_url(),
                due_at=turn.starts_at)  # fmt: skip


def _owed_about_staff(kind: str):
    return FollowUp.objects.open().filter(
        content_type=ContentType.objects.get_for_model(Staff), kind=kind
    )


def _open_once(paper, kind: str, *, due_at: datetime, now: datetime, limit_key=None) -> bool:
    try:
        with transaction.atomic():
            paper.save(force_insert=True)
            owe(paper, kind, now=now, post=posts.CS_ASSISTANT, due_at=due_at,
                limit_key=kind if limit_key is None else limit_key)  # fmt: skip
    except IntegrityError:
        if not type(paper)._default_manager.filter(**_key_of(paper)).exists():
            raise
        return False  # another scan was faster
    return True


def _key_of(paper) -> dict:
    names = [name for each in paper._meta.constraints for name in getattr(each, "fields", ())]
    return {name: getattr(paper, name) for name in names}


def _at_hour(day: date, hour) -> datetime:
    return end_of(day).replace(hour=0, minute=0) + timedelta(hours=float(hour))


def _estates_without(papers, post: str) -> list[Estate]:
    """The estates where somebody of that post works and which have no such paper: one query."""
    works = Membership.objects.filter(
        estate=OuterRef("pk"), staff__post=post, staff__is_active=True
    )
    there = papers.filter(estate=OuterRef("pk"))
    return list(Estate.objects.filter(Exists(works)).exclude(Exists(there)).order_by("pk"))
