"""Who was qualified already when an estate began: one record, many people at once (TRN-1)."""

from collections.abc import Collection
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Staff
from followups.actions import meet
from history import entries
from office import followups as kinds
from office import people as the_people
from office.models import StaffRecord


@transaction.atomic
def record_staff(
    record: StaffRecord,
    *,
    people: Collection[Staff],
    qualified_on: date | None,
    is_all: bool,
    by: Staff,
    now: datetime,
) -> int:
    """Mark ``people`` as qualified since that day; returns how many. With ``is_all`` the record is
    finished, and who is left is to be trained.

    Raises ValidationError without people or a day, for a day that has not come, and (``stale``)
    when a colleague has finished the record.
    """
    if record.recorded_at or not _lock(record):
        raise ValidationError(_("同事已经登记完, 刷新后再看"), code="stale")
    if people and qualified_on is None:
        raise ValidationError({"qualified_on": _("写明从哪天起合格上岗")})
    if qualified_on and qualified_on > timezone.localdate(now):
        raise ValidationError({"qualified_on": _("合格上岗日期不能晚于今天")})
    if not people and not is_all:
        raise ValidationError({"people": _("勾上已经考核合格的人")})
    marked = 0
    for staff in the_people.recordable(record.estate).filter(pk__in=[each.pk for each in people]):
        Staff.objects.filter(pk=staff.pk).update(
            qualified_on=qualified_on, version=F("version") + 1
        )
        entries.record(staff, "staff.qualified", by=by, now=now,
                       qualified_on=qualified_on.isoformat(), training="")  # fmt: skip
        marked += 1
    if is_all:
        StaffRecord.objects.filter(pk=record.pk).update(recorded_at=now, recorded_by=by)
        record.recorded_at, record.recorded_by = now, by
        meet(record, kinds.RECORD_STAFF, by=by, now=now)
        entries.record(record, "staff_record.closed", by=by, now=now, marked=marked)
        kinds.open_inductions(now=now)
    else:
        kinds.open_records(now=now)  # ends the record when nobody is left
    return marked


def _lock(record: StaffRecord) -> bool:
    """Hold the open record, so that two people finish it one after the other."""
    rows = StaffRecord.objects.select_for_update().filter(pk=record.pk, recorded_at=None)
    return rows.first() is not None
