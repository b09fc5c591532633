"""The steps of a month: reviewed, published with progress, filed (forms 4.5)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.models import Staff
from appraisal.actions import months
from appraisal.models import Publication
from appraisal.views.doors import require, say, status_of
from appraisal.views.months import month_from, month_page
from estates.models import Estate


def estate_of(request):
    pk = request.POST.get("estate", "")
    return get_object_or_404(
        Estate.objects.visible_to(request.user), pk=pk if pk.isdigit() else None
    )


@require_POST
def month_review(request, month):
    """Sign the results of whoever is ticked."""
    require(request, "appraisal.publish")
    when, estate = month_from(month), estate_of(request)
    wanted = [int(pk) for pk in request.POST.getlist("people") if pk.isdigit()]
    try:
        rows = months.review(
            when, Staff.objects.filter(pk__in=wanted), estate=estate, by=request.user,
            now=timezone.now(),
        )  # fmt: skip
    except ValidationError as error:
        say(request, error)
        return month_page(request, when, status=status_of(error))
    messages.success(
        request,
        ngettext("已审核 %(count)s 人, 还没有公布", "已审核 %(count)s 人, 还没有公布", len(rows))
        % {"count": len(rows)},
    )
    return redirect("appraisal:month_detail", month)


@require_POST
def month_publish(request, month):
    require(request, "appraisal.publish")
    when, now = month_from(month), timezone.now()
    try:
        row = months.publish(when, estate=estate_of(request), by=request.user, now=now)
        months.work_off(row, now=now)
    except ValidationError as error:
        say(request, error)
        return month_page(request, when, status=status_of(error))
    return redirect("appraisal:month_detail", month)


@require_POST
def month_work(request, month, pk):
    """The next slice of a publication, asked for by its page; the scan goes on without it."""
    require(request, "appraisal.publish")
    row = get_object_or_404(Publication, pk=pk, by=request.user, month=month_from(month))
    row = months.work_off(row, now=timezone.now())
    if request.headers.get("X-Progress"):
        return render(request, "appraisal/_publication.html", {"publication": row})
    return redirect("appraisal:month_detail", month)


@require_POST
def month_archive(request, month):
    require(request, "appraisal.publish")
    when = month_from(month)
    try:
        count = months.archive(when, estate=estate_of(request), by=request.user, now=timezone.now())
    except ValidationError as error:
        say(request, error)
        return month_page(request, when, status=status_of(error))
    messages.success(request, _("已归档 %(count)s 人") % {"count": count})
    return redirect("appraisal:month_detail", month)
