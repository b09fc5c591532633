"""The households' forms: the list, what was handed out, links, typing in what came back."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.actions import fieldwork, returns
from community.forms import EntryForm
from community.models import Questionnaire
from community.statuses import SurveyStatus
from community.tokens import address_of
from community.verbs import BY_KEY
from community.views.acting import attempt, visible
from rulebook.limits import reading_once

FORM_ROWS = 50
NOUN = BY_KEY["survey"]
may_enter = permission_required("community.enter", raise_exception=True)


@require_safe
@may_enter
def form_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The forms of the households: who has one, who gave it back; 50 a page."""
    survey = visible(request, NOUN, pk)
    rows = Questionnaire.objects.visible_to(request.user).filter(survey=survey)
    building = request.GET.get("building", "")
    if building.isdecimal() and len(building) < 19:
        rows = rows.filter(unit__building=building)
    state = request.GET.get("state", "")
    rows = {
        "unsent": rows.filter(sent_at__isnull=True),
        "waiting": rows.filter(sent_at__isnull=False, returned_at__isnull=True),
        "returned": rows.returned(),
    }.get(state, rows)
    rows = rows.select_related("unit__building", "entered_by").order_by("unit__code", "pk")
    page = Paginator(rows, FORM_ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "community/form_list.html",
        {
            "survey": survey,
            "page": page,
            "state": state,
            "building": building,
            "hand_outs": list(survey.hand_outs.select_related("building")),
            "states": [
                ("", _("全部")), ("unsent", _("未发")), ("waiting", _("未回收")),
                ("returned", _("已回收")),
            ],
            "is_field": survey.status == SurveyStatus.FIELD,
            "has_unsent": survey.status == SurveyStatus.FIELD
            and any(form.sent_at is None for form in page),
        },
    )  # fmt: skip


@require_POST
@may_enter
def form_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """The ticked forms were handed out; with ``all`` every one of the building, or of the survey."""
    survey = visible(request, NOUN, pk)
    building = request.POST.get("building", "")
    pks = [int(each) for each in request.POST.getlist("form") if each.isdecimal()]
    if request.POST.get("all"):
        rows = Questionnaire.objects.visible_to(request.user).filter(survey=survey)
        if building.isdecimal() and len(building) < 19:
            rows = rows.filter(unit__building=building)
        pks = rows.values_list("pk", flat=True)
    try:
        count = fieldwork.mark_sent(survey, pks, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("记下发出 %(count)s 份") % {"count": count})
    return redirect(f"{reverse('community:form_list', args=[pk])}?building={building}")


@require_safe
@may_enter
def form_link(request: HttpRequest, pk: int) -> HttpResponse:
    """The personal link of one household, in words ready to be sent to it."""
    form = _visible_form(request, pk)
    return render(
        request,
        "community/form_link.html",
        {
            "form": form,
            "survey": form.survey,
            "message": _message(form, "zh-hans", address_of(form)),
            "message_en": _message(form, "en", f"{address_of(form)}?lang=en"),
        },
    )


def _message(form: Questionnaire, language: str, link: str) -> str:
    """The words to send, in the language that the household reads, not the colleague."""
    with translation.override(language):
        return _("%(room)s业户, 您好! 请您给%(estate)s的服务打分, 约一分钟, 不用登录: %(link)s") % {
            "room": form.unit.spoken, "estate": form.survey.estate.name, "link": link,
        }  # fmt: skip


@require_POST
@may_enter
def form_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A link that went astray is replaced; the old one opens nothing any more."""
    form = _visible_form(request, pk)
    try:
        returns.renew_link(form, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("新链接已生成, 旧链接作废"))
    return redirect("community:form_link", pk)


@require_POST
@may_enter
def form_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Typed in for the wrong room: the form is open again."""
    form = _visible_form(request, pk)
    try:
        returns.take_back(form, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("%(room)s 已撤回, 可以重新录入") % {"room": form.unit.code})
    return redirect("community:form_entry", form.survey_id)


def _visible_form(request, pk) -> Questionnaire:
    rows = Questionnaire.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("survey__estate", "unit__building", "entered_by"), pk=pk
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may_enter
def form_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Paper typed in: a room, then one digit a question; the next form opens at once."""
    survey = visible(request, NOUN, pk)
    questions = list(survey.questions.all())
    options = {"survey": survey, "staff": request.user, "questions": questions}
    form = EntryForm(initial={"room": request.GET.get("room", "")[:40], "channel": "paper"},
                     **options)  # fmt: skip
    status = 200
    if request.method == "POST":
        form = EntryForm(request.POST, **options)
        household, status = attempt(form, lambda: _give_back(form, request))
        if status == 302:
            messages.success(request, _("%(room)s 已录入") % {"room": household.unit.code})
            return redirect("community:form_entry", pk)
    recent = (
        Questionnaire.objects.visible_to(request.user)
        .filter(survey=survey, entered_by=request.user)
        .select_related("unit")
        .order_by("-returned_at", "-pk")[:8]
    )
    done = Questionnaire.objects.filter(survey=survey).aggregate(
        sent=Count("pk", filter=Q(sent_at__isnull=False)),
        returned=Count("pk", filter=Q(returned_at__isnull=False)),
    )
    return render(
        request,
        "community/form_entry.html",
        {
            "survey": survey,
            "form": form,
            "fields": [(question, form[f"q{question.pk}"]) for question in questions],
            "recent": list(recent),
            "done": done,
            "is_field": survey.status == SurveyStatus.FIELD,
        },
        status=status,
    )


def _give_back(form: EntryForm, request: HttpRequest) -> Questionnaire:
    data = form.cleaned_data
    with reading_once():
        return returns.give_back(
            data["room"], channel=data["channel"], by=request.user, now=timezone.now(),
            **form.answers(),
        )  # fmt: skip
