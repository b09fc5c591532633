"""Units and the people in them."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from estates import actions
from estates.actions.people import PRIVATE
from estates.forms import PersonForm, ResidentForm, UnitForm
from estates.lookup import matching_units
from estates.models import VACANT, Building, Occupancy, Residence, Resident, Unit
from estates.refusals import put_refusal
from estates.typed import clean_text
from estates.views.doors import in_own_area
from estates.views.places import by_number

PAGE = 25


@require_GET
@permission_required("estates.view", raise_exception=True)
def unit_list(request):
    """Units by room, name, phone or pinyin, by building and by occupancy; 25 a page."""
    term = clean_text(request.GET.get("q", ""))[:60]
    building, occupancy = request.GET.get("building", ""), request.GET.get("occupancy", "")
    units = (
        matching_units(term, staff=request.user) if term else Unit.objects.visible_to(request.user)
    )
    if building.isascii() and building.isdigit() and len(building) < 16:
        units = units.filter(building=int(building))
    if occupancy == "vacant":
        units = units.filter(occupancy__in=VACANT)
    elif occupancy in Occupancy.values:
        units = units.filter(occupancy=occupancy)
    people = Residence.objects.filter(until=None).select_related("resident").order_by("pk")
    units = (
        units.select_related("building__area__staff")
        .prefetch_related(Prefetch("residences", people, to_attr="people"))
        .order_by("building", "stair", "floor", "room", "pk")
    )
    page = Paginator(units, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    buildings = Building.objects.visible_to(request.user).select_related("estate")
    context = {
        "page": page,
        "q": term,
        "building": building,
        "occupancy": occupancy,
        "buildings": sorted(buildings, key=lambda one: (one.estate_id, by_number(one))),
        "occupancies": Occupancy.choices,
        "query": query.urlencode(),
        "filtered": bool(term or building or occupancy),
    }
    template = "estates/_unit_rows.html" if request.htmx else "estates/unit_list.html"
    return render(request, template, context)


def _household(unit_pk):
    try:
        return reverse("desk:household", args=[unit_pk])
    except NoReverseMatch:
        return reverse("estates:unit_list")


def _unit_or_404(request, pk):
    units = Unit.objects.visible_to(request.user).select_related("building", "estate")
    unit = get_object_or_404(units, pk=pk)
    in_own_area(unit, request.user)
    return unit


@require_http_methods(["GET", "POST"])
@permission_required("estates.change", raise_exception=True)
def unit_change(request, pk):
    unit = _unit_or_404(request, pk)
    form = UnitForm(request.POST or None, instance=unit)
    page = {
        "unit": unit,
        "form": form,
        "back": _household(pk),
        "residences": unit.residences.select_related("resident").order_by("pk"),
    }
    if request.method == "GET":
        return render(request, "estates/unit_form.html", page)
    if form.is_valid():
        try:
            actions.change_unit(
                unit,
                version=form.cleaned_data["version"],
                by=request.user,
                now=timezone.now(),
                **form.values(),
            )
            messages.success(request, _("%(unit)s 已保存") % {"unit": unit.code})
            return redirect(page["back"])
        except actions.StaleEditError as error:
            return _stale(request, "estates/unit_form.html", page, form, error)
        except ValidationError as error:
            put_refusal(form, error)
    return render(request, "estates/unit_form.html", page, status=422)


def _stale(request, template, page, form, error):
    """409 with both values; what was typed stays, and saving once more is a decision."""
    form.data = form.data.copy()
    form.data["version"] = error.current.version
    page |= {"clashes": error.clashes, "clash_text": error.messages[0]}
    return render(request, template, page, status=409)


@require_GET
@permission_required("estates.view", raise_exception=True)
def resident_detail(request, pk):
    resident = get_object_or_404(
        Resident.objects.visible_to(request.user).select_related("estate"), pk=pk
    )
    return render(request, "estates/resident_detail.html", _resident_page(request, resident))


def _resident_page(request, resident):
    return {
        "resident": resident,
        "residences": resident.residences.select_related("unit__building").order_by("unit__code"),
        "may_reveal": actions.may_reveal(resident, staff=request.user),
    }


@require_POST
@permission_required("estates.reveal", raise_exception=True)
def resident_reveal(request, pk):
    """One private field, once, with a history entry; JSON for the button, else the page."""
    resident = get_object_or_404(Resident.objects.visible_to(request.user), pk=pk)
    what = request.POST.get("what", "phone")
    try:
        value = actions.reveal(resident, what, by=request.user, now=timezone.now())
    except ValidationError as error:
        if error.code == "area":
            raise PermissionDenied(error.messages[0]) from None
        return JsonResponse({"problem": error.messages[0]}, status=422)
    if request.accepts("text/html") and "application/json" not in request.headers.get("Accept", ""):
        page = _resident_page(request, resident) | {"revealed": {what: value or "—"}}
        response = render(request, "estates/resident_detail.html", page)
    else:
        response = JsonResponse({what: value})
    response["Cache-Control"] = "no-store"
    return response


@sensitive_post_parameters("phone", "id_number", "care_note")
@require_http_methods(["GET", "POST"])
@permission_required(["estates.change", "estates.reveal"], raise_exception=True)
def resident_change(request, pk):
    """The form shows private fields, so opening it is written down as a look (MAN-4)."""
    resident = get_object_or_404(Resident.objects.visible_to(request.user), pk=pk)
    if not actions.may_reveal(resident, staff=request.user):
        raise PermissionDenied
    form = ResidentForm(request.POST or None, instance=resident)
    page = {
        "resident": resident,
        "form": form,
        "back": reverse("estates:resident_detail", args=[pk]),
    }
    if request.method == "GET":
        for what in PRIVATE:
            if getattr(resident, what):
                actions.reveal(resident, what, by=request.user, now=timezone.now())
        return render(request, "estates/resident_form.html", page)
    if form.is_valid():
        try:
            actions.change_resident(
                resident,
                version=form.cleaned_data["version"],
                by=request.user,
                now=timezone.now(),
                **form.values(),
            )
            messages.success(request, _("%(name)s 已保存") % {"name": resident.name})
            return redirect(page["back"])
        except actions.StaleEditError as error:
            return _stale(request, "estates/resident_form.html", page, form, error)
        except ValidationError as error:
            put_refusal(form, error)
    return render(request, "estates/resident_form.html", page, status=422)


@require_http_methods(["GET", "POST"])
@permission_required("estates.change", raise_exception=True)
def unit_person_add(request, pk):
    unit = _unit_or_404(request, pk)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            residence = actions.add_person(
                unit, by=request.user, now=timezone.now(), **form.cleaned_data
            )
            messages.success(
                request,
                _("%(name)s 已登记到 %(unit)s")
                % {"name": residence.resident.name, "unit": unit.code},
            )
            return redirect(_household(pk))
        except ValidationError as error:
            put_refusal(form, error)
    page = {"unit": unit, "form": form, "back": _household(pk)}
    status = 422 if request.method == "POST" else 200
    return render(request, "estates/person_form.html", page, status=status)


@require_POST
@permission_required("estates.change", raise_exception=True)
def residence_leave(request, pk):
    residence = get_object_or_404(
        Residence.objects.filter(Q(unit__in=Unit.objects.visible_to(request.user))).select_related(
            "unit__building", "resident"
        ),
        pk=pk,
    )
    in_own_area(residence.unit, request.user)
    now = timezone.now()
    try:
        actions.move_out(residence, until=timezone.localdate(now), by=request.user, now=now)
        messages.success(
            request,
            _("%(name)s 已登记搬离 %(unit)s")
            % {"name": residence.resident.name, "unit": residence.unit.code},
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("estates:unit_change", pk=residence.unit_id)
