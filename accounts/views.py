"""Doors to staff, login and leave."""

from django.http import HttpResponse


def form_expired(request, reason=""):
    return HttpResponse(status=403)


def login_locked(request, credentials, *args, **kwargs):
    return HttpResponse(status=429)
