"""The way in and out, the way back in without leaving the page, and refusals at the door."""

from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import LoginForm
from accounts.lockout import minutes_locked, tries_left
from accounts.middleware import from_script, refuse_script
from accounts.models import Staff
from accounts.typed_text import typed_fields

WARN_BEFORE_LOCK = 2


def where_to(request, staff: Staff) -> str:
    """The page that was asked for, if it is one of this house; else the first page of the post."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return asked
    return reverse(staff.duty.home)


def check_login(request, form: LoginForm) -> Staff | None:
    """The person, or None with the reason on the form: the same words whoever was named."""
    if not form.is_valid():
        return None
    username = form.cleaned_data["username"]
    staff = auth.authenticate(request, username=username, password=form.cleaned_data["password"])
    if staff is None and not getattr(request, "axes_locked_out", False):
        message = _("登录名或密码不对。忘了密码请直接上级重设")
        left = tries_left(request, username)
        if left <= WARN_BEFORE_LOCK:
            message += _(" 还可以试 %(count)s 次, 之后锁 15 分钟。") % {"count": left}
        form.add_error(None, message)
    return staff


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request):
    if request.user.is_authenticated:
        return redirect(where_to(request, request.user))
    form = LoginForm(request.POST or None)
    staff = check_login(request, form) if request.method == "POST" else None
    if staff:
        auth.login(request, staff)
        return redirect(where_to(request, staff))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "accounts/login.html", context, status=status)


@require_POST
def logout(request):
    auth.logout(request)
    return redirect("accounts:login")


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login_again(request):
    """Sign in again inside an open page whose session ended.

    GET answers a form to put into the page; asked for JSON, who is signed in and the present CSRF
    token. POST takes username, password and ``account``, the id of the person the page was made
    for: 204 with the new token in ``X-CSRFToken``; 401, 403, 409, 422 or 429 with
    ``{"message": …}``. Anybody else than that person gets 409 and is not signed in, so that no
    draft is ever sent under another login.
    """
    if request.method != "POST":
        if "application/json" not in request.headers.get("Accept", ""):
            context = {
                "form": LoginForm(auto_id="again_%s"),
                "account": request.GET.get("account", ""),
            }
            return render(request, "accounts/_login_again.html", context)
        account = request.user.pk if request.user.is_authenticated else None
        return JsonResponse({"account": account, "csrf_token": get_token(request)})
    account = request.POST.get("account", "")
    if not account:
        return JsonResponse({"message": _("打开的页面不知道是谁的, 刷新后再登录")}, status=422)
    if request.user.is_authenticated and str(request.user.pk) != account:
        message = _("这台电脑上现在登录的是%(name)s。先退出那个账号, 再回到这一页登录") % {
            "name": request.user.name
        }
        return JsonResponse({"message": message}, status=409)
    form = LoginForm(request.POST)
    staff = check_login(request, form)
    if staff is None:
        message = " ".join(text for texts in form.errors.values() for text in texts)
        return JsonResponse({"message": message}, status=401)
    if str(staff.pk) != account:
        message = _("这一页是另一位同事打开的, 只能由他本人重新登录。要换人, 先到登录页重新登录")
        return JsonResponse({"message": message}, status=409)
    auth.login(request, staff)
    if staff.must_change_password:
        message = _("先在新标签页打开首页, 把一次性密码换成自己的密码, 再回到这里用新密码登录")
        url = reverse("accounts:password")
        return JsonResponse({"message": message, "url": url}, status=403)
    return HttpResponse(status=204, headers={"X-CSRFToken": get_token(request)})


def login_locked(request, response=None, credentials=None):
    """Called by the lockout middleware instead of the answer: 429, how long, and what to do."""
    username = (credentials or {}).get("username") or ""
    minutes = minutes_locked(request, username, timezone.now())
    if request.resolver_match and request.resolver_match.url_name == "login_again":
        message = _("密码错了太多次, %(minutes)s 分钟后再试, 或请直接上级重设密码") % {
            "minutes": minutes
        }
        answer = JsonResponse({"message": message}, status=429)
    else:
        answer = render(request, "accounts/login_locked.html", {"minutes": minutes}, status=429)
    answer["Retry-After"] = str(minutes * 60)
    answer["Cache-Control"] = "no-store"
    return answer


def form_expired(request, reason=""):
    """Django's CSRF failure: somebody signed in or out in another window since the page opened."""
    if from_script(request):
        return refuse_script(
            _("这一页打开太久了。内容还在, 再提交一次; 不行就复制内容后刷新"),
            status=403,
            event="form-expired",
        )
    context = {"typed": typed_fields(request)}
    return render(request, "accounts/form_expired.html", context, status=403)
