"""A survey's report on the screen, on paper and as a workbook; and its forms on paper."""

import tempfile
from dataclasses import dataclass

import segno
from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from community.charts import charts_of, shown
from community.exports import report_name, write_report
from community.figures import figures_of
from community.models import LEVELS, Answer, Question, Questionnaire
from community.tokens import address_of
from community.verbs import BY_KEY
from community.views.acting import visible
from history import entries
from rulebook.limits import limits

NOUN = BY_KEY["survey"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_ONCE = 60  # forms of one print
WORDS_SHOWN = 200
may_view = permission_required("community.view", raise_exception=True)


def _report(request: HttpRequest, pk: int) -> dict:
    survey = visible(request, NOUN, pk)
    figures = figures_of(survey)
    numbers = limits("surveys.sent", "surveys.returned", "surveys.satisfied_target",
                     "surveys.satisfied_floor", at=survey.counted_at or timezone.now())  # fmt: skip
    value = {key.rsplit(".", 1)[1]: each.value for key, each in numbers.items()}
    # A butler reads what the own area wrote, with the figures of the whole survey beside it.
    forms = Questionnaire.objects.visible_to(request.user).filter(survey=survey)
    said = forms.exclude(opinion="", suggestion="")
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
    """The report on paper, as it goes to the general manager and onto the notice boards.

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
def report_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures and every form's answers as a workbook; who took it is kept."""
    survey, now = visible(request, NOUN, pk), timezone.now()
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes it
    try:
        count = write_report(file, survey=survey, by=request.user, now=now)
    except BaseException:
        file.close()
        raise
    entries.record(survey, "survey.exported", by=request.user, now=now, rows=count)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=report_name(survey), content_type=XLSX)


@dataclass(frozen=True)
class Paper:
    """One form as it is printed: the household, its link and the code of the link."""

    form: Questionnaire
    address: str
    qr: str


@require_safe
@permission_required("community.enter", raise_exception=True)
def forms_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper forms of a building (``?building=``) or one household, A4, with their codes.

    At most sixty at once; ``?page=2`` prints the next. Always in Chinese: residents read them.
    """
    survey = visible(request, NOUN, pk)
    rows = Questionnaire.objects.visible_to(request.user).filter(
        survey=survey, returned_at__isnull=True
    )
    building, one = request.GET.get("building", ""), request.GET.get("form", "")
    if building.isdecimal() and len(building) < 19:
        rows = rows.filter(unit__building=building)
    if one.isdecimal() and len(one) < 19:
        rows = rows.filter(pk=one)
    asked = request.GET.get("page", "1")
    page = max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1
    start = (page - 1) * AT_ONCE
    found = list(
        rows.select_related("unit__building").order_by("unit__code", "pk")[
            start : start + AT_ONCE + 1
        ]
    )
    papers = []
    for form in found[:AT_ONCE]:
        address = address_of(form)
        qr = segno.make(address, error="m").svg_data_uri(border=2, scale=4)
        papers.append(Paper(form, address, qr))
    with translation.override("zh-hans"):
        return render(
            request,
            "community/forms_print.html",
            {
                "survey": survey,
                "papers": papers,
                "questions": list(Question.objects.filter(survey=survey).order_by("position")),
                "levels": LEVELS,
                "building": building,
                "next_page": page + 1 if len(found) > AT_ONCE else None,
                "most": AT_ONCE,
            },
        )
