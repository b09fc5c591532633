"""What goes out to the households: the forms on paper, and their personal links all at once."""

from collections.abc import Iterable
from dataclasses import dataclass

import segno
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from community.actions import fieldwork
from community.exports import links_name, write_links
from community.models import LEVELS, Question, Questionnaire
from community.tokens import address_of
from community.verbs import BY_KEY, PLAN_SURVEY
from community.views.acting import visible
from spreadsheets.answer import workbook

NOUN = BY_KEY["survey"]
AT_ONCE = 60  # forms of one print
SLIPS_A_PAGE = 10
SLIPS_AT_ONCE = 200
LAST_PAGE = 9999
may_distribute = permission_required(PLAN_SURVEY, raise_exception=True)


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
    building, one = _asked(request, "building"), _asked(request, "form")
    if building is not None:
        rows = rows.filter(unit__building=building)
    if one is not None:
        rows = rows.filter(pk=one)
    rows = rows.select_related("unit__building").order_by("unit__code", "pk")
    start = (_page(request) - 1) * AT_ONCE
    papers = _papers(rows[start : start + AT_ONCE + 1])
    with translation.override("zh-hans"):
        return render(
            request,
            "community/forms_print.html",
            {
                "survey": survey,
                "papers": papers[:AT_ONCE],
                "questions": list(Question.objects.filter(survey=survey).order_by("position")),
                "levels": LEVELS,
                "building": building or "",
                "next_page": start // AT_ONCE + 2 if len(papers) > AT_ONCE else None,
                "most": AT_ONCE,
            },
        )


@require_safe
@may_distribute
def links_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Every link that still opens something, as a workbook; the taking stands in the history."""
    survey, now = visible(request, NOUN, pk), timezone.now()
    try:
        forms = fieldwork.take_links(survey, how="exported", by=request.user, now=now,
                                   building=_asked(request, "building"))  # fmt: skip
    except ValidationError as error:
        return _refused(request, survey, error)
    answer, _rows = workbook(
        links_name(survey),
        lambda file: write_links(file, forms, survey=survey, by=request.user, now=now),
    )
    return answer


@require_safe
@may_distribute
def links_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The links as slips to cut and leave at the doors, ten a page, each with its QR code.

    At most two hundred at once; ``?page=2`` prints the next.
    """
    survey, building = visible(request, NOUN, pk), _asked(request, "building")
    page = _page(request)
    try:
        forms = fieldwork.take_links(
            survey, how="printed", by=request.user, now=timezone.now(), building=building,
            start=(page - 1) * SLIPS_AT_ONCE, most=SLIPS_AT_ONCE,
        )  # fmt: skip
    except ValidationError as error:
        return _refused(request, survey, error)
    papers = _papers(forms)
    sheets = [papers[at : at + SLIPS_A_PAGE] for at in range(0, len(papers), SLIPS_A_PAGE)]
    with translation.override("zh-hans"):  # residents read it
        return render(
            request,
            "community/links_print.html",
            {
                "survey": survey,
                "sheets": sheets,
                "building": building or "",
                "next_page": page + 1 if len(papers) == SLIPS_AT_ONCE else None,
                "most": SLIPS_AT_ONCE,
            },
        )


def _refused(request, survey, error):
    messages.error(request, error.messages[0])
    return redirect(survey)


def _papers(forms: Iterable[Questionnaire]) -> list[Paper]:
    papers = []
    for form in forms:
        address = address_of(form)
        qr = segno.make(address, error="m").svg_data_uri(border=2, scale=4)
        papers.append(Paper(form, address, qr))
    return papers


def _page(request) -> int:
    return min(_asked(request, "page") or 1, LAST_PAGE)


def _asked(request, name) -> int | None:
    """A number of the address, if one stands there."""
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 18 else None
