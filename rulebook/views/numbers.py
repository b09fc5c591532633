"""Numbers and SOPs."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rulebook import actions
from rulebook.forms import NumberForm
from rulebook.models import SOP, NumberVersion
from rulebook.numbers import BY_KEY
from rulebook.provenance import Standing, by_topic, standing, standings
from rulebook.sops import CLAUSES


@require_safe
@permission_required("rulebook.view", raise_exception=True)
def number_list(request: HttpRequest) -> HttpResponse:
    """Every number by topic, with its source; ``?open=1`` leaves those to be confirmed."""
    found = list(standings(at=timezone.now()).values())
    open_ones = [one for one in found if not one.is_confirmed]
    only_open = request.GET.get("open") == "1"
    return render(
        request,
        "rulebook/number_list.html",
        {
            "topics": by_topic(open_ones if only_open else found),
            "only_open": only_open,
            "total": len(found),
            "open_count": len(open_ones),
        },
    )


@require_safe
@permission_required("rulebook.view", raise_exception=True)
def sop_list(request: HttpRequest) -> HttpResponse:
    """The 15 SOPs, each with its clauses and numbers."""
    by_sop: dict[str, list[Standing]] = {}
    for one in standings(at=timezone.now()).values():
        by_sop.setdefault(one.number.sop, []).append(one)
    sops = [(sop, CLAUSES.get(sop.code, ()), by_sop.get(sop.code, [])) for sop in SOP.objects.all()]
    return render(request, "rulebook/sop_list.html", {"sops": sops})


@require_safe
@permission_required("rulebook.view", raise_exception=True)
def number_detail(request: HttpRequest, key: str) -> HttpResponse:
    """One number: value, source, versions, and for the manager the form."""
    return _number_page(request, _standing_or_404(key))


@require_POST
@permission_required("rulebook.change", raise_exception=True)
def number_change(request: HttpRequest, key: str) -> HttpResponse:
    found = _standing_or_404(key)
    form = NumberForm(request.POST, number=found.number)
    if not form.is_valid():
        return _number_page(request, found, form, status=422)
    try:
        version = actions.change_number(
            key, **form.cleaned_data, by=request.user, now=timezone.now()
        )
    except ValidationError as error:
        return _refused(request, key, form, error)
    if version.effective_at > timezone.now():
        messages.success(request, _("已保存, 到生效时间起用"))
    else:
        messages.success(request, _("已保存, 新开的事项按新值计时"))
    return redirect("rulebook:number_detail", key)


@require_POST
@permission_required("rulebook.change", raise_exception=True)
def number_confirm(request: HttpRequest, key: str) -> HttpResponse:
    found = _standing_or_404(key)
    try:
        seen = int(request.POST.get("seen_version", ""))
    except ValueError:
        seen = -1
    try:
        actions.confirm_number(key, seen_version=seen, by=request.user, now=timezone.now())
    except ValidationError as error:
        return _refused(request, key, NumberForm(number=found.number), error)
    messages.success(request, _("已核定"))
    return redirect("rulebook:number_detail", key)


def _standing_or_404(key: str) -> Standing:
    if key not in BY_KEY:
        raise Http404
    return standing(key, at=timezone.now())


def _refused(
    request: HttpRequest, key: str, form: NumberForm, error: ValidationError
) -> HttpResponse:
    """The page again with the newest value, the reason, and what was typed."""
    found = standing(key, at=timezone.now())
    stale = isinstance(error, actions.StaleError)
    if form.is_bound:
        form.add_error(None, error)
        if stale:  # the page now shows the newest value, so the next save has seen it
            form.data = form.data.copy()
            form.data["seen_version"] = str(found.newest)
        error = None
    return _number_page(request, found, form, status=409 if stale else 422, error=error)


def _number_page(
    request: HttpRequest,
    found: Standing,
    form: NumberForm | None = None,
    *,
    status: int = 200,
    error: ValidationError | None = None,
) -> HttpResponse:
    if form is None or not form.is_bound:
        form = NumberForm(number=found.number, initial={"seen_version": found.newest})
    return render(
        request,
        "rulebook/number_detail.html",
        {
            "standing": found,
            "number": found.number,
            "versions": NumberVersion.objects.filter(key=found.number.key).select_related("by"),
            "form": form,
            "errors": error.messages if error else [],
        },
        status=status,
    )
