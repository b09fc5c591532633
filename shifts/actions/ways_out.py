"""One press out of each reason that keeps a shift from being handed over."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import posts
from accounts.models import Staff
from contacts import actions as contact_actions
from contacts.followups import FINISH
from contacts.models import Contact, Outcome
from followups.actions import hand_to
from followups.models import FollowUp
from history import entries
from incidents import actions as incident_actions
from incidents.models import Incident
from shifts import followups as kinds
from shifts.actions.moving import must_be_writing
from shifts.actions.signing import arrive
from shifts.actions.writing import must_be_giver
from shifts.models import CashEntry, Handover
from shifts.sheet import Sheet
from shifts.sources import CASH


def take_way(sheet: Sheet, *, way: str, by: Staff, now: datetime) -> None:
    """Go the way out that a button names, such as ``"hand 31"`` or ``"count keys"``.

    Raises ValidationError for the wrong person, a signed sheet, or a way that is not there.
    """
    code, _space, key = way.partition(" ")
    if code not in WAYS:
        raise ValidationError(_("没有这个办法, 刷新后再看"))
    must_be_writing(sheet.handover)
    must_be_giver(sheet, by)
    with transaction.atomic():
        WAYS[code](sheet, key, by, now)
        entries.record(sheet.handover, "shift.way_out", by=by, now=now, way=way)


def _clear(handover: Handover, name: str, value: str) -> None:
    handover.cleared = handover.cleared | {name: value}
    Handover.objects.filter(pk=handover.pk).update(cleared=handover.cleared)


def _row(sheet: Sheet, key: str) -> FollowUp:
    row = next((row for _person, row in sheet.in_hand if str(row.pk) == key), None)
    if row is None:
        raise ValidationError(_("这一项已经不在您手上, 刷新后再看"))
    return row


def _hand(sheet: Sheet, key: str, by: Staff, now: datetime) -> None:
    row, to = _row(sheet, key), sheet.successor
    if to is None:
        raise ValidationError({"successor": _("先选择接班人")})
    subject = row.subject
    if row.kind == FINISH:
        Contact.objects.filter(pk=subject.pk, outcome=Outcome.OPEN).update(received_by=to)
    hand_to(subject, row.kind, owner=to, owner_post=to.post, now=now)


def _handled(sheet: Sheet, key: str, by: Staff, now: datetime) -> None:
    """His part is done. A begun call is closed; what is owed else stays open on the sheet."""
    row = _row(sheet, key)
    if row.kind == FINISH:
        contact_actions.finish(
            row.subject, outcome=Outcome.HELPED, answer=_("交班时标记已处理完"), by=by, now=now
        )
    _clear(sheet.handover, f"followup:{row.pk}", now.isoformat())


def _incident(sheet: Sheet, key: str) -> Incident:
    for row in sheet.shift_incidents:
        if str(row.pk) == key:
            return row
    raise ValidationError(_("这一班没有这个事件, 刷新后再看"))


def _pass_incident(sheet: Sheet, key: str, by: Staff, now: datetime) -> None:
    row, to = _incident(sheet, key), sheet.successor
    if to is None:
        raise ValidationError({"successor": _("先选择接班人")})
    incident_actions.log_measure(
        row, what=_("交班, 由%(name)s接着处置") % {"name": to.name}, by=by, now=now
    )
    _clear(sheet.handover, f"incident:{row.pk}", now.isoformat())


def _end_incident(sheet: Sheet, key: str, by: Staff, now: datetime) -> None:
    incident_actions.end(_incident(sheet, key), by=by, now=now)


def _arrived(sheet: Sheet, key: str, by: Staff, now: datetime) -> None:
    if sheet.successor is None:
        raise ValidationError({"successor": _("先选择接班人")})
    handover = sheet.handover
    arrive(handover, who=sheet.successor, by=by, now=now)


def _stand_in(sheet: Sheet, key: str, by: Staff, now: datetime) -> None:
    """Nobody of the seat is there: who is on duty next to it keeps watch, and is here already."""
    who = next((each for each in sheet.stand_ins if str(each.pk) == key), None)
    if who is None:
        raise ValidationError(_("现在不能由他代接, 刷新后再看"))
    arrive(sheet.handover, who=who, by=by, now=now)


def _absent(sheet: Sheet, key: str, by: Staff, now: datetime) -> None:
    who = sheet.successor.name if sheet.successor else ""
    kinds.report(
        sheet.handover, kinds.ABSENT, to=posts.CS_MANAGER, now=now, urgent=True,
        what=f"{sheet.handover} {who}",
    )  # fmt: skip
    _clear(sheet.handover, "absent", now.isoformat())


def _previous(sheet: Sheet, key: str, by: Staff, now: datetime) -> None:
    what = _("%(shift)s 接手时上一班没有签字") % {"shift": sheet.handover}
    kinds.report(sheet.handover, kinds.PREVIOUS, to=posts.CS_MANAGER, now=now, what=what)
    _clear(sheet.handover, "previous", now.isoformat())


def _difference(sheet: Sheet, key: str, by: Staff, now: datetime) -> None:
    """The difference is written down and goes to the manager; cash is booked as counted."""
    tally = next((each for each in sheet.counts if each.expected.code == key), None)
    if tally is None or tally.is_missing:
        raise ValidationError(_("先填实点数"))
    if not tally.difference:
        return
    what = _("%(what)s 应有 %(expected)s, 实点 %(counted)s") % {
        "what": tally.expected.label,
        "expected": tally.expected.number,
        "counted": tally.counted,
    }
    _clear(sheet.handover, f"reported:{key}", what)
    kinds.open_difference(sheet.handover, now=now)
    entries.record(sheet.handover, "shift.difference", by=by, now=now, what=what)
    if key == CASH:
        CashEntry.objects.create(
            estate=sheet.handover.estate, at=now, amount=Decimal(tally.difference), by=by,
            reason=_("盘点差额, 已报经理"), client_key=uuid4(),
        )  # fmt: skip
    else:
        _clear(sheet.handover, f"count:{key}", tally.typed)


WAYS: dict[str, Callable[[Sheet, str, Staff, datetime], None]] = {
    "hand": _hand,
    "handled": _handled,
    "pass_incident": _pass_incident,
    "end_incident": _end_incident,
    "arrived": _arrived,
    "stand_in": _stand_in,
    "absent": _absent,
    "previous": _previous,
    "count": _difference,
}
