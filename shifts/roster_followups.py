"""What the roster makes people owe, and the word about a swap.

The roster lies below the follow-ups in this house, so its follow-ups are opened from here.
"""

from calendar import monthrange
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import posts
from estates.models import Estate
from followups.actions import meet, open_followup
from followups.kinds import Kind
from followups.models import FollowUp
from notifications import ledger
from roster.models import Roster, Status, Swap, SwapStatus
from rulebook.limits import limit
from rulebook.worktime import ZONE

ROSTER = "shifts.roster"
SWAP = "shifts.swap"

KINDS = (
    Kind(key=ROSTER, label=_("排班"), title=gettext_noop("公布下月排班表: %(what)s"),
         action=_("排班")),
    Kind(key=SWAP, label=_("换班"), title=gettext_noop("批准换班: %(what)s"),
         action=_("批准")),
)  # fmt: skip
DECIDED = {
    SwapStatus.APPROVED: gettext_noop("换班已批准: %(what)s"),
    SwapStatus.REFUSED: gettext_noop("换班不同意: %(what)s, %(note)s"),
}

OPEN_BEFORE = timedelta(days=3)  # the roster is asked for so long before it must be out
CLOSE_OF_DAY = timedelta(hours=18)
A_DAY = timedelta(hours=24)


def open_due(now: datetime) -> None:
    """What time alone makes due about rosters; a part of the shifts' scan."""
    _rosters(now)
    _swaps(now)


def _due(now: datetime) -> datetime:
    """When the roster of the next month must be out: never after this month has ended."""
    today = now.astimezone(ZONE)
    last_day = min(
        int(limit("shifts.roster_before", at=now).value), monthrange(today.year, today.month)[1]
    )
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.replace(day=last_day) + CLOSE_OF_DAY


def _rosters(now: datetime) -> None:
    """The roster of the next month is out before this one ends (DUT-4)."""
    due = _due(now)
    first = (due.replace(day=28) + timedelta(days=4)).date().replace(day=1)
    published = set(
        Roster.objects.filter(month=first, status=Status.PUBLISHED).values_list("estate", flat=True)
    )
    kind = ContentType.objects.get_for_model(Estate)
    open_rows = FollowUp.objects.open().filter(content_type=kind, kind=ROSTER)
    owing = dict(open_rows.values_list("object_id", "params"))
    month = f"{first:%Y-%m}"
    for estate in Estate.objects.filter(pk__in=owing).order_by("pk"):
        asked = owing[estate.pk].get("month", "")
        out = Roster.objects.filter(estate=estate, month=f"{asked}-01", status=Status.PUBLISHED)
        if out.exists():
            meet(estate, ROSTER, by=None, now=now)
    if now < due - OPEN_BEFORE:
        return
    users = Roster.objects.filter(status=Status.PUBLISHED).values("estate")
    for estate in Estate.objects.filter(pk__in=users).exclude(pk__in=published).order_by("pk"):
        if estate.pk not in owing:
            open_followup(
                estate, ROSTER, now=now, owner_post=posts.CS_ASSISTANT, estate=estate,
                params={"what": f"{estate.name} {month}", "month": month},
                url=reverse("roster:roster_list"), due_at=due,
            )  # fmt: skip


def _swaps(now: datetime) -> None:
    """Whoever approves hears of a swap before the turn begins; both people hear the decision."""
    kind = ContentType.objects.get_for_model(Swap)
    owed = FollowUp.objects.open().filter(content_type=kind, kind=SWAP)
    asked = Swap.objects.filter(status=SwapStatus.ASKED).exclude(pk__in=owed.values("object_id"))
    for swap in asked.select_related("duty__staff", "duty__roster__estate", "taker"):
        open_followup(
            swap, SWAP, now=now, owner_post=posts.CS_MANAGER, estate=swap.duty.roster.estate,
            params={"what": str(swap)}, url=reverse("roster:roster_list"),
            due_at=min(swap.duty.starts_at, now + A_DAY),
        )  # fmt: skip
    decided = Swap.objects.filter(pk__in=owed.values("object_id")).exclude(status=SwapStatus.ASKED)
    for swap in decided.select_related(
        "decided_by", "duty__staff", "duty__roster__estate", "giver", "taker"
    ):
        meet(swap, SWAP, by=swap.decided_by, now=now)
        _tell_both(swap, now)


def _tell_both(swap: Swap, now: datetime) -> None:
    if swap.status not in DECIDED:
        return  # withdrawn: nobody waits for it
    turn = f"{swap.duty.day:%m-%d} {swap.duty.get_shift_display()}"
    for staff in (swap.giver, swap.taker):
        ledger.owe(
            f"roster.swap:{swap.pk}:{staff.pk}",
            to=staff,
            title=DECIDED[SwapStatus(swap.status)],
            params={
                "what": f"{turn} {swap.giver.name} → {swap.taker.name}",
                "note": swap.decision_note,
            },
            url=reverse("roster:roster_list"),
            estate=swap.duty.roster.estate,
            why={"rule": "DUT-4"},
            now=now,
        )
