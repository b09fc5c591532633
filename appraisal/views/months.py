"""Months: the result page and its workbook, and one person's arithmetic."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts import posts
from accounts.lines import Line
from accounts.models import Staff
from appraisal.actions import months
from appraisal.arithmetic import Month, band_of, month_of
from appraisal.exports import write_month
from appraisal.items import BANDS, FAILING, SCORED_POSTS, Kind
from appraisal.models import MonthResult, Publication, Sheet
from appraisal.periods import month_bounds, month_start, next_month
from appraisal.statuses import MonthStatus
from appraisal.views.doors import require, require_reader
from estates.models import Estate, Membership, estate_ids_of

MONTHS = 12  # of one person, as his page lists them
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


@dataclass(frozen=True)
class Change:
    """One revision of a month: from what to what, by which sheet, and why."""

    before: Decimal
    after: Decimal
    reason: str | Promise
    number: str
    sheet: int
    by: str
    at: datetime


REASONS = {"appeal": _("申诉裁定"), "locked": _("考评表后来生效")}


def changes_of(result: MonthResult) -> list[Change]:
    return [
        Change(
            Decimal(each["before"]),
            Decimal(each["after"]),
            REASONS.get(each["reason"], each["reason"]),
            each["number"],
            each["sheet"],
            each["by"],
            datetime.fromisoformat(each["at"]),
        )
        for each in result.revisions
    ]


@dataclass
class Row:
    """One person's month: as reviewed or published, or as it stands now.

    ``waiting`` counts the sheets that are handed in but not in force yet.
    """

    staff: Staff
    month: Month
    score: Decimal | None
    band: str
    result: MonthResult | None
    waiting: int
    is_signable: bool = False

    @property
    def band_label(self) -> str | Promise:
        return BANDS.get(self.band, "")

    @property
    def status_label(self) -> str | Promise:
        if self.result:
            return self.result.get_status_display()
        return MonthStatus.COMPUTED.label if self.score is not None else _("没有得分")

    @property
    def status(self) -> str:
        """Its step of 计算 → 审核 → 公布 → 归档; empty without any sheet in force."""
        if self.result:
            return self.result.status
        return MonthStatus.COMPUTED if self.score is not None else ""

    @property
    def changes(self) -> list[Change]:
        """What changed the score after its review, oldest first."""
        return changes_of(self.result) if self.result else []

    @property
    def before(self) -> Decimal | None:
        """The score as it was first signed; None where it is the same."""
        first = self.changes[0].before if self.changes else self.score
        return first if first != self.score else None

    @property
    def why(self) -> str:
        return "; ".join(f"{each.reason} {each.number}" for each in self.changes)

    @property
    def to_review(self) -> bool:
        return self.is_signable and self.status == MonthStatus.COMPUTED

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
        if person.pk == by.pk and not (result and result.is_public):
            found, result = Month((), None), None  # one's own is seen once it is published
        score = result.score if result else found.score
        band = band_of(score, terms.floors, FAILING) if score is not None else ""
        rows.append(
            Row(person, found, score, result.band if result else band, result,
                waiting.get(person.pk, 0), months.signs_month_of(by, person))
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
    signs = request.user.has_perm("appraisal.publish")
    running = Publication.objects.filter(month=month, by=request.user, finished_at=None)
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
            "estates": estates_to_sign(rows, by=request.user) if signs else [],
            "publication": running.first() if signs else None,
            "signs": signs,
            "steps": steps_of(rows),
        },
        status=status,
    )


def estates_to_sign(rows: list[Row], *, by: Staff) -> list[Estate]:
    """Where somebody works whose month ``by`` signs. One query."""
    people = [row.staff.pk for row in rows if row.is_signable]
    here = Membership.objects.filter(staff__in=people).values("estate")
    return list(Estate.objects.visible_to(by).filter(pk__in=here).order_by("pk"))


def steps_of(rows: list[Row]) -> dict[str, int]:
    """How many of those whom one signs stand at each step of the month."""
    found = dict.fromkeys(MonthStatus.values, 0)
    for row in rows:
        if row.is_signable and row.status:
            found[row.status] += 1
    return found


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
    earlier = MonthResult.objects.filter(staff=person).order_by("-month")
    if person == request.user:
        earlier = earlier.public()
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
            "earlier": [
                (each, BANDS.get(each.band, ""), changes_of(each)) for each in earlier[:MONTHS]
            ],
        },
    )
