"""The monthly stock count of the keys."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from followups.models import FollowUp
from registers.actions.counting import count_keys, hooks, settle_difference
from registers.catalogue import BY_SLUG
from registers.followups import KEY_DIFFERENCE
from registers.forms import CountForm
from registers.models import KeyCount
from registers.views.doors import Refusal, frame, refuse, require


@require_safe
def key_count_list(request: HttpRequest) -> HttpResponse:
    """Two years of counts, newest first."""
    require(request, "registers.view")
    require(request, "registers.keep")
    counts = KeyCount.objects.visible_to(request.user).select_related("estate", "counted_by")[:48]
    context = frame(request, BY_SLUG["keys"]) | {"counts": counts}
    return render(request, "registers/key_count_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def key_count(request: HttpRequest, pk: int) -> HttpResponse:
    """Hook by hook while it is open; afterwards the result with its differences."""
    require(request, "registers.keep")
    count = _count(request, pk)
    form, refusal = None, None
    if count.counted_at is None:
        form = CountForm(
            request.POST if request.method == "POST" else None, hooks=hooks(count.estate)
        )
    if request.method == "POST":
        refusal = Refusal(_("%(month)s 已经盘点过") % {"month": f"{count.month:%Y-%m}"}, 409)
        if form is not None:
            refusal = _write(count, form, request.user)
        if refusal is None:
            messages.success(request, _("盘点已记下"))
            return redirect(count)
    context = frame(request, BY_SLUG["keys"]) | {
        "count": count,
        "form": form,
        "refusal": refusal,
        "lines": list(count.lines.select_related("key__unit")),
        "is_open": FollowUp.objects.open().about(count).filter(kind=KEY_DIFFERENCE).exists(),
        "may_settle": request.user.has_perm("registers.approve"),
    }
    return render(
        request, "registers/key_count.html", context, status=refusal.status if refusal else 200
    )


@require_POST
def key_count_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of a difference."""
    require(request, "registers.approve")
    count = _count(request, pk)
    try:
        settle_difference(
            count, note=request.POST.get("note", "")[:200], by=request.user, now=timezone.now()
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已记处理结果"))
    return redirect(count)


def _write(count, form, staff):
    if not form.is_valid():
        return Refusal("", 422)
    try:
        count_keys(
            count,
            found=form.found(),
            reason=form.cleaned_data["reason"],
            by=staff,
            now=timezone.now(),
        )
    except ValidationError as error:
        return refuse(form, error)
    return None


def _count(request, pk):
    counts = KeyCount.objects.visible_to(request.user).select_related("estate", "counted_by")
    return get_object_or_404(counts, pk=pk)
