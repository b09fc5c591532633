"""Every call-back that has its result, whichever room keeps it, newest first (VIS-5)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from complaints.models import Callback as ComplaintCallback
from complaints.models import Complaint
from contacts.models import Contact
from repairs.models import Caller, Repair
from visits.models import Callback, is_late_entry


@dataclass(frozen=True)
class Called:
    """One line of the list; ``about`` and ``pk`` are the address of its printed form."""

    at: datetime
    about: str
    pk: int
    topic: str | Promise
    number: str
    room: str
    what: str
    result: str
    is_bad: bool
    caller: str
    url: str
    is_late: bool = False
    which: str = ""  # of several call-backs about one record, the one that the form is of


def called(staff: Staff, *, about: str = "", before: datetime | None = None, limit: int):
    """At most ``limit`` call-backs that a person may see, before a moment; one query per room."""
    rooms = [ROOMS[about]] if about in ROOMS else ROOMS.values()
    found = [line for room in rooms for line in room(staff, before, limit)]
    return sorted(found, key=lambda line: (line.at, line.about, line.pk), reverse=True)[:limit]


def to_review(staff: Staff, *, before: datetime | None = None, limit: int) -> list[Called]:
    """Those of this room that nobody has looked at yet; who called does not review himself."""
    rows = Callback.objects.over().filter(reviewed_by=None).exclude(called_by=staff)
    return _own(staff, before, limit, rows)


def _repairs(staff, before, limit) -> list[Called]:
    records = "callback/" if staff.has_perm("repairs.call_back") else ""
    rows = Repair.objects.visible_to(staff).filter(called_back_at__isnull=False)
    rows = _newest(rows, "called_back_at", before, limit)
    return [
        Called(
            at=row.called_back_at, about="repair", pk=row.pk, topic=_("维修"), number=row.number,
            room=row.place_label, what=row.content, caller=row.called_back_by.name,
            result=row.get_satisfaction_display() or row.get_callback_result_display(),
            is_bad=row.satisfaction == "dissatisfied" or row.callback_result == "unsolved",
            url=f"/repairs/{row.pk}/{records}",
        )
        for row in rows.select_related("unit", "place", "called_back_by")
    ]  # fmt: skip


def _complaints(staff, before, limit) -> list[Called]:
    seen = Complaint.objects.visible_to(staff).values("pk")
    page = "/callbacks" if staff.has_perm("complaints.call_back") else ""
    page += "/complaints/"
    given_up = Q(is_reached=False, at=F("complaint__called_back_at"))
    rows = ComplaintCallback.objects.filter(Q(is_reached=True) | given_up, complaint__in=seen)
    rows = _newest(rows, "at", before, limit)
    return [
        Called(
            at=row.at, about="complaint", pk=row.complaint_id, topic=_("投诉"),
            number=row.complaint.number, room=row.complaint.place_label,
            what=row.complaint.content, caller=row.by.name,
            result=row.get_satisfaction_display() or _("未接通"),
            is_bad=row.satisfaction == "dissatisfied", url=f"{page}{row.complaint_id}/",
            which=f"?call={row.pk}",
        )
        for row in rows.select_related("complaint__unit", "complaint__place", "by")
    ]  # fmt: skip


def _contacts(staff, before, limit) -> list[Called]:
    rows = Contact.objects.answered_by(staff).filter(called_back_at__isnull=False)
    rows = _newest(rows, "called_back_at", before, limit)
    return [
        Called(
            at=row.called_back_at, about="contact", pk=row.pk, topic=_("回电"),
            number=f"{timezone.localtime(row.started_at):%Y-%m-%d %H:%M}",
            room=row.place_label, what=row.text, caller=row.called_back_by.name,
            result=_("已回电") if row.was_reached else _("未接通"), is_bad=False,
            url=f"/callbacks/contacts/{row.pk}/",
            is_late=is_late_entry(row.called_back_at, row.call_received_at),
        )
        for row in rows.select_related("unit", "place", "called_back_by")
    ]  # fmt: skip


def _callers(staff, before, limit) -> list[Called]:
    seen = Repair.objects.visible_to(staff).values("pk")
    rows = Caller.objects.filter(repair__in=seen, is_first=False, answered_at__isnull=False)
    rows = _newest(rows, "answered_at", before, limit)
    return [
        Called(
            at=row.answered_at, about="caller", pk=row.pk, topic=_("来电人"),
            number=row.repair.number, room=row.repair.place_label, what=row.repair.content,
            caller=row.answered_by.name,
            result=_("未接通") if row.was_reached is False else _("已答复"), is_bad=False,
            url=f"/callbacks/answers/{row.pk}/",
            is_late=is_late_entry(row.answered_at, row.received_at),
        )
        for row in rows.select_related("repair__unit", "repair__place", "answered_by")
    ]  # fmt: skip


def _own(staff, before, limit, rows=None) -> list[Called]:
    rows = Callback.objects.over() if rows is None else rows
    rows = _newest(rows.visible_to(staff), "called_at", before, limit)
    return [
        Called(
            at=row.called_at, about="drawn", pk=row.pk, topic=row.get_topic_display(),
            number=row.subject_label, room=row.unit.code if row.unit else "", what=row.what,
            caller=row.called_by.name,
            result=row.get_satisfaction_display() or row.get_state_display(),
            is_bad=row.satisfaction == "dissatisfied", url=f"/callbacks/{row.pk}/",
            is_late=is_late_entry(row.called_at, row.received_at),
        )
        for row in rows.select_related("unit", "called_by")
    ]  # fmt: skip


def _newest(rows, moment, before, limit):
    if before:
        rows = rows.filter(**{f"{moment}__lt": before})
    return rows.order_by(f"-{moment}", "-pk")[:limit]


ROOMS: dict[str, Callable] = {
    "repair": _repairs,
    "complaint": _complaints,
    "drawn": _own,
    "contact": _contacts,
    "caller": _callers,
}
