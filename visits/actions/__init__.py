"""What people do about visits and call-backs."""

from visits.actions.callbacks import call_back, give_up, no_answer, review_callback
from visits.actions.changes import confirm_change, propose_change, reject_change
from visits.actions.photos import add_photo
from visits.actions.recording import attach, finish_measure, plan_visit, record, review

__all__ = [
    "add_photo",
    "attach",
    "call_back",
    "confirm_change",
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
