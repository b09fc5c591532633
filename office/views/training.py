"""Training: sessions, the yearly plan, who is qualified; and the workflows of the manual."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from office.actions import plans, training
from office.forms.adding import PlanForm, SessionForm, items_of
from office.models import TrainingPlan, TrainingSession
from office.qualification import standings
from office.statuses import PlanStatus, SessionStatus
from office.views.acting import paper_context
from office.views.doors import door, page, paper_list
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
    return page(request, "office/people.html", "people", {"people": found, "needed": needed})


@require_safe
@door("workflows")
def workflow_page(request: HttpRequest) -> HttpResponse:
    return page(request, "office/workflows.html", "workflows", {"workflows": workflows()})
