"""Who works for which estate, and which butler answers for which building."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Staff
from accounts.posts import BUTLER
from estates import actions
from estates.models import Building, Estate, Membership, estate_ids_of
from estates.views.places import by_number


@require_http_methods(["GET", "POST"])
@permission_required("accounts.manage", raise_exception=True)
def staff_estates(request, pk):
    """The estates one person works for, and the buildings of his area."""
    mine = estate_ids_of(request.user)
    person = get_object_or_404(
        # Whoever works for none of one's own estates is out of scope, except new people.
        Staff.objects.filter(Q(memberships__estate__in=mine) | Q(memberships=None)).distinct(),
        pk=pk,
    )
    if request.method == "POST":
        chosen = {
            int(pk)
            for pk in request.POST.getlist("estates")
            if pk.isascii() and pk.isdigit() and len(pk) < 16
        }
        if not chosen <= set(mine):
            raise Http404
        if person.pk == request.user.pk and not chosen:
            messages.error(request, _("不能把自己从所有项目中移出"))
        else:
            actions.set_estates(
                person, estates=chosen, among=mine, by=request.user, now=timezone.now()
            )
            messages.success(request, _("%(name)s 的所属项目已保存") % {"name": person.name})
        return redirect("estates:staff_estates", pk=person.pk)
    works_for = set(Membership.objects.filter(staff=person).values_list("estate", flat=True))
    areas = Building.objects.filter(area__staff=person, estate__in=mine).select_related("estate")
    return render(
        request,
        "estates/staff_estates.html",
        {
            "person": person,
            "works_for": works_for,
            "estates": Estate.objects.visible_to(request.user),
            "buildings": sorted(areas, key=lambda one: (one.estate_id, by_number(one))),
            "is_butler": person.post == BUTLER,
        },
    )


@require_http_methods(["GET", "POST"])
@permission_required("accounts.manage", raise_exception=True)
def area_list(request):
    """Every building with its butler, changed by choosing another one."""
    buildings = Building.objects.visible_to(request.user).select_related("area__staff", "estate")
    status = 200
    if request.method == "POST":
        status = _change_areas(request, buildings)
        if status == 200:
            return redirect("estates:area_list")
    butlers = {}
    for link in (
        Membership.objects.filter(
            staff__post=BUTLER, staff__is_active=True, estate__in=estate_ids_of(request.user)
        )
        .select_related("staff")
        .order_by("staff__name")
    ):
        butlers.setdefault(link.estate_id, []).append(link.staff)
    rows = sorted(buildings.all(), key=lambda one: (one.estate_id, by_number(one)))
    for building in rows:
        building.butlers = butlers.get(building.estate_id, [])
    return render(
        request,
        "estates/area_list.html",
        {"buildings": rows, "without": sum(not hasattr(one, "area") for one in rows)},
        status=status,
    )


def _change_areas(request, buildings):
    """Store every select that differs from what its page showed; 200, or 409 for lost ones."""
    status, count = 200, 0
    for building in buildings:
        if f"butler-{building.pk}" not in request.POST:
            continue
        wanted = _number(request.POST[f"butler-{building.pk}"])
        seen = _number(request.POST.get(f"seen-{building.pk}", ""))
        if wanted == seen:
            continue
        staff = Staff.objects.filter(pk=wanted).first() if wanted else None
        try:
            if wanted and staff is None:
                raise ValidationError(_("只能选本项目在职的客服管家"))
            actions.set_butler(
                building, staff=staff, seen=seen, by=request.user, now=timezone.now()
            )
            count += 1
        except ValidationError as error:
            messages.error(request, error.messages[0])
            status = 409
    if count:
        messages.success(request, _("已改 %(count)s 栋楼的管家") % {"count": count})
    return status


def _number(text):
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
