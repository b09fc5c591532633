"""The forms of the households: handed out, come back on paper or by their link, exactly once."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Staff
from community import followups
from community.actions import suggestions
from community.models import Answer, HandOut, Question, Questionnaire, Survey
from community.models.suggestions import Origin
from community.statuses import SurveyStatus
from community.tokens import new_nonce
from estates.typed import clean_text
from followups.actions import meet
from history import entries
from rulebook.limits import limit

LONGEST = 1000
LONGEST_ANSWER = 500


@transaction.atomic
def mark_sent(survey: Survey, pks: Iterable[int], *, by: Staff, now: datetime) -> int:
    """These forms of the own area were handed to their households; returns how many were new.

    A building whose forms are out meets its hand-out (SUR-2).
    """
    _must_be_open(survey)
    rows = Questionnaire.objects.visible_to(by).filter(survey=survey, sent_at__isnull=True)
    wanted = list(rows.filter(pk__in=list(pks)).values_list("pk", "unit__building_id"))
    count = Questionnaire.objects.filter(
        pk__in=[pk for pk, _b in wanted], sent_at__isnull=True
    ).update(sent_at=now, sent_by=by)
    if count:
        entries.record(survey, "survey.sent", by=by, now=now, count=count)
        _meet_field_work(survey, {building for _pk, building in wanted}, by=by, now=now)
    return count


def _meet_field_work(
    survey: Survey, buildings: set[int], *, by: Staff | None, now: datetime
) -> None:
    """Every form of a building is out: handing out is met; enough came back: collecting is too.

    Enough is what the rulebook asks for of those sent (surveys.returned).
    """
    counts = {
        row["unit__building"]: row
        for row in Questionnaire.objects.filter(survey=survey, unit__building__in=buildings)
        .order_by()
        .values("unit__building")
        .annotate(all=Count("pk"), sent=Count("sent_at"), returned=Count("returned_at"))
    }
    least = limit("surveys.returned", at=now).value
    for row in HandOut.objects.filter(survey=survey, building__in=buildings):
        count = counts[row.building_id]
        if count["sent"] < count["all"]:
            continue
        meet(row, followups.HAND_OUT, by=by, now=now)
        if count["returned"] * 100 >= least * count["sent"]:
            meet(row, followups.COLLECT, by=by, now=now)


def _must_be_open(survey: Survey) -> None:
    if survey.status != SurveyStatus.FIELD:
        raise ValidationError(
            _("征询“%(title)s”现在是“%(was)s”, 不再收问卷")
            % {"title": survey.title, "was": survey.get_status_display()}
        )


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
    _meet_field_work(survey, {form.unit.building_id}, by=by, now=now)
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
def renew_link(form: Questionnaire, *, by: Staff, now: datetime) -> None:
    """A new link for a form that has not come back; every older one is void."""
    _must_be_open(form.survey)
    nonce = new_nonce()
    rows = Questionnaire.objects.filter(pk=form.pk, returned_at__isnull=True)
    if not rows.update(nonce=nonce):
        raise ValidationError(_("这份问卷已经收回, 不用再发链接"))
    form.nonce = nonce
    entries.record(form, "form.link_renewed", by=by, now=now)


@transaction.atomic
def take_links(
    survey: Survey,
    *,
    by: Staff,
    now: datetime,
    how: str,
    building: int | None = None,
    start: int = 0,
    most: int | None = None,
) -> list[Questionnaire]:
    """The forms that have not come back, for their links to be given out all at once.

    The links are personal, so that every taking of them stands in the history; ``how`` is
    ``exported`` or ``printed``. With ``most`` only so many from ``start`` on. Raises ValidationError when no link
    opens anything (any more).
    """
    _must_be_open(survey)
    if timezone.localdate(now) > survey.ends_on:
        raise ValidationError(_("已过截止日期 %(day)s, 链接都失效了") % {"day": survey.ends_on})
    rows = Questionnaire.objects.visible_to(by).filter(survey=survey, returned_at__isnull=True)
    if building is not None:
        rows = rows.filter(unit__building=building)
    rows = rows.select_related("unit__building").order_by("unit__code", "pk")
    forms = list(rows[start : start + most] if most else rows)
    entries.record(survey, f"survey.links_{how}", by=by, now=now, links=len(forms))
    return forms
