"""The verbs of a complaint. Each is one transaction with its history; callers import from here."""

from complaints.actions.callbacks import attach_call_back, call_back, name_caller, no_answer
from complaints.actions.closing import close, gm_answer, gm_seen, refuse_review
from complaints.actions.contacting import add_contact
from complaints.actions.extending import (
    approve_extension,
    ask_extension,
    refuse_extension,
    tell_extension,
)
from complaints.actions.grading import accept, escalate, give_view, regrade
from complaints.actions.handling import (
    decide,
    finish,
    open_repair,
    receive,
    send_back,
    solve_at_once,
    transfer,
    verify,
)
from complaints.actions.notes import note
from complaints.actions.registering import register, register_from_repair
from complaints.actions.replying import explain, first_reply, reply

__all__ = [
    "accept",
    "add_contact",
    "approve_extension",
    "ask_extension",
    "attach_call_back",
    "call_back",
    "close",
    "decide",
    "escalate",
    "explain",
    "finish",
    "first_reply",
    "give_view",
    "gm_answer",
    "gm_seen",
    "name_caller",
    "no_answer",
    "note",
    "open_repair",
    "receive",
    "refuse_extension",
    "refuse_review",
    "register",
    "register_from_repair",
    "regrade",
    "reply",
    "send_back",
    "solve_at_once",
    "tell_extension",
    "transfer",
    "verify",
]
