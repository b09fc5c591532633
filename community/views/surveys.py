"""Surveys: the list, planning, one survey, its forms, and typing in what came back on paper."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.actions import forms as returns
from community.actions import surveys as actions
from community.charts import shown
from community.figures import figures_of
from community.forms import EntryForm, QuestionFormSet, SurveyForm
from community.models import Measure, Questionnaire, Survey
from community.statuses import SurveyStatus
from community.tokens import address_of
from community.verbs import BY_KEY
from community.views.acting import frame_of, refuse, visible
from estates.models import Estate
from rulebook.limits import limits

ROWS = 25
FORM_ROWS = 50
NOUN = BY_KEY["survey"]
may_view = permission_required("community.view", raise_exception=True)
may_plan = permission_required("community.plan_survey", raise_exception=True)
may_enter = permission_required("community.enter", raise_exception=True)


@require_safe
@may_view
def survey_list(request: HttpRequest) -> HttpResponse:
    """Every survey of the own estates with what came back, newest first."""
    rows = (
        Survey.objects.visible_to(request.user)
        .select_related("estate", "planned_by")
        .annotate(
            drawn=Count("questionnaires"),
            sent=Count("questionnaires", filter=Q(questionnaires__sent_at__isnull=False)),
            returned=Count("questionnaires", filter=Q(questionnaires__returned_at__isnull=False)),
        )
        .order_by("-created_at", "-pk")
    )
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: ROWS + 1])
    return render(
        request,
        "community/survey_list.html",
        {"surveys": found[:ROWS], "older": found[ROWS - 1].pk if len(found) > ROWS else None},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may_plan
def survey_add(request: HttpRequest) -> HttpResponse:
    """The manager plans a survey (SUR-1)."""
    estates = list(Estate.objects.visible_to(request.user))
    form = SurveyForm(request.POST or None, estates=estates)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in actions.EDITABLE}
        try:
            survey = actions.plan(
                estate=form.chosen_estate(), by=request.user, now=timezone.now(), **fields
            )
        except ValidationError as error:
            refuse(form, error) if hasattr(error, "error_dict") else form.add_error(None, error)
        else:
            messages.success(request, _("征询已建立。核对问题, 然后报批"))
            return redirect(survey)
    return render(
        request, "community/survey_form.html", {"form": form}, status=422 if form.errors else 200
    )


@require_safe
@may_view
def survey_detail(request: HttpRequest, pk: int) -> HttpResponse:
    survey = visible(request, NOUN, pk)
    was_opened = survey.opened_at is not None
    figures = figures_of(survey) if was_opened else None
    hand_outs = list(survey.hand_outs.select_related("building", "butler")) if was_opened else []
    by_building = {each.tally.key: each for each in figures.buildings} if figures else {}
    for row in hand_outs:
        row.figures = by_building.get(str(row.building_id))
    numbers = limits("surveys.sent", "surveys.returned", "surveys.satisfied_target",
                     at=timezone.now())  # fmt: skip
    return render(
        request,
        "community/survey_detail.html",
        frame_of(request, NOUN, survey)
        | {
            "survey": survey,
            "figures": figures,
            "rates": {
                "sent": shown(figures.sent_share),
                "returned": shown(figures.returned_share),
                "satisfied": shown(figures.whole.rate),
            }
            if figures
            else None,
            "numbers": {key.rsplit(".", 1)[1]: each.value for key, each in numbers.items()},
            "questions": list(survey.questions.all()),
            "hand_outs": hand_outs,
            "measures": list(survey.measures.select_related("owner")),
            "is_field": survey.status == SurveyStatus.FIELD,
            "is_planned": survey.status == SurveyStatus.PLANNED,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may_plan
def survey_edit(request: HttpRequest, pk: int) -> HttpResponse:
    survey = visible(request, NOUN, pk)
    estates = [survey.estate]
    if request.method != "POST":
        form = SurveyForm(instance=survey, initial={"version": survey.version}, estates=estates)
        return render(request, "community/survey_form.html", {"form": form, "survey": survey})
    form = SurveyForm(request.POST, instance=Survey.objects.get(pk=pk), estates=estates)
    status = 422
    if form.is_valid():
        if form.cleaned_data["version"] != survey.version:
            status = 409
        else:
            fields = {name: form.cleaned_data[name] for name in actions.EDITABLE}
            try:
                actions.edit(survey, by=request.user, now=timezone.now(), **fields)
            except ValidationError as error:
                refusal = refuse(form, error)
                status = refusal.status
                if refusal.message:
                    form.add_error(None, refusal.message)
            else:
                messages.success(request, _("方案已保存"))
                return redirect(survey)
    if status == 409:
        survey.refresh_from_db()
        form.data = form.data.copy()
        form.data["version"] = survey.version
    return render(
        request,
        "community/survey_form.html",
        {"form": form, "survey": survey, "theirs": status == 409},
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may_plan
def survey_questions(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions in their order; an empty line is left out."""
    survey = visible(request, NOUN, pk)
    initial = list(survey.questions.values("topic", "text", "is_free"))
    formset = QuestionFormSet(request.POST or None, initial=initial)
    problem = ""
    if request.method == "POST" and formset.is_valid():
        rows = [
            (row["topic"] or "other", row["text"], row["is_free"])
            for row in formset.cleaned_data
            if row.get("text")
        ]
        try:
            actions.set_questions(survey, rows, by=request.user, now=timezone.now())
        except ValidationError as error:
            problem = error.messages[0]
        else:
            messages.success(request, _("问题已保存"))
            return redirect(survey)
    return render(
        request,
        "community/survey_questions.html",
        {"survey": survey, "formset": formset, "problem": problem},
        status=422 if problem or (request.method == "POST") else 200,
    )


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
        },
    )  # fmt: skip


