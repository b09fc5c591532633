"""The whole case of a major incident: raised, acknowledged, handled, reported, filed (DUT-3)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import posts
from accounts.models import Staff
from estates.models import Estate, PublicPlace, Unit
from followups.actions import cancel, meet, open_followup
from history import entries
from incidents.audience import Told, whom_to_tell
from incidents.models import Category, Incident, Measure, Notice
from incidents.statuses import MOVES, Status
from notifications import ledger

ALARM = gettext_noop("重大事件 %(category)s: %(where)s, %(what)s")
ACKNOWLEDGE = "incidents.acknowledge"
REPORT = "incidents.report"
OPINION = "incidents.opinion"
# Empty when it is raised; forms do not fill them then.
LATER = [
    "client_key", "manager_told_at", "ended_at", "ended_by", "report_by", "report_at", "opinion_by",
    "archived_at",
]  # fmt: skip


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


def tell_more(incident: Incident, *, staff: Staff, by: Staff, now: datetime) -> Notice:
    """Tell one person more: another department, or the superior who should know at once.

    DUT-3 names the manager and the departments concerned; who else must know of this case is for
    the people who handle it to say, and the moment is kept (forms 4.23, 通知部门/时间). He owes an
    acknowledgement like everybody who was told. Raises ValidationError for somebody who was told
    before, who has no part in this estate, and once the case is archived.
    """
    if incident.status == Status.ARCHIVED:
        raise ValidationError(_("已归档, 不能再通知"))
    if not staff.is_active or not staff.memberships.filter(estate=incident.estate).exists():
        raise ValidationError({"staff": _("%(name)s不在这个项目") % {"name": staff.name}})
    told = Told(staff, as_manager=False)
    try:
        with transaction.atomic():
            notice = Notice.objects.create(
                incident=incident, staff=staff, department=staff.duty.department, told_at=now
            )
            _tell(told, notice, url=incident.get_absolute_url(), now=now)
            entries.record(incident, "incident.told", by=by, now=now, who=staff.name)
    except IntegrityError:
        raise ValidationError({"staff": _("%(name)s已经通知过") % {"name": staff.name}}) from None
    return notice


def log_measure(
    incident: Incident, *, what: str, by: Staff, now: datetime, at: datetime | None = None
) -> Measure:
    """Write down what was done, with time and person; ``at`` when it was done, if earlier.

    Raises ValidationError without words, for a moment that has not come or lies before the
    incident, and once the case is archived.
    """
    at = at or now
    if not what.strip():
        raise ValidationError({"what": _("写做了什么")})
    if at > now or at < incident.happened_at:
        raise ValidationError({"at": _("时间要在事件发生之后、现在之前")})
    if incident.status == Status.ARCHIVED:
        raise ValidationError(_("已归档, 不能再补记"))
    with transaction.atomic():
        row = Measure.objects.create(incident=incident, at=at, by=by, what=what.strip()[:500])
        entries.record(incident, "incident.measure", by=by, now=now, what=row.what)
    return row


def end(incident: Incident, *, by: Staff, now: datetime) -> Incident:
    """The event is over; whoever reported it owes the written report from now on."""
    with transaction.atomic():
        _move(incident, Status.ENDED, ended_at=now, ended_by=by)
        writer = incident.reported_by
        _open(incident, REPORT, owner=writer, owner_post=writer.post, now=now)
        entries.record(incident, "incident.ended", by=by, now=now)
    return incident


def write_report(
    incident: Incident, *, report: str, losses: str, aftermath: str, by: Staff, now: datetime
) -> Incident:
    """书面报告: what happened, losses and injuries, what follows. The manager's opinion is owed.

    Raises ValidationError with the missing field, and while the event is not over.
    """
    typed = {"report": report.strip(), "losses": losses.strip(), "aftermath": aftermath.strip()}
    empty = {
        "report": _("写报告正文"),
        "losses": _("没有损失和伤亡就写“无”"),
    }
    missing = {name: words for name, words in empty.items() if not typed[name]}
    if missing:
        raise ValidationError(missing)
    with transaction.atomic():
        _move(incident, Status.REPORTED, report_by=by, report_at=now, **typed)
        meet(incident, REPORT, by=by, now=now)
        _open(incident, OPINION, owner_post=posts.CS_MANAGER, now=now)
        entries.record(incident, "incident.reported", by=by, now=now)
    return incident


def archive(incident: Incident, *, opinion: str, by: Staff, now: datetime) -> Incident:
    """The manager's opinion closes the case; nobody is asked any more whether he knows. Raises ValidationError without it, or too early."""
    if not opinion.strip():
        raise ValidationError({"opinion": _("写经理意见, 再归档")})
    with transaction.atomic():
        _move(incident, Status.ARCHIVED, opinion=opinion.strip(), opinion_by=by, archived_at=now)
        meet(incident, OPINION, by=by, now=now)
        for notice in incident.notices.filter(acknowledged_at=None):
            cancel(notice, ACKNOWLEDGE, now=now)  # who never answered stands so in the file
        entries.record(incident, "incident.archived", by=by, now=now)
    return incident


def _move(incident: Incident, to: str, **changes: Any) -> None:
    """Along MOVES, by an update of the state as it was seen; ValidationError in words."""
    allowed = to in MOVES[Status(incident.status)]
    rows = Incident.objects.filter(pk=incident.pk, status=incident.status)
    if not allowed or not rows.update(status=to, **changes):
        incident.refresh_from_db(fields=["status"])
        raise ValidationError(
            _("这个事件现在是“%(status)s”, 不能改为“%(to)s”")
            % {"status": incident.get_status_display(), "to": Status(to).label}
        )
    incident.status = to
    for name, value in changes.items():
        setattr(incident, name, value)


def _open(incident: Incident, kind: str, *, now: datetime, **terms: Any) -> None:
    open_followup(
        incident,
        kind,
        now=now,
        estate=incident.estate,
        unit=incident.unit,
        place_label=incident.where[:60],
        params={"place": incident.where, "what": incident.what[:60]},
        url=incident.get_absolute_url(),
        limit_key=kind,
        **terms,
    )


def _of(incident: Incident, estate: Estate) -> Incident:
    if incident.estate_id != estate.pk:
        raise ValidationError(_("这张表已经用过。重新打开“重大事件”再上报"))
    return incident


def _tell_everybody(incident: Incident, *, by: Staff, now: datetime) -> Incident:
    told = whom_to_tell(
        incident.estate, unit=incident.unit, place=incident.place, where=incident.where, by=by,
        now=now,
    )  # fmt: skip
    if any(each.as_manager for each in told):
        incident.manager_told_at = now
    incident.clean_fields(exclude=LATER)
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
