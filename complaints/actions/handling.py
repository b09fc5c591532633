"""Looking into it, passing it on, deciding, and getting it done."""

import uuid
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import posts
from accounts.models import Staff
from complaints import followups
from complaints.actions.grading import accept
from complaints.actions.moving import change, move, must_be
from complaints.actions.telling import of_post, tell, watchers_of
from complaints.choices import Cause, Department, Grade, Validity
from complaints.models import Complaint, Transfer
from complaints.statuses import Status
from contacts.actions import start as start_contact
from contacts.models import Source
from followups.actions import cancel, hand_to, meet
from history import entries
from history.models import Entry
from repairs import actions as repairs
from repairs.models import Repair
from repairs.statuses import UNFINISHED

PASSED_ON = gettext_noop("投诉转到您部门 %(number)s: %(place)s %(what)s")
SENT_BACK = gettext_noop("部门退回投诉 %(number)s: %(words)s")
HANDLED = gettext_noop("投诉处理完, 待回复业户 %(number)s: %(place)s %(what)s")
AT_WORK = (Status.ACCEPTED, Status.PROCESSING)
HANDLING = ("complaint.handled", "complaint.decided")  # who did this had a hand in it


@transaction.atomic
def transfer(
    complaint: Complaint, *, department: str, words: str = "", by: Staff, now: datetime
) -> Transfer:
    """Pass it on to the department concerned, which signs for it and owes an answer (CMP-1).

    The handler keeps owing the whole (CMP-2). One department at a time.
    """
    _is_valid(complaint)
    must_be(complaint, *AT_WORK, by=by, now=now)
    if department not in Department:
        raise ValidationError({"department": _("选一个部门")})
    if not of_post(complaint, department):
        raise ValidationError({"department": _("这个部门在本项目没有联系人, 先在员工页加上")})
    if _at_department(complaint):
        raise ValidationError(_("这件投诉已在别的部门。等它答复或退回, 再转"))
    if complaint.status == Status.ACCEPTED:
        move(complaint, Status.PROCESSING, by=by, now=now)
    else:
        change(complaint, by=by, now=now)
    passed = Transfer.objects.create(
        complaint=complaint, department=department, words=words.strip()[:500], at=now, by=by
    )
    followups.open_for(complaint, followups.RECEIVE, now=now, owner_post=department,
                       limit_key=followups.RECEIVE)  # fmt: skip
    followups.open_for(complaint, followups.ANSWER, now=now, owner_post=department,
                       due_at=complaint.promised_at)  # fmt: skip
    entries.record(complaint, "complaint.transferred", by=by, now=now,
                   department=passed.department, text=passed.words)  # fmt: skip
    tell(complaint, PASSED_ON, to=of_post(complaint, department), key="transferred", by=by, now=now,
         rings=complaint.is_critical)  # fmt: skip
    return passed


@transaction.atomic
def receive(complaint: Complaint, *, by: Staff, now: datetime) -> Transfer:
    """The department signs for it, by name (CMP-1)."""
    passed = _own_transfer(complaint, by=by)
    if not Transfer.objects.filter(pk=passed.pk, received_at=None).update(
        received_at=now, receiver=by
    ):
        raise ValidationError(
            _("%(name)s 已经签收。页面已更新") % {"name": passed.receiver.name}, code="stale"
        )
    change(complaint, by=by, now=now)
    passed.received_at, passed.receiver = now, by
    meet(complaint, followups.RECEIVE, by=by, now=now)
    if followups.ANSWER in followups.open_rows(complaint):
        hand_to(complaint, followups.ANSWER, owner=by, owner_post=by.post, now=now)
    entries.record(complaint, "complaint.received", by=by, now=now,
                   department=passed.department)  # fmt: skip
    return passed


