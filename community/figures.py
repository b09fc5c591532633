"""What a survey came to: sent, returned, satisfied; per question, topic and building.

Everything is counted from the answers by three statements, and rounded only when shown.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from community.models import LEVELS, Answer, Questionnaire, Survey, Topic
from community.statuses import MeasureStatus


def percent(part: int, whole: int) -> Decimal | None:
    """Of a hundred, exact; None of nothing."""
    return Decimal(100 * part) / whole if whole else None


@dataclass
class Tally:
    """Answers by level. ``rate`` is the share of those satisfied, in percent."""

    key: str
    label: str | Promise
    least: int  # the lowest level that counts as satisfied
    counts: dict[int, int] = field(default_factory=lambda: {int(level): 0 for level in LEVELS})

    def add(self, score: int, count: int) -> None:
        self.counts[score] += count

    @property
    def answered(self) -> int:
        return sum(self.counts.values())

    @property
    def satisfied(self) -> int:
        return sum(count for score, count in self.counts.items() if score >= self.least)

    @property
    def rate(self) -> Decimal | None:
        return percent(self.satisfied, self.answered)

    @property
    def levels(self) -> list[tuple[str, int]]:
        """(label, count), best first, for tables."""
        return [(level.label, self.counts[level]) for level in LEVELS]


@dataclass
class Building:
    """One building: its forms, and how satisfied its households are."""

    code: str
    label: str
    drawn: int
    sent: int
    returned: int
    tally: Tally

    @property
    def sent_share(self) -> Decimal | None:
        return percent(self.sent, self.drawn)

    @property
    def returned_share(self) -> Decimal | None:
        return percent(self.returned, self.sent)


@dataclass
class Figures:
    occupied: int
    drawn: int
    sent: int
    returned: int
    channels: dict[str, int]
    whole: Tally
    questions: list[Tally]
    topics: list[Tally]
    buildings: list[Building]

    @property
    def sent_share(self) -> Decimal | None:
        """发放率: sent of the occupied households."""
        return percent(self.sent, self.occupied)

    @property
    def returned_share(self) -> Decimal | None:
        """回收率: returned of those sent."""
        return percent(self.returned, self.sent)

    @property
    def worst(self) -> Tally | None:
        """The question with the lowest rate; the first of equals."""
        rated = [tally for tally in self.questions if tally.rate is not None]
        return min(rated, key=lambda tally: tally.rate) if rated else None

    @property
    def best(self) -> Tally | None:
        rated = [tally for tally in self.questions if tally.rate is not None]
        return max(rated, key=lambda tally: tally.rate) if rated else None


def figures_of(survey: Survey) -> Figures:
    """The figures of a survey as its forms stand now (SUR-1); four queries."""
    least = survey.least_satisfied
    buildings, channels = {}, defaultdict(int)
    rows = (
        Questionnaire.objects.filter(survey=survey)
        .order_by()
        .values("unit__building__code", "unit__building__name", "unit__building_id", "channel")
        .annotate(drawn=Count("pk"), sent=Count("pk", filter=Q(sent_at__isnull=False)))
    )
    for row in rows:
        pk, code = row["unit__building_id"], row["unit__building__code"]
        label = row["unit__building__name"] or _("%(code)s栋") % {"code": code}
        each = buildings.setdefault(
            pk, Building(code, label, 0, 0, 0, Tally(str(pk), label, least))
        )
        each.drawn += row["drawn"]
        each.sent += row["sent"]
        if row["channel"]:
            each.returned += row["drawn"]
            channels[row["channel"]] += row["drawn"]
    rated = [row for row in survey.questions.all() if not row.is_free]  # the page may have them
    questions = {row.pk: Tally(str(row.pk), row.text, least) for row in rated}
    topics = {row.topic: Tally(row.topic, Topic(row.topic).label, least) for row in rated}
    topic_of = {row.pk: row.topic for row in rated}
    whole = Tally("", "", least)
    answers = (
        Answer.objects.filter(questionnaire__survey=survey, score__isnull=False)
        .order_by()
        .values_list("question_id", "questionnaire__unit__building_id", "score")
        .annotate(Count("pk"))
    )
    for question, building, score, count in answers:
        for tally in (
            whole, questions[question], topics[topic_of[question]], buildings[building].tally,
        ):  # fmt: skip
            tally.add(score, count)
    return Figures(
        occupied=survey.occupied,
        drawn=sum(each.drawn for each in buildings.values()),
        sent=sum(each.sent for each in buildings.values()),
        returned=sum(each.returned for each in buildings.values()),
        channels=dict(channels),
        whole=whole,
        questions=list(questions.values()),
        topics=list(topics.values()),
        buildings=sorted(buildings.values(), key=lambda each: (len(each.code), each.code)),
    )


def topics_without_measure(survey: Survey, figures: Figures, *, target: Decimal) -> list[Tally]:
    """The topics whose rate is below ``target`` percent and that nobody improves yet."""
    low = [topic for topic in figures.topics if topic.rate is not None and topic.rate < target]
    if not low:
        return []
    given = survey.measures.exclude(status=MeasureStatus.CANCELLED)
    improved = set(given.values_list("topic", flat=True))
    return [topic for topic in low if topic.key not in improved]
