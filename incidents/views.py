"""Doors of the major incidents: raise, list, read, acknowledge, and each step of the case."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from estates.refusals import put_refusal
from incidents import actions
from incidents.audience import climbed_to
from incidents.forms import MeasureForm, OpinionForm, RaiseForm, ReportForm, TellForm
from incidents.models import Incident, Notice
from incidents.statuses import Status

PAGE = 25
PREFILLED = ("category", "where", "what", "estate")


@permission_required("incidents.raise", raise_exception=True)
@vary_on_headers("HX-Request")
def incident_raise(request: HttpRequest) -> HttpResponse:
    """One sheet, from any page (DUT-3); ``?category=lift&where=…`` opens it filled."""
    given = {name: request.GET[name][:2000] for name in PREFILLED if request.GET.get(name)}
    now = timezone.now()
    form = RaiseForm(request.POST or None, staff=request.user, now=now, initial=given)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            incident = actions.raise_incident(
                estate=data["estate"],
                category=data["category"],
                where=data["where"],
                what=data["what"],
                unit=data["unit"],
                place=data["place"],
                happened_at=data["happened_at"],
                client_key=data["client_key"],
                by=request.user,
                now=now,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if incident.manager_told_at is None:
                messages.error(request, _("没有可以通知的经理。马上打电话报告上级"))
            if request.htmx:
                return HttpResponse(headers={"HX-Redirect": incident.get_absolute_url()})
            return redirect(incident)
    template = "incidents/_raise_form.html" if request.htmx else "incidents/raise.html"
    recent = Incident.objects.visible_to(request.user).recent(now)[:3]
    return render(
        request,
        template,
        {"form": form, "recent": recent},
        status=422 if form.errors else 200,
    )


@require_safe
@permission_required("incidents.raise", raise_exception=True)
def incident_list(request: HttpRequest) -> HttpResponse:
    rows = Incident.objects.visible_to(request.user).select_related("estate", "reported_by")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    page = list(rows.order_by("-pk").prefetch_related("notices")[: PAGE + 1])
    older = page[PAGE - 1].pk if len(page) > PAGE else None
    return render(
        request, "incidents/incident_list.html", {"incidents": page[:PAGE], "older": older}
    )


def _visible(request: HttpRequest, pk: int) -> Incident:
    rows = Incident.objects.visible_to(request.user).select_related(
        "estate", "reported_by", "unit", "ended_by", "report_by", "opinion_by"
    )
    return get_object_or_404(rows, pk=pk)


@require_safe
@permission_required("incidents.raise", raise_exception=True)
def incident_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _visible(request, pk))


def _case(incident: Incident) -> dict:
    """Who was told and what was done, as the page and the paper show it."""
    notices = list(
        incident.notices.select_related("staff").order_by("-as_manager", "department", "pk")
    )
    return {
        "incident": incident,
        "notices": notices,
        "measures": incident.measures.select_related("by"),
        "climbed": climbed_to(notices),
        "known": sum(1 for notice in notices if notice.acknowledged_at),
    }


def _page(request: HttpRequest, incident: Incident, **forms) -> HttpResponse:
    """The case with the step that comes next; a refused form comes back as it was typed."""
    case, user = _case(incident), request.user
    handles, reviews = user.has_perm("incidents.handle"), user.has_perm("incidents.review")
    status = incident.status
    steps = {
        "measure_form": MeasureForm(now=timezone.now()) if status != Status.ARCHIVED else None,
        "tell_form": TellForm(incident=incident, auto_id="tell-%s")
        if status != Status.ARCHIVED and handles
        else None,
        "may_end": status == Status.HANDLING and handles,
        "report_form": ReportForm() if status == Status.ENDED and handles else None,
        "opinion_form": OpinionForm() if status == Status.REPORTED and reviews else None,
    }
    mine = next((notice for notice in case["notices"] if notice.staff_id == user.pk), None)
    return render(
        request,
        "incidents/incident_detail.html",
        case | steps | {"mine": mine} | forms,
        status=422 if forms else 200,
    )


def _step(request: HttpRequest, incident: Incident, name: str, form, act, done: str):
    """Validate, act, go back; a refusal shows the page with what was typed."""
    if form.is_valid():
        try:
            act(incident, by=request.user, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_refusal(form, error)
        else:
            messages.success(request, done)
            return redirect(incident)
    return _page(request, _visible(request, incident.pk), **{name: form})


@require_POST
@permission_required("incidents.handle", raise_exception=True)
def incident_tell(request: HttpRequest, pk: int) -> HttpResponse:
    """One person more is told, ringing, with the moment."""
    incident = _visible(request, pk)
    form = TellForm(request.POST, incident=incident, auto_id="tell-%s")
    return _step(request, incident, "tell_form", form, actions.tell_more, _("已响铃通知"))


@require_POST
@permission_required("incidents.raise", raise_exception=True)
def incident_measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever sees the case may write down what he did."""
    form = MeasureForm(request.POST, now=timezone.now())
    return _step(
        request, _visible(request, pk), "measure_form", form, actions.log_measure, _("已记处置")
    )


@require_POST
@permission_required("incidents.handle", raise_exception=True)
def incident_end(request: HttpRequest, pk: int) -> HttpResponse:
    incident = _visible(request, pk)
    try:
        actions.end(incident, by=request.user, now=timezone.now())
        messages.success(request, _("已记结束, 接着写书面报告"))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect(incident)


@require_POST
@permission_required("incidents.handle", raise_exception=True)
def incident_report(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReportForm(request.POST)
    return _step(
        request, _visible(request, pk), "report_form", form, actions.write_report,
        _("已写报告, 等经理意见"),
    )  # fmt: skip


@require_POST
@permission_required("incidents.review", raise_exception=True)
def incident_archive(request: HttpRequest, pk: int) -> HttpResponse:
    form = OpinionForm(request.POST)
    return _step(request, _visible(request, pk), "opinion_form", form, actions.archive, _("已归档"))


@require_safe
@permission_required("incidents.raise", raise_exception=True)
def incident_print(request: HttpRequest, pk: int) -> HttpResponse:
    """重大事件记录 on A4."""
    case = _case(_visible(request, pk))
    return render(request, "incidents/incident_print.html", case | {"now": timezone.now()})


@require_POST
@permission_required("incidents.raise", raise_exception=True)
def incident_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """My own notice of this incident; who was never told has nothing to acknowledge (404)."""
    incident = get_object_or_404(Incident.objects.visible_to(request.user), pk=pk)
    notice = get_object_or_404(
        Notice.objects.select_related("incident", "staff"), incident=incident, staff=request.user
    )
    actions.acknowledge(notice, by=request.user, now=timezone.now())
    messages.success(request, _("已记下您知悉的时间"))
    return redirect(incident)
