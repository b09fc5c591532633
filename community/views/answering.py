"""The page behind a household's personal link: public, once, and only while the survey runs."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.lockout import client_address
from community import throttle
from community.actions.forms import give_back
from community.forms import ReturnForm
from community.models import LEVELS, Questionnaire
from community.models.surveys import Channel
from community.statuses import SurveyStatus
from community.tokens import form_of
from rulebook.limits import reading_once


@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The form, thanks, or a plain sentence why not. Always in Chinese, for residents.

    A wrong link is 404, one used before shows thanks and takes nothing (409 when sent again),
    one after the survey's end is 410, and too many tries from one address are 429.

    The link itself is the right to answer; no cookie gives any, so there is no form token, and
    browsers that keep no cookies or send no origin can answer too.
    """
    with translation.override("zh-hans"):
        response = _answer(request, token)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _answer(request: HttpRequest, token: str) -> HttpResponse:
    now, address = timezone.now(), client_address(request)
    form = form_of(token)
    if form is None:
        if throttle.is_refused(address, "wrong", most=throttle.WRONG_LINKS, now=now):
            return _say(request, "too_often", 429)
        return _say(request, "wrong", 404)
    if form.returned_at:
        return _say(request, "used", 409 if request.method == "POST" else 200, form)
    if _has_ended(form, now):
        return _say(request, "ended", 410, form)
    if request.method == "POST":
        if throttle.is_refused(address, "send", most=throttle.SENDINGS, now=now):
            return _say(request, "too_often", 429, form)
        return _take(request, form, now)
    return _ask(request, form, ReturnForm(questions=_questions(form)))


def _has_ended(form: Questionnaire, now) -> bool:
    survey = form.survey
    return survey.status != SurveyStatus.FIELD or timezone.localdate(now) > survey.ends_on


def _questions(form: Questionnaire) -> list:
    return list(form.survey.questions.all())


def _take(request: HttpRequest, household: Questionnaire, now) -> HttpResponse:
    form = ReturnForm(request.POST, questions=_questions(household))
    if not form.is_valid():
        return _ask(request, household, form, status=422)
    try:
        with reading_once():
            give_back(household, channel=Channel.ONLINE, by=None, now=now, **form.answers())
    except ValidationError as error:
        code = getattr(error, "code", "")
        if code == "used":
            return _say(request, "used", 409, household)
        if code == "ended":
            return _say(request, "ended", 410, household)
        if hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                form.add_error(name if name in form.fields else None, errors)
        else:
            form.add_error(None, error)
        return _ask(request, household, form, status=422)
    return _say(request, "thanks", 200, household)


def _ask(request, household, form, *, status=200) -> HttpResponse:
    last = household.survey.ends_on
    context = {
        "household": household,
        "survey": household.survey,
        "last_day": _("%(month)s月%(day)s日") % {"month": last.month, "day": last.day},
        "form": form,
        "fields": [(question, form[f"q{question.pk}"]) for question in form.questions],
        "levels": [(str(level.value), level.label) for level in LEVELS],
    }
    return render(request, "community/answer.html", context, status=status)


def _say(request, what, status, household=None) -> HttpResponse:
    context = {"what": what, "survey": household.survey if household else None}
    return render(request, "community/answer_said.html", context, status=status)
