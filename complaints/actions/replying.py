"""What the resident hears from us, and when (CMP-2)."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import Staff
from complaints import followups
from complaints.actions.handling import handlers_of
from complaints.actions.moving import change, move, must_be
from complaints.actions.telling import tell, watchers_of
from complaints.choices import Method, Validity
from complaints.models import Complaint
from complaints.statuses import Status
from followups.actions import cancel, meet
from history import entries

EXPLAINED = gettext_noop("无效投诉已解释并结案 %(number)s: %(place)s %(what)s")


@transaction.atomic
def first_reply(
    complaint: Complaint, *, method: str, words: str, by: Staff, now: datetime
) -> Complaint:
    """首次回复: the resident knows that it arrived and what comes next (CMP-2)."""
    method, words = _said(method, words)
    if complaint.first_replied_at:
        raise ValidationError(_("已经首次回复过。后来的话写备注或回复"))
    change(complaint, by=by, now=now, first_replied_at=now, first_replied_by=by)
    meet(complaint, followups.FIRST_REPLY, by=by, now=now)
    entries.record(complaint, "complaint.first_replied", by=by, now=now, method=method, text=words)
    return complaint


@transaction.atomic
def reply(
    complaint: Complaint,
    *,
    method: str,
    words: str,
    feedback: str = "",
    by: Staff,
    now: datetime,
) -> Complaint:
    """The result, told without being asked for; what the resident said to it is kept (CMP-2)."""
    method, words = _said(method, words)
    changes = {"first_replied_at": now, "first_replied_by": by} if _is_first(complaint) else {}
    move(
        complaint, Status.REPLIED, by=by, now=now, replied_at=now, replied_by=by,
        reply_method=method, reply="\n".join(filter(None, (complaint.reply, words)))[:4000],
        feedback="\n".join(filter(None, (complaint.feedback, feedback.strip())))[:2000], **changes,
    )  # fmt: skip
    meet(complaint, followups.REPLY, by=by, now=now)
    meet(complaint, followups.FIRST_REPLY, by=by, now=now)
    followups.open_callback(complaint, handlers=handlers_of(complaint), now=now)
    entries.record(complaint, "complaint.replied", by=by, now=now, method=method, text=words,
                   feedback=feedback.strip())  # fmt: skip
    return complaint


@transaction.atomic
def explain(
    complaint: Complaint, *, method: str, words: str, by: Staff, now: datetime
) -> Complaint:
    """无效投诉: explained to the resident, and closed; nothing else is owed about it."""
    must_be(complaint, Status.ACCEPTED, Status.PROCESSING, by=by, now=now)
    if complaint.validity != Validity.INVALID:
        raise ValidationError(_("有效投诉要处理, 回复, 回访后才能结案"))
    method, words = _said(method, words)
    changes = {"first_replied_at": now, "first_replied_by": by} if _is_first(complaint) else {}
    move(
        complaint, Status.CLOSED, by=by, now=now, replied_at=now, replied_by=by,
        reply_method=method, reply="\n".join(filter(None, (complaint.reply, words)))[:4000],
        closed_at=now, closed_by=by, waits_for_repair=False, satisfaction="", **changes,
    )  # fmt: skip
    meet(complaint, followups.REPLY, by=by, now=now)
    meet(complaint, followups.FIRST_REPLY, by=by, now=now)
    cancel(complaint, now=now)
    entries.record(complaint, "complaint.explained", by=by, now=now, method=method, text=words)
    tell(complaint, EXPLAINED, to=[complaint.registered_by, *watchers_of(complaint)],
         key="explained", by=by, now=now)  # fmt: skip
    return complaint


def _is_first(complaint: Complaint) -> bool:
    return complaint.first_replied_at is None


def _said(method: str, words: str) -> tuple[str, str]:
    words = words.strip()
    errors = {}
    if method not in Method:
        errors["method"] = _("选电话, 上门或书面")
    if not words:
        errors["words"] = _("写一句对业户说了什么")
    if errors:
        raise ValidationError(errors)
    return method, words
