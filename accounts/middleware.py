"""At the door of every page: signed in, and with a password of one's own."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.typed_text import typed_fields


def from_script(request) -> bool:
    """True for htmx and fetch: their answer goes into a page that is already open."""
    headers = request.headers
    return (
        "HX-Request" in headers
        or headers.get("X-Requested-With") == "XMLHttpRequest"
        or headers.get("Sec-Fetch-Dest") == "empty"
        or "application/json" in headers.get("Accept", "")
    )


def refuse_script(message: str, *, status: int, event: str) -> JsonResponse:
    """An answer for scripts: ``{"message": …}``, and the same event by name for htmx."""
    response = JsonResponse({"message": message}, status=status)
    response["HX-Trigger"] = event
    response["HX-Reswap"] = "none"
    response["Cache-Control"] = "no-store"
    return response


class SignedInMiddleware(LoginRequiredMiddleware):
    """Deny by default; an open page is told 401 instead of being handed the login page."""

    def handle_no_permission(self, request, view_func):
        if from_script(request):
            return refuse_script(
                _("登录已过期。在这里重新登录, 内容不会丢"), status=401, event="session-expired"
            )
        if request.method not in ("GET", "HEAD"):
            # A redirect would throw away what was typed into a form without scripts.
            context = {"typed": typed_fields(request)}
            return render(request, "accounts/session_expired.html", context, status=401)
        return super().handle_no_permission(request, view_func)


class OwnPasswordMiddleware:
    """Whoever holds a one-time password sees nothing but the page that replaces it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not request.user.is_authenticated or not request.user.must_change_password:
            return None
        # Whatever works without login works here too, e.g. the language switch.
        if request.resolver_match.view_name in ("accounts:password", "accounts:logout"):
            return None
        if not getattr(view_func, "login_required", True):
            return None
        if from_script(request):
            return refuse_script(
                _("先把一次性密码换成自己的密码, 再继续"), status=403, event="password-required"
            )
        return redirect(reverse("accounts:password"))
