"""Surveys, activities and suggestions of the residents."""

from community.models.activities import (
    CommunityEvent,
    EventPhoto,
    EventPlan,
    Participant,
    Wish,
)
from community.models.suggestions import Suggestion, Verdict
from community.models.surveys import (
    LEVELS,
    Answer,
    HandOut,
    Level,
    LinkTry,
    Measure,
    Question,
    Questionnaire,
    Survey,
    Topic,
)

__all__ = [
    "LEVELS",
    "Answer",
    "CommunityEvent",
    "EventPhoto",
    "EventPlan",
    "HandOut",
    "Level",
    "LinkTry",
    "Measure",
    "Participant",
    "Question",
    "Questionnaire",
    "Suggestion",
    "Survey",
    "Topic",
    "Verdict",
    "Wish",
]
