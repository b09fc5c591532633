"""The page behind a household's personal link: public, once, and only while the survey runs."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.lockout import client_address
from community import throttle
from community.actions.returns import give_back
from community.forms import ReturnForm
from community.models import LEVELS, Questionnaire
from community.models.questionnaires import Channel
from community.statuses import SurveyStatus
from community.tokens import form_of
from estates.refusals import put_refusal
from rulebook.limits import reading_once

CHINESE, ENGLISH = "zh-hans", "en"


@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The form, thanks, or a plain sentence why not.

    In Chinese whatever the browser prefers; in English when the link ends in ``?lang=en``. A
    wrong link is 404, one used before shows thanks and takes nothing (409 when sent again), one
    after the survey's end is 410, and too many tries from one address are 429. What was typed
    and not taken stays on the page.

    The link itself is the right to answer; no cookie gives any, so there is no form token, and
    browsers that keep no cookies or send no origin can answer too.
    """
    with translation.override(ENGLISH if request.GET.get("lang") == ENGLISH else CHINESE):
        response = _answer(request, token)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _answer(request: HttpRequest, token: str) -> HttpResponse:
    now, address = timezone.now(), client_address(request)
    household = form_of(token)
    if household is None:
        if throttle.is_refused(address, "wrong", most=throttle.WRONG_LINKS, now=now):
            return _say(request, "too_often", 429)
        return _say(request, "wrong", 404)
    is_sent = request.method == "POST"
    if household.returned_at:
        return _say(request, "used", 409 if is_sent else 200, household)
    if _has_ended(household, now):
        return _say(request, "ended", 410, household)
    if not is_sent:
        return _ask(request, household, ReturnForm(questions=_questions(household)))
    if throttle.is_refused(address, "send", most=throttle.SENDINGS, now=now):
        return _wait(request, household)
    return _take(request, household, now)


def _has_ended(household: Questionnaire, now) -> bool:
    survey = household.survey
    return survey.status != SurveyStatus.FIELD or timezone.localdate(now) > survey.ends_on


def _questions(household: Questionnaire) -> list:
    return list(household.survey.questions.all())


def _take(request: HttpRequest, household: Questionnaire, now) -> HttpResponse:
    """Keep the answers and go to the thanks: a page that can be reloaded without sending again."""
    form = ReturnForm(request.POST, questions=_questions(household))
    if not form.is_valid():
        return _ask(request, household, form, status=422)
    try:
        with reading_once():
            give_back(household, channel=Channel.ONLINE, by=None, now=now, **form.answers())
    except ValidationError as error:
        code = getattr(error, "code", "")
        if code in ("used", "ended"):
            return _say(request, code, 409 if code == "used" else 410, household)
        put_refusal(form, error)
        return _ask(request, household, form, status=422)
    return redirect(request.get_full_path())


def _wait(request: HttpRequest, household: Questionnaire) -> HttpResponse:
    form = ReturnForm(request.POST, questions=_questions(household))
    form.is_valid()
    form.add_error(None, _("短时间内提交的次数太多。请等十分钟, 再按一次“提交”"))
    return _ask(request, household, form, status=429)


def _ask(request, household, form, *, status=200) -> HttpResponse:
    context = {
        "household": household,
        "survey": household.survey,
        "last_day": date_format(household.survey.ends_on, _("n月j日")),
        "form": form,
        "fields": [(question, form[f"q{question.pk}"]) for question in form.questions],
        "levels": [(str(level.value), level.label) for level in LEVELS],
    }
    return render(request, "community/answer.html", context, status=status)


def _say(request, what, status, household=None) -> HttpResponse:
    """A sentence instead of the form; of a form that was sent, the words that were not taken."""
    kept = []
    if household and request.method == "POST":
        form = ReturnForm(request.POST, questions=_questions(household))
        kept = [(field.label, field.value()) for field in form.written() if field.value()]
    context = {"what": what, "survey": household.survey if household else None, "kept": kept}
    return render(request, "community/answer_said.html", context, status=status)
