"""Taking a complaint on: how grave it is, whether it is valid, and who handles it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import posts
from accounts.models import Staff
from complaints import followups
from complaints.actions.moving import change, move, must_be
from complaints.actions.telling import of_post, tell, watchers_of
from complaints.choices import Grade, Validity
from complaints.models import Complaint
from complaints.statuses import UNHANDLED, Status
from followups.actions import cancel, meet, open_followup
from history import entries
from notifications.wording import msgid_of

GRADED = gettext_noop("投诉 %(number)s 定为%(grade)s, 由您处理: %(place)s %(what)s")
CRITICAL = gettext_noop("重大投诉 %(number)s: %(place)s %(what)s")
INVALID = gettext_noop("投诉 %(number)s 改判无效, 不再处理: %(words)s")
RAISED = gettext_noop("投诉 %(number)s 上报给您: %(words)s")
ORDER = (Grade.NONE, Grade.MINOR, Grade.MAJOR, Grade.CRITICAL)


@transaction.atomic
def accept(
    complaint: Complaint,
    *,
    grade: str,
    validity: str,
    category: str = "",
    by: Staff,
    now: datetime,
) -> Complaint:
    """Grade it by the definitions of the rulebook; the handler's clock begins (CMP-1, CMP-6).

    A grave one is with the general manager the same day (CMP-5). An invalid one is explained to
    the resident and closed; it owes that answer like any other.
    """
    _known(grade, validity)
    complaint.grade = grade
    move(
        complaint, Status.ACCEPTED, by=by, now=now, grade=grade, validity=validity,
        accepted_at=now, accepted_by=by, category=category or complaint.category,
        promised_at=followups.solve_by(complaint, start=complaint.entered_at, now=now),
    )  # fmt: skip
    meet(complaint, followups.GRADE, by=by, now=now)
    entries.record(complaint, "complaint.accepted", by=by, now=now, grade=grade, validity=validity,
                   promised_at=complaint.promised_at.isoformat())  # fmt: skip
    if validity == Validity.INVALID:
        followups.open_reply(complaint, now=now)
        return complaint
    followups.open_solve(complaint, start=complaint.entered_at, now=now)
    if complaint.is_critical:
        followups.open_critical(complaint, now=now)
    tell_grade(complaint, by=by, now=now)
    return complaint


@transaction.atomic
def regrade(
    complaint: Complaint, *, grade: str, validity: str, reason: str, by: Staff, now: datetime
) -> Complaint:
    """Another grade, or another view of its validity, with a reason; the promise follows.

    Only a superior of the desk lowers a grade or finds a valid complaint invalid. A month's
    upgrade is never taken back, nor is an extension that the resident was told.
    """
    _known(grade, validity)
    must_be(complaint, Status.ACCEPTED, Status.PROCESSING, by=by, now=now)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("写明为什么改")})
    lowers = ORDER.index(grade) < ORDER.index(complaint.grade)
    if lowers and complaint.upgraded_at:
        raise ValidationError({"grade": _("满一个月自动升为重大的投诉不能降级")})
    if lowers and not by.has_perm("complaints.approve"):
        raise ValidationError({"grade": _("降级由客服助理或经理决定。写备注请他们看")})
    was, was_valid = complaint.grade, complaint.validity
    drops = was_valid == Validity.VALID and validity == Validity.INVALID
    if drops and not by.has_perm("complaints.approve"):
        raise ValidationError({"validity": _("改为无效由客服助理或经理决定。写备注请他们看")})
    complaint.grade = grade
    start = followups.begun_at(complaint)
    promised_at = max(
        followups.solve_by(complaint, start=start, now=now), _extended_to(complaint, start) or start
    )
    change(complaint, by=by, now=now, grade=grade, validity=validity, promised_at=promised_at)
    entries.record(complaint, "complaint.regraded", by=by, now=now, was=was, grade=grade,
                   validity=validity, reason=reason)  # fmt: skip
    if validity == Validity.INVALID:
        if drops:
            _stop_work(complaint, reason=reason, by=by, now=now)
        return complaint
    if was_valid == Validity.INVALID:
        cancel(complaint, followups.REPLY, now=now)
        followups.open_solve(complaint, start=start, now=now)
    followups.regrade(complaint, now=now)
    if grade != was:
        tell_grade(complaint, by=by, now=now)
    return complaint


@transaction.atomic
def escalate(complaint: Complaint, *, words: str, by: Staff, now: datetime) -> Complaint:
    """转经理: what the butler or the desk cannot solve, or finds important, goes up (CMP-4, CMP-5)."""
    must_be(complaint, *UNHANDLED, by=by, now=now)
    words = words.strip()
    if not words:
        raise ValidationError({"words": _("写一句为什么要经理看")})
    if followups.LOOK in followups.open_rows(complaint):
        raise ValidationError(_("已经上报过, 等经理意见。有新情况写备注"))
    open_followup(
        complaint, followups.LOOK, now=now, owner_post=posts.CS_MANAGER,
        limit_key="complaints.decide", **followups.about(complaint),
    )  # fmt: skip
    entries.record(complaint, "complaint.escalated", by=by, now=now, text=words[:500])
    tell(complaint, RAISED, to=of_post(complaint, posts.CS_MANAGER), key="escalated", by=by,
         now=now, rings=True, words=words[:60])  # fmt: skip
    return complaint


@transaction.atomic
def give_view(complaint: Complaint, *, words: str, by: Staff, now: datetime) -> Complaint:
    """The manager's answer to what was brought up; it stands on the form as 经理意见."""
    words = words.strip()
    if not words:
        raise ValidationError({"words": _("写一句意见")})
    opinion = "\n".join(filter(None, (complaint.manager_opinion, words)))[:1000]
    change(complaint, by=by, now=now, manager_opinion=opinion)
    meet(complaint, followups.LOOK, by=by, now=now)
    entries.record(complaint, "complaint.seen", by=by, now=now, text=words)
    return complaint


