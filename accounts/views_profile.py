"""Doors to one's own account: password and tastes. Post and line are others' to change."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, rights
from accounts.forms import NewPasswordForm
from accounts.models import Leave
from accounts.views import estates_of


@require_GET
def profile(request):
    now = timezone.now()
    context = {
        "estates": estates_of(request.user),
        "leaves": request.user.leaves.filter(ends_at__gt=now).select_related("deputy"),
        "deputising": Leave.objects.filter(deputy=request.user, ends_at__gt=now).select_related(
            "staff"
        ),
        "opens_staff": rights.may_open_staff(request.user),
    }
    return render(request, "accounts/profile.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request):
    form = NewPasswordForm(request.POST or None, staff=request.user)
    if request.method == "POST" and form.is_valid():
        actions.change_own_password(
            request.user, password=form.cleaned_data["password"], now=timezone.now()
        )
        update_session_auth_hash(request, request.user)
        messages.success(request, _("密码已换。别处的登录都已退出"))
        return redirect("accounts:profile")
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/password.html", {"form": form}, status=status)


@require_POST
def shortcuts(request):
    actions.set_shortcuts(request.user, on=request.POST.get("on") == "1")
    messages.success(request, _("单键快捷键的设置已保存"))
    return redirect("accounts:profile")
