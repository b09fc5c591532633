"""What time does to complaints: a month makes them grave, an ended repair lets them go on."""

from datetime import datetime, timedelta

from django.db.models import Q

from complaints import followups
from complaints.actions.grading import tell_grade
from complaints.actions.moving import change
from complaints.choices import Grade, Validity
from complaints.models import Complaint
from complaints.statuses import UNSOLVED, Status
from followups.actions import meet
from history import entries
from repairs.statuses import UNFINISHED
from repairs.statuses import Status as RepairStatus
from rulebook.limits import limit

A_SCAN = 100  # complaints that one scan looks at; the next minute takes the rest


def raise_old(now: datetime) -> int:
    """A complaint unsolved for a month is 重大, whoever forgot it (CMP-3, CMP-5)."""
    month = timedelta(seconds=limit("complaints.upgrade", at=now).seconds)
    old = (
        Complaint.objects.filter(complained_at__lte=now - month, status__in=UNSOLVED)
        .exclude(Q(validity=Validity.INVALID) | Q(grade=Grade.CRITICAL))
        .select_related("estate", "unit", "place", "butler")
        .order_by("complained_at", "pk")
    )
    count = 0
    for complaint in old[:A_SCAN]:
        _raise(complaint, now=now)
        count += 1
    return count


def _raise(complaint: Complaint, *, now: datetime) -> None:
    was = complaint.grade
    changes = {"grade": Grade.CRITICAL, "upgraded_at": now, "validity": Validity.VALID}
    complaint.grade = Grade.CRITICAL
    if complaint.status == Status.REGISTERED:
        # Nobody ever took it on: time does, so that somebody owes the end of it.
        promised_at = followups.solve_by(complaint, start=now, now=now)
        changes |= {"status": Status.ACCEPTED, "accepted_at": now, "promised_at": promised_at}
    change(complaint, by=None, now=now, **changes)
    meet(complaint, followups.GRADE, by=None, now=now)
    if "promised_at" in changes:
        followups.open_solve(complaint, start=now, now=now)
        followups.open_critical(complaint, now=now)
    else:
        followups.regrade(complaint, now=now)
    entries.record(complaint, "complaint.upgraded", by=None, now=now, was=was)
    tell_grade(complaint, by=None, now=now)


def see_repairs(now: datetime) -> int:
    """The repair that a complaint waited for has ended: its handler goes on with the complaint."""
    waiting = (
        Complaint.objects.filter(waits_for_repair=True)
        .exclude(repair__status__in=UNFINISHED)
        .select_related("estate", "unit", "place", "butler", "repair__merged_into")
        .order_by("pk")
    )
    count = 0
    for complaint in waiting[:A_SCAN]:
        _go_on(complaint, now=now)
        count += 1
    return count


def _go_on(complaint: Complaint, *, now: datetime) -> None:
    repair = complaint.repair
    if repair.status == RepairStatus.MERGED:
        change(complaint, by=None, now=now, repair=repair.merged_into)
        return  # the next scan looks at the slip that goes on
    change(complaint, by=None, now=now, waits_for_repair=False)
    if followups.REPAIRED not in followups.open_rows(complaint):
        followups.open_for(
            complaint, followups.REPAIRED, now=now, owner_post=followups.HANDLERS[complaint.grade],
            due_at=max(complaint.promised_at, now + timedelta(hours=1)),
        )  # fmt: skip
    entries.record(complaint, "complaint.repair_done", by=None, now=now, number=repair.number,
                   repair=repair.status)  # fmt: skip
