"""Many callers, one repair: merging slips, attaching calls; and what is written beside them."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import posts
from accounts.models import Staff
from contacts.actions import become_repair
from contacts.models import Contact
from estates.phones import masked
from followups.actions import cancel, meet
from history import entries
from repairs import followups
from repairs.actions.moving import move
from repairs.models import Caller, Repair
from repairs.statuses import CLOSED, UNFINISHED, Status


@transaction.atomic
def merge(repair: Repair, *, into: Repair, by: Staff, now: datetime) -> Repair:
    """Two slips for one fault: this one ends, its callers wait for the other one's answer.

    Returns the slip that goes on. Raises ValidationError for itself, another estate, a closed
    slip (so no circle can form: a merged slip takes nobody in), or one whose work has begun.
    """
    if repair.pk == into.pk:
        raise ValidationError({"into": _("不能并入自己, 选另一张单")})
    if repair.estate_id != into.estate_id:
        raise ValidationError({"into": _("只能并入本项目的单")})
    # Both rows are locked in one order, so that two opposite merges cannot pass each other.
    fresh = {
        row.pk: row
        for row in Repair.objects.select_for_update()
        .filter(pk__in=[repair.pk, into.pk])
        .order_by("pk")
    }
    target = fresh[into.pk]
    if target.status in CLOSED:
        raise ValidationError(
            {
                "into": _("%(number)s 已经是“%(was)s”, 不能再并入")
                % {"number": target.number, "was": target.get_status_display()}
            }
        )
    move(repair, Status.MERGED, by=by, now=now, merged_into=target)
    cancel(repair, now=now)
    repair.callers.update(repair=target, is_first=False)
    if target.status not in UNFINISHED:
        followups.owe_answers(target, now=now)
    entries.record(repair, "repair.merged", by=by, now=now, into=target.number, into_id=target.pk)
    entries.record(target, "repair.received_merge", by=by, now=now, number=repair.number,
                   merged_id=repair.pk)  # fmt: skip
    return target


@transaction.atomic
def attach_caller(repair: Repair, contact: Contact, *, by: Staff, now: datetime) -> Caller:
    """One more call about the same fault: no second slip, and this caller is owed the answer too."""
    if contact.estate_id != repair.estate_id:
        raise ValidationError(_("只能并入本项目的单"))
    if repair.status in CLOSED:
        raise ValidationError(
            _("%(number)s 已经是“%(was)s”, 不能再并入。另建一张")
            % {"number": repair.number, "was": repair.get_status_display()}
        )
    if not become_repair(contact, by=by, now=now):
        caller = Caller.objects.select_related("repair").get(contact=contact)
        if caller.repair_id != repair.pk:
            raise ValidationError(
                _("这个来电已经登记在 %(number)s") % {"number": caller.repair.number}
            )
        return caller
    caller = Caller.objects.create(repair=repair, contact=contact, attached_at=now)
    if repair.status not in UNFINISHED:
        followups.owe_answer(caller, repair, now=now)
    entries.record(repair, "repair.caller_attached", by=by, now=now, contact=contact.pk,
                   caller=contact.caller_name or masked(contact.phone))  # fmt: skip
    return caller


@transaction.atomic
def note(repair: Repair, *, text: str, by: Staff, now: datetime) -> None:
    """A remark in the timeline; it changes nothing and never conflicts."""
    text = text.strip()
    if not text:
        raise ValidationError({"text": _("备注里还没有字")})
    entries.record(repair, "repair.noted", by=by, now=now, text=text[:1000])


@transaction.atomic
def review_late(repair: Repair, *, note: str, by: Staff, now: datetime) -> Repair:
    """The engineering manager, and after three days the general manager, says what happens now."""
    note = note.strip()
    if not note:
        raise ValidationError({"note": _("写一句怎么处理")})
    kind = followups.THREE_DAYS if by.post == posts.GENERAL_MANAGER else followups.REVIEW_LATE
    if not meet(repair, kind, by=by, now=now):
        raise ValidationError(_("这张单没有等您审阅的超期事项。页面已更新"))
    entries.record(repair, "repair.reviewed", by=by, now=now, note=note)
    return repair
