"""Raising a major incident and acknowledging it (DUT-3)."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import Staff
from estates.models import Estate, PublicPlace, Unit
from followups.actions import meet, open_followup
from history import entries
from incidents.audience import Told, whom_to_tell
from incidents.models import Category, Incident, Notice
from notifications import ledger

ALARM = gettext_noop("重大事件 %(category)s: %(where)s, %(what)s")
ACKNOWLEDGE = "incidents.acknowledge"


def raise_incident(
    *,
    estate: Estate,
    category: str,
    where: str,
    what: str,
    by: Staff,
    now: datetime,
    client_key: UUID,
    happened_at: datetime | None = None,
    unit: Unit | None = None,
    place: PublicPlace | None = None,
) -> Incident:
    """Record a major incident and tell the manager and the departments at once (DUT-3).

    ``client_key`` belongs to one opened form: a second press returns the incident of the first.
    Every person told has a row with the moment, a ringing message, and owes an acknowledgement;
    whoever raises it knows already. An absent person is told, and his deputy owes. With no
    manager to tell, the general manager is told in his place; with neither, the incident is
    still kept and ``manager_told_at`` stays empty, which the page says loudly.

    Raises ValidationError for a happening in the future, or a key that another estate used.
    """
    if happened_at and happened_at > now:
        raise ValidationError({"happened_at": _("发生时间还没有到。写实际发生的时间")})
    try:
        with transaction.atomic():
            seen = Incident.objects.filter(client_key=client_key).first()
            return (
                _of(seen, estate)
                if seen
                else _tell_everybody(
                    Incident(
                        estate=estate,
                        category=category,
                        where=where,
                        what=what,
                        unit=unit,
                        place=place,
                        happened_at=happened_at or now,
                        reported_by=by,
                        reported_at=now,
                        client_key=client_key,
                    ),
                    by=by,
                    now=now,
                )
            )
    except IntegrityError:
        # The same press arrived twice at the same moment: the other one has told everybody.
        seen = Incident.objects.filter(client_key=client_key).first()
        if seen is None:
            raise
        return _of(seen, estate)


def acknowledge(notice: Notice, *, by: Staff, now: datetime) -> Notice:
    """The person told says that he knows; a second tap changes nothing.

    Raises ValidationError when somebody else tries to answer for him.
    """
    if notice.staff_id != by.pk:
        raise ValidationError(
            _("这条通知发给%(name)s, 只能由本人确认知悉") % {"name": notice.staff.name}
        )
    with transaction.atomic():
        first = Notice.objects.filter(pk=notice.pk, acknowledged_at__isnull=True).update(
            acknowledged_at=now
        )
        if first:
            meet(notice, ACKNOWLEDGE, by=by, now=now)
            entries.record(notice.incident, "incident.acknowledged", by=by, now=now)
    notice.refresh_from_db()
    return notice


def _of(incident: Incident, estate: Estate) -> Incident:
    if incident.estate_id != estate.pk:
        raise ValidationError(_("这张表已经用过。重新打开“重大事件”再上报"))
    return incident


def _tell_everybody(incident: Incident, *, by: Staff, now: datetime) -> Incident:
    told = whom_to_tell(incident.estate, unit=incident.unit, place=incident.place, by=by, now=now)
    if any(each.as_manager for each in told):
        incident.manager_told_at = now
    incident.clean_fields(exclude=["client_key", "manager_told_at", "ended_at"])
    incident.save(force_insert=True)
    notices = Notice.objects.bulk_create(
        Notice(
            incident=incident,
            staff=each.staff,
            department=each.staff.duty.department,
            as_manager=each.as_manager,
            told_at=now,
            acknowledged_at=now if each.staff == by else None,
        )
        for each in told
    )
    url = incident.get_absolute_url()
    for each, notice in zip(told, notices, strict=True):
        if each.staff != by:
            _tell(each, notice, url=url, now=now)
    entries.record(
        incident,
        "incident.raised",
        by=by,
        now=now,
        category=incident.category,
        where=incident.where,
        what=incident.what[:200],
        told=[each.staff.name for each in told],
    )
    return incident


def _tell(each: Told, notice: Notice, *, url: str, now: datetime) -> None:
    incident = notice.incident
    with translation.override("zh-hans"):  # the message keeps the msgid, read in either language
        category = str(Category(incident.category).label)
    ledger.owe(
        f"incidents.told:{incident.pk}:{each.staff.pk}",
        to=each.staff,
        title=ALARM,
        params={"category": category, "where": incident.where, "what": incident.what[:60]},
        url=url,
        estate=incident.estate,
        rings=True,
        why={"rule": "DUT-3", "post": each.staff.post},
        now=now,
    )
    if each.owes:
        open_followup(
            notice,
            ACKNOWLEDGE,
            now=now,
            owner_post=each.staff.post,
            owner=each.staff,
            estate=incident.estate,
            unit=incident.unit,
            place_label=incident.where[:60],
            params={"place": incident.where, "what": incident.what[:60]},
            url=url,
            limit_key=ACKNOWLEDGE,
            urgent=True,
        )
