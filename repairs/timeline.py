"""The history of a repair as lines that people read, and its clocks as a chain."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from contacts.reaching import OUTCOMES
from estates.phones import masked
from followups.models import FollowUp
from history.lines import Telling, label_in, local
from repairs import followups as kinds
from repairs.events import EVENTS
from repairs.models import CallbackMethod, CallbackResult, Repair, Satisfaction
from repairs.statuses import Status

# Details in the order in which a line tells them, with the words before each.
TOLD = (
    ("repairer", gettext_lazy("维修人员")),
    ("was", gettext_lazy("原")),
    ("name", ""),
    ("into", gettext_lazy("并入")),
    ("number", ""),
    ("status", ""),
    ("outcome", ""),
    ("result", ""),
    ("satisfaction", ""),
    ("method", ""),
    ("reason", gettext_lazy("原因")),
    ("late_entry_reason", gettext_lazy("补录")),
    ("cause", gettext_lazy("故障")),
    ("work_done", ""),
    ("opinion", gettext_lazy("业户意见")),
    ("signed", gettext_lazy("签名")),
    ("amount", gettext_lazy("金额")),
    ("labour_fee", gettext_lazy("人工费")),
    ("quantity", "×"),
    ("tries", gettext_lazy("第几次")),
    ("caller", ""),
    ("note", ""),
    ("answer", ""),
    ("message", gettext_lazy("已发消息")),
    ("text", ""),
)
MOMENTS = (
    ("accepted_at", gettext_lazy("接单")),
    ("promised_at", gettext_lazy("承诺")),
    ("appointment_at", gettext_lazy("上门")),
    ("new_promise", gettext_lazy("新承诺")),
    ("resident_told_at", gettext_lazy("回复业户")),
    ("butler_told_at", gettext_lazy("通知管家")),
    ("look_again_at", gettext_lazy("再查看")),
    ("next_at", gettext_lazy("下次")),
    ("happened_at", gettext_lazy("补传, 发生在")),
)


def _caller(value: str) -> str:
    """A name, or a number as it is shown to everybody; earlier releases kept it in full."""
    return masked(value) if value.replace("-", "").isdigit() else value


def _outcome(value: str) -> Any:
    """Of an answer that a phone kept too long: reached or not."""
    return OUTCOMES.get(value, value)


def _before(value: Any) -> Any:
    """What it was before: a name, or the moment that was promised."""
    return local(value) if parse_datetime(str(value)) else value


TELLING = Telling(
    events=EVENTS,
    told=TOLD,
    moments=MOMENTS,
    readings={
        "outcome": _outcome,
        "message": gettext,
        "was": _before,
        "caller": _caller,
        "status": label_in(Status),
        "result": label_in(CallbackResult),
        "method": label_in(CallbackMethod),
        "satisfaction": label_in(Satisfaction),
        "opinion": label_in(Satisfaction),
    },
    remarks=("repair.noted",),
)


@dataclass(frozen=True)
class Link:
    """One link of the chain: done at a moment, or owed (its follow-up), or still to come."""

    label: str | Promise
    done_at: datetime | None
    followup: FollowUp | None
    owner: str


CHAIN = (
    (gettext_lazy("转单"), kinds.DISPATCH, "dispatched_at"),
    (gettext_lazy("接单"), kinds.ACCEPT, "accepted_at"),
    (gettext_lazy("到场"), kinds.ARRIVE, "arrived_at"),
    (gettext_lazy("完成"), kinds.FINISH, "finished_at"),
    (gettext_lazy("回访"), kinds.CALLBACK, "called_back_at"),
)


def chain_of(repair: Repair, rows: list[FollowUp]) -> list[Link]:
    """受理→转单→接单→到场→完成→回访, each with its own clock and owner (screens W3)."""
    newest = {}
    for row in sorted(rows, key=lambda row: row.pk):
        if row.cancelled_at is None:
            newest[row.kind] = row
    links = [Link(gettext_lazy("受理"), repair.reported_at, None, repair.registered_by.name)]
    for label, kind, field in CHAIN:
        row = newest.get(kind)
        owner = ""
        if row:
            person = row.done_by or row.owner
            owner = person.name if person else row.get_owner_post_display()
        links.append(Link(label, getattr(repair, field), row, owner))
    return links


def is_under_way(repair: Repair) -> bool:
    return repair.status not in (Status.ARCHIVED, Status.CANCELLED, Status.MERGED)
