"""Months: the result page, publishing with progress, one person's arithmetic, replay, rates."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import posts
from accounts.lines import Line
from accounts.models import Staff
from appraisal.actions import months
from appraisal.arithmetic import Month, band_of, month_of
from appraisal.exports import write_month
from appraisal.forms import RateForm
from appraisal.items import SCORED_POSTS, Kind
from appraisal.models import CollectionRate, MonthResult, Publication, Sheet
from appraisal.periods import month_bounds, month_start, next_month
from appraisal.replay import replay
from appraisal.schemes import month_terms
from appraisal.views.doors import put_errors, require, require_reader, say, status_of
from estates.models import Estate, Membership, estate_ids_of

BANDS = {"excellent": _("优"), "good": _("良"), "pass": _("合格"), "fail": _("不合格")}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def month_from(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise Http404 from error


def people_seen(by: Staff, *, own: bool = True) -> list[Staff]:
    """Whose months ``by`` may see: his own, his line's; the manager's and general manager's
    estates. Three queries at most.
    """
    seen = {by.pk} if own else set()
    line = Line.load_people()
    if by.has_perm("appraisal.inspect"):
        seen |= line.below(by.pk)
    if by.post in (posts.GENERAL_MANAGER, posts.CS_MANAGER):
        here = Membership.objects.filter(estate__in=estate_ids_of(by))
        seen |= {
            pk
            for pk in here.values_list("staff", flat=True)
            if by.post == posts.GENERAL_MANAGER or line.people[pk].post != posts.CS_MANAGER
        }
    people = [line.people[pk] for pk in seen if line.people[pk].post in SCORED_POSTS]
    return sorted(people, key=lambda person: (person.name, person.pk))


@dataclass
class Row:
    """One person's month: as published, or as it stands now."""

    staff: Staff
    month: Month
    score: Decimal | None
    band: str
    result: MonthResult | None
    waiting: int

    @property
    def band_label(self) -> str | Promise:
        return BANDS.get(self.band, "")

    @property
    def status_label(self) -> str | Promise:
        return self.result.get_status_display() if self.result else _("未公布")

    def mean(self, kind) -> Decimal | None:
        return next((part.mean for part in self.month.parts if part.kind == kind), None)

    @property
    def means(self) -> list[Decimal | None]:
        return [self.mean(kind) for kind in Kind]


def rows_of(month: date, people: list[Staff], *, by: Staff, terms=None) -> list[Row]:
    """Three queries for any number of people. Staff see their own month once it is published."""
    pks = [person.pk for person in people]
    terms = terms or months.terms_at(month)
    totals, waiting = months.tally(month, pks)
    computed = {pk: month_of(kinds, terms.weights) for pk, kinds in totals.items()}
    results = {
        each.staff_id: each for each in MonthResult.objects.filter(month=month, staff__in=pks)
    }
    rows = []
    for person in people:
        found = computed.get(person.pk, Month((), None))
        result = results.get(person.pk)
        if person.pk == by.pk and result is None:
            found = Month((), None)  # one's own is seen once it is published
        score = result.score if result else found.score
        band = band_of(score, terms.floors, months.FAILING) if score is not None else ""
        rows.append(
            Row(person, found, score, result.band if result else band, result,
                waiting.get(person.pk, 0))
        )  # fmt: skip
    return rows


@require_GET
def month_latest(request):
    """The newest month that is over, which is the one to publish."""
    require_reader(request)
    last = month_start(month_start(timezone.localdate()) - timedelta(days=1))
    return redirect("appraisal:month_detail", f"{last:%Y-%m}")


@require_GET
def month_detail(request, month):
    return month_page(request, month_from(month))


def month_page(request, month, status=200):
    require(request, "appraisal.view")
    terms = months.terms_at(month)
    rows = rows_of(month, people_seen(request.user), by=request.user, terms=terms)
    estates = list(Estate.objects.visible_to(request.user).order_by("pk"))
    running = list(Publication.objects.filter(month=month, by=request.user).order_by("-pk")[:1])
    return render(
        request,
        "appraisal/month_detail.html",
        {
            "month": month,
            "previous": month_start(month - timedelta(days=1)),
            "following": next_month(month),
            "rows": rows,
            "kinds": Kind.choices,
            "terms": terms,
            "is_over": timezone.now() >= month_bounds(month)[1],
            "estates": estates if request.user.has_perm("appraisal.publish") else [],
            "publication": running[0] if running else None,
            "may_replay": request.user.has_perm("appraisal.publish"),
            "publishable": sum(row.result is None and row.score is not None
                               and row.staff.pk != request.user.pk for row in rows),
        },
        status=status,
    )  # fmt: skip


