"""The manager's own round of households, so many times a year (VIS-4)."""

from datetime import date, datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts import posts
from accounts.models import Staff
from estates.models import Estate
from followups.actions import meet, open_followup
from followups.models import FollowUp
from rulebook.limits import limit
from visits import followups
from visits.models import Visit

KEY = "visits.manager_rounds"


def part_of_year(day: date, rounds: int) -> tuple[date, date]:
    """First and last day of the part of the year that ``day`` lies in, one part for each round."""
    part = (day.month - 1) * rounds // 12
    first = date(day.year, -(-part * 12 // rounds) + 1, 1)
    after = -(-(part + 1) * 12 // rounds) + 1
    following = date(day.year, after, 1) if after <= 12 else date(day.year + 1, 1, 1)
    return first, following - timedelta(days=1)


def owe_rounds(now: datetime) -> int:
    """Owe a round in each estate that the manager has not visited in this part of the year."""
    rounds = int(limit(KEY, at=now).value)
    if not rounds:
        return 0
    first, last = part_of_year(timezone.localdate(now), rounds)
    went = Visit.objects.met().filter(
        estate=OuterRef("pk"), visited_on__gte=first, recorded_by__post=posts.CS_MANAGER
    )
    owed = FollowUp.objects.open().filter(
        kind=followups.MANAGER_ROUND, object_id=OuterRef("pk"),
        content_type=ContentType.objects.get_for_model(Estate),
    )  # fmt: skip
    count = 0
    for estate in Estate.objects.exclude(Exists(went)).exclude(Exists(owed)).order_by("pk"):
        open_followup(
            estate, followups.MANAGER_ROUND, now=now, owner_post=posts.CS_MANAGER, estate=estate,
            params={"place": estate.name, "what": f"{first:%Y-%m} – {last:%Y-%m}"},
            url=f"{reverse('visits:visit_list')}?tab=next",
            due_at=followups.end_of(last), limit_key=KEY,
        )  # fmt: skip
        count += 1
    return count


def went(visit: Visit, *, by: Staff, now: datetime) -> None:
    """The manager met a household himself: the round of that estate is done."""
    if by.post == posts.CS_MANAGER:
        meet(visit.estate, followups.MANAGER_ROUND, by=by, now=now)
