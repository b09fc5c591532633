"""The verbs of a shift. Each is one transaction with one history entry; callers import from here."""

from shifts.actions.books import (
    add_cash,
    do_instruction,
    follow_item,
    instruct,
)
from shifts.actions.oversight import replace_successor, settle, spot_check
from shifts.actions.signing import arrive, give, receive, refuse, start_checking
from shifts.actions.ways_out import take_way
from shifts.actions.writing import write

__all__ = [
    "add_cash",
    "arrive",
    "do_instruction",
    "follow_item",
    "give",
    "instruct",
    "receive",
    "refuse",
    "replace_successor",
    "settle",
    "spot_check",
    "start_checking",
    "take_way",
    "write",
]
