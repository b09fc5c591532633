"""What shifts make people owe: signatures, carried items, differences, the roster in time."""

from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Min
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import posts
from estates.models import Estate
from followups.actions import cancel, meet, open_followup
from followups.kinds import Kind
from followups.kinds import kind as kind_of
from followups.models import FollowUp
from history.models import Entry
from notifications import ledger
from roster.duty import on_duty
from roster.models import Duty
from roster.patterns import DESK_POSTS
from shifts import roster_followups
from shifts.models import Handover, Item
from shifts.seats import DESK, SEATS
from shifts.sources import unfinished
from shifts.statuses import Status
from shifts.turns import ensure

RECEIVE = "shifts.receive"
UNSIGNED = "shifts.unsigned"
REFUSED = "shifts.refused"
MISSING = "shifts.missing"
CARRIED = "shifts.carried"
INSTRUCTION = "shifts.instruction"
DIFFERENCE = "shifts.difference"
ABSENT = "shifts.absent"
PREVIOUS = "shifts.previous"
# A superior closes these with a word about what he found; the others close with the record.
SETTLED = (DIFFERENCE, PREVIOUS, MISSING, ABSENT)

KINDS = (
    Kind(key=RECEIVE, label=_("接班签字"), title=gettext_noop("核对并签字接班: %(what)s"),
         action=_("接班"), night=True, pausable=False),
    Kind(key=UNSIGNED, label=_("未签接班"), title=gettext_noop("交班后没有人签字接班: %(what)s"),
         action=_("查看"), night=True, pausable=False),
    Kind(key=REFUSED, label=_("拒接"), title=gettext_noop("接班人拒接, 改好再交: %(what)s"),
         action=_("处理"), night=True, pausable=False),
    Kind(key=MISSING, label=_("缺交接班记录"), title=gettext_noop("没有交接班记录: %(what)s"),
         action=_("补交接"), pausable=False),
    Kind(key=CARRIED, label=_("上班移交"), title=gettext_noop("跟进上一班移交: %(what)s"),
         action=_("跟进")),
    Kind(key=INSTRUCTION, label=_("领导交办"), title=gettext_noop("领导交办: %(what)s"),
         action=_("办理")),
    Kind(key=DIFFERENCE, label=_("账实不符"), title=gettext_noop("交班清点不符: %(what)s"),
         action=_("查清")),
    Kind(key=ABSENT, label=_("接班人未到"), title=gettext_noop("接班人没有到岗: %(what)s"),
         action=_("安排"), night=True, pausable=False),
    Kind(key=PREVIOUS, label=_("上一班不清"), title=gettext_noop("上一班没有交清: %(what)s"),
         action=_("了解")),
    *roster_followups.KINDS,
)  # fmt: skip

GRACE = timedelta(minutes=30)  # after its end a shift may still be signed in peace
A_DAY = timedelta(hours=24)


def open_for(
    handover: Handover, kind: str, *, now: datetime, owner_post: str, what="", **terms
) -> FollowUp | None:
    """Owe something about a sheet; asked again while it is open, the first one stays (None)."""
    if FollowUp.objects.open().about(handover).filter(kind=kind).exists():
        return None
    terms.setdefault("url", handover.get_absolute_url())
    return open_followup(
        handover, kind, now=now, owner_post=owner_post, estate=handover.estate,
        params={"what": what or str(handover)}, **terms,
    )  # fmt: skip


def report(
    handover: Handover, kind: str, *, to: str, now: datetime, what="", urgent: bool = False
) -> None:
    """A superior hears of it at once, and has the rulebook's days to find out what happened.

    Told as ``urgent`` he has as many minutes as a signature; only then his own superior hears.
    """
    limit_key = "shifts.sign" if urgent else "shifts.settle"
    row = open_for(
        handover, kind, now=now, owner_post=to, what=what, limit_key=limit_key, urgent=urgent
    )
    if row:
        ledger.owe_all(
            f"{kind}:{row.pk}", to=on_duty(to, handover.estate, now), title=row.title,
            params=row.params, url=row.url, estate=handover.estate, rings=urgent, now=now,
            why={"rule": "DUT-4", "post": to},
        )  # fmt: skip


def open_carried(item: Item, *, due_at: datetime, now: datetime) -> None:
    """DUT-2: what was left is followed up by the receiving shift."""
    successor = item.handover.successor
    open_followup(
        item, CARRIED, now=now, owner=successor, owner_post=successor.post,
        estate=item.handover.estate, params={"what": str(item)[:60]},
        url=item.url or item.handover.get_absolute_url(), due_at=due_at,
    )  # fmt: skip


def open_due(now: datetime) -> None:
    """What time alone makes due: called by every scan."""
    _unsigned(now)
    _missing(now)
    _carried(now)
    roster_followups.open_due(now)


