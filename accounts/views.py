"""Doors to staff accounts: list, one person, add, change, close, open, reset."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, events, rights
from accounts.forms import LeaveForm, NewStaffForm, StaffFilter, StaffForm
from accounts.models import Leave, Staff
from accounts.posts import post_of
from history.models import Entry

PAGE_ROWS = 25
HISTORY_ROWS = 20


def find_staff(request, pk: int) -> Staff:
    """The person, if he is in scope: 404 otherwise; 403 for a post without staff pages."""
    if not rights.may_open_staff(request.user):
        raise PermissionDenied
    return get_object_or_404(rights.visible_staff(request.user).select_related("superior"), pk=pk)


def put_errors(form, error: ValidationError) -> None:
    """The action's refusal on the form, beside the field where it names one."""
    if hasattr(error, "error_dict"):
        for field, errors in error.error_dict.items():
            form.add_error(field if field in form.fields else None, errors)
    else:
        form.add_error(None, error)


def estates_of(staff: Staff) -> list[tuple[int, str]]:
    """(id, name) of the estates a person works for."""
    return list(staff.memberships.order_by("estate").values_list("estate_id", "estate__name"))


@require_GET
def staff_list(request):
    if not rights.may_open_staff(request.user):
        raise PermissionDenied
    form = StaffFilter(request.GET, estates=estates_of(request.user))
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = rights.visible_staff(request.user).select_related("superior")
    if chosen.get("state", "") != "all":
        rows = rows.filter(is_active=chosen.get("state") != "disabled")
    if chosen.get("post"):
        rows = rows.filter(post=chosen["post"])
    if chosen.get("estate"):
        works_there = Staff.objects.filter(memberships__estate=chosen["estate"])
        rows = rows.filter(pk__in=works_there.values("pk"))
    if term := chosen.get("q", "").strip():
        rows = rows.filter(
            Q(name__icontains=term) | Q(username__icontains=term) | Q(phone__contains=term)
        )
    now = timezone.now()
    away = Leave.objects.current(now).select_related("deputy")
    rows = rows.prefetch_related(Prefetch("leaves", away, to_attr="away"), "memberships__estate")
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "query": query.urlencode(),
        "may_add": bool(rights.assignable_posts(request.user)),
        "is_filtered": any(chosen.values()),
    }
    return render(request, "accounts/staff_list.html", context)


def staff_page(request, staff: Staff, *, leave_form=None, status=200):
    """One person's page; also how a refused leave comes back, with what was typed."""
    now = timezone.now()
    may_lead = rights.may_lead(request.user, staff)
    if may_lead and staff.is_active and leave_form is None:
        leave_form = LeaveForm(staff=staff, by=request.user, initial={"starts_at": now})
    context = {
        "person": staff,
        "estates": estates_of(staff),
        "reports": staff.line.filter(is_active=True),
        "leaves": staff.leaves.filter(ends_at__gt=now)
        .select_related("deputy")
        .order_by("starts_at"),
        "past_leaves": staff.leaves.filter(ends_at__lte=now).select_related("deputy")[:5],
        "deputising": staff.deputising.filter(ends_at__gt=now).select_related("staff"),
        "entries": events.lines(Entry.objects.about(staff)[:HISTORY_ROWS]),
        "leave_form": leave_form,
        "may_manage": rights.may_manage(request.user, staff),
        "may_lead": may_lead,
        "now": now,
    }
    return render(request, "accounts/staff_detail.html", context, status=status)


