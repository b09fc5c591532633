"""Visits to households, what changed there, and the call-backs that are drawn by lot."""

from visits.models.areas import is_late_entry
from visits.models.callbacks import (
    Callback,
    CallbackState,
    CallbackTry,
    CallMethod,
    Draw,
    Topic,
)
from visits.models.changes import ChangeState, ResidentChange
from visits.models.visits import (
    MET,
    OWED,
    Addendum,
    Department,
    Visit,
    VisitKind,
    VisitPhoto,
    VisitStatus,
    VisitTry,
)

__all__ = [
    "MET",
    "OWED",
    "Addendum",
    "CallMethod",
    "Callback",
    "CallbackState",
    "CallbackTry",
    "ChangeState",
    "Department",
    "Draw",
    "ResidentChange",
    "Topic",
    "Visit",
    "VisitKind",
    "VisitPhoto",
    "VisitStatus",
    "VisitTry",
    "is_late_entry",
]