@transaction.atomic
def send_back(complaint: Complaint, *, reason: str, by: Staff, now: datetime) -> Transfer:
    """Not this department's: back to the handler with a reason, who is told at once."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("写明为什么不归本部门")})
    passed = _own_transfer(complaint, by=by)
    change(complaint, by=by, now=now)
    passed.returned_at, passed.return_reason = now, reason[:200]
    passed.save(update_fields=["returned_at", "return_reason"])
    cancel(complaint, followups.RECEIVE, followups.ANSWER, now=now)
    entries.record(complaint, "complaint.sent_back", by=by, now=now,
                   department=passed.department, reason=reason)  # fmt: skip
    handlers = of_post(complaint, followups.HANDLERS[complaint.grade])
    tell(complaint, SENT_BACK, to=[passed.by, *handlers], key="sent_back", by=by, now=now,
         rings=True, words=reason[:60])  # fmt: skip
    return passed


@transaction.atomic
def verify(
    complaint: Complaint,
    *,
    investigation: str,
    cause: str = "",
    cause_words: str = "",
    by: Staff,
    now: datetime,
) -> Complaint:
    """核实: what was found, and why it came to this."""
    _is_valid(complaint)
    must_be(complaint, *AT_WORK, by=by, now=now)
    if not investigation.strip():
        raise ValidationError({"investigation": _("写一句核实到什么")})
    if cause and cause not in Cause:
        raise ValidationError({"cause": _("选一个原因类别")})
    changes = {
        "investigation": _added(complaint.investigation, investigation),
        "cause": cause or complaint.cause,
        "cause_words": cause_words.strip() or complaint.cause_words,
        "verified_at": complaint.verified_at or now,
    }
    if complaint.status == Status.ACCEPTED:
        changes["status"] = Status.PROCESSING
    change(complaint, by=by, now=now, **changes)
    entries.record(complaint, "complaint.verified", by=by, now=now, text=investigation.strip(),
                   cause=cause, cause_words=cause_words.strip())  # fmt: skip
    return complaint


@transaction.atomic
def decide(complaint: Complaint, *, plan: str, by: Staff, now: datetime) -> Complaint:
    """处理意见: what is to be done, by the handler of the grade (CMP-6)."""
    _is_valid(complaint)
    must_be(complaint, *AT_WORK, by=by, now=now)
    _handler(complaint, by=by)
    if not plan.strip():
        raise ValidationError({"plan": _("写一句打算怎么处理")})
    changes = {"plan": _added(complaint.plan, plan), "decided_at": now}
    if complaint.status == Status.ACCEPTED:
        changes["status"] = Status.PROCESSING
    change(complaint, by=by, now=now, **changes)
    entries.record(complaint, "complaint.decided", by=by, now=now, text=plan.strip())
    return complaint


@transaction.atomic
def finish(complaint: Complaint, *, measures: str, by: Staff, now: datetime) -> Complaint:
    """处理结果: it is done; somebody owes the resident the answer now (CMP-2).

    By the handler of the grade, or by the department that signed for it. Raises ValidationError
    while the repair that was opened for it is unfinished.
    """
    _is_valid(complaint)
    must_be(complaint, *AT_WORK, by=by, now=now)
    passed = _at_department(complaint)
    if passed and passed.department == by.post and not passed.received_at:
        raise ValidationError(_("先签收, 再记处理结果"))
    if not (passed and passed.department == by.post):
        _handler(complaint, by=by)
    if complaint.waits_for_repair and complaint.repair.status in UNFINISHED:
        raise ValidationError(
            _("维修单 %(number)s 还没完工。完工后会提醒您接着处理")
            % {"number": complaint.repair.number}
        )
    return _handled(complaint, measures=measures, passed=passed, by=by, now=now)


@transaction.atomic
def solve_at_once(complaint: Complaint, *, measures: str, by: Staff, now: datetime) -> Complaint:
    """What the butler or the desk can solve is solved at once, as a light valid one (CMP-4)."""
    must_be(complaint, Status.REGISTERED, Status.ACCEPTED, by=by, now=now)
    if complaint.status == Status.REGISTERED:
        accept(complaint, grade=Grade.MINOR, validity=Validity.VALID, by=by, now=now)
    if complaint.grade != Grade.MINOR:
        raise ValidationError(_("重要和重大投诉由经理处理。写备注或转经理"))
    _is_valid(complaint)
    return _handled(complaint, measures=measures, passed=None, by=by, now=now)


@transaction.atomic
def open_repair(
    complaint: Complaint,
    *,
    content: str,
    category: str,
    priority: str,
    by: Staff,
    now: datetime,
) -> Repair:
    """A repair for this complaint, with its person and place; the complaint waits for it.

    The contact that it is written from is the complaint's own, begun anew: the call that brought
    the complaint keeps its outcome.
    """
    _is_valid(complaint)
    must_be(complaint, *AT_WORK, by=by, now=now)
    if complaint.waits_for_repair:
        raise ValidationError(
            _("已为这件投诉开了维修单 %(number)s, 等它完工") % {"number": complaint.repair.number}
        )
    key = uuid.uuid5(complaint.client_key, f"repair {complaint.version}")
    contact = start_contact(
        key, estate=complaint.estate, by=by, now=now, source=Source.PHONE, closing=True,
        caller_name=complaint.contact_name, phone=complaint.contact_phone, unit=complaint.unit,
        place=complaint.place, resident=complaint.resident, text=content[:2000],
    )  # fmt: skip
    repair = repairs.register(
        contact, by=by, now=now, content=content, category=category, priority=priority,
        where=complaint.where[:60], unit=complaint.unit, place=complaint.place,
        resident=complaint.resident, contact_name=complaint.contact_name,
        contact_phone=complaint.contact_phone,
    )  # fmt: skip
    changes = {"repair": repair, "waits_for_repair": True}
    if complaint.status == Status.ACCEPTED:
        changes["status"] = Status.PROCESSING
    change(complaint, by=by, now=now, **changes)
    entries.record(complaint, "complaint.repair_opened", by=by, now=now, number=repair.number)
    return repair


def handlers_of(complaint: Complaint) -> set[int]:
    """The ids of whoever had a hand in the handling: none of them judges it in a call-back."""
    had = {complaint.handled_by_id}
    had |= set(complaint.transfers.values_list("receiver", flat=True))
    from_history = entries_of(complaint, *HANDLING)
    return {pk for pk in had | from_history if pk}


def handled_among(complaints: set[int], *, staff: Staff) -> set[int]:
    """Those of the complaints, by id, that this person had a hand in; two queries."""
    rows = Complaint.objects.filter(pk__in=complaints)
    mine = rows.filter(Q(handled_by=staff) | Q(transfers__receiver=staff))
    did = Entry.objects.filter(
        subject_type=Complaint._meta.label_lower, subject_id__in=complaints, by_id=staff.pk,
        event__in=HANDLING,
    )  # fmt: skip
    return {*mine.values_list("pk", flat=True), *did.values_list("subject_id", flat=True)}


def entries_of(complaint: Complaint, *events: str) -> set[int]:
    """The ids of whoever did this to the complaint, in any round."""
    return set(
        Entry.objects.about(complaint).filter(event__in=events).values_list("by_id", flat=True)
    )


def _handled(complaint, *, measures, passed, by, now):
    measures = measures.strip()
    if not measures:
        raise ValidationError({"measures": _("写一句怎么处理的, 业户要听到")})
    move(
        complaint, Status.TO_REPLY, by=by, now=now, measures=_added(complaint.measures, measures),
        handled_at=now, handled_by=by, waits_for_repair=False,
        late_rounds=complaint.late_rounds + (now > complaint.promised_at),
        verified_at=complaint.verified_at or now, decided_at=complaint.decided_at or now,
    )  # fmt: skip
    if passed:
        passed.answered_at = now
        passed.save(update_fields=["answered_at"])
    complaint.extensions.pending().update(dropped_at=now)
    followups.end_work(complaint, by=by, now=now)
    followups.open_reply(complaint, now=now)
    entries.record(complaint, "complaint.handled", by=by, now=now, text=measures)
    people = watchers_of(complaint, followups.HANDLERS[complaint.grade])
    tell(complaint, HANDLED, to=people, key="handled", by=by, now=now)
    return complaint


def _is_valid(complaint: Complaint) -> None:
    if complaint.validity == Validity.INVALID:
        raise ValidationError(_("已判为无效投诉: 向业户解释并结案, 或先改为有效"))


def _handler(complaint: Complaint, *, by: Staff) -> None:
    """轻微 by the assistant, 重要 and 重大 by the manager; the manager may always."""
    needed = followups.HANDLERS[complaint.grade]
    if by.post not in (needed, posts.CS_MANAGER):
        raise ValidationError(
            _("%(grade)s投诉由%(post)s处理")
            % {
                "grade": complaint.get_grade_display(),
                "post": posts.post_of(needed).label,
            }
        )


def _at_department(complaint: Complaint) -> Transfer | None:
    return complaint.transfers.filter(returned_at=None, answered_at=None).first()


def _own_transfer(complaint: Complaint, *, by: Staff) -> Transfer:
    passed = _at_department(complaint)
    if passed is None or passed.department != by.post:
        raise ValidationError(_("这件投诉现在不在您的部门。页面已更新"))
    return passed


def _added(old: str, new: str) -> str:
    """A later round adds to what was written; it erases nothing."""
    return "\n".join(filter(None, (old, new.strip())))[:4000]