def tell_grade(complaint: Complaint, *, by: Staff | None, now: datetime) -> None:
    """The handler hears that it is his; a grave one rings at the manager's and above (CMP-5)."""
    grade = msgid_of(Grade(complaint.grade).label)
    handler = followups.HANDLERS[complaint.grade]
    people = of_post(complaint, handler, posts.GENERAL_MANAGER)
    tell(complaint, GRADED, to=[person for person in people if person.post == handler],
         key="graded", by=by, now=now, grade=grade)  # fmt: skip
    if complaint.is_critical:
        bosses = [person for person in people if person.post == posts.GENERAL_MANAGER]
        tell(complaint, CRITICAL, to=[*bosses, *watchers_of(complaint)], key="critical", by=by,
             now=now, rings=True)  # fmt: skip


def _extended_to(complaint: Complaint, start: datetime) -> datetime | None:
    """The extension of this round that the resident was told, if any."""
    told = complaint.extensions.filter(resident_told_at__gte=start).order_by("-resident_told_at")
    return told.values_list("new_promise", flat=True).first()


def _stop_work(complaint: Complaint, *, reason: str, by: Staff, now: datetime) -> None:
    """Found invalid: nobody works on it any more; the resident is owed the explanation.

    Whoever was at it hears why: the handler, and the department that it was passed to.
    """
    people = of_post(complaint, followups.HANDLERS[complaint.grade])
    for passed in complaint.transfers.filter(returned_at=None, answered_at=None):
        people += of_post(complaint, passed.department)
    complaint.transfers.filter(returned_at=None, answered_at=None).update(answered_at=now)
    complaint.extensions.pending().update(dropped_at=now)
    change(complaint, by=by, now=now, waits_for_repair=False)
    cancel(complaint, *followups.WORK, now=now)
    followups.open_reply(complaint, now=now)
    tell(complaint, INVALID, to=people, key="invalid", by=by, now=now, words=reason[:60])


def _known(grade: str, validity: str) -> None:
    errors = {}
    if grade not in (Grade.MINOR, Grade.MAJOR, Grade.CRITICAL):
        errors["grade"] = _("选轻微, 重要或重大")
    if validity not in (Validity.VALID, Validity.INVALID):
        errors["validity"] = _("选有效或无效")
    if errors:
        raise ValidationError(errors)
