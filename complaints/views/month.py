"""The month's analysis: every figure opens its complaints; the assistant writes what follows."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from complaints.analysis import (
    month_figures,
    month_from,
    months_back,
    owed_analysis,
    write_analysis,
)
from complaints.exports import write_month
from complaints.figures import month_of
from complaints.models import Analysis
from complaints.views.listing import taken
from estates.models import Estate
from repairs.forms.steps import text


class AnalysisForm(forms.Form):
    words = text(gettext_lazy("分析与改进意见"), rows=6, missing=gettext_lazy("写一句分析和改进意见"),
                 length=4000)  # fmt: skip


@permission_required("complaints.analyse", raise_exception=True)
def analysis(request):
    """One month of one estate; a POST keeps the assistant's words about it (CMP-6)."""
    now = timezone.now()
    estate, estates = _estate(request)
    month = month_from(request.GET.get("month", ""), now)
    written = Analysis.objects.filter(estate=estate, month=month).select_related("written_by")
    written = written.first()
    form = AnalysisForm(
        request.POST if request.method == "POST" else None,
        initial={"words": written.words if written else ""},
    )
    if request.method == "POST":
        if not request.user.has_perm("complaints.handle"):
            raise PermissionDenied
        if form.is_valid() and _written(form, estate, month, request.user, now):
            messages.success(request, _("%(month)s 的投诉分析已提交") % {"month": f"{month:%Y-%m}"})
            where = reverse("complaints:analysis")
            return redirect(f"{where}?estate={estate.pk}&month={month:%Y-%m}")
    return render(
        request,
        "complaints/analysis.html",
        {
            "estate": estate,
            "estates": estates,
            "month": month,
            "months": months_back(now),
            "figures": month_figures(request.user, estate=estate, month=month, now=now),
            "written": written,
            "owed": owed_analysis(written),
            "form": form,
            "is_over": month < month_of(now),
            "may_write": request.user.has_perm("complaints.handle"),
        },
        status=422 if form.is_bound else 200,
    )


def _written(form, estate, month, by, now):
    try:
        write_analysis(estate, month=month, words=form.cleaned_data["words"], by=by, now=now)
    except ValidationError as error:
        form.add_error("words", error.messages)
        return False
    return True


@require_safe
@permission_required("complaints.analyse", raise_exception=True)
def analysis_export(request):
    """The same table as a workbook."""
    now = timezone.now()
    estate, _estates = _estate(request)
    month = month_from(request.GET.get("month", ""), now)
    written = Analysis.objects.filter(estate=estate, month=month).first()
    figures = month_figures(request.user, estate=estate, month=month, now=now)
    return taken(
        request,
        _("投诉月度分析_%(month)s.xlsx") % {"month": f"{month:%Y-%m}"},
        now=now,
        words=f"{estate.name} {month:%Y-%m}",
        write=lambda file: write_month(
            file, figures=figures, estate=estate, month=month,
            words=written.words if written else "", by=request.user, now=now,
        ),
    )  # fmt: skip


def _estate(request):
    """The estate asked for, else the first of the person's; 404 for a foreign one."""
    estates = list(Estate.objects.visible_to(request.user).order_by("pk"))
    asked = request.GET.get("estate", "")
    if asked.isascii() and asked.isdecimal() and len(asked) < 19:
        return get_object_or_404(Estate.objects.visible_to(request.user), pk=asked), estates
    if not estates:
        raise PermissionDenied
    return estates[0], estates
