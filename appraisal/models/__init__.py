"""Schemes, sheets with their lines and appeals, rounds of inspection, and the results of months."""

from appraisal.models.appeals import Appeal, Point
from appraisal.models.months import CollectionRate, MonthResult, Publication
from appraisal.models.rounds import Draw, Round
from appraisal.models.schemes import Scheme
from appraisal.models.sheets import Deduction, Evidence, Linked, Offer, Sheet

__all__ = [
    "Appeal",
    "CollectionRate",
    "Deduction",
    "Draw",
    "Evidence",
    "Linked",
    "MonthResult",
    "Offer",
    "Point",
    "Publication",
    "Round",
    "Scheme",
    "Sheet",
]