@require_POST
@may_enter
def form_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """The ticked forms were handed out; with ``all`` every one of the building."""
    survey = visible(request, NOUN, pk)
    building = request.POST.get("building", "")
    pks = [int(each) for each in request.POST.getlist("form") if each.isdecimal()]
    if request.POST.get("all") and building.isdecimal():
        rows = Questionnaire.objects.visible_to(request.user)
        pks = rows.filter(survey=survey, unit__building=building).values_list("pk", flat=True)
    try:
        count = returns.mark_sent(survey, pks, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("记下发出 %(count)s 份") % {"count": count})
    return redirect(f"{reverse('community:form_list', args=[pk])}?building={building}")


@require_safe
@may_enter
def form_link(request: HttpRequest, pk: int) -> HttpResponse:
    """The personal link of one household, to be sent to it."""
    form = _visible_form(request, pk)
    return render(
        request,
        "community/form_link.html",
        {"form": form, "survey": form.survey, "address": address_of(form)},
    )


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


def _visible_form(request, pk) -> Questionnaire:
    rows = Questionnaire.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("survey__estate", "unit__building"), pk=pk)


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
        form, status = EntryForm(request.POST, **options), 422
        if form.is_valid():
            household = form.cleaned_data["room"]
            try:
                returns.give_back(
                    household, channel=form.cleaned_data["channel"], by=request.user,
                    now=timezone.now(), **form.answers(),
                )  # fmt: skip
            except ValidationError as error:
                refusal = refuse(form, error)
                if refusal.message:
                    form.add_error(None, refusal.message)
                status = 409 if getattr(error, "code", "") == "used" else 422
            else:
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


@require_safe
@permission_required("followups.view", raise_exception=True)
def measure_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One measure; also for its owner in another department."""
    noun = BY_KEY["measure"]
    measure: Measure = visible(request, noun, pk)
    frame = frame_of(request, noun, measure)
    if measure.owner_id != request.user.pk and not request.user.has_perm("community.plan_survey"):
        frame["steps"] = []
    return render(request, "community/measure_detail.html", frame | {"measure": measure})
