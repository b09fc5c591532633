"""Daily logs and monthly summaries: lists, pages, the list behind a figure, print, Excel."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from office import exports
from office.actions import logs
from office.figures import Cell, Figure, filled
from office.forms.adding import LogDayForm, SummaryMonthForm
from office.models import DailyLog, MonthlySummary
from office.statuses import LogStatus, SummaryStatus
from office.steps import ROOMS
from office.tables import monthly_tables, target_keys
from office.views.acting import form_of, paper_context, visible
from office.views.doors import door, page, paper_list, slice_of
from office.views.papers import add_paper, workbook
from rulebook.limits import limits


@require_safe
@door("logs")
def log_list(request: HttpRequest) -> HttpResponse:
    rows = DailyLog.objects.visible_to(request.user).select_related("submitted_by", "signed_by")
    return paper_list(request, "office/log_list.html", "logs", rows, LogStatus)


@permission_required("office.write_log", raise_exception=True)
def log_add(request: HttpRequest) -> HttpResponse:
    """For a day off on which somebody works: the calendar opens the working days."""
    now = timezone.now()
    form = LogDayForm(request.POST or None, staff=request.user, now=now)
    return add_paper(request, form, logs.open_log, now, "logs", _("写工作日志"), "office:log_list")


def _log_cells(log: DailyLog, now) -> list[tuple]:
    """(label, cell) of every figure of the day."""
    numbers = logs.numbers_of(log, now=now)
    return [(each.label, Cell(each.key, numbers.get(each.key))) for each in logs.figures_of(log)]


@require_safe
@door("logs")
def log_detail(request: HttpRequest, pk: int) -> HttpResponse:
    context = paper_context(request, "log", pk)
    log = context["paper"]
    context["figures"] = _log_cells(log, context["now"])
    if "save" in context["open_steps"]:
        step = ROOMS["log"].step("save")
        context["form"] = form_of(step, log, request, context["now"])
    return page(request, "office/log_detail.html", "logs", context)


@require_safe
@door("logs")
def log_print(request: HttpRequest, pk: int) -> HttpResponse:
    log, now = visible(request, ROOMS["log"], pk), timezone.now()
    context = {"log": log, "figures": _log_cells(log, now), "now": now}
    return render(request, "office/log_print.html", context)


@require_safe
@door("summaries")
def summary_list(request: HttpRequest) -> HttpResponse:
    rows = MonthlySummary.objects.visible_to(request.user).select_related("reported_by")
    return paper_list(request, "office/summary_list.html", "summaries", rows, SummaryStatus)


@permission_required("office.write_summary", raise_exception=True)
def summary_add(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = SummaryMonthForm(request.POST or None, staff=request.user, now=now)
    return add_paper(
        request, form, logs.open_summary, now, "summaries", _("写月度总结"), "office:summary_list"
    )


def _month_tables(summary: MonthlySummary, now) -> list[tuple]:
    found = limits(*target_keys(), at=summary.reported_at or now)
    targets = {key: float(each.value) for key, each in found.items()}
    return filled(monthly_tables(), logs.numbers_of(summary, now=now), targets)


@require_safe
@door("summaries")
def summary_detail(request: HttpRequest, pk: int) -> HttpResponse:
    context = paper_context(request, "summary", pk)
    summary = context["paper"]
    context |= {
        "tables": _month_tables(summary, context["now"]),
        "words": exports.words_of(summary),
    }
    if "save" in context["open_steps"]:
        step = ROOMS["summary"].step("save")
        context["form"] = form_of(step, summary, request, context["now"])
    return page(request, "office/summary_detail.html", "summaries", context)


@require_safe
@door("summaries")
def summary_print(request: HttpRequest, pk: int) -> HttpResponse:
    summary, now = visible(request, ROOMS["summary"], pk), timezone.now()
    context = {
        "summary": summary,
        "tables": _month_tables(summary, now),
        "words": exports.words_of(summary),
        "now": now,
    }
    return render(request, "office/summary_print.html", context)


@require_safe
@door("summaries")
def summary_export(request: HttpRequest, pk: int) -> HttpResponse:
    """月度汇总表 in one click."""
    summary, now = visible(request, ROOMS["summary"], pk), timezone.now()
    tables = _month_tables(summary, now)
    return workbook(
        lambda file: exports.write_summary(file, summary, tables=tables, by=request.user, now=now),
        _("月度总结_%(month)s.xlsx") % {"month": f"{summary.month:%Y-%m}"},
    )


@require_safe
@door("logs")
def log_figure(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    return _figure(request, visible(request, ROOMS["log"], pk), key, "logs")


@require_safe
@door("summaries")
def summary_figure(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    return _figure(request, visible(request, ROOMS["summary"], pk), key, "summaries")


def _figure(request: HttpRequest, paper, key: str, tab: str) -> HttpResponse:
    """The list behind a number: the rows kept with it, or of a draft those that count now."""
    figure = next((each for each in logs.figures_of(paper) if each.key == key), None)
    if figure is None:
        raise Http404
    # None for a draft, and for a figure younger than the paper.
    ids = paper.rows.get(key) if paper.is_counted else None
    is_kept = ids is not None
    if ids is None:
        rows = figure.rows(paper.estate, paper.span(timezone.now()))
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
    shown, older = slice_of(request, ids)
    context = {
        "paper": paper,
        "figure": figure,
        "total": len(ids),
        # A sum or a mean is not the number of its rows: the list says it too.
        "value": None if figure.counts_rows else logs.number_of(paper, figure, now=timezone.now()),
        "is_kept": is_kept,
        "rows": _lines(figure, shown, request.user),
        "older": older,
    }
    return page(request, "office/figure_list.html", tab, context)


def _lines(figure: Figure, ids: list[int], reader) -> list[tuple]:
    """(line, whether the reader may open it) of these rows."""
    rows = figure.listed(ids)
    base = figure.base
    opens = set(ids if base.opens is None else
                rows.filter(base.opens(reader)).values_list("pk", flat=True))  # fmt: skip
    return [(base.line(row), row.pk in opens) for row in rows]
