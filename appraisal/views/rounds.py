"""A round on one screen: nothing found is one action; who has something found gets a sheet."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Staff
from appraisal.actions import clearing, opening, rounds
from appraisal.forms.rounds import DrawForm
from appraisal.items import Kind
from appraisal.models import Round
from appraisal.views.doors import require, say, status_of
from history.models import Entry


def own_round(request, pk):
    require(request, "appraisal.inspect")
    return get_object_or_404(
        Round.objects.visible_to(request.user).select_related("estate", "inspector"), pk=pk
    )


@require_GET
def round_detail(request, pk):
    return round_page(request, own_round(request, pk))


def round_page(request, round_, status=200, draw_form=None):
    written = {sheet.staff_id: sheet for sheet in round_.sheets.order_by("pk")}
    draws = list(round_.draws.all())
    is_spot = round_.kind == Kind.SPOT
    latest = draws[:1] if is_spot else draws  # a new lot of spot checks replaces the one before
    picked = {pk for draw in latest for pk in draw.picked}
    people = [
        (person, written.get(person.pk), person.pk in picked)
        for person in round_.people.order_by("name", "pk")
    ]
    people.sort(key=lambda each: (each[1] is not None, not each[2]))  # what is left to do first
    return render(
        request,
        "appraisal/round_detail.html",
        {
            "round": round_,
            "people": people,
            "left": sum(sheet is None for _person, sheet, _picked in people),
            "draws": [_drawn(draw) for draw in latest],
            "picked_only": is_spot and bool(draws),
            "draw_form": (draw_form or DrawForm()) if is_spot else None,
            "changes": [
                (each, _why(each)) for each in Entry.objects.about(round_).filter(event__in=CHANGES)
            ],
            "day": max(min(timezone.localdate(), round_.ends_on), round_.starts_on),
        },
        status=status,
    )


def _drawn(draw):
    """A draw with the names it was made from, and whether its seed draws the same again."""
    names = dict(Staff.objects.filter(pk__in=draw.pool).values_list("pk", "name"))
    return {
        "draw": draw,
        "pool": [names.get(pk, "") for pk in draw.pool],
        "picked": [names.get(pk, "") for pk in draw.picked],
        "holds": rounds.pick(draw.pool, len(draw.picked), draw.seed) == draw.picked,
    }


CHANGES = ("appraisal.excused", "appraisal.left", "appraisal.joined")


def _why(entry) -> str:
    """Why somebody is no longer, or only now, in the round."""
    if entry.event == "appraisal.joined":
        return _("改抽到, 已加入") if entry.detail.get("drawn") else _("后来上班, 已加入")
    if entry.detail.get("why") == opening.CHECKED:
        return _("%(name)s已日检, 不再重复") % {"name": entry.detail["checked_by"]}
    if entry.detail.get("why") == opening.OFF_DUTY:
        return _("换班或请假, 这天不在班")
    return entry.detail["reason"]


@require_POST
def round_clear(request, pk):
    """Nothing found with everybody who is ticked: full sheets, handed in, in one action."""
    round_ = own_round(request, pk)
    wanted = [int(value) for value in request.POST.getlist("people") if value.isdigit()]
    try:
        count = clearing.clear(
            round_, list(round_.people.filter(pk__in=wanted)), by=request.user, now=timezone.now()
        )
    except ValidationError as error:
        say(request, error)
        return round_page(request, round_, status=status_of(error))
    messages.success(request, _("%(count)s 人未发现问题, 已记满分") % {"count": count})
    return redirect(round_)


@require_POST
def round_excuse(request, pk):
    """Somebody is left out of the round, with a reason."""
    round_ = own_round(request, pk)
    wanted = request.POST.get("person", "")
    person = get_object_or_404(Staff, pk=wanted if wanted.isdigit() else None)
    try:
        rounds.excuse(round_, person, reason=request.POST.get("reason", ""), by=request.user,
                      now=timezone.now())  # fmt: skip
    except ValidationError as error:
        say(request, error)
        return round_page(request, round_, status=status_of(error))
    return redirect(round_)


@require_POST
def round_draw(request, pk):
    round_ = own_round(request, pk)
    form = DrawForm(request.POST)
    if form.is_valid():
        try:
            rounds.draw(round_, **form.cleaned_data, by=request.user, now=timezone.now())
        except ValidationError as error:
            say(request, error)
        else:
            return redirect(round_)
    return round_page(request, round_, status=422, draw_form=form)
