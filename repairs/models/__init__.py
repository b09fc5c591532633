"""Repairs: the slip, its callers, materials, photos, promises and call-back tries."""

from repairs.models.calls import Caller, CallTry, Promise
from repairs.models.choices import CallbackMethod, CallbackResult, Category, Priority, Satisfaction
from repairs.models.phrases import Phrase
from repairs.models.repairs import DayNumber, Repair, RepairQuerySet, Viewing
from repairs.models.work import KeptPhoto, Material, Photo

__all__ = [
    "CallTry",
    "CallbackMethod",
    "CallbackResult",
    "Caller",
    "Category",
    "DayNumber",
    "KeptPhoto",
    "Material",
    "Photo",
    "Phrase",
    "Priority",
    "Promise",
    "Repair",
    "RepairQuerySet",
    "Satisfaction",
    "Viewing",
]
