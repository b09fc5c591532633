"""The butler's visits: what is due, the record at the door (W6), and what came of it."""

from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estates.household import first_people
from estates.models import Area, Unit, building_ids_of, estate_ids_of
from repairs.happened import happened
from repairs.photos import key_of, read_picture
from rulebook.limits import limits
from visits import actions, plan
from visits.attached import words_of
from visits.forms import TOPICS, PlanForm, VisitForm, WordsForm
from visits.models import OWED, Visit, VisitStatus
from visits.views.doors import (
    Refusal,
    go_on,
    of_another_account,
    refuse,
    typed,
    visible_visit,
)

ROWS = 25
TABS = ("plan", "next", "done", "suggestions", "review")


@require_safe
@permission_required("visits.view", raise_exception=True)
def visit_list(request: HttpRequest) -> HttpResponse:
    """``?tab=``: this month's plan, the households due after it, records, suggestions, reviews."""
    tab = request.GET.get("tab", "plan")
    tab = tab if tab in TABS else "plan"
    text = request.GET.get("page", "1")
    page = max(int(text), 1) if text.isdecimal() and len(text) < 6 else 1
    first = (page - 1) * ROWS
    context = {"tab": tab, "page": page, "now": timezone.now(), "today": timezone.localdate()}
    if tab == "next":
        rows = _next_households(request.user, first)
    else:
        rows = list(_rows(request.user, tab)[first : first + ROWS + 1])
        _name_people(rows)
    context |= {"rows": rows[:ROWS], "next_page": page + 1 if len(rows) > ROWS else None}
    return render(request, "visits/visit_list.html", context)


def _rows(staff, tab):
    rows = Visit.objects.visible_to(staff).select_related(
        "unit", "butler", "resident", "recorded_by"
    )
    if tab == "plan":
        return rows.filter(status__in=OWED).order_by("planned_for", "pk")
    rows = rows.exclude(status__in=OWED).exclude(status=VisitStatus.CANCELLED)
    if tab == "suggestions":
        rows = rows.exclude(suggestion="")
    if tab == "review":
        rows = rows.filter(reviewed_at=None)
    return rows.order_by("-happened_at", "-pk")


def _name_people(rows):
    """``row.person``: who was spoken to, else whom to ask for at the door. One query."""
    people = first_people([row.unit_id for row in rows if not row.resident_name],
                           today=timezone.localdate())  # fmt: skip
    for row in rows:
        row.person = row.resident_name or people.get(row.unit_id, "")


