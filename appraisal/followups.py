"""What the appraisal makes people owe: inspections of a period, reading, and deciding appeals."""

from contextlib import suppress
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import posts
from accounts.models import Leave, Staff
from appraisal.inspectors import DUTIES
from appraisal.items import SCORED_POSTS, Kind
from appraisal.models import Appeal, Publication, Round, Sheet
from appraisal.periods import Period, period_of
from appraisal.statuses import Status
from estates.models import Membership
from followups import kinds
from followups.actions import open_followup
from rulebook.limits import limits
from rulebook.workdays import load_calendar

INSPECT = "appraisal.inspect"
SEE = "appraisal.see"
DECIDE = "appraisal.decide"
NAME = "appraisal.name_reviewer"

KINDS = (
    kinds.Kind(key=INSPECT, label=_("检查"), title=gettext_noop("%(what)s: %(count)s 人"),
               action=_("去检查")),
    kinds.Kind(key=SEE, label=_("阅考评表"), title=gettext_noop("阅看考评表并签意见: %(what)s"),
               action=_("去看")),
    kinds.Kind(key=DECIDE, label=_("裁定申诉"), title=gettext_noop("裁定申诉: %(what)s"),
               action=_("裁定"), pausable=False),
    kinds.Kind(key=NAME, label=_("指定复核人"), title=gettext_noop("指定申诉复核人: %(what)s"),
               action=_("指定"), pausable=False),
)  # fmt: skip

EVERY = {Kind.DAILY: "appraisal.daily_every", Kind.WEEKLY: "appraisal.weekly_every"}
A_SCAN = 50


def owe_reading(sheet: Sheet, *, now: datetime) -> None:
    """The person scored reads his sheet; the window for an appeal opens when he has."""
    open_followup(
        sheet,
        SEE,
        now=now,
        owner=sheet.staff,
        owner_post=sheet.staff.post,
        estate=sheet.estate,
        limit_key="appraisal.appeal",
        params={"what": f"{sheet.number} {sheet.get_kind_display()}"},
        url=reverse("appraisal:sheet_detail", args=[sheet.pk]),
    )


def owe_decision(appeal: Appeal, *, now: datetime, namer: Staff | None = None) -> None:
    """The decider owes the decision; where nobody can decide, the general manager a reviewer.

    Both within the working days of the rulebook, counted from the appeal itself.
    """
    open_followup(
        appeal,
        DECIDE if appeal.decider_id else NAME,
        now=now,
        start=appeal.at,
        owner=appeal.decider or namer,
        owner_post=(appeal.decider or namer).post if appeal.decider or namer else
        posts.GENERAL_MANAGER,
        estate=appeal.sheet.estate,
        limit_key="appraisal.appeal_decision",
        params={"what": f"{appeal.sheet.number} {appeal.by.name}"},
        url=reverse("appraisal:appeal_detail", args=[appeal.pk]),
    )  # fmt: skip


def open_due(now: datetime) -> None:
    """Rounds of the running periods, sheets whose window to appeal is over, results to publish."""
    from appraisal.actions import months, sheets  # noqa: PLC0415 -- actions open follow-ups

    open_rounds(now)
    over = Sheet.objects.filter(
        status__in=(Status.SEEN, Status.DECIDED), appeal_until__lte=now
    ).order_by("pk")
    for sheet in over.select_related("staff", "estate")[:A_SCAN]:
        with suppress(ValidationError):  # another scan, or the person, was faster
            sheets.lock(sheet, by=None, now=now)
    for publication in Publication.objects.filter(finished_at=None).order_by("pk")[:2]:
        months.work_off(publication, now=now)


