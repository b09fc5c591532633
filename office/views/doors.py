"""What every door of the office does: who may, the tabs above, pages of 25, and refusals."""

from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet, TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff

PAGE = 25


@dataclass(frozen=True)
class Tab:
    code: str
    label: str | Promise
    url_name: str
    needs: tuple[str, ...]


TABS = (
    Tab("tasks", _("任务"), "office:task_list", ("office.tasks",)),
    Tab("logs", _("工作日志"), "office:log_list", ("office.read_logs",)),
    Tab("checks", _("管家检查"), "office:check_list", ("office.check_butlers",)),
    Tab("summaries", _("月度总结"), "office:summary_list", ("office.read_summaries",)),
    Tab(
        "purchases",
        _("采购"),
        "office:purchase_list",
        ("office.request_purchase", "office.approve_purchases"),
    ),
    Tab("training", _("培训"), "office:session_list", ("office.attend", "office.view_training")),
    Tab("plans", _("培训计划"), "office:plan_list", ("office.view_training",)),
    Tab("people", _("人员资格"), "office:people", ("office.view_training",)),
    Tab("workflows", _("工作流程"), "office:workflows", ("rulebook.view",)),
)
BY_CODE = {tab.code: tab for tab in TABS}


def may_open(staff: Staff, code: str) -> bool:
    return any(staff.has_perm(each) for each in BY_CODE[code].needs)


def door(code: str):
    """The page belongs to that tab; 403 for posts that have none of its permissions."""

    def decorate(view):
        @wraps(view)
        def wrapped(request: HttpRequest, *args, **kwargs):
            if not may_open(request.user, code):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


def page(
    request: HttpRequest, template: str, tab: str, context: dict, *, status: int = 200
) -> HttpResponse:
    """Render a page of the office under its tab."""
    tabs = [each for each in TABS if may_open(request.user, each.code)]
    return render(request, template, context | {"tabs": tabs, "tab": tab}, status=status)


def paper_list(
    request: HttpRequest,
    template: str,
    tab: str,
    rows: QuerySet,
    statuses: type[TextChoices] | None = None,
    **context: Any,
) -> HttpResponse:
    """The list of a tab: of one state if ``?status=`` names one, 25 a page."""
    status = request.GET.get("status", "")
    if statuses and status in statuses.values:
        rows = rows.filter(status=status)
    found, older = slice_of(request, rows)
    context |= {
        "rows": found,
        "older": older,
        "status": status,
        "statuses": statuses.choices if statuses else (),
    }
    return page(request, template, tab, context)


def slice_of(request: HttpRequest, rows: QuerySet | list) -> tuple[list, str]:
    """25 rows by ``?page=`` and the address of the next page, empty on the last."""
    text = request.GET.get("page", "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
    start = (max(number, 1) - 1) * PAGE
    found = list(rows[start : start + PAGE + 1])
    asked = {key: value for key, value in request.GET.items() if key != "page"}
    older = "?" + urlencode(asked | {"page": max(number, 1) + 1}) if len(found) > PAGE else ""
    return found[:PAGE], older


@dataclass
class Refusal:
    """Why a step was not taken, and with which status the page says so."""

    message: str
    status: int


def refuse(form, error: ValidationError) -> Refusal:
    """Put an action's errors where they belong; a colleague who was faster is a conflict (409)."""
    if getattr(error, "code", "") == "stale":
        return Refusal(error.messages[0], 409)
    if not hasattr(error, "error_dict"):
        return Refusal(error.messages[0], 422)
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
    return Refusal("", 422)
