"""Estates with their buildings and public places."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from estates import actions
from estates.forms import BuildingForm, EstateForm, PlaceForm
from estates.models import Building, Estate, PublicPlace
from estates.refusals import put_refusal
from estates.views.doors import MANAGES, SEES_PLACES, needs_any


@require_GET
@needs_any(*SEES_PLACES)
def estate_list(request):
    estates = Estate.objects.visible_to(request.user).annotate(
        building_count=Count("buildings", distinct=True), unit_count=Count("units", distinct=True)
    )
    return render(
        request, "estates/estate_list.html", {"estates": estates, "manages": _manages(request.user)}
    )


@require_GET
@needs_any(*SEES_PLACES)
def estate_detail(request, pk):
    estate = get_object_or_404(Estate.objects.visible_to(request.user), pk=pk)
    buildings = estate.buildings.select_related("area__staff").annotate(unit_count=Count("units"))
    return render(
        request,
        "estates/estate_detail.html",
        {
            "estate": estate,
            "buildings": sorted(buildings, key=by_number),
            "places": estate.places.select_related("building").order_by("name"),
            "manages": _manages(request.user),
        },
    )


def by_number(building):
    """Buildings in the order people count: 2 before 10."""
    code = building.code
    digits = "".join(char for char in code if char.isascii() and char.isdigit())
    return (int(digits or 0), code)


def _manages(staff):
    return any(staff.has_perm(permission) for permission in MANAGES)


def _form_page(request, form, *, title, back, save):
    """Show a form; on a valid POST call ``save(cleaned)`` and go where it says."""
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(save(form.cleaned_data))
        except ValidationError as error:
            put_refusal(form, error)
    status = 422 if request.method == "POST" else 200
    page = {"form": form, "title": title, "back": back}
    return render(request, "estates/place_form.html", page, status=status)


@require_http_methods(["GET", "POST"])
@needs_any(*MANAGES)
def estate_add(request):
    form = EstateForm(request.POST or None)

    def save(values):
        estate = actions.add_estate(**values, by=request.user, now=timezone.now())
        messages.success(request, _("已新建项目 %(name)s") % {"name": estate.name})
        return _url("estate_detail", estate.pk)

    return _form_page(request, form, title=_("新建项目"), back=_url("estate_list"), save=save)


@require_http_methods(["GET", "POST"])
@needs_any(*MANAGES)
def estate_change(request, pk):
    estate = get_object_or_404(Estate.objects.visible_to(request.user), pk=pk)
    form = EstateForm(request.POST or None, instance=_copy(estate))

    def save(values):
        actions.change_estate(estate, **values, by=request.user, now=timezone.now())
        return _url("estate_detail", estate.pk)

    return _form_page(
        request, form, title=_("改项目资料"), back=_url("estate_detail", pk), save=save
    )


@require_http_methods(["GET", "POST"])
@needs_any(*MANAGES)
def building_add(request, pk):
    estate = get_object_or_404(Estate.objects.visible_to(request.user), pk=pk)
    form = BuildingForm(request.POST or None)

    def save(values):
        actions.add_building(estate, **values, by=request.user, now=timezone.now())
        return _url("estate_detail", estate.pk)

    return _form_page(request, form, title=_("加楼栋"), back=_url("estate_detail", pk), save=save)


@require_http_methods(["GET", "POST"])
@needs_any(*MANAGES)
def building_change(request, pk):
    building = get_object_or_404(Building.objects.visible_to(request.user), pk=pk)
    back = _url("estate_detail", building.estate_id)
    form = BuildingForm(request.POST or None, instance=_copy(building))

    def save(values):
        actions.change_building(building, **values, by=request.user, now=timezone.now())
        return back

    return _form_page(request, form, title=_("改楼栋"), back=back, save=save)


@require_http_methods(["GET", "POST"])
@needs_any(*MANAGES)
def place_add(request, pk):
    estate = get_object_or_404(Estate.objects.visible_to(request.user), pk=pk)
    form = PlaceForm(request.POST or None, estate=estate, instance=PublicPlace(estate=estate))

    def save(values):
        actions.add_place(estate, **values, by=request.user, now=timezone.now())
        return _url("estate_detail", estate.pk)

    return _form_page(
        request, form, title=_("加公共部位"), back=_url("estate_detail", pk), save=save
    )


@require_http_methods(["GET", "POST"])
@needs_any(*MANAGES)
def place_change(request, pk):
    place = get_object_or_404(
        PublicPlace.objects.visible_to(request.user).select_related("building"), pk=pk
    )
    back = _url("estate_detail", place.estate_id)
    form = PlaceForm(request.POST or None, estate=place.estate_id, instance=_copy(place))

    def save(values):
        actions.change_place(place, **values, by=request.user, now=timezone.now())
        return back

    return _form_page(request, form, title=_("改公共部位"), back=back, save=save)


def _copy(record):
    """A form writes into its instance while checking; the action compares with the original."""
    return type(record)(
        **{f.attname: getattr(record, f.attname) for f in record._meta.concrete_fields}
    )


def _url(name, *args):
    return reverse(f"estates:{name}", args=args)