def _unsigned(now: datetime) -> None:
    """A given sheet that its successor did not sign within his minutes reaches the manager."""
    late = FollowUp.objects.open().filter(kind=RECEIVE, due_at__lte=now).values("object_id")
    for handover in _about(Handover.objects.given().filter(pk__in=late), UNSIGNED):
        report(handover, UNSIGNED, to=posts.CS_MANAGER, now=now, urgent=True)


def _about(rows, kind: str):
    """Sheets without an open follow-up of that kind."""
    owed = FollowUp.objects.open().filter(
        content_type=ContentType.objects.get_for_model(Handover), kind=kind
    )
    return rows.exclude(pk__in=owed.values("object_id")).select_related("estate", "successor")


def _missing(now: datetime) -> None:
    """DUT-1: every shift of the roster that ended has its sheet; else the assistant hears of it.

    Where no roster is published, every day of an estate that hands over has at least one.
    """
    ended = (
        Duty.objects.published()
        .filter(post__in=DESK_POSTS, ends_at__lte=now - GRACE, ends_at__gt=now - A_DAY)
        .values("roster__estate", "shift", "day")
        .annotate(starts=Min("starts_at"), ends=Min("ends_at"))
        .order_by("starts", "roster__estate")
    )
    have = set(
        Handover.objects.filter(seat=DESK, ends_at__gt=now - 2 * A_DAY)
        .exclude(status=Status.DRAFT)
        .values_list("estate", "shift", "day")
    )
    for turn in ended:
        if (turn["roster__estate"], turn["shift"], turn["day"]) in have:
            continue
        estate = Estate.objects.get(pk=turn["roster__estate"])
        span = (turn["starts"], turn["ends"])
        sheet = ensure(estate, SEATS[DESK], None, turn["shift"], turn["day"], span, now=now)
        _owe_record(sheet, now)
    rostered = {turn["roster__estate"] for turn in ended}
    drafts = Handover.objects.filter(
        seat=DESK, status=Status.DRAFT, ends_at__lte=now - GRACE, ends_at__gt=now - A_DAY
    ).exclude(estate__in=rostered)
    written = {(estate, day) for estate, _shift, day in have}
    for sheet in _about(drafts, MISSING):
        if (sheet.estate_id, sheet.day) not in written:
            written.add((sheet.estate_id, sheet.day))
            _owe_record(sheet, now)


def _owe_record(sheet: Handover, now: datetime) -> None:
    """Asked once: what the assistant has settled is not asked again."""
    if FollowUp.objects.about(sheet).filter(kind=MISSING).exists():
        return
    report(sheet, MISSING, to=posts.CS_ASSISTANT, now=now)


def _carried(now: datetime) -> None:
    """Carried things whose record is finished by now are followed up."""
    kind = ContentType.objects.get_for_model(Item)
    owed = FollowUp.objects.open().filter(content_type=kind, kind=CARRIED)
    items = list(Item.objects.filter(pk__in=owed.values("object_id")).order_by("pk"))
    live = unfinished(item.key for item in items)
    for item in items:
        if item.key not in live:
            finish_item(item, by=None, now=now)


def finish_item(item: Item, *, by, now: datetime) -> bool:
    """A carried thing is followed up; False if it was before."""
    first = Item.objects.filter(pk=item.pk, done_at__isnull=True).update(done_at=now, done_by=by)
    if first:
        meet(item, CARRIED, by=by, now=now)
    return bool(first)


def open_difference(handover: Handover, *, now: datetime) -> None:
    """The manager hears of every difference of a sheet: one follow-up that names them all."""
    cancel(handover, DIFFERENCE, now=now)
    found = [text for name, text in handover.cleared.items() if name.startswith("reported:")]
    what = f"{handover} {'；'.join(found)}"
    report(handover, DIFFERENCE, to=posts.CS_MANAGER, now=now, what=what)


def to_settle(handover: Handover) -> list[FollowUp]:
    """What this sheet raised and nobody has cleared up."""
    rows = FollowUp.objects.open().about(handover).filter(kind__in=SETTLED)
    return list(rows.order_by("due_at", "pk"))


def settled_of(handover: Handover) -> list[tuple[str, Entry]]:
    """(what it was, who found what) of everything that was cleared up, oldest first."""
    rows = Entry.objects.about(handover).filter(event="shift.settled")
    return [(str(kind_of(row.detail["kind"]).label), row) for row in reversed(rows)]


def open_receiving(handover: Handover, *, now: datetime) -> None:
    """The named successor has some minutes to sign."""
    successor = handover.successor
    open_for(
        handover, RECEIVE, now=now, owner=successor, owner_post=successor.post,
        limit_key="shifts.sign", urgent=True,
    )  # fmt: skip


def close_receiving(handover: Handover, *, by, now: datetime) -> None:
    """The sheet is signed by both: nobody is waited for any more."""
    for kind in (RECEIVE, UNSIGNED, ABSENT, REFUSED, MISSING):
        meet(handover, kind, by=by, now=now)


def refuse_receiving(handover: Handover, *, now: datetime) -> None:
    cancel(handover, RECEIVE, UNSIGNED, now=now)
