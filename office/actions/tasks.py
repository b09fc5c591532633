"""Tasks set by a superior (MGT-1, MGT-5, MGT-6) and the daily look at the butlers (MGT-2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.lines import superiors_of
from accounts.models import Staff
from estates.models import Estate
from followups.actions import cancel, meet
from followups.actions import move as move_followup
from history import entries
from notifications import ledger
from office import followups as kinds
from office import people
from office.models import Assignment, ButlerCheck, CheckResult
from office.moving import change, move
from office.statuses import UNDONE_TASKS, CheckStatus, TaskStatus

NEW_TASK = gettext_noop("%(who)s给您布置了任务: %(what)s")
RETURNED = gettext_noop("%(who)s退回了您的汇报: %(what)s")
ACCEPTED = gettext_noop("%(who)s认可了您的汇报: %(what)s")
CHECKED = gettext_noop("%(who)s检查了您的工作, 需要改进: %(what)s")


def set_task(
    *,
    estate: Estate,
    title: str,
    assignee: Staff,
    due_at: datetime,
    client_key: UUID,
    by: Staff,
    now: datetime,
    content: str = "",
) -> Assignment:
    """A superior gives a task to somebody in his line, who owes a report by ``due_at``.

    ``client_key`` belongs to one opened form: a second press returns the first task. Raises
    ValidationError for somebody who is not below him, or of another estate, and for a moment
    that has passed.
    """
    errors = {}
    if not people.assignable(by).filter(pk=assignee.pk).exists():
        errors["assignee"] = _("只能给自己下属布置任务")
    elif not people.of_estate(estate).filter(pk=assignee.pk).exists():
        errors["assignee"] = _("%(name)s不属于%(estate)s") % {
            "name": assignee.name, "estate": estate.name,
        }  # fmt: skip
    if due_at <= now:
        errors["due_at"] = _("期限要晚于现在")
    if errors:
        raise ValidationError(errors)
    try:
        with transaction.atomic():
            task = Assignment.objects.create(
                estate=estate,
                client_key=client_key,
                title=title,
                content=content,
                set_by=by,
                set_at=now,
                assignee=assignee,
                due_at=due_at,
            )
            kinds.owe(task, kinds.TASK, now=now, post=assignee.post, owner=assignee, due_at=due_at)
            _tell(assignee, NEW_TASK, task, by=by, now=now, key=f"office.task:{task.pk}")
            entries.record(task, "task.set", by=by, now=now, to=assignee.name)
    except IntegrityError:
        return Assignment.objects.get(client_key=client_key, set_by=by)
    return task


@transaction.atomic
def begin_task(task: Assignment, *, by: Staff, now: datetime) -> Assignment:
    """实施: the assignee says that he has begun."""
    _must_be_assignee(task, by)
    move(task, TaskStatus.DOING, by=by, now=now)
    entries.record(task, "task.begun", by=by, now=now)
    return task


@transaction.atomic
def report_task(task: Assignment, *, by: Staff, now: datetime, report: str) -> Assignment:
    """汇报: the report meets what the assignee owed; whoever set it owes his answer."""
    _must_be_assignee(task, by)
    if not report.strip():
        raise ValidationError({"report": _("写明做了什么, 结果怎样")})
    move(task, TaskStatus.REPORTED, by=by, now=now, report=report, reported_at=now)
    meet(task, kinds.TASK, by=by, now=now)
    kinds.owe(task, kinds.ACCEPT_TASK, now=now, post=task.set_by.post, owner=task.set_by,
              limit_key=kinds.ACCEPT_TASK)  # fmt: skip
    entries.record(task, "task.reported", by=by, now=now, report=report[:200])
    return task


@transaction.atomic
def accept_task(task: Assignment, *, by: Staff, now: datetime, verdict: str = "") -> Assignment:
    """完成: accepted by whoever set it, or somebody above the assignee; never by himself."""
    _must_lead(task, by)
    move(task, TaskStatus.DONE, by=by, now=now, accepted_at=now, accepted_by=by, verdict=verdict)
    meet(task, kinds.ACCEPT_TASK, by=by, now=now)
    _tell(task.assignee, ACCEPTED, task, by=by, now=now, key=f"office.accepted:{task.pk}")
    entries.record(task, "task.accepted", by=by, now=now, verdict=verdict)
    return task


@transaction.atomic
def return_task(
    task: Assignment, *, by: Staff, now: datetime, reason: str, due_at: datetime
) -> Assignment:
    """Not good enough: the reason, and by when it must be reported again."""
    _must_lead(task, by)
    errors = {}
    if not reason.strip():
        errors["reason"] = _("写明退回原因")
    if due_at <= now:
        errors["due_at"] = _("新期限要晚于现在")
    if errors:
        raise ValidationError(errors)
    move(task, TaskStatus.DOING, by=by, now=now, return_reason=reason, returns=task.returns + 1,
         due_at=due_at)  # fmt: skip
    meet(task, kinds.ACCEPT_TASK, by=by, now=now)
    kinds.owe(task, kinds.TASK, now=now, post=task.assignee.post, owner=task.assignee,
              due_at=due_at)  # fmt: skip
    _tell(task.assignee, RETURNED, task, by=by, now=now,
          key=f"office.returned:{task.pk}:{task.returns}")  # fmt: skip
    entries.record(task, "task.returned", by=by, now=now, reason=reason)
    return task


@transaction.atomic
def move_task(
    task: Assignment, *, by: Staff, now: datetime, due_at: datetime, reason: str
) -> Assignment:
    """A new moment, from a superior only, with the reason."""
    _must_lead(task, by)
    if due_at <= now:
        raise ValidationError({"due_at": _("新期限要晚于现在")})
    if task.status not in UNDONE_TASKS:
        raise ValidationError(_("已经汇报, 不能改期限"), code="stale")
    change(task, by=by, now=now, due_at=due_at)
    move_followup(task, kinds.TASK, due_at=due_at, now=now)
    entries.record(task, "task.moved", by=by, now=now, reason=reason)
    return task


@transaction.atomic
def cancel_task(task: Assignment, *, by: Staff, now: datetime, reason: str) -> Assignment:
    _must_lead(task, by)
    if not reason.strip():
        raise ValidationError({"reason": _("写明取消原因")})
    move(task, TaskStatus.CANCELLED, by=by, now=now, cancel_reason=reason)
    cancel(task, now=now)
    entries.record(task, "task.cancelled", by=by, now=now, reason=reason)
    return task


def may_lead(task: Assignment, by: Staff) -> bool:
    """Whoever set it, or stands above the assignee."""
    if task.assignee_id == by.pk:
        return False
    return task.set_by_id == by.pk or by.pk in {each.pk for each in superiors_of(task.assignee)}


def _must_lead(task, by):
    if not may_lead(task, by):
        raise ValidationError(_("由布置人或负责人的上级来定"))


def _must_be_assignee(task, by):
    if task.assignee_id != by.pk:
        raise ValidationError(_("任务由%(name)s本人汇报") % {"name": task.assignee.name})


def _tell(to, title, task, *, by, now, key):
    ledger.owe(
        key,
        to=to,
        title=title,
        params={"who": by.name, "what": task.title},
        url=task.get_absolute_url(),
        estate=task.estate,
        why={"rule": "MGT-1"},
        now=now,
    )


@dataclass(frozen=True)
class Finding:
    """What the assistant found at one butler."""

    butler: Staff
    is_good: bool
    note: str = ""


@transaction.atomic
def record_check(
    check: ButlerCheck, *, by: Staff, now: datetime, findings: Iterable[Finding]
) -> ButlerCheck:
    """MGT-2: one result for every butler of the estate; whoever must improve is told.

    Raises ValidationError if a butler was left out, or a bad result has no words.
    """
    findings = list(findings)
    left_out = set(people.butlers(check.estate)) - {finding.butler for finding in findings}
    if left_out or not findings:
        names = "、".join(sorted(each.name for each in left_out))
        raise ValidationError(_("还没有检查: %(names)s") % {"names": names or _("管家")})
    if any(not finding.is_good and not finding.note.strip() for finding in findings):
        raise ValidationError(_("需要改进的, 写明发现了什么、要求怎样"))
    if any(finding.butler.pk == by.pk for finding in findings):
        raise ValidationError(_("不能检查自己"))
    move(check, CheckStatus.DONE, by=by, now=now, checked_at=now, checked_by=by)
    CheckResult.objects.bulk_create(
        CheckResult(check_of=check, butler=each.butler, is_good=each.is_good, note=each.note)
        for each in findings
    )
    meet(check, kinds.CHECK, by=by, now=now)
    for each in findings:
        if not each.is_good:
            ledger.owe(
                f"office.check:{check.pk}:{each.butler.pk}",
                to=each.butler,
                title=CHECKED,
                params={"who": by.name, "what": each.note[:80]},
                url=reverse("office:task_list"),
                estate=check.estate,
                why={"rule": "MGT-2"},
                now=now,
            )
    entries.record(check, "check.done", by=by, now=now,
                   poor="、".join(each.butler.name for each in findings if not each.is_good))  # fmt: skip
    return check
