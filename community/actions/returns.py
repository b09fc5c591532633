"""What the households answer: on paper or by their link, exactly once."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Staff
from community.actions import suggestions
from community.actions.fieldwork import (
    meet_field_work,
    must_be_in_field,
    owe_collecting_again,
)
from community.models import Answer, Question, Questionnaire, Suggestion
from community.models.suggestions import Origin
from community.statuses import SuggestionStatus, SurveyStatus
from community.tokens import new_nonce
from estates.typed import clean_text
from followups.actions import cancel as cancel_followups
from history import entries

LONGEST = 1000
LONGEST_ANSWER = 500


@transaction.atomic
def give_back(
    form: Questionnaire,
    *,
    scores: Mapping[int, int],
    texts: Mapping[int, str],
    opinion: str,
    suggestion: str,
    channel: str,
    by: Staff | None,
    now: datetime,
) -> Questionnaire:
    """One household answers, once: on paper through staff (``by``), or by its own link.

    ``scores`` and ``texts`` go by question id. A form that came back counts as handed out. What
    it suggests is owed an answer (VIS-3). Raises ValidationError by field (``q<id>``,
    ``opinion``, ``suggestion``), with code ``used`` when the form came back before, ``ended``
    when the survey takes nothing in any more; then nothing is stored.
    """
    survey = form.survey
    if survey.status != SurveyStatus.FIELD:
        raise ValidationError(_("这次征询已经结束, 谢谢您"), code="ended")
    if by is None and timezone.localdate(now) > survey.ends_on:
        raise ValidationError(_("这次征询已经结束, 谢谢您"), code="ended")
    answers = _checked(form, scores, texts)
    opinion, suggestion = _checked_texts(opinion, suggestion)
    changes = {
        "returned_at": now, "channel": channel, "entered_by": by, "opinion": opinion,
        "suggestion": suggestion,
    }  # fmt: skip
    if form.sent_at is None:
        changes |= {"sent_at": now, "sent_by": by}
    if not Questionnaire.objects.filter(pk=form.pk, returned_at__isnull=True).update(**changes):
        raise ValidationError(_("这份问卷已经收到过, 不能再改"), code="used")
    for name, value in changes.items():
        setattr(form, name, value)
    Answer.objects.bulk_create(answers)
    meet_field_work(survey, {form.unit.building_id}, by=by, now=now)
    entries.record(form, "form.returned", by=by, now=now, channel=channel)
    if suggestion:
        suggestions.take(
            estate=survey.estate, content=suggestion, origin=Origin.SURVEY, unit=form.unit,
            origin_of=form, said_at=now, by=by, now=now,
        )  # fmt: skip
    return form


def _checked(
    form: Questionnaire, scores: Mapping[int, int], texts: Mapping[int, str]
) -> list[Answer]:
    errors, answers = {}, []
    for question in Question.objects.filter(survey=form.survey_id).order_by("position"):
        score, text = None, ""
        if question.is_free:
            text = clean_text(texts.get(question.pk))
            if len(text) > LONGEST_ANSWER:
                errors[f"q{question.pk}"] = _too_long(text, LONGEST_ANSWER)
        else:
            score = scores.get(question.pk)
            if score is not None and score not in range(1, 6):
                errors[f"q{question.pk}"] = _("评价只有五级: 5 很满意 … 1 不满意")
        if score is not None or text:
            answers.append(Answer(questionnaire=form, question=question, score=score, text=text))
    if not errors and not any(answer.score is not None for answer in answers):
        raise ValidationError(_("一个问题都没有评价。至少选一项"))
    if errors:
        raise ValidationError(errors)
    return answers


def _checked_texts(opinion: str, suggestion: str) -> tuple[str, str]:
    cleaned = {"opinion": clean_text(opinion), "suggestion": clean_text(suggestion)}
    errors = {
        name: _too_long(text, LONGEST) for name, text in cleaned.items() if len(text) > LONGEST
    }
    if errors:
        raise ValidationError(errors)
    return cleaned["opinion"], cleaned["suggestion"]


def _too_long(text: str, most: int) -> str:
    return _("最多 %(most)s 字, 现在有 %(now)s 字。请删短一些") % {"most": most, "now": len(text)}


@transaction.atomic
def take_back(form: Questionnaire, *, by: Staff, now: datetime) -> None:
    """A form typed in for the wrong room, or wrongly: it is open again, for paper and link.

    Only what staff typed in, by who typed it or who plans surveys, while forms are collected; what
    stood in it stays in the history. Its suggestion goes with it, unless it was answered. Raises
    ValidationError otherwise.
    """
    must_be_in_field(form.survey)
    if form.entered_by_id is None:
        raise ValidationError(_("业户自己交的问卷不能撤回"))
    if by.pk != form.entered_by_id and not by.has_perm("community.plan_survey"):
        raise ValidationError(
            _("这份是%(name)s录入的, 由本人或客服部经理撤回") % {"name": form.entered_by.name}
        )
    suggestion = Suggestion.objects.filter(
        origin_type=form._meta.label_lower, origin_id=form.pk
    ).first()
    if suggestion and suggestion.status != SuggestionStatus.OPEN:
        raise ValidationError(_("问卷里的建议已经答复业户, 不能撤回"))
    was = {
        "scores": {row.question_id: row.score or row.text for row in form.answers.all()},
        "opinion": form.opinion,
        "suggestion": form.suggestion,
        "channel": form.channel,
    }
    rows = Questionnaire.objects.filter(pk=form.pk, returned_at=form.returned_at)
    if not rows.update(returned_at=None, channel="", entered_by=None, opinion="", suggestion=""):
        raise ValidationError(_("同事刚刚撤回了这份问卷"), code="stale")
    form.answers.all().delete()
    if suggestion:
        cancel_followups(suggestion, now=now)
        entries.record(suggestion, "suggestion.withdrawn", by=by, now=now)
        suggestion.delete()
    owe_collecting_again(form.survey, form.unit.building_id, now=now)
    entries.record(form, "form.taken_back", by=by, now=now, was=was)


@transaction.atomic
def renew_link(form: Questionnaire, *, by: Staff, now: datetime) -> None:
    """A new link for a form that has not come back; every older one is void."""
    must_be_in_field(form.survey)
    nonce = new_nonce()
    rows = Questionnaire.objects.filter(pk=form.pk, returned_at__isnull=True)
    if not rows.update(nonce=nonce):
        raise ValidationError(_("这份问卷已经收回, 不用再发链接"))
    form.nonce = nonce
    entries.record(form, "form.link_renewed", by=by, now=now)
