"""Collection rates per estate and month, until fees have a room of their own (FEE-2)."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from appraisal.actions import rates
from appraisal.forms.months import RateForm
from appraisal.models import CollectionRate
from appraisal.views.doors import require, require_reader
from estates.refusals import put_refusal


@require_http_methods(["GET", "HEAD", "POST"])
def rate_list(request):
    """Every rate of one's estates; the assistant enters what was owed and paid."""
    require_reader(request)
    may_enter = request.user.has_perm("appraisal.enter_rate")
    form = None
    if request.method == "POST":
        require(request, "appraisal.enter_rate")
        form = RateForm(request.POST, staff=request.user)
        if form.is_valid():
            try:
                rates.enter_rate(**form.cleaned_data, by=request.user, now=timezone.now())
            except ValidationError as error:
                put_refusal(form, error)
            else:
                return redirect("appraisal:rate_list")
    rows = CollectionRate.objects.visible_to(request.user).select_related("estate", "entered_by")
    return render(
        request,
        "appraisal/rate_list.html",
        {
            "rates": list(rows[:36]),
            "form": form or (RateForm(staff=request.user) if may_enter else None),
        },
        status=422 if request.method == "POST" else 200,
    )
