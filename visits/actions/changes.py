"""What a butler learnt about a household: proposed, then confirmed or rejected by the desk (VIS-1)."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import Staff
from estates.actions import change_resident
from estates.models import Resident
from estates.phones import clean_phone
from followups.actions import meet
from history import entries
from notifications import ledger
from notifications.wording import msgid_of
from visits import followups
from visits.models import ChangeState, ResidentChange, Visit

REJECTED = gettext_noop("没有采纳您报的业户信息 %(place)s %(what)s: %(words)s")


@transaction.atomic
def propose_change(
    visit: Visit, *, resident: Resident, field: str, after: str, by: Staff, now: datetime
) -> ResidentChange | None:
    """Ask the desk to change a resident's data; None where it says so already, or was asked before."""
    after = after.strip()[:200]
    before = getattr(resident, field)
    if not after or after == before:
        return None
    change, is_new = ResidentChange.objects.get_or_create(
        visit=visit,
        resident=resident,
        field=field,
        defaults={"estate": visit.estate, "unit": visit.unit, "before": before, "after": after,
                  "proposed_at": now, "proposed_by": by},
    )  # fmt: skip
    if is_new:
        followups.open_change(change, now=now)
        entries.record(visit, "visit.change_proposed", by=by, now=now, field=field)
    return change if is_new else None


@transaction.atomic
def confirm_change(change: ResidentChange, *, by: Staff, now: datetime) -> ResidentChange:
    """The desk takes it over into the resident's record.

    Raises ValidationError for one's own proposal, for a value that does not hold (a phone that is
    none), and when the record says by now something else than what the butler saw.
    """
    if by.pk == change.proposed_by_id:
        raise ValidationError(_("自己提出的更新由别的同事确认"))
    resident = Resident.objects.get(pk=change.resident_id)
    current = getattr(resident, change.field)
    if current != change.before:
        raise ValidationError(
            _("%(name)s的%(field)s现在是“%(now)s”, 走访时是“%(before)s”。问清后再确认或不采纳")
            % {"name": resident.name, "field": change.get_field_display(), "now": current or "—",
               "before": change.before or "—"},
            code="stale",
        )  # fmt: skip
    value = clean_phone(change.after) if change.field == "phone" else change.after
    _decide(change, ChangeState.CONFIRMED, by=by, now=now)
    change_resident(resident, version=resident.version, by=by, now=now, **{change.field: value})
    entries.record(change.visit, "visit.change_confirmed", by=by, now=now, field=change.field)
    return change


@transaction.atomic
def reject_change(
    change: ResidentChange, *, reason: str, by: Staff, now: datetime
) -> ResidentChange:
    """Not taken over, with the reason, which the proposer is told."""
    reason = reason.strip()[:200]
    if not reason:
        raise ValidationError({"reason": _("写一句为什么不采纳")})
    _decide(change, ChangeState.REJECTED, by=by, now=now, reason=reason)
    entries.record(change.visit, "visit.change_rejected", by=by, now=now, field=change.field,
                   reason=reason)  # fmt: skip
    if change.proposed_by_id != by.pk:
        ledger.owe(
            f"visits.change_rejected:{change.pk}", to=change.proposed_by, title=REJECTED, now=now,
            params={"place": change.unit.code, "words": reason[:60],
                    "what": msgid_of(ResidentChange.Field(change.field).label)},
            url=f"/visits/{change.visit_id}/", estate=change.estate,
        )  # fmt: skip
    return change


def _decide(change, state, *, by, now, **more):
    changed = ResidentChange.objects.filter(pk=change.pk, state=ChangeState.PROPOSED).update(
        state=state, decided_at=now, decided_by=by, **more
    )
    if not changed:
        raise ValidationError(_("这一条已有同事处理。页面已更新"), code="stale")
    change.refresh_from_db()
    meet(change, followups.CHANGE, by=by, now=now)
