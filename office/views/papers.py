"""Tasks, checks and purchases: lists, pages, new ones, and the purchase ledger in Excel."""

from io import BytesIO

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from office import exports
from office.actions import purchases, tasks
from office.forms.adding import PurchaseForm, TaskForm
from office.models import Assignment, ButlerCheck, Purchase
from office.people import assignable
from office.statuses import OPEN_PURCHASES, PurchaseStatus, TaskStatus
from office.views.acting import form_of, paper_context
from office.views.doors import TABS, door, may_open, page, paper_list, refuse, slice_of

MINE, BY_ME, LINE = "mine", "by_me", "line"
WHOSE = (
    (MINE, gettext_lazy("给我的")),
    (BY_ME, gettext_lazy("我布置的")),
    (LINE, gettext_lazy("下属的")),
)
OPEN = "open"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first tab that the post has."""
    for tab in TABS:
        if may_open(request.user, tab.code):
            return redirect(tab.url_name)
    raise PermissionDenied


@require_safe
@door("tasks")
def task_list(request: HttpRequest) -> HttpResponse:
    whose = request.GET.get("whose", "")
    if whose not in dict(WHOSE):
        whose = MINE
    rows = Assignment.objects.visible_to(request.user)
    if whose == MINE:
        rows = rows.filter(assignee=request.user)
    elif whose == BY_ME:
        rows = rows.filter(set_by=request.user)
    else:
        rows = rows.exclude(assignee=request.user)
    return paper_list(
        request,
        "office/task_list.html",
        "tasks",
        rows.select_related("set_by", "assignee"),
        TaskStatus,
        whose=whose,
        all_whose=WHOSE,
        may_set=assignable(request.user).exists(),
    )


@door("tasks")
def task_add(request: HttpRequest) -> HttpResponse:
    """Only who has somebody below him in the line."""
    if not assignable(request.user).exists():
        raise PermissionDenied
    now = timezone.now()
    form = TaskForm(request.POST or None, staff=request.user, now=now)
    return add_paper(request, form, tasks.set_task, now, "tasks", _("布置任务"), "office:task_list")


@require_safe
@door("tasks")
def task_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, "office/paper.html", "tasks", paper_context(request, "task", pk))


@require_safe
@door("checks")
def check_list(request: HttpRequest) -> HttpResponse:
    rows = ButlerCheck.objects.visible_to(request.user).select_related("checked_by")
    rows = rows.prefetch_related("results__butler")
    return paper_list(request, "office/check_list.html", "checks", rows)


@require_safe
@door("checks")
def check_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """MGT-2: each butler with what he owes and missed, and room for a result."""
    context = paper_context(request, "check", pk)
    check = context["paper"]
    step = context["open_steps"].get("record")
    if step:
        form = form_of(step, check, request, context["now"])
        context |= {"form": form, "butlers": form.rows(), "record": step}
    context["results"] = check.results.select_related("butler")
    context["loads"] = exports.butler_loads(check, context["now"])
    return page(request, "office/check_detail.html", "checks", context)


def _purchases(request: HttpRequest):
    status = request.GET.get("status", OPEN)
    rows = Purchase.objects.visible_to(request.user)
    if status == OPEN:
        rows = rows.filter(status__in=OPEN_PURCHASES)
    elif status in PurchaseStatus.values:
        rows = rows.filter(status=status)
    return rows, status


@require_safe
@door("purchases")
def purchase_list(request: HttpRequest) -> HttpResponse:
    rows, status = _purchases(request)
    found, older = slice_of(request, rows.select_related("requested_by"))
    context = {
        "rows": found,
        "older": older,
        "status": status,
        "statuses": [(OPEN, _("未完")), ("all", _("全部")), *PurchaseStatus.choices],
    }
    return page(request, "office/purchase_list.html", "purchases", context)


@require_safe
@permission_required("office.follow_purchases", raise_exception=True)
def purchase_export(request: HttpRequest) -> HttpResponse:
    """采购台账: what the list shows, as a workbook."""
    rows, _status = _purchases(request)
    return workbook(
        lambda file: exports.write_purchases(file, rows, by=request.user, now=timezone.now()),
        _("采购台账_%(day)s.xlsx") % {"day": f"{timezone.localdate():%Y-%m-%d}"},
    )


@permission_required("office.request_purchase", raise_exception=True)
def purchase_add(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = PurchaseForm(request.POST or None, staff=request.user, now=now)
    return add_paper(
        request,
        form,
        purchases.request_purchase,
        now,
        "purchases",
        _("申请采购"),
        "office:purchase_list",
    )


@require_safe
@door("purchases")
def purchase_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, "office/paper.html", "purchases", paper_context(request, "purchase", pk))


def add_paper(request, form, action, now, tab, heading, back) -> HttpResponse:
    """Show the form; on POST begin the paper and open its page."""
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            paper = action(**form.cleaned_data, by=request.user, now=now)
        except ValidationError as error:
            refusal = refuse(form, error)
        else:
            messages.success(request, str(paper) + " · " + _("已保存"))
            return redirect(paper)
    status = refusal.status if refusal else (422 if form.errors else 200)
    context = {"form": form, "heading": heading, "back": back, "refusal": refusal}
    return page(request, "office/form.html", tab, context, status=status)


def workbook(write, name: str) -> FileResponse:
    """A workbook as a download."""
    file = BytesIO()
    write(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name)
