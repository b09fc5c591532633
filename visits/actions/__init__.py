"""What people do about visits and call-backs."""

from visits.actions.callbacks import (
    attach_to_callback,
    call_back,
    drop_callback,
    give_up,
    no_answer,
    review_callback,
)
from visits.actions.changes import confirm_change, propose_change, reject_change
from visits.actions.photos import add_photo
from visits.actions.recording import attach, finish_measure, plan_visit, record, review

__all__ = [
    "add_photo",
    "attach",
    "attach_to_callback",
    "call_back",
    "confirm_change",
    "drop_callback",
    "finish_measure",
    "give_up",
    "no_answer",
    "plan_visit",
    "propose_change",
    "record",
    "reject_change",
    "review",
    "review_callback",
]