@require_GET
def staff_detail(request, pk):
    return staff_page(request, find_staff(request, pk))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def staff_add(request):
    if not rights.assignable_posts(request.user):
        raise PermissionDenied
    form = NewStaffForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            staff, password = actions.add_staff(
                **form.cleaned_data, by=request.user, now=timezone.now()
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            return show_password(request, staff, password, added=True)
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/staff_add.html", {"form": form}, status=status)


def show_password(request, staff, password, *, added=False):
    """The one-time password, on this answer and never again."""
    context = {"person": staff, "one_time": password, "added": added}
    return render(request, "accounts/staff_password.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def staff_edit(request, pk):
    staff = find_staff(request, pk)
    if not rights.may_manage(request.user, staff):
        raise PermissionDenied
    if request.method != "POST":
        form = StaffForm(instance=staff, by=request.user)
        return render(request, "accounts/staff_edit.html", {"form": form, "person": staff})
    seen = request.POST.get("version", "")
    form = StaffForm(request.POST, instance=Staff.objects.get(pk=pk), by=request.user)
    conflicts, status = [], 422
    if form.is_valid():
        try:
            actions.edit_staff(
                staff,
                seen_version=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
                by=request.user,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except ValidationError as error:
            put_errors(form, error)
            if getattr(error, "code", "") == "stale":
                staff, status = find_staff(request, pk), 409
                conflicts = both_values(form, staff)
        else:
            messages.success(request, _("已保存%(name)s的资料") % {"name": staff.name})
            return redirect("accounts:staff_detail", pk=pk)
    context = {"form": form, "person": staff, "conflicts": conflicts}
    return render(request, "accounts/staff_edit.html", context, status=status)


def both_values(form, staff: Staff) -> list[dict]:
    """The fields on which a stale form and the saved row differ: label, saved, typed."""

    def shown(name, value):
        return (post_of(value).label if name == "post" else value) or "—"

    return [
        {
            "label": form.fields[name].label,
            "saved": shown(name, getattr(staff, name)),
            "typed": shown(name, typed),
        }
        for name, typed in form.cleaned_data.items()
        if getattr(staff, name) != typed
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def staff_disable(request, pk):
    staff = find_staff(request, pk)
    if not rights.may_manage(request.user, staff):
        raise PermissionDenied
    now, refusal = timezone.now(), ""
    if request.method == "POST":
        try:
            actions.disable(staff, by=request.user, now=now)
        except ValidationError as error:
            refusal = error.messages[0]
        else:
            messages.success(request, _("已停用%(name)s的账号") % {"name": staff.name})
            return redirect("accounts:staff_detail", pk=pk)
    context = {
        "person": staff,
        "refusal": refusal,
        "reports": staff.line.filter(is_active=True),
        "deputising": staff.deputising.filter(ends_at__gt=now).select_related("staff"),
    }
    status = 422 if refusal else 200
    return render(request, "accounts/staff_disable.html", context, status=status)


@never_cache
@require_POST
def staff_enable(request, pk):
    staff = find_staff(request, pk)
    try:
        password = actions.enable(staff, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("accounts:staff_detail", pk=pk)
    return show_password(request, staff, password)


@never_cache
@require_POST
def staff_reset_password(request, pk):
    staff = find_staff(request, pk)
    try:
        password = actions.reset_password(staff, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("accounts:staff_detail", pk=pk)
    return show_password(request, staff, password)


@require_POST
def leave_add(request, pk):
    staff = find_staff(request, pk)
    if not rights.may_lead(request.user, staff):
        raise PermissionDenied
    form = LeaveForm(request.POST, staff=staff, by=request.user)
    if form.is_valid():
        try:
            actions.add_leave(staff, **form.cleaned_data, by=request.user, now=timezone.now())
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("已登记%(name)s请假") % {"name": staff.name})
            return redirect("accounts:staff_detail", pk=pk)
    return staff_page(request, staff, leave_form=form, status=422)


@require_POST
def leave_end(request, pk, leave_pk):
    staff = find_staff(request, pk)
    leave = get_object_or_404(staff.leaves.select_related("staff", "deputy"), pk=leave_pk)
    try:
        actions.end_leave(leave, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("%(name)s的请假已结束") % {"name": staff.name})
    return redirect("accounts:staff_detail", pk=pk)
