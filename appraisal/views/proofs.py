"""The records that may be picked as evidence, and pages of the house pasted by their address."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from appraisal.records import lies_in, period_of_sheet, records_of
from appraisal.views.doors import visible_sheet
from followups.evidence import Record, record_at


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
    """The record of ours that an address names, if this person may open it. The page itself is not
    opened: some mark what they show as read, and an export takes its time.
    """
    try:
        parts = urlsplit(typed.strip())
    except ValueError:
        parts = urlsplit("")
    hosts = (request.get_host(), urlsplit(settings.PUBLIC_URL).netloc)
    if not parts.path.startswith("/") or (parts.netloc and parts.netloc not in hosts):
        raise ValidationError({"url": _("只收本系统的页面地址, 从浏览器地址栏复制")})
    try:
        found = record_at(parts.path, to=request.user)
    except ValueError:
        raise ValidationError(
            {"url": _("这个地址不是一条记录: 打开那张单或那条登记, 再复制它的地址")}
        ) from None
    if found is None:
        raise ValidationError({"url": _("打不开这个地址: 没有这条记录, 或您没有权限看")})
    return found
