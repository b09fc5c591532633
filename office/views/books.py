"""Daily logs and monthly summaries: lists, pages, the list behind a figure, print, Excel."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from office import exports
from office.actions import logs
from office.drawers import line_of
from office.figures import DAILY, FIGURES, MONTHLY, Cell, count
from office.forms.adding import SummaryMonthForm
from office.models import DailyLog, MonthlySummary
from office.periods import day_span, month_span
from office.statuses import LogStatus, SummaryStatus
from office.steps import ROOMS
from office.views.acting import form_of, paper_context, visible
from office.views.doors import door, page, slice_of
from office.views.papers import add_paper, workbook


@require_safe
@door("logs")
def log_list(request: HttpRequest) -> HttpResponse:
    rows = DailyLog.objects.visible_to(request.user).select_related("submitted_by", "signed_by")
    status = request.GET.get("status", "")
    if status in LogStatus.values:
        rows = rows.filter(status=status)
    found, older = slice_of(request, rows)
    context = {
        "rows": found,
        "older": older,
        "status": status,
        "statuses": LogStatus.choices,
    }
    return page(request, "office/log_list.html", "logs", context)


def _log_figures(log: DailyLog, now) -> list[tuple]:
    """(label, cell) of the day: as kept when it was submitted, else as of now."""
    values = log.figures if log.as_of else count(DAILY, log.estate, day_span(log.day, now))
    return [(FIGURES[key].label, Cell(key, values.get(key))) for key in DAILY]


@require_safe
@door("logs")
def log_detail(request: HttpRequest, pk: int) -> HttpResponse:
    context = paper_context(request, "log", pk)
    log = context["paper"]
    context["figures"] = _log_figures(log, context["now"])
    if "save" in context["open_steps"]:
        step = ROOMS["log"].step("save")
        context["form"] = form_of(step, log, request, context["now"])
    return page(request, "office/log_detail.html", "logs", context)


@require_safe
@door("logs")
def log_print(request: HttpRequest, pk: int) -> HttpResponse:
    log, now = visible(request, ROOMS["log"], pk), timezone.now()
    context = {"log": log, "figures": _log_figures(log, now), "now": now}
    return render(request, "office/log_print.html", context)


@require_safe
@door("summaries")
def summary_list(request: HttpRequest) -> HttpResponse:
    rows = MonthlySummary.objects.visible_to(request.user).select_related("reported_by")
    status = request.GET.get("status", "")
    if status in SummaryStatus.values:
        rows = rows.filter(status=status)
    found, older = slice_of(request, rows)
    context = {
        "rows": found,
        "older": older,
        "status": status,
        "statuses": SummaryStatus.choices,
    }
    return page(request, "office/summary_list.html", "summaries", context)


@permission_required("office.write_summary", raise_exception=True)
def summary_add(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = SummaryMonthForm(request.POST or None, staff=request.user, now=now)

    def begin(*, estate, month, client_key, by, now):
        return logs.open_summary(estate=estate, month=month, by=by, now=now)

    return add_paper(request, form, begin, now, "summaries", _("写月度总结"), "office:summary_list")


def _summary_values(summary: MonthlySummary, now) -> dict:
    return summary.figures if summary.as_of else logs.month_figures(summary, now)


@require_safe
@door("summaries")
def summary_detail(request: HttpRequest, pk: int) -> HttpResponse:
    context = paper_context(request, "summary", pk)
    summary = context["paper"]
    values = _summary_values(summary, context["now"])
    context |= {
        "tables": exports.monthly_tables(values),
        "hours": values.get("training.hours"),
        "words": _words(summary),
    }
    if "save" in context["open_steps"]:
        step = ROOMS["summary"].step("save")
        context["form"] = form_of(step, summary, request, context["now"])
    return page(request, "office/summary_detail.html", "summaries", context)


def _words(summary: MonthlySummary) -> list[tuple]:
    names = ("summary", "problems", "suggestions", "measures")
    return [(MonthlySummary._meta.get_field(n).verbose_name, getattr(summary, n)) for n in names]


@require_safe
@door("summaries")
def summary_print(request: HttpRequest, pk: int) -> HttpResponse:
    summary, now = visible(request, ROOMS["summary"], pk), timezone.now()
    values = _summary_values(summary, now)
    context = {
        "summary": summary,
        "tables": exports.monthly_tables(values),
        "hours": values.get("training.hours"),
        "words": _words(summary),
        "now": now,
    }
    return render(request, "office/summary_print.html", context)


@require_safe
@door("summaries")
def summary_export(request: HttpRequest, pk: int) -> HttpResponse:
    """月度汇总表 in one click."""
    summary, now = visible(request, ROOMS["summary"], pk), timezone.now()
    tables = exports.monthly_tables(_summary_values(summary, now))
    return workbook(
        lambda file: exports.write_summary(file, summary, tables=tables, by=request.user, now=now),
        _("月度总结_%(month)s.xlsx") % {"month": f"{summary.month:%Y-%m}"},
    )


@require_safe
@door("logs")
def log_figure(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The list behind a figure of a daily log."""
    if key not in DAILY:
        raise Http404
    log, now = visible(request, ROOMS["log"], pk), timezone.now()
    return _figure(request, log, key, day_span(log.day, log.as_of or now), "logs")


@require_safe
@door("summaries")
def summary_figure(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The list behind a figure of a month."""
    if key not in MONTHLY:
        raise Http404
    summary, now = visible(request, ROOMS["summary"], pk), timezone.now()
    return _figure(
        request, summary, key, month_span(summary.month, summary.as_of or now), "summaries"
    )


def _figure(request, paper, key, span, tab) -> HttpResponse:
    figure = FIGURES[key]
    rows = figure.rows(paper.estate, span)
    total = rows.count()
    found, older = slice_of(request, rows)
    kept = paper.figures.get(key) if paper.as_of else None
    context = {
        "paper": paper,
        "figure": figure,
        "total": total,
        "kept": kept,
        "differs": kept is not None and kept != total,
        "rows": [line_of(figure.base.code, row) for row in found],
        "older": older,
    }
    return page(request, "office/figure_list.html", tab, context)
