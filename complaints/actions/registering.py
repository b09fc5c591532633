"""Writing the complaint down as it was said (CMP-1)."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import Staff
from complaints import followups
from complaints.actions.telling import tell, watchers_of
from complaints.choices import Category, Channel
from complaints.models import Complaint
from contacts.actions import become_complaint
from contacts.models import Contact, Source
from estates.butlers import butler_of
from estates.models import Estate, PublicPlace, Resident, Unit
from history import entries
from repairs.models import CallbackResult, Repair, Satisfaction
from repairs.numbering import next_number

NEW = gettext_noop("新投诉 %(number)s: %(place)s %(what)s")
SERIES = "TS"
CHANNEL_OF = {
    Source.PHONE: Channel.PHONE,
    Source.LETTER: Channel.LETTER,
    Source.WALK_IN: Channel.VISIT,
    Source.BUTLER: Channel.VISIT,
    Source.PATROL: Channel.VISIT,
}


@transaction.atomic
def register(
    client_key: UUID,
    *,
    estate: Estate,
    by: Staff,
    now: datetime,
    content: str,
    demand: str = "",
    category: str = Category.OTHER,
    source: str = Channel.PHONE,
    unit: Unit | None = None,
    place: PublicPlace | None = None,
    resident: Resident | None = None,
    contact_name: str = "",
    contact_phone: str = "",
    how_to_reach: str = "",
    happened_at: datetime | None = None,
    where: str = "",
    against: str = "",
    complained_at: datetime | None = None,
    late_entry_reason: str = "",
    contact: Contact | None = None,
    origin: Repair | None = None,
) -> Complaint:
    """Write the complaint in the resident's words, once per ``client_key`` (CMP-1).

    ``contact``: the call, visit or letter it came with, which ends as 转投诉. ``origin``: the
    repair whose call-back failed. Its clocks begin, the area's butler and the assistants hear of
    it at once (CMP-3, CMP-6). A moment before now needs a reason (补录).

    Raises ValidationError by field: no words, nobody to answer to, something of another estate,
    a moment to come, or a ``client_key`` of another estate.
    """
    known = Complaint.objects.filter(client_key=client_key).first()
    if known is not None:
        if known.estate_id != estate.pk:
            raise ValidationError(_("这张登记页已用过。刷新页面再记"))
        return known
    content, demand = content.strip(), demand.strip()
    contact_phone = contact_phone or (resident.phone if resident else "")
    if contact:
        contact_phone = contact_phone or contact.phone
        contact_name = contact_name or contact.caller_name
    complained_at = complained_at or (contact.started_at if contact else now)
    _check(
        estate, content=content, phone=contact_phone, unit=unit, place=place, resident=resident,
        contact=contact, origin=origin,
    )  # fmt: skip
    _check_moments(
        complained_at, happened_at, contact, late_entry_reason=late_entry_reason.strip(), now=now
    )
    if contact and not become_complaint(contact, by=by, now=now):
        return Complaint.objects.get(contact=contact)
    complaint = Complaint.objects.create(
        estate=estate,
        number=next_number(estate, now=now, series=SERIES, digits=3),
        client_key=client_key,
        source=source,
        complained_at=complained_at,
        entered_at=now,
        late_entry_reason=late_entry_reason.strip(),
        unit=unit,
        place=place,
        resident=resident,
        contact_name=contact_name or (resident.name if resident else ""),
        contact_phone=contact_phone,
        how_to_reach=how_to_reach.strip(),
        happened_at=happened_at,
        where=where.strip(),
        against=against.strip(),
        content=content,
        demand=demand,
        category=category,
        contact=contact,
        origin=origin,
        butler=butler_of(unit=unit, place=place),
        registered_by=by,
    )
    followups.open_first(complaint, by=by, now=now)
    entries.record(
        complaint, "complaint.registered", by=by, now=now, number=complaint.number, source=source,
        complained_at=timezone.localtime(complained_at).isoformat(),
        late_entry_reason=complaint.late_entry_reason, origin=origin.number if origin else "",
    )  # fmt: skip
    tell(complaint, NEW, to=watchers_of(complaint), key="registered", by=by, now=now)
    return complaint


def failed_callback(repair: Repair) -> bool:
    """True for a repair whose call-back says unsolved or dissatisfied: it may become a complaint."""
    return (
        repair.callback_result == CallbackResult.UNSOLVED
        or repair.satisfaction == Satisfaction.DISSATISFIED
    )


def register_from_repair(
    repair: Repair, client_key: UUID, *, by: Staff, now: datetime, content: str, **fields
) -> Complaint:
    """转投诉: the call-back of a repair failed, and the resident complains.

    Raises ValidationError for a repair whose call-back did not fail, or that has an open
    complaint already.
    """
    if not failed_callback(repair):
        raise ValidationError(_("回访不满意或未解决的单才转投诉。先记回访结果"))
    with transaction.atomic():
        Repair.objects.select_for_update().get(pk=repair.pk)
        open_one = (
            repair.complaints.open().exclude(client_key=client_key).values_list("number", flat=True)
        )
        if number := open_one.first():
            raise ValidationError(
                _("这张单已转投诉 %(number)s, 还没结案。在那里接着处理") % {"number": number}
            )
        return register(
            client_key, estate=repair.estate, by=by, now=now, content=content, origin=repair,
            unit=repair.unit, place=repair.place, resident=repair.resident,
            contact_name=repair.contact_name, contact_phone=repair.contact_phone,
            **({"category": Category.REPAIR, "where": repair.where} | fields),
        )  # fmt: skip


def repeats_of(complaint: Complaint):
    """Earlier complaints of the same unit, or without one of the same number; newest first."""
    rows = Complaint.objects.filter(estate=complaint.estate_id).exclude(pk=complaint.pk)
    rows = rows.filter(complained_at__lte=complaint.complained_at)
    if complaint.unit_id:
        return rows.filter(unit=complaint.unit_id)
    if complaint.contact_phone:
        return rows.filter(contact_phone=complaint.contact_phone)
    return rows.none()


def _check(estate, *, content, phone, contact, **things) -> None:
    errors = {}
    if not content:
        errors["content"] = _("写业户的原话, 一句也行")
    if not (phone or things["unit"] or things["place"] or things["resident"]):
        errors["contact_phone"] = _("写房号, 公共部位或来电号码, 有一个就够")
    for name, thing in (things | {"contact": contact}).items():
        if thing is not None and thing.estate_id != estate.pk:
            errors[name] = _("这不是本项目的记录。重新选房号或业户")
    if errors:
        raise ValidationError(errors)


def _check_moments(complained_at, happened_at, contact, *, late_entry_reason, now) -> None:
    if complained_at > now:
        raise ValidationError({"complained_at": _("投诉时间还没有到。写实际的时间")})
    if happened_at and happened_at > now:
        raise ValidationError({"happened_at": _("事发时间还没有到。写实际的时间")})
    began = contact.started_at if contact else now
    if complained_at < began and not late_entry_reason:
        raise ValidationError({"late_entry_reason": _("补录要写原因, 如“停电”")})
