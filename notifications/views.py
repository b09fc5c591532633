"""Doors of the inbox and of the group robots."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Case, Count, IntegerField, Value, When, Window
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications import robots
from notifications.channels.parcel import NotSentError
from notifications.forms import RobotForm
from notifications.models import Message, Robot
from notifications.reasons import reasons_of, standing_of

PAGE = 25
NEWEST = 5


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Everybody's own reminders, unread first."""
    page = request.GET.get("page", "1")
    page = max(int(page), 1) if page.isdecimal() and len(page) < 6 else 1
    unread_first = Case(
        When(read_at__isnull=True, withdrawn_at__isnull=True, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    found = list(
        Message.objects.filter(recipient=request.user)
        .annotate(place=unread_first)
        .order_by("place", "-created_at", "-pk")[(page - 1) * PAGE : page * PAGE + 1]
    )
    for line in found:
        line.standing, line.reasons = standing_of(line), reasons_of(line)
    return render(
        request,
        "notifications/inbox.html",
        {
            "lines": found[:PAGE],
            "has_unread": bool(found) and found[0].place == 0,
            "newest": max((line.pk for line in found), default=0),
            "page": page,
            "next_page": page + 1 if len(found) > PAGE else None,
        },
    )


@require_safe
@never_cache
def message_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to what a reminder is about; having gone there counts as having read it."""
    line = get_object_or_404(Message.objects.filter(recipient=request.user), pk=pk)
    Message.objects.filter(pk=pk, read_at__isnull=True).update(read_at=timezone.now())
    is_local = line.url.startswith("/") and not line.url.startswith(("//", "/\\"))
    return redirect(line.url if is_local else "notifications:inbox")


@require_POST
def message_read(request: HttpRequest, pk: int) -> HttpResponse:
    line = get_object_or_404(Message.objects.filter(recipient=request.user), pk=pk)
    Message.objects.filter(pk=line.pk, read_at__isnull=True).update(read_at=timezone.now())
    return redirect("notifications:inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Everything up to the line that the page showed as newest."""
    until = request.POST.get("until", "")
    rows = Message.objects.filter(recipient=request.user, read_at__isnull=True)
    if until.isdecimal() and len(until) < 18:
        rows = rows.filter(pk__lte=int(until))
    rows.update(read_at=timezone.now())
    return redirect("notifications:inbox")


@require_safe
def poll(request: HttpRequest) -> HttpResponse:
    """What the bell shows: how many are unread, and the newest of them. 304 if nothing changed."""
    newest = list(
        Message.objects.unread()
        .filter(recipient=request.user)
        .annotate(unread=Window(Count("pk")))
        .order_by("-pk")[:NEWEST]
    )
    unread = newest[0].unread if newest else 0
    etag = f'"{unread}-{newest[0].pk if newest else 0}-{request.LANGUAGE_CODE}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    lines = [
        {
            "id": line.pk,
            "text": line.text,
            "standing": standing_of(line),
            "url": f"/inbox/{line.pk}/open/",
            "rings": line.rings,
            "at": line.created_at.isoformat(),
        }
        for line in newest
    ]
    return JsonResponse(
        {"unread": unread, "newest": lines},
        headers={"ETag": etag, "Cache-Control": "private, no-cache"},
    )


@require_safe
@permission_required("notifications.manage", raise_exception=True)
def robot_list(request: HttpRequest) -> HttpResponse:
    rows = (
        Robot.objects.visible_to(request.user).select_related("estate").order_by("estate", "name")
    )
    return render(request, "notifications/robot_list.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("notifications.manage", raise_exception=True)
def robot_form(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a robot, or change one."""
    robot = get_object_or_404(Robot.objects.visible_to(request.user), pk=pk) if pk else None
    form = RobotForm(request.POST or None, instance=robot, by=request.user)
    if request.method == "POST" and form.is_valid():
        robots.save(form.save(commit=False), by=request.user, now=timezone.now())
        messages.success(request, _("已保存。发一条测试, 看群里收到没有"))
        return redirect("notifications:robot_list")
    return render(
        request,
        "notifications/robot_form.html",
        {"form": form, "robot": robot},
        status=422 if form.errors else 200,
    )


@require_POST
@permission_required("notifications.manage", raise_exception=True)
def robot_test(request: HttpRequest, pk: int) -> HttpResponse:
    robot = get_object_or_404(Robot.objects.visible_to(request.user), pk=pk)
    try:
        answer = robots.send_test(robot, by=request.user, now=timezone.now())
    except NotSentError as error:
        messages.error(request, _("没有发出去: %(answer)s") % {"answer": error})
    else:
        messages.success(request, _("已发出, 对方回答: %(answer)s") % {"answer": answer})
    return redirect("notifications:robot_list")


@require_POST
@permission_required("notifications.manage", raise_exception=True)
def robot_delete(request: HttpRequest, pk: int) -> HttpResponse:
    robot = get_object_or_404(Robot.objects.visible_to(request.user), pk=pk)
    robots.delete(robot, by=request.user, now=timezone.now())
    messages.success(request, _("已删除"))
    return redirect("notifications:robot_list")
