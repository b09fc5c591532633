"""One visit: planned by hand, recorded at the door, its measure finished, reviewed (VIS-1, VIS-3)."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import Staff
from estates.butlers import butler_of
from estates.models import Unit
from followups.actions import meet
from followups.actions import move as move_followup
from history import entries
from notifications import ledger
from repairs.models import Satisfaction
from visits import followups, manager_round, plan
from visits.models import Addendum, Visit, VisitKind, VisitStatus, VisitTry

MET, MISSED, REFUSED = "met", "missed", "refused"
OUTCOMES = ((MET, _("见到")), (MISSED, _("不在家")), (REFUSED, _("拒访")))
FARTHEST = timedelta(days=90)
SOON = timedelta(days=3)
UNHAPPY = gettext_noop("走访不满意: %(place)s %(what)s")


def plan_visit(unit: Unit, *, kind: str, planned_for: date, by: Staff, now: datetime) -> Visit:
    """A visit beside the plan: a festival, arrears, a household that needs care.

    ValidationError for a day that has passed, a unit without a butler, or a second one that day.
    """
    today = timezone.localdate(now)
    if planned_for < today:
        raise ValidationError({"planned_for": _("计划日期已经过了。选今天或以后")})
    if planned_for > today + FARTHEST:
        raise ValidationError({"planned_for": _("最远计划到 90 天以后")})
    butler = butler_of(unit=unit)
    if butler is None:
        raise ValidationError(_("这一栋还没有管家。先在“项目”里指定责任区"))
    visit = plan.open_one(
        unit, kind=kind, period=planned_for.isoformat(), butler=butler, planned_for=planned_for,
        due_on=planned_for, now=now, by=by,
    )  # fmt: skip
    if visit is None:
        raise ValidationError(
            _("这一户当天已有一次“%(kind)s”走访") % {"kind": VisitKind(kind).label}
        )
    return visit


@transaction.atomic
def record(
    visit: Visit,
    *,
    outcome: str,
    client_key: UUID,
    by: Staff,
    now: datetime,
    happened_at: datetime | None = None,
    kept: bool = False,
    new_date: date | None = None,
    refusal: str = "",
    note: str = "",
    **found: Any,
) -> Visit:
    """What the butler found: met, not at home with a new date (改约), or refused (VIS-1).

    ``happened_at`` is the phone's time, ``now`` the arrival here. ``client_key`` makes it exactly
    once however often it is sent. ``kept`` says that the record waited on a phone: when the visit
    is over by then it is attached to it instead of being refused. ``found`` are fields of Visit.
    """
    happened_at = min(happened_at or now, now)
    if _seen_before(visit, client_key):
        return visit
    moment = {"happened_at": happened_at, "received_at": now}
    if outcome == MISSED:
        return _missed(visit, moment, new_date, note, client_key, kept, by=by, now=now)
    if outcome not in (MET, REFUSED):
        raise ValidationError({"outcome": _("选见到、不在家或拒访")})
    if found.get("measure") and not found.get("finish_by"):
        found["finish_by"] = timezone.localdate(now) + SOON
    status = VisitStatus.VISITED if outcome == MET else VisitStatus.REFUSED
    changed = (
        Visit.objects.owed()
        .filter(pk=visit.pk)
        .update(
            status=status,
            visited_on=timezone.localdate(happened_at),
            recorded_by=by,
            client_key=client_key,
            refusal=refusal.strip()[:200] if outcome == REFUSED else "",
            version=F("version") + 1,
            **moment,
            **found,
        )
    )
    if not changed:
        detail = {"outcome": outcome, "refusal": refusal} | found
        return _over(visit, detail, client_key, kept, by=by, now=now, happened_at=happened_at)
    visit.refresh_from_db()
    meet(visit, followups.VISIT, by=by, now=now)
    if outcome == MET:
        manager_round.went(visit, by=by, now=now)
    if visit.measure:
        followups.open_measure(visit, now=now)
    entries.record(visit, "visit.recorded", by=by, now=now, outcome=outcome,
                   satisfaction=visit.satisfaction, happened_at=happened_at.isoformat())  # fmt: skip
    if visit.satisfaction == Satisfaction.DISSATISFIED and by.superior_id:
        ledger.owe(f"visit:{visit.pk}:unhappy", to=by.superior, title=UNHAPPY, now=now,
                   params={"place": visit.unit.code, "what": visit.suggestion[:40]},
                   url=f"/visits/{visit.pk}/", estate=visit.estate)  # fmt: skip
    return visit


def _missed(visit, moment, new_date, note, client_key, kept, *, by, now):
    today = timezone.localdate(now)
    if new_date is None or (new_date < today and not kept):
        raise ValidationError({"new_date": _("写改约的日期, 今天或以后")})
    new_date = max(new_date, today)
    if new_date > today + FARTHEST:
        raise ValidationError({"new_date": _("改约最远到 90 天以后")})
    changed = (
        Visit.objects.owed()
        .filter(pk=visit.pk)
        .update(status=VisitStatus.MISSED, planned_for=new_date, version=F("version") + 1)
    )
    if not changed:
        detail = {"outcome": MISSED, "new_date": new_date, "note": note}
        return _over(visit, detail, client_key, kept, by=by, now=now,
                     happened_at=moment["happened_at"])  # fmt: skip
    VisitTry.objects.create(
        visit=visit, by=by, new_date=new_date, note=note[:200], client_key=client_key, **moment
    )
    visit.refresh_from_db()
    move_followup(visit, followups.VISIT, due_at=followups.end_of(new_date), now=now)
    entries.record(visit, "visit.missed", by=by, now=now, to=new_date.isoformat(), note=note)
    return visit


def _seen_before(visit, client_key) -> bool:
    """Whether this very record is here already; ValidationError if its key belongs elsewhere."""
    for rows, field in (
        (Visit.objects, "pk"), (VisitTry.objects, "visit_id"), (Addendum.objects, "visit_id")
    ):  # fmt: skip
        owner = rows.filter(client_key=client_key).values_list(field, flat=True).first()
        if owner is not None:
            if owner != visit.pk:
                raise ValidationError(_("这张走访页已用过。刷新页面再记"))
            visit.refresh_from_db()
            return True
    return False


def _over(visit, detail, client_key, kept, *, by, now, happened_at):
    visit.refresh_from_db()
    if visit.client_key == client_key:
        return visit  # the same record came twice at the same time
    if not kept:
        raise ValidationError(
            _("这次走访%(who)s已记为“%(status)s”。页面已更新, 您写的还在")
            % {"who": visit.recorded_by.name if visit.recorded_by else "",
               "status": visit.get_status_display()},
            code="stale",
        )  # fmt: skip
    return attach(visit, detail=detail, client_key=client_key, happened_at=happened_at, by=by,
                  now=now)  # fmt: skip


@transaction.atomic
def attach(
    visit: Visit, *, detail: dict, client_key: UUID, happened_at: datetime, by: Staff, now: datetime
) -> Visit:
    """Keep a record that came too late for the visit beside it; the same key again changes nothing."""
    said = {key: str(value)[:2000] for key, value in detail.items() if value not in (None, "")}
    _row, is_new = Addendum.objects.get_or_create(
        client_key=client_key,
        defaults={"visit": visit, "happened_at": min(happened_at, now), "received_at": now,
                  "by": by, "detail": said},
    )  # fmt: skip
    if is_new:
        entries.record(visit, "visit.attached", by=by, now=now, **said)
    return visit


@transaction.atomic
def finish_measure(visit: Visit, *, outcome: str, by: Staff, now: datetime) -> Visit:
    """What was promised at the door is done (完成情况)."""
    outcome = outcome.strip()
    if not outcome:
        raise ValidationError({"outcome": _("写一句完成情况")})
    changed = (
        Visit.objects.filter(pk=visit.pk, finished_at=None)
        .exclude(measure="")
        .update(outcome=outcome[:500], finished_at=now, version=F("version") + 1)
    )
    if not changed:
        raise ValidationError(_("完成情况已有同事记了。页面已更新"), code="stale")
    meet(visit, followups.MEASURE, by=by, now=now)
    entries.record(visit, "visit.measure_done", by=by, now=now, outcome=outcome)
    visit.refresh_from_db()
    return _close_if_over(visit)


@transaction.atomic
def review(visit: Visit, *, text: str, by: Staff, now: datetime) -> Visit:
    """主管审核: by somebody else than who visited."""
    if by.pk == visit.recorded_by_id:
        raise ValidationError(_("不能审核自己的走访, 由上级审核"))
    changed = Visit.objects.filter(
        pk=visit.pk, reviewed_at=None, status__in=(VisitStatus.VISITED, VisitStatus.REFUSED)
    ).update(reviewed_at=now, reviewed_by=by, review=text.strip()[:500], version=F("version") + 1)
    if not changed:
        raise ValidationError(_("这次走访还没有记录, 或已审核过。页面已更新"), code="stale")
    entries.record(visit, "visit.reviewed", by=by, now=now, text=text.strip())
    visit.refresh_from_db()
    return _close_if_over(visit)


def _close_if_over(visit):
    """完结: reviewed, and nothing left to do."""
    if visit.reviewed_at and (visit.finished_at or not visit.measure):
        Visit.objects.filter(pk=visit.pk, status=VisitStatus.VISITED).update(
            status=VisitStatus.CLOSED
        )
        visit.refresh_from_db()
    return visit
