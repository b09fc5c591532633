"""Training (TRN-1, TRN-3): sessions with sign-in, exams, one resit, and the mark 合格上岗."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import posts
from accounts.models import Staff
from estates.models import Estate
from followups.actions import cancel, meet
from history import entries
from office import followups as kinds
from office import people
from office.models import Attendance, PlanItem, TrainingSession
from office.models.training import QUALIFYING, ExamMethod, TrainingKind
from office.moving import move, must_be
from office.periods import end_of
from office.statuses import QUALIFIED, PlanStatus, SessionStatus, Standing
from office.subjects import OTHER
from rulebook.limits import limits


def plan_session(
    *,
    estate: Estate,
    subject: str,
    starts_at: datetime,
    hours: Decimal,
    trainer: str,
    participants: Iterable[Staff],
    client_key: UUID,
    by: Staff,
    now: datetime,
    kind: str = TrainingKind.IN_SERVICE,
    title: str = "",
    material: str = "",
    exam: str = ExamMethod.WRITTEN,
    pass_mark: Decimal | None = None,
    item: PlanItem | None = None,
) -> TrainingSession:
    """Arrange a training for people of the department; it is owed on its day.

    ``pass_mark`` defaults to the rulebook's; ``item`` is the line of the approved plan that it
    carries out. ``client_key`` makes a second press harmless. Raises ValidationError without
    participants, for people of another estate, for another subject without a title, for an
    induction without exam (TRN-1), and for a line of a plan that is not approved.
    """
    participants = list(participants)
    allowed = set(people.trained(estate).values_list("pk", flat=True))
    strange = [each.name for each in participants if each.pk not in allowed]
    errors = {}
    if strange or not participants:
        errors["participants"] = (
            _("不在本项目客服部: %(names)s") % {"names": "、".join(strange)}
            if strange
            else _("选择参加人")
        )
    if subject == OTHER and not title.strip():
        errors["title"] = _("写明题目")
    if kind in QUALIFYING and exam == ExamMethod.NONE:
        errors["exam"] = _("入职和转岗培训要考核, 合格后才能上岗")
    if item and (item.plan.status != PlanStatus.APPROVED or item.plan.estate_id != estate.pk):
        errors["item"] = _("计划批准后才能按计划安排")
    if errors:
        raise ValidationError(errors)
    if pass_mark is None:
        pass_mark = limits("training.pass_mark", at=now)["training.pass_mark"].value
    try:
        with transaction.atomic():
            session = TrainingSession.objects.create(
                estate=estate,
                client_key=client_key,
                item=item,
                subject=subject,
                title=title,
                kind=kind,
                starts_at=starts_at,
                hours=hours,
                trainer=trainer,
                material=material,
                exam=exam,
                pass_mark=pass_mark,
                planned_by=by,
                planned_at=now,
            )
            Attendance.objects.bulk_create(
                Attendance(session=session, staff=each) for each in participants
            )
            kinds.owe(session, kinds.HOLD, now=now, post=posts.CS_ASSISTANT, owner=by,
                      due_at=max(end_of(timezone.localdate(starts_at)),
                                 starts_at + timedelta(hours=float(hours))))  # fmt: skip
            if item:
                meet(item, kinds.ARRANGE, by=by, now=now)
            entries.record(session, "training.planned", by=by, now=now, people=len(participants))
    except IntegrityError:
        return TrainingSession.objects.get(client_key=client_key, planned_by=by)
    return session


@transaction.atomic
def sign_in(
    session: TrainingSession, *, by: Staff, now: datetime, staff: Staff | None = None
) -> Attendance:
    """Sign in for oneself; who arranges training may note that somebody else was there.

    Raises ValidationError before the day of the training, after it was closed, for somebody not
    invited, and for a second signature.
    """
    staff = staff or by
    must_be(session, SessionStatus.PLANNED, by=by, now=now)
    if timezone.localdate(now) < timezone.localdate(session.starts_at):
        raise ValidationError(_("培训当天才能签到"))
    if staff.pk != by.pk and not by.has_perm("office.arrange_training"):
        raise ValidationError(_("签到由本人签"))
    signed = Attendance.objects.filter(session=session, staff=staff, signed_at=None).update(
        signed_at=now, signed_by=by
    )
    if not signed:
        known = Attendance.objects.filter(session=session, staff=staff).first()
        if known is None:
            raise ValidationError(_("%(name)s不在参加人里") % {"name": staff.name})
        raise ValidationError(_("%(name)s已经签到") % {"name": staff.name})
    entries.record(session, "training.signed", by=by, now=now, name=staff.name)
    return Attendance.objects.get(session=session, staff=staff)


@transaction.atomic
def hold(session: TrainingSession, *, by: Staff, now: datetime) -> TrainingSession:
    """The training is over: who did not sign was absent; marks are owed if there is an exam."""
    if now < session.starts_at:
        raise ValidationError(_("培训还没有开始"))
    move(session, SessionStatus.HELD, by=by, now=now, held_at=now)
    session.attendances.filter(signed_at=None).update(
        status=Standing.ABSENT, ended_on=timezone.localdate(now)
    )
    there = session.attendances.filter(signed_at__isnull=False)
    meet(session, kinds.HOLD, by=by, now=now)
    if session.has_exam and there.exists():
        kinds.owe(session, kinds.GRADE, now=now, post=posts.CS_ASSISTANT, owner=by,
                  limit_key="training.grade")  # fmt: skip
    elif not session.has_exam:
        there.update(status=Standing.PASSED, ended_on=timezone.localdate(now))
    entries.record(session, "training.held", by=by, now=now, there=there.count())
    return session


@transaction.atomic
def grade(
    session: TrainingSession,
    *,
    by: Staff,
    now: datetime,
    graded_on: date,
    scores: Mapping[int, Decimal],
    review: str = "",
) -> TrainingSession:
    """Enter every mark (by attendance id). At the pass mark one is qualified; below, one resit.

    Raises ValidationError when somebody present has no mark, or marks are outside 0 to 100.
    """
    there = list(
        session.attendances.filter(signed_at__isnull=False)
        .select_related("staff", "session__estate")
        .order_by("pk")
    )
    missing = [each.staff.name for each in there if each.pk not in scores]
    if missing or not there:
        raise ValidationError(_("还没有成绩: %(names)s") % {"names": "、".join(missing)})
    if any(not 0 <= score <= 100 for score in scores.values()):
        raise ValidationError(_("成绩在 0 到 100 之间"))
    first, today = timezone.localdate(session.starts_at), timezone.localdate(now)
    if not first <= graded_on <= today:
        raise ValidationError({"graded_on": _("考核日期在培训当天到今天之间")})
    if not session.has_exam:
        raise ValidationError(_("这次培训不考核"))
    move(session, SessionStatus.GRADED, by=by, now=now, graded_on=graded_on, graded_by=by,
         review=review)  # fmt: skip
    meet(session, kinds.GRADE, by=by, now=now)
    numbers = limits("training.retake", "training.retakes", at=now)
    days = int(numbers["training.retake"].value)
    may_resit = numbers["training.retakes"].value > 0
    for each in there:
        score = scores[each.pk]
        if score >= session.pass_mark:
            _end(each, Standing.PASSED, on=graded_on, by=by, now=now, score=score)
        elif may_resit:
            last = graded_on + timedelta(days=days)
            move(each, Standing.RESIT, by=by, now=now, score=score, resit_by=last)
            kinds.owe(each, kinds.RESIT, now=now, post=posts.CS_ASSISTANT, owner=by,
                      estate=session.estate, what=f"{each.staff.name} {session}",
                      url=session.get_absolute_url(), due_at=end_of(last),
                      limit_key="training.retake")  # fmt: skip
        else:
            _end(each, Standing.FAILED, on=graded_on, by=by, now=now, score=score)
    entries.record(session, "training.graded", by=by, now=now, people=len(there))
    return session


@transaction.atomic
def record_resit(
    attendance: Attendance, *, by: Staff, now: datetime, resit_on: date, score: Decimal
) -> Attendance:
    """The one resit, within the days of the rulebook; below the mark again: not on post (TRN-1)."""
    if not 0 <= score <= 100:
        raise ValidationError({"score": _("成绩在 0 到 100 之间")})
    session = attendance.session
    if attendance.status == Standing.RESIT:
        if not session.graded_on <= resit_on <= timezone.localdate(now):
            raise ValidationError({"resit_on": _("补考日期在考核日期到今天之间")})
        if resit_on > attendance.resit_by:
            raise ValidationError(
                {
                    "resit_on": _("补考期限是 %(day)s, 过期按未参加补考处理")
                    % {"day": f"{attendance.resit_by:%Y-%m-%d}"}
                }
            )
    passed = score >= session.pass_mark
    _end(
        attendance,
        Standing.PASSED_RESIT if passed else Standing.FAILED,
        on=resit_on,
        by=by,
        now=now,
        resit_on=resit_on,
        resit_score=score,
    )
    meet(attendance, kinds.RESIT, by=by, now=now)
    entries.record(session, "training.resit", by=by, now=now, name=attendance.staff.name,
                   score=str(score))  # fmt: skip
    return attendance


@transaction.atomic
def miss_resit(attendance: Attendance, *, by: Staff, now: datetime) -> Attendance:
    """The days for the resit are over and he did not come: failed."""
    today = timezone.localdate(now)
    if attendance.status == Standing.RESIT and today <= attendance.resit_by:
        raise ValidationError(
            _("补考期限到 %(day)s, 还可以补考") % {"day": f"{attendance.resit_by:%Y-%m-%d}"}
        )
    _end(attendance, Standing.FAILED, on=today, by=by, now=now)
    cancel(attendance, kinds.RESIT, now=now)
    entries.record(attendance.session, "training.resit_missed", by=by, now=now,
                   name=attendance.staff.name)  # fmt: skip
    return attendance


@transaction.atomic
def archive(session: TrainingSession, *, by: Staff, now: datetime) -> TrainingSession:
    """归档 when nothing of it is open any more."""
    waiting = session.attendances.filter(status__in=(Standing.TRAINING, Standing.RESIT))
    names = "、".join(waiting.order_by("pk").values_list("staff__name", flat=True))
    if names:
        raise ValidationError(_("还没有结果: %(names)s") % {"names": names})
    move(session, SessionStatus.ARCHIVED, by=by, now=now)
    entries.record(session, "training.archived", by=by, now=now)
    return session


@transaction.atomic
def cancel_session(session: TrainingSession, *, by: Staff, now: datetime, reason: str):
    if not reason.strip():
        raise ValidationError({"reason": _("写明取消原因")})
    move(session, SessionStatus.CANCELLED, by=by, now=now, cancel_reason=reason)
    cancel(session, now=now)
    entries.record(session, "training.cancelled", by=by, now=now, reason=reason)
    return session


def _end(attendance, to, *, on, by, now, **changes):
    """How a training ended for one person, and with it whether he may be on post."""
    move(attendance, to, by=by, now=now, ended_on=on, **changes)
    if to == Standing.FAILED:
        _disqualify(attendance, by=by, now=now)
    elif _qualifies(attendance):
        _qualify(attendance, on=on, by=by, now=now)


def _qualifies(attendance: Attendance) -> bool:
    """An induction or a change of post qualifies; so does any exam after one that was failed."""
    if attendance.session.kind in QUALIFYING:
        return True
    return Attendance.objects.filter(staff=attendance.staff, status=Standing.FAILED).exists()


def _qualify(attendance, *, on, by, now):
    marked = Staff.objects.filter(pk=attendance.staff_id, qualified_on=None).update(
        qualified_on=on, version=F("version") + 1
    )
    if marked:
        meet(attendance.staff, kinds.INDUCT, by=by, now=now)
        entries.record(attendance.staff, "staff.qualified", by=by, now=now,
                       qualified_on=on.isoformat(), training=str(attendance.session))  # fmt: skip


def _disqualify(attendance, *, by, now):
    """TRN-1: who failed is not on post until he passes."""
    unmarked = (
        Staff.objects.filter(pk=attendance.staff_id)
        .exclude(qualified_on=None)
        .update(qualified_on=None, version=F("version") + 1)
    )
    if unmarked:
        entries.record(attendance.staff, "staff.disqualified", by=by, now=now,
                       training=str(attendance.session))  # fmt: skip


def has_passed(staff: Staff, subject: str) -> bool:
    """Whether a person passed a subject, e.g. the handbook of the project (TRN-3)."""
    return Attendance.objects.filter(
        staff=staff, session__subject=subject, status__in=QUALIFIED
    ).exists()
