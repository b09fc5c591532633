"""Doors of the major incidents: raise, list, read, acknowledge."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from incidents import actions
from incidents.forms import RaiseForm
from incidents.models import Incident, Notice

PAGE = 25
PREFILLED = ("category", "where", "what", "estate")


@permission_required("incidents.raise", raise_exception=True)
@vary_on_headers("HX-Request")
def incident_raise(request: HttpRequest) -> HttpResponse:
    """One sheet, from any page (DUT-3); ``?category=lift&where=…`` opens it filled."""
    given = {name: request.GET[name][:2000] for name in PREFILLED if request.GET.get(name)}
    form = RaiseForm(request.POST or None, staff=request.user, initial=given)
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
                client_key=data["client_key"],
                by=request.user,
                now=timezone.now(),
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
    recent = Incident.objects.visible_to(request.user).recent(timezone.now())[:3]
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


@require_safe
@permission_required("incidents.raise", raise_exception=True)
def incident_detail(request: HttpRequest, pk: int) -> HttpResponse:
    incident = get_object_or_404(
        Incident.objects.visible_to(request.user).select_related("estate", "reported_by", "unit"),
        pk=pk,
    )
    notices = list(
        incident.notices.select_related("staff").order_by("-as_manager", "department", "pk")
    )
    mine = next((notice for notice in notices if notice.staff_id == request.user.pk), None)
    return render(
        request,
        "incidents/incident_detail.html",
        {
            "incident": incident,
            "notices": notices,
            "mine": mine,
            "known": sum(1 for notice in notices if notice.acknowledged_at),
        },
    )


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
