"""What the desk has to do today: its follow-ups, and the slips it watches until somebody accepts."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language

from accounts import posts
from accounts.models import Staff
from complaints.models import Complaint
from contacts.models import Contact, Outcome
from desk.steps import Step, step_of
from estates.models import estate_ids_of, estates_for
from followups.kinds import kind
from followups.models import FollowUp
from repairs.models import Repair
from roster.models import Duty

# What these two owe is done at one desk, by whoever sits there; their leads see it too.
AT_THE_DESK = (posts.FRONT_DESK, posts.NIGHT_DUTY)
DESK_POSTS = (*AT_THE_DESK, posts.CS_ASSISTANT, posts.CS_MANAGER)
WATCHED = "repairs.accept"
HORIZON = timedelta(hours=24)  # what is due later is not today's work
ROWS_SHOWN = 20
ROWS_COUNTED = 500
CONTACTS_SHOWN = 8


def queue_of(staff: Staff, now: datetime):
    """The open follow-ups of this desk in the person's estates, the most urgent first."""
    mine = Q(owner=staff) | Q(owner=None, owner_post=staff.post)
    if staff.post in DESK_POSTS:
        mine |= Q(owner_post__in=AT_THE_DESK) | Q(kind=WATCHED)
    if staff.post == posts.GENERAL_MANAGER:
        mine |= Q(urgent=True)
    return (
        FollowUp.objects.open()
        .filter(mine, estate__in=estates_for(staff))
        .filter(due_at__lt=now + HORIZON)
        .order_by("due_at", "pk")
    )


def fingerprint(staff: Staff, now: datetime) -> str:
    """Changes when the queue does; one query. An ETag, so it holds the language too."""
    rows = queue_of(staff, now).values_list(
        "pk", "generation", "owner", "due_at", "paused_at", "taken_by"
    )
    state = repr((list(rows[:ROWS_COUNTED]), get_language(), timezone.localdate(now)))
    return f'"{hashlib.sha256(state.encode()).hexdigest()[:24]}"'


@dataclass(frozen=True)
class Line:
    followup: FollowUp
    label: str
    repair: Repair | None
    step: Step
    names_key: bool = (
        False  # the first row of a key: pressing it acts here unless another is chosen
    )


def lines_of(staff: Staff, now: datetime, kind_key: str = "") -> list[Line]:
    """The first rows, each with its next step; two queries."""
    rows = queue_of(staff, now)
    if kind_key:
        rows = rows.filter(kind=kind_key)
    rows = list(rows.select_related("owner", "content_type")[:ROWS_SHOWN])
    ids = [row.object_id for row in rows if row.content_type.model == "repair"]
    repairs = Repair.objects.filter(estate__in=[row.estate_id for row in rows]).in_bulk(ids)
    lines, keys = [], set()
    for row in rows:
        is_repair = row.content_type.model == "repair"
        repair = repairs.get(row.object_id) if is_repair else None
        what = kind(row.kind)
        step = step_of(row, what, repair, staff)
        is_first = bool(step.key) and step.key not in keys
        keys.add(step.key)
        lines.append(Line(row, what.label, repair, step, is_first))
    return lines


@dataclass(frozen=True)
class Chip:
    key: str
    label: str
    count: int


@dataclass(frozen=True)
class Tally:
    """Counts of the queue, up to ROWS_COUNTED."""

    total: int
    late: int
    chips: list[Chip]


def tally_of(staff: Staff, now: datetime) -> Tally:
    rows = list(queue_of(staff, now).values_list("kind", "due_at", "paused_at")[:ROWS_COUNTED])
    counts = Counter(key for key, _due, _paused in rows)
    late = sum(1 for _key, due_at, paused_at in rows if due_at < now and paused_at is None)
    chips = [Chip(key, kind(key).label, count) for key, count in counts.most_common(6)]
    return Tally(len(rows), late, chips)


def recent_contacts(staff: Staff) -> list[Contact]:
    """The last calls, visits and letters; ``became`` and ``became_number`` are the repair or
    complaint of each. One query.

    The estates by their ids, so that the index is walked in its order and eight rows are read
    instead of all; what they became in subqueries, since PostgreSQL plans a join of eight tables
    for longer than it runs.
    """
    rows = Contact.objects.filter(estate__in=estate_ids_of(staff)).select_related(
        "unit", "place", "resident", "received_by"
    )
    repair = Repair.objects.filter(callers__contact=OuterRef("pk")).order_by()
    complaint = Complaint.objects.filter(contact=OuterRef("pk")).order_by()
    rows = rows.annotate(
        became=Coalesce(Subquery(repair.values("pk")), Subquery(complaint.values("pk"))),
        became_number=Coalesce(
            Subquery(repair.values("number")), Subquery(complaint.values("number"))
        ),
    )
    return list(rows.order_by("-started_at", "-pk")[:CONTACTS_SHOWN])


def numbers_of_today(staff: Staff, now: datetime) -> dict:
    """Of today's calls and slips; two queries over one day's index range."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    estates = estates_for(staff)
    calls = Contact.objects.filter(estate__in=estates, started_at__gte=midnight).aggregate(
        calls=Count("pk"), unfinished=Count("pk", filter=Q(outcome=Outcome.OPEN))
    )
    slips = Repair.objects.filter(estate__in=estates, reported_at__gte=midnight).aggregate(
        slips=Count("pk"),
        dispatched=Count("pk", filter=Q(dispatched_at__isnull=False)),
        finished=Count("pk", filter=Q(finished_at__isnull=False)),
    )
    return calls | slips


def shift_now(staff: Staff, now: datetime) -> list[Duty]:
    """Who sits at the desk now by the published roster; one query."""
    rows = (
        Duty.objects.published()
        .covering(now)
        .filter(post__in=DESK_POSTS, roster__estate__memberships__staff=staff)
    )
    return list(rows.select_related("staff").order_by("shift", "pk"))
