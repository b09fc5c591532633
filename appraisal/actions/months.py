"""Month's results: computed from the sheets in force, published in slices, revised by appeals."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts import posts
from accounts.models import Staff
from appraisal.arithmetic import Month, band_of, month_of
from appraisal.items import SCORED_POSTS
from appraisal.models import CollectionRate, MonthResult, Publication, Sheet
from appraisal.periods import month_bounds, month_start, next_month
from appraisal.schemes import MonthTerms, month_terms
from appraisal.statuses import MonthStatus, Status
from estates.models import Estate, Membership, estate_ids_of
from history import entries
from history.models import Entry
from notifications import ledger

PUBLISHED = gettext_noop("%(month)s 考评得分已公布: %(score)s")
FAILING = "fail"
A_SLICE = 100


def compute(month: date, staff_ids: Iterable[int]) -> dict[int, Month]:
    """The months of people from their sheets in force; two queries for any number of people.

    Weights and bands are those that stand at the end of the month.
    """
    return compute_under(month, staff_ids, terms_at(month))


def compute_under(month: date, staff_ids: Iterable[int], terms: MonthTerms) -> dict[int, Month]:
    totals, _waiting = tally(month, staff_ids)
    return {pk: month_of(kinds, terms.weights) for pk, kinds in totals.items()}


def tally(month: date, staff_ids: Iterable[int]) -> tuple[dict, dict[int, int]]:
    """Sum and number of the sheets in force per person and kind, and how many sheets of each
    person are handed in but not in force yet. One query.
    """
    rows = (
        Sheet.objects.exclude(status=Status.DRAFT)
        .filter(day__gte=month, day__lt=next_month(month), staff__in=list(staff_ids))
        .order_by()
        .values("staff", "kind", "status")
        .annotate(marks=Sum("total"), count=Count("pk"))
    )
    totals: dict[int, dict[str, tuple[Decimal, int]]] = {}
    waiting: dict[int, int] = {}
    for row in rows:
        if row["status"] == Status.LOCKED:
            totals.setdefault(row["staff"], {})[row["kind"]] = (row["marks"], row["count"])
        else:
            waiting[row["staff"]] = waiting.get(row["staff"], 0) + row["count"]
    return totals, waiting


def terms_at(month: date) -> MonthTerms:
    return month_terms(month_bounds(month)[1])


def people_of(by: Staff, estate: Estate) -> list[Staff]:
    """Whose month ``by`` may publish in an estate: the department's for the manager, the manager's
    for the general manager; never one's own.
    """
    here = Membership.objects.filter(estate=estate).values("staff")
    people = Staff.objects.filter(pk__in=here, post__in=SCORED_POSTS).exclude(pk=by.pk)
    if by.post == posts.GENERAL_MANAGER:
        people = people.filter(post=posts.CS_MANAGER)
    else:
        people = people.exclude(post=posts.CS_MANAGER)
    return list(people.order_by("name", "pk"))


def publish(month: date, *, estate: Estate, by: Staff, now: datetime) -> Publication:
    """Sign the month and begin to publish it; ``work_off`` does it slice by slice.

    Only what has a sheet in force; what was published stays. ValidationError for a month that is
    not over, without the right, while one runs, or when nothing is left to publish.
    """
    if not by.has_perm("appraisal.publish") or estate.pk not in estate_ids_of(by):
        raise ValidationError(_("只有客服部经理可以公布本部门的得分"))
    if now < month_bounds(month)[1]:
        raise ValidationError(_("这个月还没有结束, 不能公布"))
    people = [person.pk for person in people_of(by, estate)]
    known = set(
        MonthResult.objects.filter(month=month, staff__in=people).values_list("staff", flat=True)
    )
    scored = compute(month, [pk for pk in people if pk not in known])
    waiting = [pk for pk in people if pk in scored and scored[pk].score is not None]
    if not waiting:
        raise ValidationError(_("没有待公布的得分: 已全部公布, 或还没有生效的考评表"))
    try:
        with transaction.atomic():
            row = Publication.objects.create(
                estate=estate, month=month, by=by, at=now, waiting=waiting, total=len(waiting)
            )
    except IntegrityError:
        raise ValidationError(_("这个月正在公布, 稍候")) from None
    entries.record(row, "appraisal.publication_started", by=by, now=now, count=len(waiting))
    return row


def work_off(row: Publication, *, now: datetime, most: int = A_SLICE) -> Publication:
    """Publish the next ``most`` people; safe to call from a page and from the scan at once."""
    with transaction.atomic():
        row = Publication.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if row.finished_at:
            return row
        batch, rest = row.waiting[:most], row.waiting[most:]
        _write(row, batch, now)
        row.waiting = rest
        row.finished_at = None if rest else now
        row.save(update_fields=["waiting", "finished_at"])
    return row


def _write(row: Publication, batch: list[int], now: datetime) -> None:
    terms = terms_at(row.month)
    people = Staff.objects.in_bulk(batch)
    known = set(
        MonthResult.objects.filter(month=row.month, staff__in=batch).values_list("staff", flat=True)
    )
    results = [
        MonthResult(
            estate_id=row.estate_id,
            staff=people[pk],
            month=row.month,
            status=MonthStatus.PUBLISHED,
            reviewed_by_id=row.by_id,
            reviewed_at=row.at,
            published_by_id=row.by_id,
            published_at=now,
            **_figures(month, terms),
        )
        for pk, month in compute_under(row.month, batch, terms).items()
        if pk not in known and month.score is not None
    ]
    MonthResult.objects.bulk_create(results)
    saved = MonthResult.objects.filter(month=row.month, staff__in=batch).select_related("staff")
    fresh = [each for each in saved.order_by("pk") if each.staff_id not in known]
    Entry.objects.bulk_create(
        Entry(
            subject_type=MonthResult._meta.label_lower,
            subject_id=each.pk,
            subject_label=str(each)[:200],
            event="appraisal.published",
            at=now,
            by_id=row.by_id,
            by_name=row.by.name,
            detail={"score": str(each.score)},
        )
        for each in fresh
    )
    for each in fresh:
        _tell(each, now)


def _tell(result: MonthResult, now: datetime) -> None:
    ledger.owe(
        f"appraisal.month:{result.pk}:{len(result.revisions)}",
        to=result.staff,
        title=PUBLISHED,
        params={"month": f"{result.month:%Y-%m}", "score": f"{result.score}"},
        url=reverse("appraisal:month_person", args=[f"{result.month:%Y-%m}", result.staff_id]),
        estate=result.estate,
        why={"rule": "appraisal.month"},
        now=now,
    )


def revise(sheet: Sheet, *, reason: str, by: Staff | None, now: datetime) -> MonthResult | None:
    """Let a changed or late sheet flow into a published month; the earlier score is kept with
    the reason. None while nothing is published or nothing changed.
    """
    month = month_start(sheet.day)
    result = (
        MonthResult.objects.select_for_update(of=("self",))
        .filter(staff=sheet.staff_id, month=month)
        .select_related("staff", "estate")
        .first()
    )
    if result is None:
        return None
    terms = terms_at(month)
    fresh = compute_under(month, [sheet.staff_id], terms).get(sheet.staff_id)
    if fresh is None or fresh.score is None:
        return None
    figures = _figures(fresh, terms)
    if figures["score"] == result.score and figures["parts"] == result.parts:
        return None
    result.revisions.append(
        {
            "at": now.isoformat(),
            "by": by.name if by else "",
            "sheet": sheet.pk,
            "number": sheet.number,
            "reason": reason,
            "before": str(result.score),
            "after": str(figures["score"]),
        }
    )
    for name, value in figures.items():
        setattr(result, name, value)
    result.save(update_fields=["revisions", *figures])
    entries.record(
        result,
        "appraisal.revised",
        by=by,
        now=now,
        number=sheet.number,
        cause=reason,
        before=result.revisions[-1]["before"],
        after=str(result.score),
    )
    _tell(result, now)
    return result


def archive(month: date, *, estate: Estate, by: Staff, now: datetime) -> int:
    """File the published results of a month. Returns how many."""
    if not by.has_perm("appraisal.publish") or estate.pk not in estate_ids_of(by):
        raise ValidationError(_("只有客服部经理可以归档"))
    people = [person.pk for person in people_of(by, estate)]
    rows = MonthResult.objects.filter(month=month, staff__in=people, status=MonthStatus.PUBLISHED)
    with transaction.atomic():
        count = rows.update(status=MonthStatus.ARCHIVED)
        if count:
            entries.record(estate, "appraisal.archived", by=by, now=now,
                           month=f"{month:%Y-%m}", count=count)  # fmt: skip
    return count


def enter_rate(
    estate: Estate, month: date, *, receivable: Decimal, received: Decimal, by: Staff, now: datetime
) -> CollectionRate:
    """Enter what an estate was owed and paid for a month (FEE-2); a month can be entered anew
    until somebody was charged for it.
    """
    if not by.has_perm("appraisal.enter_rate") or estate.pk not in estate_ids_of(by):
        raise ValidationError(_("只有客服助理可以录入本项目的收费率"))
    if receivable <= 0 or received < 0:
        raise ValidationError({"receivable": _("应收须大于 0, 实收不能为负")})
    if month > month_start(now.date()):
        raise ValidationError({"month": _("月份还没有到")})
    with transaction.atomic():
        row, _created = CollectionRate.objects.update_or_create(
            estate=estate,
            month=month,
            defaults={
                "receivable": receivable,
                "received": received,
                "entered_by": by,
                "entered_at": now,
            },
        )
        entries.record(row, "appraisal.rate_entered", by=by, now=now, rate=str(row.rate))
    return row


def _figures(month: Month, terms: MonthTerms) -> dict:
    return {
        "parts": [
            {
                "kind": part.kind,
                "count": part.count,
                "mean": str(part.mean),
                "weight": str(part.weight),
                "share": str(part.share),
            }
            for part in month.parts
        ],
        "score": month.score,
        "band": band_of(month.score, terms.floors, FAILING),
    }
