"""What visits and call-backs make people owe, and what the calendar makes due."""

from datetime import date, datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import posts
from estates.butlers import butler_of
from followups.actions import open_followup
from followups.kinds import Kind
from notifications.wording import msgid_of
from visits.models import Callback, ResidentChange, Topic, Visit, VisitKind

VISIT = "visits.visit"
MEASURE = "visits.measure"
CHANGE = "visits.change"
CALLBACK = "visits.callback"
MANAGER_ROUND = "visits.manager_round"
END_OF_WORK = time(18)

KINDS = (
    Kind(key=VISIT, label=_("走访"), title=gettext_noop("走访: %(place)s %(what)s"),
         action=_("开始走访"), area=True, filed_as=_("走访")),
    Kind(key=MEASURE, label=_("走访措施"), title=gettext_noop("走访后要办的: %(place)s %(what)s"),
         action=_("记完成情况"), area=True),
    Kind(key=CHANGE, label=_("业户信息"), title=gettext_noop("确认业户信息更新: %(place)s %(what)s"),
         action=_("去确认")),
    Kind(key=CALLBACK, label=_("服务回访"), title=gettext_noop("%(topic)s回访: %(place)s %(what)s"),
         action=_("记结果"), area=True),
    Kind(key=MANAGER_ROUND, label=_("经理走访"), title=gettext_noop("本人入户走访: %(place)s %(what)s"),
         action=_("选一户走访")),
)  # fmt: skip


def end_of(day: date) -> datetime:
    """The end of that day's work, in Shanghai."""
    return timezone.make_aware(datetime.combine(day, END_OF_WORK))


def open_visit(visit: Visit, *, due_on: date, now: datetime, limit_key: str = "") -> None:
    open_followup(
        visit,
        VISIT,
        now=now,
        owner=visit.butler,
        owner_post=posts.BUTLER,
        estate=visit.estate,
        unit=visit.unit,
        params={"what": msgid_of(VisitKind(visit.kind).label)},
        url=reverse("visits:visit_record", args=[visit.pk]),
        due_at=end_of(due_on),
        limit_key=limit_key,
    )


def open_measure(visit: Visit, *, now: datetime) -> None:
    open_followup(
        visit,
        MEASURE,
        now=now,
        owner=visit.butler,
        owner_post=posts.BUTLER,
        estate=visit.estate,
        unit=visit.unit,
        params={"what": visit.measure[:40]},
        url=reverse("visits:visit_detail", args=[visit.pk]),
        due_at=end_of(visit.finish_by),
    )


def open_change(change: ResidentChange, *, now: datetime) -> None:
    """Owed by the desk: nobody confirms what he proposed himself."""
    open_followup(
        change,
        CHANGE,
        now=now,
        owner_post=posts.FRONT_DESK,
        estate=change.estate,
        unit=change.unit,
        params={"what": msgid_of(ResidentChange.Field(change.field).label)},
        url=reverse("visits:change_list"),
        limit_key="visits.confirm_change",
    )


def open_callback(callback: Callback, *, limit_key: str, start: datetime, now: datetime) -> None:
    """The butler of the area, unless he handled it himself; else the front desk (defaults 2.10)."""
    butler = butler_of(unit=callback.unit) if callback.unit_id else None
    if butler and callback.handled_by.filter(pk=butler.pk).exists():
        butler = None
    open_followup(
        callback,
        CALLBACK,
        now=now,
        owner=butler,
        owner_post=posts.BUTLER if butler else posts.FRONT_DESK,
        estate=callback.estate,
        unit=callback.unit,
        params={"topic": msgid_of(Topic(callback.topic).label), "what": callback.what[:30],
                "phone": callback.phone},
        url=reverse("visits:callback_record", args=[callback.pk]),
        limit_key=limit_key,
        start=start,
    )  # fmt: skip
