"""What is promised to the resident when nobody says otherwise, and every promise ever made."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from repairs.models import Priority, Promise, Repair
from rulebook.limits import limit
from services.models import ServiceItem

AT_LEAST = timedelta(hours=2)  # judgement: no same-day promise that leaves less than this
NOON = 12


def default_promise(
    *,
    reported_at: datetime,
    priority: str,
    appointment_at: datetime | None,
    service_item: ServiceItem | None,
) -> datetime:
    """The promised moment of completion (MAN-8), by defaults 2.2 「小修当日完成」.

    The item's own minutes where the price list has them. An emergency: two hours. Else the same
    day at the hour ``repairs.finish``; where less than two hours are left, an appointment gets two
    hours and anything else the next day at noon.
    """
    base = appointment_at or reported_at
    if service_item and service_item.promised_minutes:
        return base + timedelta(minutes=service_item.promised_minutes)
    if priority == Priority.EMERGENCY:
        return base + AT_LEAST
    hour = float(limit("repairs.finish", at=reported_at).value)
    midnight = timezone.localtime(base).replace(hour=0, minute=0, second=0, microsecond=0)
    same_day = midnight + timedelta(hours=hour)
    if base + AT_LEAST <= same_day:
        return same_day
    if appointment_at:
        return base + AT_LEAST
    return midnight + timedelta(days=1, hours=NOON)


def make_promise(
    repair: Repair, *, by: Staff, now: datetime, reason: str = "", is_first: bool = False
) -> Promise:
    """Keep ``repair.promised_at`` as the next generation; the earlier ones stay."""
    last = 0 if is_first else repair.promises.aggregate(last=Max("generation"))["last"] or 0
    return Promise.objects.create(
        repair=repair,
        generation=last + 1,
        promised_at=repair.promised_at,
        reason=reason,
        made_at=now,
        made_by=by,
    )


def check_not_past(moment: datetime, *, now: datetime, field: str) -> None:
    """Raise the refusal of screens 3.5 for a moment that has gone by."""
    if moment > now:
        return
    local = timezone.localtime(moment)
    soon = timezone.localtime(now + timedelta(hours=1)).replace(minute=0, second=0)
    what = {
        "appointment_at": _("预约时间"),
        "promised_at": _("承诺时间"),
        "new_promise": _("新的时间"),
        "look_again_at": _("再查看时间"),
    }[field]
    day = "%H:%M" if local.date() == timezone.localtime(now).date() else "%Y-%m-%d %H:%M"
    raise ValidationError(
        {
            field: _('%(what)s %(when)s 已经过了。改为 %(soon)s 之后, 或选"尽快"')
            % {"what": what, "when": local.strftime(day), "soon": soon.strftime("%m-%d %H:%M")}
        }
    )
