"""Engineering's board: what waits to be accepted, who is under way, what is in work."""

import hashlib
from dataclasses import dataclass, field

from django.contrib.auth.decorators import permission_required
from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from estates.models import estate_ids_of
from followups.models import FollowUp
from repairs import followups as kinds
from repairs.forms.steps import crew_of
from repairs.models import Category, Repair
from repairs.permissions import BY_KEY, Verb, may
from repairs.reasons import REFUSALS, choices_of
from repairs.statuses import Status

MOST = 60  # cards of a column; more than that is a list, not a board
COLUMNS = (
    ("new", _("待接"), {Status.DISPATCHED}),
    (
        "going",
        _("已派未到"),
        {Status.ACCEPTED, Status.ASSESSING, Status.DELAYED, Status.IN_PROGRESS},
    ),
    (
        "working",
        _("处理中"),
        {Status.ARRIVED, Status.WAITING_PARTS, Status.OUTSOURCED, Status.FINISHED},
    ),
)
# The clock that counts now, and the card's buttons: what is usual in this state.
CLOCK = {
    Status.DISPATCHED: kinds.ACCEPT,
    Status.ACCEPTED: kinds.ARRIVE,
    Status.ASSESSING: kinds.ASSESS,
    Status.DELAYED: kinds.ARRIVE,
    Status.IN_PROGRESS: kinds.ARRIVE,
    Status.ARRIVED: kinds.FINISH,
    Status.WAITING_PARTS: kinds.NEXT_CHECK,
    Status.OUTSOURCED: kinds.NEXT_CHECK,
    Status.FINISHED: kinds.RETURN,
}
BUTTONS = {
    Status.DISPATCHED: ("accept", "assign", "refuse"),
    Status.ACCEPTED: ("assign", "cannot_come"),
    Status.ASSESSING: ("quote",),
    Status.DELAYED: ("continue_work", "assign"),
    Status.IN_PROGRESS: ("arrive", "assign", "cannot_come"),
    Status.ARRIVED: ("finish", "wait_for"),
    Status.WAITING_PARTS: ("resume", "look_again", "finish"),
    Status.OUTSOURCED: ("resume", "look_again", "finish"),
    Status.FINISHED: ("return_slip",),
}
AT_ONCE = {"accept", "arrive", "continue_work", "resume", "return_slip"}  # no form to fill


@dataclass
class Card:
    repair: Repair
    clock: FollowUp | None
    buttons: list[Verb]

    @property
    def at_once(self):
        return AT_ONCE


@dataclass
class Column:
    key: str
    label: str
    cards: list[Card] = field(default_factory=list)
    total: int = 0


@permission_required("repairs.accept", raise_exception=True)
@require_GET
def dispatch_board(request):
    """The whole page, or for polling the board alone; 304 when nothing changed."""
    staff, now = request.user, timezone.now()
    rows = _rows(request)
    columns = _columns(rows, staff, now)
    fingerprint = hashlib.sha256(
        "|".join(f"{card.repair.pk}.{card.repair.version}" for c in columns for card in c.cards)
        .encode()
    ).hexdigest()[:20]  # fmt: skip
    etag = f'"{fingerprint}"'
    if request.htmx and request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    context = {
        "columns": columns,
        "fresh": columns[0].total,
        "crew": list(crew_of(*estate_ids_of(staff))) if staff.has_perm("repairs.assign") else [],
        "reasons": choices_of(REFUSALS),
        "categories": Category.choices,
        "chosen": request.GET,
        "buildings": sorted({r.unit.building.code for r in rows if r.unit_id}),
        "updated": now,
        "etag": etag,
    }
    response = render(
        request,
        "repairs/_board.html" if request.htmx else "repairs/dispatch_board.html",
        context,
    )
    response["ETag"] = etag
    return response


def _rows(request):
    shown = {status for _key, _label, statuses in COLUMNS for status in statuses}
    rows = (
        Repair.objects.visible_to(request.user)
        .filter(status__in=shown)
        .select_related("unit__building", "place", "repairer", "service_item")
        .order_by("reported_at", "pk")
    )
    if request.GET.get("category") in Category.values:
        rows = rows.filter(category=request.GET["category"])
    if building := request.GET.get("building", "")[:10]:
        rows = rows.filter(unit__building__code=building)
    return list(rows[: MOST * len(COLUMNS)])


def _columns(rows, staff, now):
    clocks, owed = _clocks(rows)
    columns = [Column(key, label) for key, label, _statuses in COLUMNS]
    for repair in rows:
        column = next(
            column
            for column, (_key, _label, statuses) in zip(columns, COLUMNS, strict=True)
            if repair.status in statuses
        )
        column.total += 1
        column.cards.append(
            Card(
                repair,
                clocks.get((repair.pk, CLOCK[Status(repair.status)])),
                _buttons(repair, staff, now, owed.get(repair.pk, ())),
            )
        )
    for column in columns:
        column.cards.sort(key=lambda card: (card.clock is None, card.clock and card.clock.due_at))
    return columns


def _buttons(repair, staff, now, owed):
    """The state's usual verbs that this person may use; 派给 on a new slip accepts it first."""
    found = []
    for key in BUTTONS[Status(repair.status)]:
        verb = BY_KEY[key]
        is_direct = key == "assign" and repair.status == Status.DISPATCHED
        if is_direct:
            if staff.has_perm("repairs.assign") and staff.has_perm("repairs.accept"):
                found.append(verb)
        elif may(staff, verb, repair, now=now, owed=owed):
            found.append(verb)
    return found


def _clocks(rows):
    """The open follow-ups of these repairs in one query: by (repair, kind), and kinds by repair."""
    clocks, owed = {}, {}
    for row in FollowUp.objects.open().filter(
        content_type=ContentType.objects.get_for_model(Repair),
        object_id__in=[repair.pk for repair in rows],
    ):
        clocks[row.object_id, row.kind] = row
        owed.setdefault(row.object_id, set()).add(row.kind)
    return clocks, owed
