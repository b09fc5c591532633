"""The way of a record from its first step to the file: what is done, what is next and whose it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from community.models import CommunityEvent, EventPlan, Measure, Suggestion, Survey
from community.statuses import (
    EventStatus,
    MeasureStatus,
    PlanStatus,
    SuggestionStatus,
    SurveyStatus,
)
from followups.models import FollowUp


@dataclass(frozen=True)
class Step:
    """One step: behind us, the next one, or still to come. ``who`` owes it by ``followup``."""

    number: int
    label: str | Promise
    is_done: bool
    done_at: datetime | None
    is_now: bool
    followup: FollowUp | None = None
    who: str | Promise = ""


V, E, P, M, G = SurveyStatus, EventStatus, PlanStatus, MeasureStatus, SuggestionStatus
# (step, the moment it was done, whether it is still ahead); the first one ahead is the next.
WAYS: dict[type[models.Model], tuple[tuple[str | Promise, str, Callable[[Any], bool]], ...]] = {
    Survey: (
        (_("策划"), "", lambda row: row.status == V.PLANNED),
        (_("审批"), "approved_at", lambda row: row.approved_at is None),
        (_("开始发放"), "opened_at", lambda row: row.opened_at is None),
        (_("发放回收"), "counted_at", lambda row: row.counted_at is None),
        (_("分析报告"), "reported_at", lambda row: row.reported_at is None),
        (_("派整改并公示"), "publicised_at", lambda row: row.publicised_at is None),
        (_("核实归档"), "archived_at", lambda row: row.archived_at is None),
    ),
    CommunityEvent: (
        (_("写方案"), "", lambda row: row.status == E.PLANNED),
        (_("审批"), "approved_at", lambda row: row.status in (E.PLANNED, E.SCHEMED)),
        (_("通知业户"), "noticed_at", lambda row: row.noticed_at is None),
        (_("举办, 记结果"), "held_at", lambda row: row.held_at is None),
        (_("总结"), "summarised_at", lambda row: row.summarised_at is None),
        (_("回访, 审核归档"), "archived_at", lambda row: row.archived_at is None),
    ),
    EventPlan: (
        (_("意向调查"), "surveyed_at", lambda row: row.surveyed_at is None),
        (_("写计划"), "", lambda row: row.status == P.WISHES),
        (_("审批"), "approved_at", lambda row: row.status != P.APPROVED),
    ),
    Measure: (
        (_("整改"), "done_at", lambda row: row.status == M.OPEN),
        (_("核实"), "confirmed_at", lambda row: row.status != M.CONFIRMED),
    ),
    Suggestion: (
        (_("记下建议"), "said_at", lambda _row: False),
        (_("告诉业户并记答复"), "answered_at", lambda row: row.status == G.OPEN),
    ),
}
GIVEN_UP = (V.CANCELLED, E.CANCELLED, M.CANCELLED)


def way_of(record: models.Model, owed: Sequence[FollowUp]) -> list[Step]:
    """The steps of a record with its next one; none for what has no way, or was given up.

    ``owed`` are the record's open follow-ups, the most urgent first.
    """
    if record.status in GIVEN_UP:
        return []
    steps: list[Step] = []
    found = False
    for number, (label, moment, is_ahead) in enumerate(WAYS.get(type(record), ()), start=1):
        is_done = not found and not is_ahead(record)
        is_now = not found and not is_done
        found = found or is_now
        followup = owed[0] if is_now and owed else None
        steps.append(
            Step(
                number, label, is_done, getattr(record, moment) if moment and is_done else None,
                is_now, followup, _who(record, followup) if is_now else "",
            )
        )  # fmt: skip
    return steps


def _who(record: models.Model, followup: FollowUp | None) -> str | Promise:
    if isinstance(record, Survey) and record.status == V.FIELD:
        return _("各楼管家发放回收")
    if followup is not None:
        return followup.owner.name if followup.owner else followup.get_owner_post_display()
    if isinstance(record, CommunityEvent) and record.status == E.PLANNED and record.plan:
        return _("等半年计划批准")
    return ""
