"""The verbs of a repair. Each is one transaction with one history entry; callers import from here."""

from repairs.actions.answering import answer_caller, caller_no_answer, give_up_caller
from repairs.actions.callbacks import (
    archive,
    attach_call_back,
    call_back,
    no_answer,
    undo_call_back,
)
from repairs.actions.delays import cannot_come, change_promise, continue_work, resident_told
from repairs.actions.handover import (
    accept,
    accept_for,
    accept_verbally,
    dispatch,
    recall,
    refuse,
    undo_accept,
    urge,
)
from repairs.actions.linking import attach_caller, merge, note, review_late
from repairs.actions.photos import add_photo
from repairs.actions.prices import (
    add_material,
    agree,
    assess,
    decline,
    quote,
    remove_material,
    set_fees,
)
from repairs.actions.prices import (
    cancel_repair as cancel,
)
from repairs.actions.registering import register
from repairs.actions.work import (
    arrive,
    assign,
    finish,
    look_again,
    onsite_check,
    resume,
    return_slip,
    undo_assign,
    undo_finish,
    wait_for,
)

__all__ = [
    "accept",
    "accept_for",
    "accept_verbally",
    "add_material",
    "add_photo",
    "agree",
    "answer_caller",
    "archive",
    "arrive",
    "assess",
    "assign",
    "attach_call_back",
    "attach_caller",
    "call_back",
    "caller_no_answer",
    "cancel",
    "cannot_come",
    "change_promise",
    "continue_work",
    "decline",
    "dispatch",
    "finish",
    "give_up_caller",
    "look_again",
    "merge",
    "no_answer",
    "note",
    "onsite_check",
    "quote",
    "recall",
    "refuse",
    "register",
    "remove_material",
    "resident_told",
    "resume",
    "return_slip",
    "review_late",
    "set_fees",
    "undo_accept",
    "undo_assign",
    "undo_call_back",
    "undo_finish",
    "urge",
    "wait_for",
]
