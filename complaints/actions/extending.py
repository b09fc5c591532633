"""More time (defaults 2.3): a reason, a superior's word, and a resident who knows."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.lines import superiors_of
from accounts.models import Staff
from complaints import followups
from complaints.actions.handling import AT_WORK
from complaints.actions.moving import change, must_be
from complaints.actions.telling import of_post, tell, watchers_of
from complaints.models import Complaint, Extension
from followups.actions import meet
from history import entries

ASKED = gettext_noop("请审批投诉延期到 %(until)s %(number)s: %(words)s")
TOLD = gettext_noop("投诉延期到 %(until)s, 业户已知道 %(number)s: %(place)s %(what)s")
APPROVED = gettext_noop("延期已批到 %(until)s, 先告诉业户 %(number)s: %(place)s %(what)s")
REFUSED = gettext_noop("延期没有批 %(number)s: %(words)s")


@transaction.atomic
def ask_extension(
    complaint: Complaint, *, reason: str, new_promise: datetime, by: Staff, now: datetime
) -> Extension:
    """申请延期: nothing moves yet; the nearest superior owes a decision."""
    must_be(complaint, *AT_WORK, by=by, now=now)
    errors = {}
    if not reason.strip():
        errors["reason"] = _("写明延期原因")
    if complaint.promised_at is None or new_promise <= max(complaint.promised_at, now):
        latest = _short(max(filter(None, (complaint.promised_at, now))))
        errors["new_promise"] = _("新的时限要晚于现在的时限 %(until)s") % {"until": latest}
    if errors:
        raise ValidationError(errors)
    if current(complaint):
        raise ValidationError(_("已有一份延期在办, 先办完它"))
    boss = next(iter(approvers_of(by)), None)
    if boss is None:
        raise ValidationError(_("没有能审批的上级, 请系统管理员在员工页设上级"))
    extension = Extension.objects.create(
        complaint=complaint, reason=reason.strip()[:300], new_promise=new_promise, asked_at=now,
        asked_by=by,
    )  # fmt: skip
    change(complaint, by=by, now=now)
    followups.open_for(complaint, followups.EXTENSION, now=now, owner=boss, owner_post=boss.post,
                       limit_key="complaints.decide")  # fmt: skip
    entries.record(complaint, "complaint.extension_asked", by=by, now=now, reason=extension.reason,
                   new_promise=_local(new_promise))  # fmt: skip
    tell(complaint, ASKED, to=[boss], key="extension", by=by, now=now, until=_short(new_promise),
         words=extension.reason[:60])  # fmt: skip
    return extension


@transaction.atomic
def approve_extension(
    complaint: Complaint, *, note: str = "", by: Staff, now: datetime
) -> Extension:
    """同意: the clock still does not move before the resident was told."""
    extension = _decide(complaint, is_approved=True, note=note, by=by, now=now)
    asker = extension.asked_by
    followups.open_for(complaint, followups.TELL_EXTENSION, now=now, owner=asker,
                       owner_post=asker.post, limit_key="complaints.decide")  # fmt: skip
    entries.record(complaint, "complaint.extension_approved", by=by, now=now,
                   new_promise=_local(extension.new_promise), note=extension.decision_note)  # fmt: skip
    tell(complaint, APPROVED, to=[asker], key="extension", by=by, now=now,
         until=_short(extension.new_promise))  # fmt: skip
    return extension


@transaction.atomic
def refuse_extension(complaint: Complaint, *, note: str, by: Staff, now: datetime) -> Extension:
    """不同意, with a reason: the promise stands as it is."""
    if not note.strip():
        raise ValidationError({"note": _("写明为什么不同意")})
    extension = _decide(complaint, is_approved=False, note=note, by=by, now=now)
    entries.record(complaint, "complaint.extension_refused", by=by, now=now,
                   note=extension.decision_note)  # fmt: skip
    tell(complaint, REFUSED, to=[extension.asked_by], key="extension", by=by, now=now,
         words=extension.decision_note[:60])  # fmt: skip
    return extension


@transaction.atomic
def tell_extension(
    complaint: Complaint, *, told_at: datetime, by: Staff, now: datetime
) -> Complaint:
    """The resident knows: only now the promise and every clock on it move."""
    extension = current(complaint)
    if extension is None or not extension.is_approved:
        raise ValidationError(_("没有批准了等告知的延期。页面已更新"))
    if not extension.decided_at <= told_at <= now:
        raise ValidationError({"told_at": _("告知时间要在批准之后, 不晚于现在")})
    extension.resident_told_at, extension.resident_told_by = told_at, by
    extension.save(update_fields=["resident_told_at", "resident_told_by"])
    change(complaint, by=by, now=now, promised_at=extension.new_promise)
    followups.move_solve(complaint, now=now)
    meet(complaint, followups.TELL_EXTENSION, by=by, now=now)
    entries.record(complaint, "complaint.extension_told", by=by, now=now,
                   resident_told_at=_local(told_at), new_promise=_local(extension.new_promise))  # fmt: skip
    people = watchers_of(complaint)
    for passed in complaint.transfers.filter(returned_at=None, answered_at=None):
        people += of_post(complaint, passed.department)
    tell(complaint, TOLD, to=people, key="extension", by=by, now=now,
         until=_short(extension.new_promise))  # fmt: skip
    return complaint


def current(complaint: Complaint) -> Extension | None:
    """The extension that waits for a decision, or approved for the resident to be told."""
    return complaint.extensions.pending().select_related("asked_by").first()


def _decide(complaint, *, is_approved, note, by, now) -> Extension:
    extension = current(complaint)
    if extension is None or extension.decided_at:
        raise ValidationError(_("没有等审批的延期。页面已更新"))
    if by not in approvers_of(extension.asked_by):
        raise ValidationError(_("延期要由 %(name)s 的上级审批") % {"name": extension.asked_by.name})
    extension.decided_at, extension.decided_by = now, by
    extension.is_approved, extension.decision_note = is_approved, note.strip()[:300]
    extension.save(update_fields=["decided_at", "decided_by", "is_approved", "decision_note"])
    change(complaint, by=by, now=now)
    meet(complaint, followups.EXTENSION, by=by, now=now)
    return extension


def approvers_of(staff: Staff) -> list[Staff]:
    """Who may decide what this person asks: the superiors, nearest first, that hold the right."""
    return [boss for boss in superiors_of(staff) if boss.has_perm("complaints.approve")]


def _short(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%m-%d %H:%M}"


def _local(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat()