def open_rounds(now: datetime) -> int:
    """One round per inspector, estate, kind and period, with a follow-up of the inspector.

    Daily rounds open on working days only. People on leave are left out, and whoever has no
    inspector of the right post in his estate. Returns how many rounds were opened.
    """
    today = timezone.localdate(now)
    periods = _periods(now)
    known = set(
        Round.objects.filter(ends_on__gte=today).values_list(
            "estate_id", "inspector_id", "kind", "starts_on"
        )
    )
    opened = 0
    for (estate_id, inspector, kind), people in sorted(
        _owed(now).items(), key=lambda each: (each[0][0], each[0][1].pk, each[0][2])
    ):
        period = periods.get(kind)
        if period is None or (estate_id, inspector.pk, kind, period.starts_on) in known:
            continue
        _open_round(estate_id, inspector, kind, period, people, now)
        opened += 1
    return opened


def _periods(now: datetime) -> dict[str, Period]:
    today = timezone.localdate(now)
    numbers = limits(*EVERY.values(), "appraisal.monthly_per_month", "appraisal.spot_per_month",
                     at=now)  # fmt: skip
    found = {
        kind: period_of(kind, today, days=int(numbers[key].value)) for kind, key in EVERY.items()
    }
    found[Kind.MONTHLY] = period_of(
        Kind.MONTHLY, today, per_month=int(numbers["appraisal.monthly_per_month"].value)
    )
    if numbers["appraisal.spot_per_month"].value:
        found[Kind.SPOT] = period_of(Kind.SPOT, today)
    if not load_calendar().is_workday(today):
        del found[Kind.DAILY]
    return found


def _owed(now: datetime) -> dict[tuple[int, Staff, str], list[Staff]]:
    """(estate, inspector, kind) → whom he owes an inspection. A superior in the person's line
    comes before a namesake of the post; three queries.
    """
    away = set(Leave.objects.current(now).values_list("staff_id", flat=True))
    people = Staff.objects.active().order_by("pk").in_bulk()
    members: dict[int, list[Staff]] = {}
    for staff_id, estate_id in Membership.objects.order_by("estate_id", "staff_id").values_list(
        "staff_id", "estate_id"
    ):
        if staff_id in people:
            members.setdefault(estate_id, []).append(people[staff_id])
    found: dict[tuple[int, Staff, str], list[Staff]] = {}
    placed: set[tuple[int, str, str]] = set()
    for estate_id, here in members.items():
        for person in here:
            if person.post not in SCORED_POSTS or person.pk in away:
                continue
            for (post, kind), inspecting in DUTIES.items():
                if post != person.post:
                    continue
                for inspector_post in inspecting:
                    inspector = _inspector(person, inspector_post, here, people)
                    # Somebody who works for two estates is inspected in the first.
                    if inspector and (person.pk, kind, inspector_post) not in placed:
                        placed.add((person.pk, kind, inspector_post))
                        found.setdefault((estate_id, inspector, str(kind)), []).append(person)
    return found


def _inspector(person, post, here, people):
    above = person.superior_id
    seen = {person.pk}
    while above and above not in seen and above in people:
        seen.add(above)
        if people[above].post == post:
            return people[above] if people[above] in here else None
        above = people[above].superior_id
    if post == posts.CS_ASSISTANT:
        return None  # an assistant inspects his own line only
    return next((each for each in here if each.post == post and each != person), None)


def _open_round(estate_id, inspector, kind, period, people, now) -> None:
    with transaction.atomic():
        round_, created = Round.objects.get_or_create(
            estate_id=estate_id,
            inspector=inspector,
            kind=kind,
            starts_on=period.starts_on,
            defaults={"ends_on": period.ends_on, "opened_at": now},
        )
        if not created:
            return  # another scan opened it meanwhile
        _owe_round(round_, people, period, now)


def _owe_round(round_, people, period, now) -> None:
    round_.people.set(people)
    open_followup(
        round_,
        INSPECT,
        now=now,
        owner=round_.inspector,
        owner_post=round_.inspector.post,
        estate=round_.estate,
        due_at=max(period.due_at, now),
        params={"what": f"{round_.get_kind_display()} {round_.starts_on:%m-%d}",
                "count": len(people)},
        url=reverse("appraisal:round_detail", args=[round_.pk]),
    )  # fmt: skip
