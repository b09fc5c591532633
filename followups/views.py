"""Doors of the follow-ups: the worklist, one follow-up, and whether the clock is alive."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from followups import actions
from followups.audit import untold
from followups.forms import HandAllForm, PauseForm
from followups.health import health
from followups.kinds import all_kinds
from followups.models import FollowUp, Scan
from followups.worklists import chips, lists_of, with_kinds, worklist
from history.models import Entry
from notifications.models import Digest, Message
from notifications.reasons import reasons_of, standing_of

PAGE = 25


@require_safe
@permission_required("followups.view", raise_exception=True)
def followup_list(request: HttpRequest) -> HttpResponse:
    """W5: ``?whose=mine|area|post|line`` and ``?kind=…``, most pressing first."""
    whose = request.GET.get("whose", "mine")
    try:
        rows = worklist(request.user, whose)
    except ValidationError as error:
        raise Http404(error.message) from error
    groups = chips(rows)
    kind = request.GET.get("kind", "")
    if kind:
        rows = rows.filter(kind=kind)
    page = _page_number(request)
    found = list(
        rows.select_related("owner", "taken_by").order_by("due_at", "pk")[
            (page - 1) * PAGE : page * PAGE + 1
        ]
    )
    return render(
        request,
        "followups/followup_list.html",
        {
            "rows": with_kinds(found[:PAGE]),
            "chips": groups,
            "kind": kind,
            "whose": whose,
            "lists": lists_of(request.user),
            "today": timezone.localdate(),
            "now": timezone.now(),
            "page": page,
            "next_page": page + 1 if len(found) > PAGE else None,
        },
    )


@require_safe
@permission_required("followups.view", raise_exception=True)
def followup_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _detail(request, _followup(request, pk))


@require_POST
@permission_required("followups.view", raise_exception=True)
def followup_take_over(request: HttpRequest, pk: int) -> HttpResponse:
    row = _followup(request, pk)
    try:
        actions.take_over(row, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("您已接手, 不再逐级上报"))
    return redirect("followups:followup_detail", pk)


@require_POST
@permission_required("followups.view", raise_exception=True)
def followup_pause(request: HttpRequest, pk: int) -> HttpResponse:
    row = _followup(request, pk)
    _must_answer_for(request, row)
    form = PauseForm(request.POST)
    if form.is_valid():
        try:
            actions.pause(
                row.subject, row.kind, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("已暂停计时, 到再查看时间会提醒"))
            return redirect("followups:followup_detail", pk)
    return _detail(request, row, form=form, status=422)


@require_POST
@permission_required("followups.view", raise_exception=True)
def followup_resume(request: HttpRequest, pk: int) -> HttpResponse:
    row = _followup(request, pk)
    _must_answer_for(request, row)
    try:
        actions.resume(row.subject, row.kind, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已恢复计时, 期限顺延暂停的时间"))
    return redirect("followups:followup_detail", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("followups.view", raise_exception=True)
def hand_all(request: HttpRequest) -> HttpResponse:
    """Everything one person owes goes to another in one step (leave, illness, leaving)."""
    form = HandAllForm(request.POST or None, by=request.user, initial=request.GET.dict())
    if not form.fields["staff"].queryset.exists():
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        staff, to = form.cleaned_data["staff"], form.cleaned_data["to"]
        try:
            count = actions.hand_all(staff, to, by=request.user, now=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            done = ngettext(
                "%(from)s的%(count)s项跟进已交给%(to)s",
                "%(from)s的%(count)s项跟进已交给%(to)s",
                count,
            )
            messages.success(request, done % {"from": staff.name, "count": count, "to": to.name})
            return redirect("followups:followup_list")
    return render(
        request, "followups/hand_all.html", {"form": form}, status=422 if form.errors else 200
    )


@require_safe
@permission_required("accounts.see_faults", raise_exception=True)
def fault_list(request: HttpRequest) -> HttpResponse:
    """What the scan had to set aside, and what could not be sent."""
    return render(
        request,
        "followups/fault_list.html",
        {
            "scan": Scan.objects.order_by("-at").first(),
            "rows": FollowUp.objects.open().exclude(fault="").order_by("-pk")[:100],
            "untold": untold().order_by("-pk")[:100],
            "digests": Digest.objects.filter(state=Digest.State.FAILED)
            .select_related("recipient", "robot")
            .prefetch_related("tries")
            .order_by("-pk")[:50],
        },
    )


@require_safe
@never_cache
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """503 if nothing scans or the database is down; no secrets, no counts of records."""
    found, alive = health(timezone.now())
    return JsonResponse(found, status=200 if alive else 503)


@require_safe
@never_cache
@login_not_required
def livez(request: HttpRequest) -> HttpResponse:
    """For proxies: this process answers."""
    return JsonResponse({"status": "ok"})


def _followup(request: HttpRequest, pk: int) -> FollowUp:
    rows = FollowUp.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("owner", "taken_by", "done_by", "estate"), pk=pk)


def _must_answer_for(request: HttpRequest, row: FollowUp) -> None:
    if not (row.is_owed_by(request.user) or request.user.has_perm("followups.supervise")):
        raise PermissionDenied


def _detail(
    request: HttpRequest, row: FollowUp, *, form: PauseForm | None = None, status: int = 200
) -> HttpResponse:
    lines = list(
        Message.objects.filter(followup_id=row.pk).select_related("recipient").order_by("pk")[:100]
    )
    for line in lines:
        line.standing = standing_of(line)
    mine = [line for line in lines if line.recipient_id == request.user.pk]
    declared = {each.key: each for each in all_kinds()}.get(row.kind)
    may_change = row.is_open and (
        row.is_owed_by(request.user) or request.user.has_perm("followups.supervise")
    )
    return render(
        request,
        "followups/followup_detail.html",
        {
            "row": row,
            "declared": declared,
            "lines": lines,
            "reasons": reasons_of(mine[-1]) if mine else [],
            "entries": Entry.objects.about(row)[:50],
            "pause_form": form or PauseForm(),
            "may_pause": may_change and declared and declared.pausable and not row.paused_at,
            "may_resume": may_change and row.paused_at,
            # Before its moment the owner has nothing to stop; afterwards he says that he is on it.
            "may_take": row.is_open
            and not row.taken_by_id
            and (row.owner_id != request.user.pk or row.level >= 1),
        },
        status=status,
    )


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(int(text), 1) if text.isdecimal() and len(text) < 6 else 1
