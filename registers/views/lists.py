"""The list of a register, searched and narrowed, and the same list as a workbook."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from estates.typed import half_width
from followups.kinds import kind
from followups.models import FollowUp
from history import entries
from registers import cells, workbooks
from registers.catalogue import REGISTERS, Register
from registers.models.keys import LoanStatus
from registers.views.doors import frame, require, unit_of
from spreadsheets.answer import workbook
from spreadsheets.writer import write_workbook

ROWS = 25


@require_safe
def register_list(request: HttpRequest) -> HttpResponse:
    """The first register; the tabs lead to the others."""
    require(request, "registers.view")
    return redirect("registers:record_list", REGISTERS[0].slug)


@require_safe
@vary_on_headers("HX-Request")
def record_list(request: HttpRequest, register: Register) -> HttpResponse:
    """25 lines, newest first, each with what is owed about it next."""
    require(request, "registers.view")
    unit = unit_of(request)
    page = list(_before(request, _chosen(request, register, unit))[: ROWS + 1])
    shown = page[:ROWS]
    context = frame(request, register)
    _add_next_due(register, shown)
    _add_borrower(register, shown)
    context |= {
        "rows": [
            (
                record,
                [
                    (name, head, cells.in_list(register, record, name, reveal=context["reveal"]))
                    for name, head in _headings(register)
                ],
            )
            for record in shown
        ],
        "headings": _headings(register),
        "moments": [
            name for name in register.columns if cells.column(register, name).kind == "moment"
        ],
        "older": _address(request, before=shown[-1].pk) if len(page) > ROWS else "",
        "newest": _address(request) if "before" in request.GET else "",
        "filters": _address(request),
        "q": request.GET.get("q", ""),
        "state": request.GET.get("state", ""),
        "unit": unit,
    }
    template = "registers/_record_rows.html" if request.htmx else "registers/record_list.html"
    return render(request, template, context)


@require_safe
def record_export(request: HttpRequest, register: Register) -> HttpResponse:
    """The list as it is narrowed, with every field; who took it is written down."""
    require(request, "registers.view")
    require(request, "registers.keep")
    now = timezone.now()
    names = workbooks.exported(register)
    joined = [
        field.name
        for field in register.model._meta.concrete_fields
        if field.is_relation and field.name in names
    ]
    lines = _chosen(request, register, unit_of(request)).select_related(*joined)
    notes = [
        (_("登记簿"), str(register.title)),
        (_("导出人"), request.user.name),
        (_("导出时间"), f"{timezone.localtime(now):%Y-%m-%d %H:%M}"),
        (_("搜索"), request.GET.get("q", "") or _("全部")),
    ]
    answer, count = workbook(
        f"{register.title} {timezone.localdate(now):%Y%m%d}.xlsx",
        lambda file: write_workbook(
            file,
            sheet_title=str(register.title),
            columns=[cells.column(register, name) for name in names],
            rows=(
                tuple(cells.value(record, name) for name in names)
                for record in lines.iterator(chunk_size=500)
            ),
            notes=notes,
        ),
    )
    entries.record(
        request.user, "register.exported", by=request.user, now=now,
        register=register.slug, rows=count,
    )  # fmt: skip
    return answer


def _chosen(request, register, unit):
    """The lines that this person may see, by the words, the state and the home of the address."""
    rows = register.model.objects.visible_to(request.user).select_related(*register.joined)
    term = half_width(request.GET.get("q", "")).replace("\x00", "").strip()[:60]
    if term:
        matching = Q()
        for lookup in register.search:
            matching |= Q(**{f"{lookup}__icontains": term})
        # Asked apart, so that a key with three loans of one borrower is one line.
        rows = rows.filter(pk__in=register.model.objects.filter(matching).values("pk"))
    state = request.GET.get("state", "")
    if state in dict(register.statuses):
        rows = rows.filter(status=state)
    elif state != "all":
        rows = rows.filter(status__in=register.model.OPEN)
    if unit is not None:
        rows = rows.filter(unit=unit)
    return rows.order_by("-pk")


def _before(request, rows):
    before = request.GET.get("before", "")
    return rows.filter(pk__lt=int(before)) if before.isdecimal() and len(before) < 18 else rows


def _headings(register):
    return [(name, cells.heading(register, name)) for name in register.columns]


def _add_next_due(register, records):
    """Put on each line ``due``, the open follow-up that falls due first; one query."""
    owed = FollowUp.objects.open().filter(
        content_type=ContentType.objects.get_for_model(register.model),
        object_id__in=[record.pk for record in records],
    )
    first: dict = {}
    for row in owed.order_by("due_at", "pk"):
        first.setdefault(row.object_id, row)
    for record in records:
        record.due = first.get(record.pk)
        record.due_label = kind(record.due.kind).label if record.due else ""


def _add_borrower(register, records):
    """Put on each lent line ``borrower``, who has it; one query, none where nothing is lent."""
    if not hasattr(register.model, "loans"):
        return
    loans = register.model.loans.rel.related_model.objects.filter(status=LoanStatus.OUT)
    mine = register.model.loans.field.name
    found = dict(
        loans.filter(**{f"{mine}__in": [record.pk for record in records]}).values_list(
            mine, "borrower"
        )
    )
    for record in records:
        record.borrower = found.get(record.pk, "")


def _address(request, **changes):
    asked = request.GET.copy()
    asked.pop("before", None)
    for name, value in changes.items():
        asked[name] = value
    return f"?{asked.urlencode()}"
