"""The history of a complaint as lines that people read, and its way as seven steps (W8)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from complaints import followups as kinds
from complaints.choices import Cause, Department, Grade, Method, Shows, Validity
from complaints.events import EVENTS
from complaints.models import Complaint
from complaints.statuses import Status
from contacts.reaching import OUTCOMES
from followups.models import FollowUp
from history.lines import Telling, Words, label_in
from repairs.models import Satisfaction
from repairs.statuses import Status as RepairStatus

# Details in the order in which a line tells them, with the words before each.
TOLD = (
    ("was", gettext_lazy("原")),
    ("grade", ""),
    ("shows", ""),
    ("validity", ""),
    ("department", ""),
    ("name", ""),
    ("number", ""),
    ("repair", ""),
    ("method", ""),
    ("outcome", ""),
    ("satisfaction", ""),
    ("times", gettext_lazy("次数")),
    ("tries", gettext_lazy("次数")),
    ("cause", gettext_lazy("原因")),
    ("cause_words", ""),
    ("reason", gettext_lazy("原因")),
    ("late_entry_reason", gettext_lazy("补录")),
    ("origin", gettext_lazy("来自工单")),
    ("responsibility", gettext_lazy("责任")),
    ("text", ""),
    ("note", ""),
    ("message", gettext_lazy("已发消息")),
    ("feedback", gettext_lazy("业户反馈")),
    ("signed", gettext_lazy("签名")),
)
MOMENTS = (
    ("promised_at", gettext_lazy("时限")),
    ("new_promise", gettext_lazy("新时限")),
    ("resident_told_at", gettext_lazy("告知业户")),
    ("next_at", gettext_lazy("下次")),
    ("happened_at", gettext_lazy("补传, 当时")),
)


def _outcome(value: str) -> Words:
    """Of a call-back that a phone kept too long: how satisfied, or not reached."""
    return OUTCOMES.get(value) or label_in(Satisfaction)(value)


TELLING = Telling(
    events=EVENTS,
    told=TOLD,
    moments=MOMENTS,
    readings={
        "outcome": _outcome,
        "message": gettext,
        "was": label_in(Grade),
        "grade": label_in(Grade),
        "validity": label_in(Validity),
        "department": label_in(Department),
        "repair": label_in(RepairStatus),
        "method": label_in(Method),
        "shows": label_in(Shows),
        "satisfaction": label_in(Satisfaction),
        "cause": label_in(Cause),
    },
    remarks=("complaint.noted", "complaint.corrected"),
)


@dataclass(frozen=True)
class Step:
    """One of the seven: done at a moment, current, or still to come."""

    number: int
    label: str | Promise
    done_at: datetime | None
    is_now: bool
    followup: FollowUp | None

    @property
    def is_done(self) -> bool:
        return self.done_at is not None


WAY = (
    (gettext_lazy("登记"), "complained_at", ()),
    (
        gettext_lazy("核实"),
        "verified_at",
        (kinds.GRADE, kinds.FIRST_REPLY, kinds.RECEIVE, kinds.SOLVE),
    ),
    (gettext_lazy("处理意见"), "decided_at", (kinds.SOLVE,)),
    (gettext_lazy("实施"), "handled_at", (kinds.SOLVE,)),
    (gettext_lazy("回复业户"), "replied_at", (kinds.REPLY,)),
    (gettext_lazy("回访"), "called_back_at", (kinds.CALLBACK,)),
    (gettext_lazy("归档"), "closed_at", (kinds.REVIEW,)),
)


def way_of(complaint: Complaint, owed: dict[str, FollowUp]) -> list[Step]:
    """登记 → 核实 → 处理意见 → 实施 → 回复业户 → 回访 → 归档, with the clock of the current one."""
    steps, found_now = [], complaint.status == Status.CLOSED
    for number, (label, field, clocks) in enumerate(WAY, start=1):
        done_at = getattr(complaint, field)
        is_now = not done_at and not found_now
        found_now = found_now or is_now
        clock = next((owed[kind] for kind in clocks if kind in owed), None) if is_now else None
        steps.append(Step(number, label, done_at, is_now, clock))
    return steps
