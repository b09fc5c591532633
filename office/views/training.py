"""Training: sessions, the yearly plan, who is qualified; and the workflows of the manual."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from office.actions import plans, qualifying, training
from office.forms.adding import PlanForm, SessionForm, StaffRecordForm, items_of
from office.models import StaffRecord, TrainingPlan, TrainingSession
from office.qualification import in_sight_of, standings, trainings_of
from office.statuses import PlanStatus, SessionStatus
from office.views.acting import paper_context
from office.views.doors import door, page, paper_list, refuse, slice_of
from office.views.papers import add_paper
from office.workflows import workflows


@require_safe
@door("training")
def session_list(request: HttpRequest) -> HttpResponse:
    rows = TrainingSession.objects.visible_to(request.user)
    return paper_list(request, "office/session_list.html", "training", rows, SessionStatus)


@permission_required("office.arrange_training", raise_exception=True)
def session_add(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    asked = request.GET.get("item", "")
    item = items_of(request.user).filter(pk=asked).first() if asked.isdecimal() else None
    form = SessionForm(request.POST or None, staff=request.user, now=now, item=item,
                       person=request.GET.get("person", ""))  # fmt: skip
    return add_paper(
        request,
        form,
        training.plan_session,
        now,
        "training",
        _("安排培训"),
        "office:session_list",
    )


@require_safe
@door("training")
def session_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever arranges training sees every mark; a participant his own."""
    context = paper_context(request, "session", pk)
    rows = context["paper"].attendances.select_related("staff", "signed_by")
    rows = rows.order_by("staff__name", "pk")
    context["sees_marks"] = request.user.has_perm("office.view_training")
    context["rows"] = rows
    return page(request, "office/session_detail.html", "training", context)


@require_safe
@door("plans")
def plan_list(request: HttpRequest) -> HttpResponse:
    rows = TrainingPlan.objects.visible_to(request.user).select_related("submitted_by")
    return paper_list(request, "office/plan_list.html", "plans", rows)


@permission_required("office.arrange_training", raise_exception=True)
def plan_add(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = PlanForm(request.POST or None, staff=request.user, now=now)
    return add_paper(
        request, form, plans.open_plan, now, "plans", _("编年度培训计划"), "office:plan_list"
    )


@require_safe
@door("plans")
def plan_detail(request: HttpRequest, pk: int) -> HttpResponse:
    context = paper_context(request, "plan", pk)
    plan = context["paper"]
    context["items"] = plan.items.prefetch_related("sessions")
    context["may_arrange"] = plan.status == PlanStatus.APPROVED and (
        request.user.has_perm("office.arrange_training")
    )
    return page(request, "office/plan_detail.html", "plans", context)


@require_safe
@door("people")
def people_page(request: HttpRequest) -> HttpResponse:
    found, needed = standings(request.user, timezone.now())
    context = {"people": found, "needed": needed}
    if request.user.has_perm("office.arrange_training"):
        records = StaffRecord.objects.visible_to(request.user).filter(recorded_at=None)
        context["records"] = records.select_related("estate")
    return page(request, "office/people.html", "people", context)


@require_safe
@door("people")
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's trainings with marks and resits, newest first: why he may be on post, or not."""
    person = get_object_or_404(in_sight_of(request.user), pk=pk)
    rows, older = slice_of(request, trainings_of(person, by=request.user))
    context = {
        "person": person,
        "rows": rows,
        "older": older,
        "may_arrange": request.user.has_perm("office.arrange_training"),
    }
    return page(request, "office/person_detail.html", "people", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("office.arrange_training", raise_exception=True)
def staff_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was qualified already when the estate began: many ticked at once (TRN-1)."""
    now = timezone.now()
    rows = StaffRecord.objects.visible_to(request.user).select_related("estate", "recorded_by")
    record = get_object_or_404(rows, pk=pk)
    form = StaffRecordForm(request.POST or None, record=record, now=now)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            count = qualifying.record_staff(
                record, is_all="all" in request.POST, by=request.user, now=now, **form.cleaned_data
            )
        except ValidationError as error:
            refusal = refuse(form, error)
        else:
            said = ngettext("已登记 %(n)s 人合格上岗", "已登记 %(n)s 人合格上岗", count)
            messages.success(request, said % {"n": count} if count else _("人员资格已登记完"))
            return redirect("office:people" if record.recorded_at else record.get_absolute_url())
    status = refusal.status if refusal else 422 if form.errors else 200
    context = {"record": record, "form": form, "refusal": refusal}
    return page(request, "office/staff_record.html", "people", context, status=status)


@require_safe
@door("workflows")
def workflow_page(request: HttpRequest) -> HttpResponse:
    return page(request, "office/workflows.html", "workflows", {"workflows": workflows()})
