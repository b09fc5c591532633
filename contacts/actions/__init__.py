"""The verbs of a contact; callers import from here."""

from contacts.actions.call_backs import (
    attach_call_back,
    call_back_done,
    give_up,
    no_answer,
    open_call_back,
    owed_call_back,
    try_failed,
)
from contacts.actions.taking import (
    become_complaint,
    become_repair,
    finish,
    owe_call_back,
    save_draft,
    start,
)

__all__ = [
    "attach_call_back",
    "become_complaint",
    "become_repair",
    "call_back_done",
    "finish",
    "give_up",
    "no_answer",
    "open_call_back",
    "owe_call_back",
    "owed_call_back",
    "save_draft",
    "start",
    "try_failed",
]
