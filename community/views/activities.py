"""Activities: plans of half a year, and each event from its scheme to its summary."""

from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.actions import events as actions
from community.actions import participants, photos, plans
from community.forms import EventForm, PlanForm
from community.models import CommunityEvent, EventPhoto, EventPlan
from community.months import next_half
from community.statuses import EventStatus, PlanStatus
from community.verbs import BY_KEY
from community.views.acting import attempt, edit, frame_of, visible
from estates.models import Estate, estates_of
from repairs.views.photos import keep_sent, picture_response
from visits.models import CallbackState

ROWS = 25
EVENT, PLAN = BY_KEY["event"], BY_KEY["plan"]
may_view = permission_required("community.view", raise_exception=True)
may_organise = permission_required("community.organise", raise_exception=True)


@require_safe
@may_view
def event_list(request: HttpRequest) -> HttpResponse:
    """The plans of the last halves, and every activity by its time, newest first."""
    rows = CommunityEvent.objects.visible_to(request.user).select_related("estate", "owner", "plan")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        mark = rows.filter(pk=before).values("starts_at", "pk").first()
        if mark:
            rows = rows.filter(starts_at__lte=mark["starts_at"]).exclude(
                starts_at=mark["starts_at"], pk__gte=mark["pk"]
            )
    found = list(rows.order_by("-starts_at", "-pk")[: ROWS + 1])
    plans_shown = (
        EventPlan.objects.visible_to(request.user)
        .select_related("estate")
        .annotate(count=Count("events"), budget=Sum("events__budget"))
        .order_by("-year", "-half", "estate")[:6]
    )
    return render(
        request,
        "community/event_list.html",
        {
            "events": found[:ROWS],
            "older": found[ROWS - 1].pk if len(found) > ROWS else None,
            "plans": list(plans_shown),
            "several": len(estates_of(request.user)) > 1,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may_organise
def plan_add(request: HttpRequest) -> HttpResponse:
    """A plan before its month opens it."""
    estates = list(Estate.objects.visible_to(request.user))
    now = timezone.now()
    year, half = next_half(timezone.localdate(now))
    form = PlanForm(request.POST or None, estates=estates, initial={"year": year, "half": half})
    if request.method == "POST":
        plan, status = attempt(
            form,
            lambda: plans.begin(
                estate=form.chosen_estate(), year=form.cleaned_data["year"],
                half=form.cleaned_data["half"], by=request.user, now=now,
            ),
        )  # fmt: skip
        if status == 302:
            messages.success(request, _("计划已建立, 先做意向调查"))
            return redirect(plan)
    return render(
        request, "community/plan_form.html", {"form": form}, status=422 if form.errors else 200
    )


@require_safe
@may_view
def plan_detail(request: HttpRequest, pk: int) -> HttpResponse:
    plan = visible(request, PLAN, pk)
    events = list(plan.events.select_related("owner").order_by("starts_at", "pk"))
    counted = [event for event in events if event.status != EventStatus.CANCELLED]
    return render(
        request,
        "community/plan_detail.html",
        frame_of(request, PLAN, plan)
        | {
            "plan": plan,
            "wishes": list(plan.wishes.all()),
            "events": events,
            "budget": sum(event.budget for event in counted),
            "is_open": plan.status == PlanStatus.WISHES,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may_organise
def event_add(request: HttpRequest) -> HttpResponse:
    """An activity of a plan (``?plan=``), or one beside the plans."""
    estates, plan = list(Estate.objects.visible_to(request.user)), None
    asked = request.GET.get("plan", "")
    if asked.isdecimal() and len(asked) < 19:
        rows = EventPlan.objects.visible_to(request.user).select_related("estate")
        plan = get_object_or_404(rows, pk=asked)
        estates = [plan.estate]
    form = EventForm(request.POST or None, estates=estates, initial={"owner": request.user.pk})
    if request.method == "POST":
        event, status = attempt(
            form,
            lambda: actions.add(
                estate=form.chosen_estate(), plan=plan, by=request.user, now=timezone.now(),
                **{name: form.cleaned_data[name] for name in actions.EDITABLE},
            ),
        )  # fmt: skip
        if status == 302:
            messages.success(request, _("活动已加入"))
            return redirect(plan or event)
    return render(
        request,
        "community/event_form.html",
        {"form": form, "plan": plan},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may_organise
def event_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return edit(request, EVENT, pk, form_class=EventForm, template="community/event_form.html",
                names=actions.EDITABLE, action=actions.edit)  # fmt: skip


@require_safe
@may_view
def event_detail(request: HttpRequest, pk: int) -> HttpResponse:
    event = visible(request, EVENT, pk)
    calls = []
    if event.summarised_at:
        rows = participants.callbacks_of(event).select_related("unit", "called_by")
        calls = list(rows.order_by("pk"))
    return render(
        request,
        "community/event_detail.html",
        frame_of(request, EVENT, event)
        | {
            "event": event,
            "participants": list(event.participants.select_related("unit").order_by("unit__code")),
            "may_remove": event.status in participants.NOTED_IN
            and request.user.has_perm("community.organise"),
            "calls": calls,
            "errands": _errands(request, event, calls),
            "is_planned": event.status == EventStatus.PLANNED,
            "may_reveal": request.user.has_perm("estates.reveal"),
        }
        | _photos_of(request, event),
    )


def _errands(request: HttpRequest, event: CommunityEvent, calls) -> list[tuple[str, str, str]]:
    """What stands in the way of the next step: words, where to go, the button."""
    errands = []
    is_written = event.status == EventStatus.PLANNED and (
        event.plan is None or event.plan.status == PlanStatus.APPROVED
    )
    lacking = actions.lacks(event) if is_written else []
    if lacking and request.user.has_perm("community.organise"):
        words = _("方案还缺: %(fields)s") % {"fields": "、".join(lacking)}
        at = reverse("community:event_edit", args=[event.pk])
        errands.append((words, at, _("写方案")))
    waiting = sum(call.state == CallbackState.OWED for call in calls)
    if waiting and request.user.has_perm("visits.call_back"):
        words = _("抽中的业户还有 %(count)s 户没有回访") % {"count": waiting}
        at = f"{reverse('visits:callback_list')}?kind=visits.callback"
        errands.append((words, at, _("去回访")))
    return errands


@require_POST
@may_organise
def participant_remove(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """A household that did not come, or was noted by mistake."""
    event = visible(request, EVENT, pk)
    participant = get_object_or_404(event.participants.select_related("unit"), pk=participant_pk)
    try:
        participants.remove_participant(event, participant, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已删去 %(room)s") % {"room": participant.unit.code})
    return redirect(event)


def _photos_of(request: HttpRequest, event: CommunityEvent) -> dict:
    """What the sheet of photos needs; more can be sent until the activity is filed."""
    sends = event.status in photos.TAKEN_IN and request.user.has_perm("community.organise")
    return {
        "photos": list(event.photos.all()),
        "photo_add_url": reverse("community:event_photos", args=[event.pk]) if sends else "",
        "photo_key": uuid4(),
    }


@require_safe
@may_view
def event_print(request: HttpRequest, pk: int) -> HttpResponse:
    """活动记录: the paper of an activity at any point of its life, for its signatures and the file."""
    event = visible(request, EVENT, pk)
    return render(
        request,
        "community/event_print.html",
        {
            "event": event,
            "households": event.participants.count(),
            "photos": event.photos.count(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may_organise
def event_photos(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the photos that were sent; what cannot be taken is named and the rest is kept."""
    event, refused, now = visible(request, EVENT, pk), [], timezone.now()
    if request.method == "POST":
        refused = keep_sent(
            request,
            lambda picture, key: photos.add_photo(
                event, picture=picture, client_key=key, by=request.user, now=now
            ),
        )
        if not refused and not request.htmx:
            return redirect(event)
    return render(
        request,
        "repairs/_photos.html" if request.htmx else "community/event_photos.html",
        {"event": event, "refused": refused} | _photos_of(request, event),
        status=422 if refused else 200,
    )


@require_safe
@may_view
def event_photo(request: HttpRequest, pk: int, photo_pk: int) -> HttpResponse:
    """One photo, or with ``?thumb`` a small one; out of the activity's scope there is none."""
    event = get_object_or_404(CommunityEvent.objects.visible_to(request.user).only("pk"), pk=pk)
    photo = get_object_or_404(EventPhoto, event=event, pk=photo_pk)
    return picture_response(request, photo.file, key=f"event-photo-{photo.pk}")
