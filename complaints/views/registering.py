"""Writing a complaint down, on its own page or from a repair whose call-back failed."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import actions
from complaints.actions.registering import failed_callback
from complaints.choices import Channel, Shows
from complaints.forms.registering import ComplaintForm
from complaints.views.photos import keep_beside
from estates.models import Unit
from repairs.models import Repair
from repairs.views.acting import refuse


@permission_required("complaints.register", raise_exception=True)
def complaint_add(request):
    """A complaint that did not come through the call intake: letters, the net, a superior.

    ``?unit=``, ``?resident=`` of that unit, ``?text=`` and ``?source=`` fill in what a visit or
    call-back knows.
    """
    initial = {"content": request.GET.get("text", "")[:2000]}
    if request.GET.get("source") in Channel:
        initial["source"] = request.GET["source"]
    if request.GET.get("unit", "").isdecimal():
        rows = Unit.objects.visible_to(request.user)
        unit = get_object_or_404(rows, pk=request.GET["unit"])
        initial["room"] = unit.code
        person = request.GET.get("resident", "")
        residence = person.isdecimal() and unit.residences.filter(resident=person).first()
        if residence:
            initial["contact_name"] = residence.resident.name
            initial["contact_phone"] = residence.resident.phone
    return _door(request, None, initial)


@permission_required("complaints.register", raise_exception=True)
def complaint_from_repair(request, pk):
    """转投诉: unit, person and number are filled from the repair."""
    rows = Repair.objects.visible_to(request.user).select_related(
        "estate", "unit", "place", "resident"
    )
    repair = get_object_or_404(rows, pk=pk)
    initial = {"category": "repair", "where": repair.where, "content": repair.callback_note}
    return _door(request, repair, initial)


def _door(request, origin, initial):
    now = timezone.now()
    form = ComplaintForm(
        request.POST if request.method == "POST" else None,
        staff=request.user, now=now, origin=origin, initial=initial,
    )  # fmt: skip
    status = 200
    if request.method == "POST":
        complaint = _register(form, origin, request, now) if form.is_valid() else None
        if complaint:
            keep_beside(request, complaint, shows=Shows.COMPLAINT)
            messages.success(request, _("%(number)s 已登记") % {"number": complaint.number})
            if not complaint.is_reachable:
                messages.warning(request, _("没有联系方式: 问到电话, 或写怎么联系, 在这里补上"))
            return redirect("complaints:complaint_detail", complaint.pk)
        status = 422
    return render(
        request,
        "complaints/complaint_form.html",
        {"form": form, "origin": origin, "has_failed": origin is None or failed_callback(origin)},
        status=status,
    )


def _register(form, origin, request, now):
    terms, key = form.terms(), form.cleaned_data["client_key"]
    try:
        if origin:
            return actions.register_from_repair(origin, key, by=request.user, now=now, **terms)
        return actions.register(key, by=request.user, now=now, **terms)
    except ValidationError as error:
        refusal = refuse(form, error)
        if refusal.message:
            form.add_error(None, refusal.message)
        return None
