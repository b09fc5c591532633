"""A survey's report on the screen, on paper and as a workbook."""

from django.contrib.auth.decorators import permission_required
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from community.charts import chart_of_questions, charts_of, shown
from community.exports import report_name, write_report
from community.figures import figures_of
from community.models import Answer, Questionnaire
from community.statuses import MeasureStatus
from community.verbs import BY_KEY
from community.views.acting import visible
from history import entries
from rulebook.limits import limits
from spreadsheets.answer import workbook

NOUN = BY_KEY["survey"]
WORDS_SHOWN = 200
may_view = permission_required("community.view", raise_exception=True)


def _report(request: HttpRequest, pk: int) -> dict:
    survey = visible(request, NOUN, pk)
    prefetch_related_objects([survey], "questions")
    figures = figures_of(survey)
    numbers = limits("surveys.sent", "surveys.returned", "surveys.satisfied_target",
                     "surveys.satisfied_floor", at=survey.counted_at or timezone.now())  # fmt: skip
    value = {key.rsplit(".", 1)[1]: each.value for key, each in numbers.items()}
    # A butler reads what the own area wrote, with the figures of the whole survey beside it.
    forms = Questionnaire.objects.visible_to(request.user).filter(survey=survey)
    said = forms.exclude(opinion="", suggestion="")
    free = Answer.objects.none()
    if any(question.is_free for question in survey.questions.all()):
        free = Answer.objects.filter(questionnaire__in=forms, question__is_free=True)
    return {
        "survey": survey,
        "figures": figures,
        "rates": {
            "sent": shown(figures.sent_share),
            "returned": shown(figures.returned_share),
            "satisfied": shown(figures.whole.rate),
        },
        "numbers": value,
        "is_below_floor": figures.whole.rate is not None
        and figures.whole.rate < value["satisfied_floor"],
        "words_shown": WORDS_SHOWN,
        "charts": charts_of(figures, target=value["satisfied_target"],
                            returned_target=value["returned"]),
        "said": list(said.select_related("unit").order_by("unit__code")[:WORDS_SHOWN]),
        "free": list(
            free.select_related("question", "questionnaire__unit").order_by(
                "question__position", "questionnaire__unit__code"
            )[:WORDS_SHOWN]
        ),
        "measures": list(survey.measures.select_related("owner")),
    }  # fmt: skip


@require_safe
@may_view
def survey_report(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "community/survey_report.html", _report(request, pk))


@require_safe
@may_view
def report_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The report on paper for the house itself, as it goes to the general manager.

    What households wrote stands in it word for word, but never with the household.
    """
    report = _report(request, pk)
    words = [text for row in report["said"] for text in (row.opinion, row.suggestion) if text]
    words += [answer.text for answer in report["free"]]
    return render(
        request,
        "community/report_print.html",
        report | {"now": timezone.now(), "words": list(dict.fromkeys(words))},
    )


@require_safe
@may_view
def notice_print(request: HttpRequest, pk: int) -> HttpResponse:
    """What is shown to the residents on the notice boards (公示): rates and measures alone.

    The link promises that answers are not published, so no household's words stand here, no
    building (of a small one everybody would know who answered), and no colleague's name. Always
    in Chinese: residents read it. 404 until the figures stand.
    """
    report = _report(request, pk)
    if report["survey"].counted_at is None:
        raise Http404
    measures = [row for row in report["measures"] if row.status != MeasureStatus.CANCELLED]
    with translation.override("zh-hans"):
        chart = chart_of_questions(report["figures"], report["numbers"]["satisfied_target"])
        return render(
            request,
            "community/notice_print.html",
            report | {"chart": chart, "measures": measures},
        )


@require_safe
@may_view
def report_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures and every form's answers as a workbook; who took it is kept."""
    survey, now = visible(request, NOUN, pk), timezone.now()
    answer, count = workbook(
        report_name(survey),
        lambda file: write_report(file, survey=survey, by=request.user, now=now),
    )
    entries.record(survey, "survey.exported", by=request.user, now=now, rows=count)
    return answer
