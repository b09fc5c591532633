"""The general manager's word, the review, and the end."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import posts
from accounts.models import Staff
from complaints import followups
from complaints.actions.callbacks import reopen
from complaints.actions.moving import change, move, must_be
from complaints.actions.telling import tell, watchers_of
from complaints.choices import Cause
from complaints.models import Complaint
from complaints.statuses import Status
from followups.actions import cancel, meet
from history import entries

GM_SAYS = gettext_noop("总经理对重大投诉的答复 %(number)s: %(words)s")
CLOSED = gettext_noop("投诉已结案 %(number)s: %(place)s %(what)s")


@transaction.atomic
def gm_seen(complaint: Complaint, *, by: Staff, now: datetime) -> Complaint:
    """阅知: the general manager knows of it, the same day (CMP-5)."""
    if not meet(complaint, followups.REPORT, by=by, now=now):
        raise ValidationError(_("这件投诉没有等总经理阅知。页面已更新"))
    change(complaint, by=by, now=now)
    entries.record(complaint, "complaint.gm_saw", by=by, now=now)
    return complaint


@transaction.atomic
def gm_answer(complaint: Complaint, *, words: str, by: Staff, now: datetime) -> Complaint:
    """A clear answer to a grave complaint: what the company will do; kept as 总经理意见."""
    words = words.strip()
    if not words:
        raise ValidationError({"words": _("写明确的答复")})
    if not complaint.is_critical:
        raise ValidationError(_("只有重大投诉要总经理答复"))
    must_be(complaint, *(status for status in Status if status != Status.CLOSED), by=by, now=now)
    opinion = "\n".join(filter(None, (complaint.gm_opinion, words)))[:1000]
    change(complaint, by=by, now=now, gm_opinion=opinion, gm_answered_at=now)
    meet(complaint, followups.REPORT, by=by, now=now)
    meet(complaint, followups.GM_ANSWER, by=by, now=now)
    entries.record(complaint, "complaint.gm_answered", by=by, now=now, text=words)
    tell(complaint, GM_SAYS, to=watchers_of(complaint, posts.CS_MANAGER), key="gm_answer", by=by,
         now=now, words=words[:60])  # fmt: skip
    return complaint


@transaction.atomic
def close(
    complaint: Complaint,
    *,
    cause: str,
    cause_words: str,
    responsibility: str,
    corrective: str,
    preventive: str,
    opinion: str = "",
    by: Staff,
    now: datetime,
) -> Complaint:
    """审核结案: why, who is responsible, what changes; then nothing is owed any more (CMP-6).

    The assistant closes a light one, the manager the others; a grave one only with the general
    manager's answer. Raises ValidationError by field for what is missing.
    """
    must_be(complaint, Status.CALLED_BACK, by=by, now=now)
    _reviewer(complaint, by=by)
    typed = {
        "cause_words": cause_words.strip(),
        "responsibility": responsibility.strip(),
        "corrective": corrective.strip(),
        "preventive": preventive.strip(),
    }
    words = {
        "cause_words": _("写一句原因分析"),
        "responsibility": _("写明谁的责任, 或无责任"),
        "corrective": _("写纠正措施: 这一次怎么改"),
        "preventive": _("写预防措施: 以后怎么不再发生"),
    }
    errors = {name: words[name] for name, value in typed.items() if not value}
    if cause not in Cause or not cause:
        errors["cause"] = _("选一个原因类别")
    if by.post == posts.CS_MANAGER and not (opinion.strip() or complaint.manager_opinion):
        errors["opinion"] = _("写经理意见")
    if errors:
        raise ValidationError(errors)
    if complaint.is_critical and complaint.gm_answered_at is None:
        raise ValidationError(_("重大投诉要有总经理答复才能结案"))
    if opinion.strip():
        typed["manager_opinion"] = "\n".join(
            filter(None, (complaint.manager_opinion, opinion.strip()))
        )[:1000]
    move(
        complaint, Status.CLOSED, by=by, now=now, cause=cause, closed_at=now, closed_by=by, **typed
    )
    meet(complaint, followups.REVIEW, by=by, now=now)
    meet(complaint, followups.FIRST_REPLY, by=by, now=now)
    cancel(complaint, now=now)
    entries.record(complaint, "complaint.closed", by=by, now=now, cause=cause,
                   responsibility=typed["responsibility"])  # fmt: skip
    bosses = [posts.GENERAL_MANAGER] if complaint.is_critical else []
    people = watchers_of(complaint, *bosses)
    worked = [complaint.registered_by, complaint.handled_by]
    people += [person for person in worked if person and person.is_active]
    tell(complaint, CLOSED, to=people, key="closed", by=by, now=now)
    return complaint


@transaction.atomic
def refuse_review(complaint: Complaint, *, reason: str, by: Staff, now: datetime) -> Complaint:
    """审核退回: it was not handled well enough; open again as after a dissatisfied call-back."""
    must_be(complaint, Status.CALLED_BACK, by=by, now=now)
    _reviewer(complaint, by=by)
    if not reason.strip():
        raise ValidationError({"reason": _("写明哪里没处理好")})
    cancel(complaint, followups.REVIEW, now=now)
    entries.record(complaint, "complaint.review_refused", by=by, now=now, reason=reason.strip())
    return reopen(complaint, reason=reason.strip(), by=by, now=now)


def _reviewer(complaint: Complaint, *, by: Staff) -> None:
    needed = followups.HANDLERS[complaint.grade]
    if by.post not in (needed, posts.CS_MANAGER):
        raise ValidationError(
            _("%(grade)s投诉由%(post)s审核结案")
            % {"grade": complaint.get_grade_display(), "post": posts.post_of(needed).label}
        )
