"""The records that may be picked as evidence, and pages of the house pasted by their address."""

import re
from html import unescape
from io import BytesIO
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_htmx.middleware import HtmxDetails

from appraisal.models import Evidence
from appraisal.records import lies_in, period_of_sheet, records_of
from appraisal.views.doors import visible_sheet
from followups.evidence import Record

TITLE = re.compile(r"<title>(.*?)</title>", re.S)
SHOWN = ("text/html", "image/")
ASIDE = " · "  # what stands between a page's own title and the name of the house


@require_GET
def sheet_records(request, pk):
    """The list that the forms of evidence load: for the inspector, and for the person scored, of
    what each may open himself.
    """
    sheet = visible_sheet(request, pk)
    if request.user.pk not in (sheet.inspector_id, sheet.staff_id):
        raise PermissionDenied
    period = period_of_sheet(sheet)
    found = records_of(sheet, to=request.user, now=timezone.now())
    inside = [each for each in found if lies_in(each, period)]
    return render(
        request,
        "appraisal/_records.html",
        {
            "groups": [
                (_("考评期间的记录"), inside),
                (_("近期其他记录"), [each for each in found if not lies_in(each, period)]),
            ],
            "found": found,
            "picked": request.GET.getlist("records"),
        },
    )


def known_records(request, sheet) -> dict[str, Record]:
    """What may be picked, by key; asked for only when something was."""
    if not request.POST.getlist("records"):
        return {}
    found = records_of(sheet, to=request.user, now=timezone.now())
    return {each.key: each for each in found}


def proofs_of(request, form) -> list[Record]:
    """What was picked and what was pasted. ValidationError for an address that is no page of ours
    or that this person may not open.
    """
    found = form.picked()
    if form.cleaned_data["url"]:
        found.append(own_page(request, form.cleaned_data["url"]))
    return found


def own_page(request, typed: str) -> Record:
    """The page of this system that an address names, with its title; it is opened to find out."""
    typed = typed.strip()
    parts = urlsplit(typed)
    hosts = (request.get_host(), urlsplit(settings.PUBLIC_URL).netloc)
    if not parts.path.startswith("/") or (parts.netloc and parts.netloc not in hosts):
        raise ValidationError({"url": _("只收本系统的页面地址, 从浏览器地址栏复制")})
    url = parts.path + (f"?{parts.query}" if parts.query else "")
    refused = ValidationError({"url": _("打不开这个地址: 没有这个页面, 或您没有权限看")})
    if len(url) > Evidence._meta.get_field("url").max_length:
        raise ValidationError({"url": _("地址太长, 去掉问号后面的部分再贴")})
    try:
        answer = _open(request, parts.path, parts.query)
    except (Resolver404, Http404, PermissionDenied):
        raise refused from None
    is_page = answer.get("Content-Type", "").startswith(SHOWN)
    words = answer.content.decode(errors="replace") if is_page and not answer.streaming else ""
    if photo := getattr(answer, "file_to_stream", None):
        photo.close()  # not the answer: that would end the request that is being worked on
    if answer.status_code != 200 or not is_page:
        raise refused
    title = TITLE.search(words)
    label = unescape(title[1]).strip().rsplit(ASIDE, 1)[0] if title else parts.path
    return Record(key=url, kind="", label=label[:200], url=url)


def _open(request, path: str, query: str):
    """What the page answers to this person: the one sure way to learn whether he may see it."""
    found = resolve(path)
    environ = {
        name: value for name, value in request.environ.items() if not name.startswith("HTTP_HX")
    } | {
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REQUEST_METHOD": "GET",
        "CONTENT_LENGTH": "0",
        "wsgi.input": BytesIO(),
    }  # fmt: skip
    asked = WSGIRequest(environ)
    asked.user, asked.session, asked.resolver_match = request.user, request.session, found
    asked.htmx = HtmxDetails(asked)
    return found.func(asked, *found.args, **found.kwargs)
