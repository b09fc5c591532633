"""Surveys: the list, planning, one survey with its figures, its questions and its measures."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.actions import surveys as actions
from community.actions.measures import may_confirm
from community.charts import shown
from community.figures import Figures, figures_of, topics_without_measure
from community.forms import QuestionFormSet, SurveyForm
from community.models import Measure, Survey
from community.statuses import MeasureStatus, SurveyStatus
from community.verbs import BY_KEY
from community.views.acting import attempt, edit, frame_of, visible
from estates.models import Estate
from rulebook.limits import due, limits, reading_once

ROWS = 25
NOUN = BY_KEY["survey"]
may_view = permission_required("community.view", raise_exception=True)
may_plan = permission_required("community.plan_survey", raise_exception=True)


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
    form, now = SurveyForm(request.POST or None, estates=estates), timezone.now()
    if request.method == "POST":
        survey, status = attempt(
            form,
            lambda: actions.plan(
                estate=form.chosen_estate(), by=request.user, now=now,
                **{name: form.cleaned_data[name] for name in actions.EDITABLE},
            ),
        )  # fmt: skip
        if status == 302:
            messages.success(request, _("征询已建立。核对问题, 然后报批"))
            return redirect(survey)
    return render(
        request, "community/survey_form.html", {"form": form}, status=422 if form.errors else 200
    )


@require_safe
@may_view
def survey_detail(request: HttpRequest, pk: int) -> HttpResponse:
    survey = visible(request, NOUN, pk)
    prefetch_related_objects([survey], "questions")
    was_opened = survey.opened_at is not None
    figures = figures_of(survey) if was_opened else None
    butlers = (
        {str(row.building_id): row.butler for row in survey.hand_outs.select_related("butler")}
        if was_opened
        else {}
    )
    field_work = [
        (each, butlers.get(each.tally.key)) for each in (figures.buildings if figures else [])
    ]
    is_field = survey.status == SurveyStatus.FIELD
    with reading_once():
        numbers = limits("surveys.sent", "surveys.returned", "surveys.satisfied_target",
                         at=timezone.now())  # fmt: skip
        keep_until = _keep_until(survey)
    measures = list(survey.measures.select_related("owner"))
    errands = _measures_to_confirm(request, measures)
    may_plan_it = request.user.has_perm("community.plan_survey")
    if survey.status == SurveyStatus.PLANNED and may_plan_it and not survey.purpose:
        at = reverse("community:survey_edit", args=[pk])
        errands.append((_("还没写目的, 写了才能报批"), at, _("写目的")))
    if is_field:
        errands = _field_errands(request, survey, field_work)
    if survey.status in (SurveyStatus.COUNTED, SurveyStatus.REPORTED) and may_plan_it:
        errands += _measures_to_give(survey, figures, numbers["surveys.satisfied_target"].value)
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
            "field_work": field_work,
            "keep_until": keep_until,
            "measures": measures,
            "is_field": is_field,
            "errands": errands,
            "is_planned": survey.status == SurveyStatus.PLANNED,
        },
    )


def _field_errands(request: HttpRequest, survey: Survey, field_work) -> list[tuple[str, str, str]]:
    """What the reader himself still has to carry out and bring back: words, where, the button."""
    if not request.user.has_perm("community.enter"):
        return []
    is_desk = request.user.duty.scope == "all"
    mine = [
        each
        for each, butler in field_work
        if butler == request.user or (butler is None and is_desk)
    ]
    unsent = sum(each.drawn - each.sent for each in mine)
    waiting = sum(each.sent - each.returned for each in mine)
    errands = []
    if unsent:
        forms = reverse("community:form_list", args=[survey.pk])
        words = _("您负责的楼栋还有 %(count)s 份没发") % {"count": unsent}
        errands.append((words, f"{forms}?state=unsent", _("发放问卷")))
    if waiting:
        words = _("您负责的楼栋还有 %(count)s 份没收回") % {"count": waiting}
        errands.append((words, reverse("community:form_entry", args=[survey.pk]), _("录入问卷")))
    return errands


def _measures_to_give(survey: Survey, figures: Figures, target) -> list[tuple[str, str, str]]:
    """A measure to hand out for every topic below the target; without it nothing is publicised."""
    at = reverse("community:survey_give_measure", args=[survey.pk])
    return [
        (
            _("“%(topic)s”满意率 %(rate)s, 低于目标 %(target)s%%, 还没派整改")
            % {"topic": topic.label, "rate": shown(topic.rate), "target": f"{target:.0f}"},
            f"{at}?topic={topic.key}",
            _("派整改: %(topic)s") % {"topic": topic.label},
        )
        for topic in topics_without_measure(survey, figures, target=target)
    ]


def _measures_to_confirm(request: HttpRequest, measures) -> list[tuple[str, str, str]]:
    """The measures that were done and that the reader has to look at before the filing."""
    return [
        (
            _("整改“%(what)s”已完成, 等您核实") % {"what": measure.what},
            measure.get_absolute_url(),
            _("去核实"),
        )
        for measure in measures
        if measure.status == MeasureStatus.DONE and may_confirm(measure, request.user)
    ]


def _keep_until(survey: Survey) -> date | None:
    """How long the paper forms of a counted survey are kept (surveys.keep_forms)."""
    if survey.counted_at is None:
        return None
    return timezone.localdate(due("surveys.keep_forms", start=survey.counted_at).due_at)


@require_http_methods(["GET", "HEAD", "POST"])
@may_plan
def survey_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return edit(request, NOUN, pk, form_class=SurveyForm, template="community/survey_form.html",
                names=actions.EDITABLE, action=actions.edit)  # fmt: skip


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
@permission_required("followups.view", raise_exception=True)
def measure_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One measure; also for its owner in another department."""
    noun = BY_KEY["measure"]
    measure: Measure = visible(request, noun, pk)
    return render(
        request,
        "community/measure_detail.html",
        frame_of(request, noun, measure) | {"measure": measure},
    )
