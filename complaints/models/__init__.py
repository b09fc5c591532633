"""Complaints: the resident's words, who answers for them, and how it ended (forms 4.2)."""

from complaints.models.analyses import Analysis
from complaints.models.callbacks import Callback
from complaints.models.complaints import Complaint, ComplaintQuerySet, in_area
from complaints.models.handling import Extension, Note, Transfer
from complaints.models.photos import Photo

__all__ = [
    "Analysis",
    "Callback",
    "Complaint",
    "ComplaintQuerySet",
    "Extension",
    "Note",
    "Photo",
    "Transfer",
    "in_area",
]
