"""Writing the slip (REP-1, REP-2, REP-3)."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import Staff
from contacts.actions import become_repair
from contacts.models import Contact
from estates.butlers import butler_of
from estates.models import PublicPlace, Resident, Unit
from history import entries
from incidents.actions import raise_incident
from notifications import ledger
from repairs import followups
from repairs.models import Caller, Category, Phrase, Priority, Repair
from repairs.numbering import next_number
from repairs.promises import check_not_past, default_promise, make_promise
from services.models import ServiceItem

NEW_IN_AREA = gettext_noop("您的责任区有新报修: %(place)s %(what)s")


@transaction.atomic
def register(
    contact: Contact,
    *,
    by: Staff,
    now: datetime,
    content: str,
    category: str = Category.OTHER,
    priority: str = Priority.NORMAL,
    where: str = "",
    unit: Unit | None = None,
    place: PublicPlace | None = None,
    resident: Resident | None = None,
    contact_name: str = "",
    contact_phone: str = "",
    appointment_at: datetime | None = None,
    promised_at: datetime | None = None,
    service_item: ServiceItem | None = None,
    is_paid: bool | None = None,
    late_entry_reason: str = "",
    reported_at: datetime | None = None,
    rework_of: Repair | None = None,
) -> Repair:
    """Make the contact's repair, once: a second press returns the slip of the first (REP-1).

    The dispatch clock starts with the contact's first key (REP-3). 补录: with a reason,
    ``reported_at`` may be the real earlier time; the promise counts from it, while the dispatch
    clock still counts from the first key of the record, since nobody could write it down before.
    A phone number and a text are enough; the house may stay unknown. A text that a common phrase
    marks as a major incident (电梯困人) is an emergency and raises the incident too (DUT-3).

    Raises ValidationError by field: no text, nobody to reach, a moment that has passed, a house
    or person of another estate.
    """
    if not become_repair(contact, by=by, now=now):
        return Caller.objects.select_related("repair").get(contact=contact).repair
    content, late_entry_reason = content.strip(), late_entry_reason.strip()
    contact_phone = contact_phone or contact.phone or (resident.phone if resident else "")
    _check(
        contact, content=content, unit=unit, place=place, resident=resident, rework_of=rework_of,
        phone=contact_phone,
    )  # fmt: skip
    if reported_at is None:
        reported_at = contact.started_at
    elif reported_at < contact.started_at and not late_entry_reason:
        raise ValidationError({"late_entry_reason": _("补录要写原因, 如“停电”")})
    elif reported_at > now:
        raise ValidationError({"reported_at": _("报修时间还没有到。写实际来电的时间")})
    if appointment_at and not late_entry_reason:
        check_not_past(appointment_at, now=now, field="appointment_at")
    if promised_at and not late_entry_reason:
        check_not_past(promised_at, now=now, field="promised_at")
    incident = _incident_in(content)
    if incident:
        priority = Priority.EMERGENCY
    repair = _write(
        Repair(
            estate=contact.estate,
            source=contact.source,
            reported_at=reported_at,
            late_entry_reason=late_entry_reason,
            unit=unit,
            place=place,
            where=where,
            resident=resident,
            contact_name=contact_name or contact.caller_name or (resident.name if resident else ""),
            contact_phone=contact_phone,
            content=content,
            category=category,
            priority=priority,
            appointment_at=appointment_at,
            promised_at=promised_at
            or default_promise(
                reported_at=reported_at,
                priority=priority,
                appointment_at=appointment_at,
                service_item=service_item,
            ),
            service_item=service_item,
            is_paid=service_item.is_paid if is_paid is None and service_item else bool(is_paid),
            rework_of=rework_of,
        ),
        started_at=contact.started_at,
        by=by,
        now=now,
    )
    Caller.objects.create(repair=repair, contact=contact, attached_at=now, is_first=True)
    if incident:
        raise_incident(
            estate=repair.estate,
            category=incident,
            where=(" ".join(filter(None, (repair.place_label, where))) or contact_phone)[:100],
            what=content,
            by=by,
            now=now,
            client_key=contact.client_key,
            happened_at=reported_at,
            unit=unit,
            place=place,
        )
    return repair


def open_rework(first: Repair, *, reason: str, by: Staff, now: datetime) -> Repair:
    """返修: a new slip linked to the first one, whose own result stays; its clocks start now."""
    rework = Repair(
        **{
            field: getattr(first, field)
            for field in (
                "estate", "source", "unit", "place", "where", "resident", "contact_name",
                "contact_phone", "content", "category", "service_item",
            )
        },
        priority=Priority.NORMAL if first.priority == Priority.APPOINTMENT else first.priority,
        reported_at=now,
        rework_of=first,
        promised_at=default_promise(
            reported_at=now, priority=first.priority, appointment_at=None, service_item=None
        ),
    )  # fmt: skip
    _write(rework, started_at=now, by=by, now=now)
    entries.record(first, "repair.rework_opened", by=by, now=now, rework=rework.pk, reason=reason)
    return rework


def _write(repair: Repair, *, started_at: datetime, by: Staff, now: datetime) -> Repair:
    """Number, save, start the dispatch clock, and tell the area's butler (REP-7)."""
    repair.number = next_number(repair.estate, now=now)
    repair.registered_by, repair.entered_at = by, now
    repair.butler = butler_of(unit=repair.unit, place=repair.place)
    repair.save(force_insert=True)
    make_promise(repair, by=by, now=now, is_first=True)
    followups.open_dispatch(repair, owner=by, start=started_at, now=now)
    entries.record(
        repair,
        "repair.registered",
        by=by,
        now=now,
        number=repair.number,
        source=repair.source,
        reported_at=timezone.localtime(repair.reported_at).isoformat(),
        late_entry_reason=repair.late_entry_reason,
        rework_of=repair.rework_of_id,
    )
    if repair.butler and repair.butler != by:
        ledger.owe(
            f"repairs.registered:{repair.pk}:{repair.butler_id}",
            to=repair.butler,
            title=NEW_IN_AREA,
            params=followups.about(repair)["params"],
            url=followups.about(repair)["url"],
            estate=repair.estate,
            why={"rule": "REP-7"},
            now=now,
        )
    return repair


def _incident_in(content: str) -> str:
    """The category of the major incident that a common phrase says this is; else empty."""
    for phrase in Phrase.objects.filter(is_active=True).exclude(incident_category=""):
        if phrase.text in content:
            return phrase.incident_category
    return ""


def _check(contact, *, content, unit, place, resident, rework_of, phone) -> None:
    errors = {}
    if not content:
        errors["content"] = _("写一句报修内容, 或选一条常用语")
    if not (unit or place or resident or phone):
        errors["contact_phone"] = _("写房号, 公共部位或来电号码, 有一个就够")
    for name, thing in (
        ("unit", unit), ("place", place), ("resident", resident), ("rework_of", rework_of),
    ):  # fmt: skip
        if thing is not None and thing.estate_id != contact.estate_id:
            errors[name] = _("这不是本项目的记录。重新选房号或业户")
    if errors:
        raise ValidationError(errors)
