"""Surveys, activities and suggestions of the residents."""

from community.models.activities import (
    CommunityEvent,
    EventPhoto,
    EventPlan,
    Participant,
    Wish,
)
from community.models.measures import Measure
from community.models.questionnaires import Answer, Channel, HandOut, LinkTry, Questionnaire
from community.models.suggestions import Suggestion, Told, Verdict
from community.models.surveys import LEVELS, Level, Question, Survey, Topic

__all__ = [
    "LEVELS",
    "Answer",
    "Channel",
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
    "Told",
    "Topic",
    "Verdict",
    "Wish",
]
