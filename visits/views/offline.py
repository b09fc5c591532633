"""What a phone without signal needs: the service worker at the root, and the page it falls back to."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

SOURCE = settings.BASE_DIR / "static" / "js" / "offline-worker.js"


@require_safe
@login_not_required
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """From the root, since a worker rules only what lies below its own address.

    The release is the hash of all static files, so a new one begins with an empty cache.
    """
    release = getattr(staticfiles_storage, "manifest_hash", "") or "dev"
    source = SOURCE.read_text(encoding="utf-8").replace("__RELEASE__", release)
    return HttpResponse(source, content_type="text/javascript; charset=utf-8")


@require_safe
@login_not_required
@cache_control(no_cache=True)
def offline_page(request: HttpRequest) -> HttpResponse:
    """For addresses that were not kept; says nothing about residents."""
    return render(request, "visits/offline.html")
