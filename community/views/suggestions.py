"""Suggestions: the list with what they are about, a new one, one with its answer (VIS-3)."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.actions import suggestions as actions
from community.forms import SuggestionForm
from community.models import Suggestion, Topic
from community.statuses import SuggestionStatus
from community.verbs import BY_KEY
from community.views.acting import attempt, frame_of, visible
from estates.models import Estate

ROWS = 25
NOUN = BY_KEY["suggestion"]
may_view = permission_required("community.view", raise_exception=True)
may_suggest = permission_required("community.suggest", raise_exception=True)


@require_safe
@may_view
def suggestion_list(request: HttpRequest) -> HttpResponse:
    """By state, topic and words; beside it how many of each topic wait and were answered."""
    rows = Suggestion.objects.visible_to(request.user)
    asked = {
        "state": request.GET.get("state", ""),
        "topic": request.GET.get("topic", ""),
        "q": request.GET.get("q", "").replace("\0", "").strip()[:60],
    }
    if asked["q"]:
        rows = rows.filter(Q(content__icontains=asked["q"]) | Q(unit__code__icontains=asked["q"]))
    topics = [
        (str(Topic(row["topic"]).label), row["topic"], row["all"], row["open"], row["adopted"])
        for row in rows.order_by()
        .values("topic")
        .annotate(
            all=Count("pk"),
            open=Count("pk", filter=Q(status=SuggestionStatus.OPEN)),
            adopted=Count("pk", filter=Q(verdict__in=("adopted", "partly"))),
        )
    ]
    topics.sort(key=lambda row: (-row[2], row[1]))
    if asked["state"] in SuggestionStatus.values:
        rows = rows.filter(status=asked["state"])
    if asked["topic"] in Topic.values:
        rows = rows.filter(topic=asked["topic"])
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        mark = Suggestion.objects.filter(pk=before).values("said_at", "pk").first()
        if mark:
            rows = rows.filter(said_at__lte=mark["said_at"]).exclude(
                said_at=mark["said_at"], pk__gte=mark["pk"]
            )
    rows = rows.select_related("unit", "owner", "answered_by").order_by("-said_at", "-pk")
    found = list(rows[: ROWS + 1])
    return render(
        request,
        "community/suggestion_list.html",
        {
            "suggestions": found[:ROWS],
            "older": found[ROWS - 1].pk if len(found) > ROWS else None,
            "topics": topics,
            "asked": asked,
            "states": [("", _("全部")), *SuggestionStatus.choices],
            "all_topics": Topic.choices,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may_suggest
def suggestion_add(request: HttpRequest) -> HttpResponse:
    estates = list(Estate.objects.visible_to(request.user))
    form = SuggestionForm(
        request.POST or None, staff=request.user, estates=estates,
        initial={"room": request.GET.get("room", "")[:30], "origin": "call", "topic": "other"},
    )  # fmt: skip
    if request.method == "POST":
        suggestion, status = attempt(form, lambda: _take(form, request))
        if status == 302:
            messages.success(request, _("建议已记下, 到期前要答复"))
            return redirect(suggestion)
    return render(
        request, "community/suggestion_form.html", {"form": form},
        status=422 if form.errors else 200,
    )  # fmt: skip


def _take(form: SuggestionForm, request: HttpRequest) -> Suggestion:
    data, now = form.cleaned_data, timezone.now()
    unit = data["room"]
    return actions.take(
        estate=unit.estate if unit else form.chosen_estate(), content=data["content"],
        origin=data["origin"], topic=data["topic"], unit=unit, name=data["name"],
        phone=data["phone"], said_at=now, by=request.user, now=now,
    )  # fmt: skip


@require_safe
@may_view
def suggestion_detail(request: HttpRequest, pk: int) -> HttpResponse:
    suggestion = visible(request, NOUN, pk)
    return render(
        request,
        "community/suggestion_detail.html",
        frame_of(request, NOUN, suggestion)
        | {"suggestion": suggestion, "may_reveal": request.user.has_perm("estates.reveal")},
    )
