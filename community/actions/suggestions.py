"""Suggestions (VIS-3): kept in the resident's words, and each owed one answer."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Staff
from community import followups
from community.actions.moving import move
from community.models import Suggestion, Topic
from community.statuses import SuggestionStatus
from estates.butlers import butler_of
from estates.models import Estate, Resident, Unit
from estates.typed import clean_text
from followups.actions import meet
from history import entries

LONGEST = 2000


def take(
    *,
    estate: Estate,
    content: str,
    origin: str,
    said_at: datetime,
    by: Staff | None,
    now: datetime,
    topic: str = Topic.OTHER,
    unit: Unit | None = None,
    resident: Resident | None = None,
    name: str = "",
    phone: str = "",
    origin_of: models.Model | None = None,
) -> Suggestion:
    """Write a suggestion down and owe its answer: the area's butler, else the desk.

    ``origin_of`` is the record it came from (a contact, a visit, a survey's form): from one
    record it is taken once, and a second call returns the first row. Raises ValidationError for
    no words or too many.
    """
    content = clean_text(content)
    if not content:
        raise ValidationError({"content": _("写业户建议的内容")})
    if len(content) > LONGEST:
        raise ValidationError(
            {"content": _("最多 %(most)s 字, 现在有 %(now)s 字。请删短一些")
             % {"most": LONGEST, "now": len(content)}}
        )  # fmt: skip
    if unit and unit.estate_id != estate.pk:
        raise ValidationError({"unit": _("这套房不属于所选项目")})
    came_from = {"origin_type": "", "origin_id": None}
    if origin_of is not None:
        came_from = {"origin_type": origin_of._meta.label_lower, "origin_id": origin_of.pk}
        if known := Suggestion.objects.filter(**came_from).first():
            return known
    suggestion = Suggestion(
        estate=estate, unit=unit, resident=resident, name=name, phone=phone, origin=origin,
        topic=topic, content=content, said_at=said_at, taken_by=by,
        owner=butler_of(unit) if unit else None, **came_from,
    )  # fmt: skip
    try:
        with transaction.atomic():
            suggestion.save(force_insert=True)
            followups.open_for_suggestion(suggestion, now=now)
            entries.record(suggestion, "suggestion.taken", by=by, now=now, origin=origin)
    except IntegrityError:
        known = Suggestion.objects.filter(**came_from).first() if origin_of is not None else None
        if known is None:
            raise
        return known
    return suggestion


@transaction.atomic
def answer(
    suggestion: Suggestion, *, by: Staff, now: datetime, verdict: str, answer: str, told_how: str,
    topic: str = "",
) -> None:  # fmt: skip
    """The resident was told what becomes of it, and how; the answer owed is met (VIS-3).

    Raises ValidationError by field without words.
    """
    answer = clean_text(answer)
    if not answer:
        raise ValidationError({"answer": _("写怎样答复业户的")})
    move(
        suggestion, SuggestionStatus.ANSWERED, verdict=verdict, answer=answer, answered_at=now,
        answered_by=by, told_how=told_how, topic=topic or suggestion.topic,
    )  # fmt: skip
    meet(suggestion, followups.SUGGESTION, by=by, now=now)
    entries.record(
        suggestion, "suggestion.answered", by=by, now=now, verdict=verdict, answer=answer,
        told_how=told_how,
    )  # fmt: skip


@transaction.atomic
def reopen(suggestion: Suggestion, *, by: Staff, now: datetime, reason: str) -> None:
    """The resident is not content with the answer: another one is owed, and counted."""
    move(suggestion, SuggestionStatus.OPEN, reopened=F("reopened") + 1)
    suggestion.refresh_from_db(fields=["reopened"])
    followups.open_for_suggestion(suggestion, now=now)
    entries.record(suggestion, "suggestion.reopened", by=by, now=now, reason=reason)