def estate_of(request):
    pk = request.POST.get("estate", "")
    return get_object_or_404(
        Estate.objects.visible_to(request.user), pk=pk if pk.isdigit() else None
    )


@require_POST
def month_publish(request, month):
    require(request, "appraisal.publish")
    when, now = month_from(month), timezone.now()
    try:
        row = months.publish(when, estate=estate_of(request), by=request.user, now=now)
        months.work_off(row, now=now)
    except ValidationError as error:
        say(request, error)
        return month_page(request, when, status=status_of(error))
    return redirect("appraisal:month_detail", month)


@require_POST
def month_work(request, month, pk):
    """The next slice of a publication, asked for by its page; the scan goes on without it."""
    require(request, "appraisal.publish")
    row = get_object_or_404(Publication, pk=pk, by=request.user, month=month_from(month))
    row = months.work_off(row, now=timezone.now())
    if request.headers.get("X-Progress"):
        return render(request, "appraisal/_publication.html", {"publication": row})
    return redirect("appraisal:month_detail", month)


@require_POST
def month_archive(request, month):
    require(request, "appraisal.publish")
    when = month_from(month)
    try:
        count = months.archive(when, estate=estate_of(request), by=request.user, now=timezone.now())
    except ValidationError as error:
        say(request, error)
        return month_page(request, when, status=status_of(error))
    messages.success(request, _("已归档 %(count)s 人") % {"count": count})
    return redirect("appraisal:month_detail", month)


@require_GET
def month_export(request, month):
    require(request, "appraisal.view")
    when = month_from(month)
    rows = rows_of(when, people_seen(request.user), by=request.user)
    file = BytesIO()
    write_month(file, rows, month=when, by=request.user, now=timezone.now())
    return HttpResponse(
        file.getvalue(),
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="appraisal_{month}.xlsx"'},
    )


@require_GET
def month_person(request, month, pk):
    """One person's month with its arithmetic and every sheet in it."""
    require(request, "appraisal.view")
    when = month_from(month)
    person = next((each for each in people_seen(request.user) if each.pk == pk), None)
    if person is None:
        raise Http404
    row = rows_of(when, [person], by=request.user)[0]
    sheets = (
        Sheet.objects.visible_to(request.user)
        .filter(staff=person, day__gte=when, day__lt=next_month(when))
        .select_related("inspector")
        .order_by("day", "pk")
    )
    return render(
        request,
        "appraisal/month_person.html",
        {
            "month": when,
            "row": row,
            "person": person,
            "parts": [
                (
                    Kind(part["kind"]).label,
                    part["count"],
                    part["mean"],
                    part["weight"],
                    part["share"],
                )
                for part in row.result.parts
            ]
            if row.result
            else [
                (Kind(part.kind).label, part.count, part.mean, part.weight, part.share)
                for part in row.month.parts
            ],
            "sheets": list(sheets),
        },
    )


@require_GET
def month_replay(request, month):
    """What the month would be under the drafted schemes and the numbers still to come."""
    require(request, "appraisal.publish")
    when, now = month_from(month), timezone.now()
    ahead = now + timedelta(days=366)
    people = people_seen(request.user, own=False)
    rows = replay(
        when, people, now=now, at=ahead, terms=months.terms_at(when), drafted=month_terms(ahead)
    )
    return render(request, "appraisal/month_replay.html", {"month": when, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def rate_list(request):
    """Collection rates per estate and month, until fees have a room of their own."""
    require_reader(request)
    may_enter = request.user.has_perm("appraisal.enter_rate")
    form = None
    if request.method == "POST":
        require(request, "appraisal.enter_rate")
        form = RateForm(request.POST, staff=request.user)
        if form.is_valid():
            try:
                months.enter_rate(**form.cleaned_data, by=request.user, now=timezone.now())
            except ValidationError as error:
                put_errors(form, error)
            else:
                return redirect("appraisal:rate_list")
    rates = CollectionRate.objects.visible_to(request.user).select_related("estate", "entered_by")
    return render(
        request,
        "appraisal/rate_list.html",
        {
            "rates": list(rates[:36]),
            "form": form or (RateForm(staff=request.user) if may_enter else None),
        },
        status=422 if request.method == "POST" else 200,
    )