def _next_households(staff, first):
    """Nothing is planned there; the nearest due first. Three queries."""
    units = Unit.objects.filter(estate__in=estate_ids_of(staff)).exclude(visits__status__in=OWED)
    if staff.duty.scope == "area":
        units = units.filter(building__in=building_ids_of(staff))
    numbers = limits(*plan.NUMBERS, at=timezone.now())
    due = plan.nearest_due(units, today=timezone.localdate(), numbers=numbers)
    page = due[first : first + ROWS + 1]
    known = Unit.objects.select_related("building").in_bulk([one.unit_id for one in page])
    butlers = dict(
        Area.objects.filter(building__in={unit.building_id for unit in known.values()})
        .values_list("building_id", "staff__name")
    )  # fmt: skip
    return [
        {"unit": known[one.unit_id], "due_on": one.due_on, "last_visit": one.last_visit,
         "butler": butlers.get(known[one.unit_id].building_id, "")}
        for one in page
    ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("visits.record", raise_exception=True)
def visit_record(request: HttpRequest, pk: int) -> HttpResponse:
    """W6. Sent by the page or by the outbox of a phone, once or often: one record."""
    visit, now = visible_visit(request, pk), timezone.now()
    form = VisitForm(
        request.POST if request.method == "POST" else None,
        visit=visit,
        initial={"client_key": uuid4()},
    )
    refusal = None
    if request.method == "POST":
        refusal = of_another_account(request) or _record(request, visit, form, now)
        if refusal is None:
            bad = _keep_photos(request, visit, form, now)
            for line in bad:
                messages.warning(request, line)
            messages.success(request, _said(visit))
            return go_on(request, reverse("visits:visit_detail", args=[pk]))
        visit = visible_visit(request, pk)
    return render(
        request,
        "visits/visit_record.html",
        {
            "visit": visit,
            "form": form,
            "refusal": refusal,
            "topics": TOPICS,
            "now": now,
            "last": _last_visit(visit),
            "may_reveal": request.user.has_perm("estates.reveal"),
        },
        status=refusal.status if refusal else 200,
    )


def _said(visit) -> str:
    words = {"unit": visit.unit.code, "status": visit.get_status_display()}
    if visit.status == VisitStatus.MISSED:
        words["day"] = f"{visit.planned_for:%m-%d}"
        return _("%(unit)s 已记不在家, 改约 %(day)s") % words
    return _("%(unit)s 已记: %(status)s") % words


def _record(request, visit, form, now) -> Refusal | None:
    if not form.is_valid():
        key = form.cleaned_data.get("client_key")
        if form.cleaned_data.get("kept") and key:
            _attach_raw(request, visit, key, now)
            return None
        return Refusal("", 422)
    terms = form.terms()
    try:
        actions.record(visit, by=request.user, now=now, happened_at=form.when(now=now), **terms)
    except ValidationError as error:
        if terms["kept"]:
            _attach_raw(request, visit, terms["client_key"], now)
            return None
        return refuse(form, error)
    for person, field, after in form.changes():
        actions.propose_change(
            visit, resident=person, field=field, after=after, by=request.user, now=now
        )
    return None


def _attach_raw(request, visit, key, now):
    """What waited on a phone and cannot be read as a record is kept word for word."""
    at = happened(request.POST.get("happened_at", ""), now=now)
    actions.attach(
        visit, detail=typed(request), client_key=key, happened_at=at, by=request.user, now=now
    )


def _keep_photos(request, visit, form, now) -> list[str]:
    """Good photos are kept, others named; the record stands in any case."""
    refused = []
    at = form.when(now=now)
    for file in request.FILES.getlist("photos"):
        try:
            actions.add_photo(
                visit,
                picture=read_picture(file),
                client_key=key_of(form.cleaned_data["client_key"], file),
                happened_at=at,
                by=request.user,
                now=now,
            )
        except ValidationError as error:
            refused.append(f"{file.name[:60]}: {' '.join(error.messages)}")
    return refused


def _last_visit(visit):
    rows = Visit.objects.met().filter(unit=visit.unit).exclude(pk=visit.pk)
    return rows.order_by("-visited_on", "-pk").first()


@require_safe
@permission_required("visits.view", raise_exception=True)
def visit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _detail(request, visible_visit(request, pk))


def _detail(request, visit, refusal=None):
    may_reveal = request.user.has_perm("estates.reveal")
    about = {"unit": visit.unit_id}
    if visit.resident_id:
        about["resident"] = visit.resident_id
    if visit.suggestion:
        about["text"] = visit.suggestion[:500]
    return render(
        request,
        "visits/visit_detail.html",
        {
            "visit": visit,
            "tries": list(visit.tries.select_related("by")),
            "addenda": [
                (row, words_of(row.detail, may_reveal=may_reveal))
                for row in visit.addenda.select_related("by")
            ],
            "changes": list(visit.changes.select_related("resident", "decided_by")),
            "photos": list(visit.photos.all()),
            "refusal": refusal,
            "may_reveal": may_reveal,
            "intake": f"{reverse('desk:intake')}?{urlencode(about | {'source': 'butler'})}",
            "complain": f"{reverse('complaints:complaint_add')}?{urlencode(about | {'source': 'visit'})}",
            "may_review": request.user.has_perm("visits.review")
            and visit.recorded_by_id != request.user.pk,
        },
        status=refusal.status if refusal else 200,
    )


@require_POST
@permission_required("visits.record", raise_exception=True)
def visit_measure(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, actions.finish_measure, "outcome", _("已记完成情况"))


@require_POST
@permission_required("visits.review", raise_exception=True)
def visit_review(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, actions.review, "text", _("已审核"))


def _step(request, pk, act, name, done):
    visit = visible_visit(request, pk)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _detail(request, visit, Refusal(_("最多 500 字"), 422))
    try:
        act(visit, by=request.user, now=timezone.now(), **{name: form.cleaned_data["text"]})
    except ValidationError as error:
        return _detail(request, visible_visit(request, pk), refuse(None, error))
    messages.success(request, f"{visit.unit.code} {done}")
    return redirect("visits:visit_detail", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("visits.record", raise_exception=True)
def visit_plan(request: HttpRequest) -> HttpResponse:
    """A visit beside the plan."""
    initial = {"room": request.GET.get("room", ""), "planned_for": timezone.localdate()}
    form = PlanForm(request.POST or None, staff=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            visit = actions.plan_visit(
                data["room"], kind=data["kind"], planned_for=data["planned_for"], by=request.user,
                now=timezone.now(),
            )  # fmt: skip
        except ValidationError as error:
            if not hasattr(error, "error_dict"):
                error = ValidationError({"__all__": error.messages})
            form.add_error(None, error)
        else:
            messages.success(request, _("%(unit)s 已列入走访计划") % {"unit": visit.unit.code})
            return redirect("visits:visit_record", visit.pk)
    return render(
        request, "visits/visit_plan.html", {"form": form}, status=422 if form.errors else 200
    )
