"""What share of each caller's answers is 满意, and whose differs from the others (VIS-5)."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count

from accounts.models import Staff
from complaints.models import Callback as ComplaintCallback
from estates.models import estate_ids_of
from repairs.models import Repair, Satisfaction
from rulebook.limits import limits
from visits.models import Callback

SINCE = timedelta(days=90)


@dataclass(frozen=True)
class CallerLine:
    caller: Staff
    satisfied: int
    fair: int
    dissatisfied: int
    has_enough: bool  # answers to be compared at all
    middle: float | None  # the median share of all callers with enough answers
    far: bool  # differs from it by more than the rulebook says

    @property
    def total(self) -> int:
        return self.satisfied + self.fair + self.dissatisfied

    @property
    def share(self) -> float:
        return self.satisfied * 100 / self.total


def shares(staff: Staff, now: datetime) -> list[CallerLine]:
    """Per caller of the last 90 days, outliers first.

    The rule is simple and only points: at least ``callbacks.outlier_least`` answers, and a share
    of 满意 that lies more than ``callbacks.outlier_points`` from the median of such callers.
    """
    counts = _counts(staff, now)
    numbers = limits("callbacks.outlier_points", "callbacks.outlier_least", at=now)
    least = int(numbers["callbacks.outlier_least"].value)
    points = float(numbers["callbacks.outlier_points"].value)
    enough = {
        caller: rows[Satisfaction.SATISFIED] * 100 / rows.total()
        for caller, rows in counts.items()
        if rows.total() >= least
    }
    middle = median(enough.values()) if enough else None
    people = Staff.objects.in_bulk(list(counts))
    lines = [
        CallerLine(
            caller=people[caller],
            satisfied=rows[Satisfaction.SATISFIED],
            fair=rows[Satisfaction.FAIR],
            dissatisfied=rows[Satisfaction.DISSATISFIED],
            has_enough=caller in enough,
            middle=middle,
            far=caller in enough and len(enough) > 2 and abs(enough[caller] - middle) > points,
        )
        for caller, rows in counts.items()
    ]
    return sorted(lines, key=lambda line: (not line.far, -line.total, line.caller.pk))


def _counts(staff: Staff, now: datetime) -> dict[int, Counter]:
    """Answers by caller, from every record that keeps one; one query each."""
    estates, since = estate_ids_of(staff), now - SINCE
    found: dict[int, Counter] = defaultdict(Counter)
    for rows, caller, moment, estate in (
        (Repair.objects, "called_back_by", "called_back_at", "estate"),
        (ComplaintCallback.objects, "by", "at", "complaint__estate"),
        (Callback.objects, "called_by", "called_at", "estate"),
    ):
        answers = (
            rows.filter(
                **{f"{estate}__in": estates, f"{moment}__gte": since, f"{moment}__lte": now}
            )
            .exclude(satisfaction="")
            .exclude(**{caller: None})
            .order_by()
            .values_list(caller, "satisfaction")
            .annotate(number=Count("pk"))
        )
        for who, satisfaction, number in answers:
            found[who][satisfaction] += number
    return found
