"""Month's results (forms 4.5): computed from the sheets in force, reviewed, published in slices,
filed; revised by what is decided later.
"""

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
from appraisal.items import FAILING, SCORED_POSTS
from appraisal.models import MonthResult, Publication, Sheet
from appraisal.periods import month_bounds, month_start, next_month
from appraisal.schemes import MonthTerms, month_terms
from appraisal.statuses import MonthStatus, Status
from estates.models import Estate, Membership, estate_ids_of
from history import entries
from history.models import Entry
from notifications import ledger

PUBLISHED = gettext_noop("%(month)s 考评得分已公布: %(score)s")
REVISED = gettext_noop("%(month)s 考评得分已改: %(name)s %(before)s → %(score)s")
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


def signs_month_of(by: Staff, person: Staff) -> bool:
    """Whether ``by`` reviews and publishes this person's month: the department's the manager, the
    manager's the general manager; nobody his own.
    """
    if not by.has_perm("appraisal.publish") or by.pk == person.pk:
        return False
    is_manager = person.post == posts.CS_MANAGER
    return person.post in SCORED_POSTS and is_manager == (by.post == posts.GENERAL_MANAGER)


def people_of(by: Staff, estate: Estate) -> list[Staff]:
    """Whose month ``by`` reviews and publishes in an estate, by name. One query."""
    here = Membership.objects.filter(estate=estate).values("staff")
    people = Staff.objects.filter(pk__in=here, post__in=SCORED_POSTS).order_by("name", "pk")
    return [person for person in people if signs_month_of(by, person)]


def review(
    month: date, staff: Iterable[Staff], *, estate: Estate, by: Staff, now: datetime
) -> list[MonthResult]:
    """Sign the results of these people as they stand: what is published is what was signed.

    Leaves out whoever has no sheet in force and whoever was reviewed already. ValidationError
    without the right, for a month that is not over, or when nobody is left.
    """
    _require_publisher(estate, by)
    if now < month_bounds(month)[1]:
        raise ValidationError(_("这个月还没有结束, 不能审核"))
    wanted = {person.pk for person in staff}
    people = {person.pk: person for person in people_of(by, estate) if person.pk in wanted}
    terms = terms_at(month)
    scored = {
        pk: found
        for pk, found in compute_under(month, people, terms).items()
        if found.score is not None
    }
    with transaction.atomic():
        known = {
            each.staff_id: each
            for each in MonthResult.objects.select_for_update(of=("self",)).filter(
                month=month, staff__in=scored
            )
        }
        rows = []
        for pk, found in scored.items():
            row = known.get(pk) or MonthResult(estate=estate, staff=people[pk], month=month)
            if row.pk and row.status != MonthStatus.COMPUTED:
                continue
            for name, value in _figures(found, terms).items():
                setattr(row, name, value)
            row.status, row.reviewed_by, row.reviewed_at = MonthStatus.REVIEWED, by, now
            rows.append(row)
        if not rows:
            raise ValidationError(_("没有待审核的得分: 已全部审核, 或还没有生效的考评表"))
        _insert([row for row in rows if not row.pk])
        MonthResult.objects.bulk_update(
            [row for row in rows if row.staff_id in known],
            ["status", "parts", "score", "band", "reviewed_by", "reviewed_at"],
        )
        saved = MonthResult.objects.filter(month=month, staff__in=[row.staff_id for row in rows])
        _record("appraisal.month_reviewed", saved.select_related("staff"), by, now)
    return rows


def _insert(rows: list[MonthResult]) -> None:
    try:
        with transaction.atomic():
            MonthResult.objects.bulk_create(rows)
    except IntegrityError:
        raise ValidationError(_("有人刚刚审核过这个月, 刷新后再看"), code="stale") from None


def publish(month: date, *, estate: Estate, by: Staff, now: datetime) -> Publication:
    """Begin to publish what was reviewed; ``work_off`` does it slice by slice.

    ValidationError without the right, while one runs, or when nothing reviewed is left.
    """
    _require_publisher(estate, by)
    people = [person.pk for person in people_of(by, estate)]
    waiting = list(
        MonthResult.objects.filter(month=month, staff__in=people, status=MonthStatus.REVIEWED)
        .order_by("staff__name", "staff")
        .values_list("staff", flat=True)
    )
    if not waiting:
        raise ValidationError(_("没有待公布的得分: 先审核, 或已全部公布"))
    try:
        with transaction.atomic():
            row = Publication.objects.create(
                estate=estate, month=month, by=by, at=now, waiting=waiting, total=len(waiting)
            )
            entries.record(row, "appraisal.publication_started", by=by, now=now, count=len(waiting))
    except IntegrityError:
        raise ValidationError(_("这个月正在公布, 稍候")) from None
    return row


def work_off(row: Publication, *, now: datetime, most: int = A_SLICE) -> Publication:
    """Publish the next ``most`` people; safe to call from a page and from the scan at once.

    Whoever fell back from 已审核 meanwhile is left for the next review.
    """
    with transaction.atomic():
        row = Publication.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if row.finished_at:
            return row
        batch, rest = row.waiting[:most], row.waiting[most:]
        _publish(row, batch, now)
        row.waiting = rest
        row.finished_at = None if rest else now
        row.save(update_fields=["waiting", "finished_at"])
    return row


def _publish(row: Publication, batch: list[int], now: datetime) -> None:
    ready = MonthResult.objects.select_for_update(of=("self",)).filter(
        month=row.month, staff__in=batch, status=MonthStatus.REVIEWED
    )
    results = list(ready.select_related("staff", "estate").order_by("pk"))
    MonthResult.objects.filter(pk__in=[each.pk for each in results]).update(
        status=MonthStatus.PUBLISHED, published_by=row.by_id, published_at=now
    )
    _record("appraisal.published", results, row.by, now)
    for each in results:
        _tell(each, now)


def _record(event: str, results: Iterable[MonthResult], by: Staff, now: datetime) -> None:
    """The same entry for many results, in one query."""
    Entry.objects.bulk_create(
        Entry(
            subject_type=MonthResult._meta.label_lower,
            subject_id=each.pk,
            subject_label=str(each)[:200],
            event=event,
            at=now,
            by_id=by.pk,
            by_name=by.name,
            detail={"score": str(each.score)},
        )
        for each in results
    )


def _tell(result: MonthResult, now: datetime) -> None:
    """The person; and of a published score that changed, whoever had published it too."""
    revised = result.published_at is not None  # as it was read: the first time it is not yet set
    params = {"month": f"{result.month:%Y-%m}", "score": f"{result.score}"}
    if revised:
        params |= {"name": result.staff.name, "before": result.revisions[-1]["before"]}
    for reader in {result.staff_id, result.published_by_id if revised else None} - {None}:
        ledger.owe(
            f"appraisal.month:{result.pk}:{len(result.revisions)}:{reader}",
            to=Staff.objects.get(pk=reader),
            title=REVISED if revised else PUBLISHED,
            params=params,
            url=reverse("appraisal:month_person", args=[params["month"], result.staff_id]),
            estate=result.estate,
            why={"rule": "appraisal.month"},
            now=now,
        )


def revise(
    sheet: Sheet, *, reason: str, by: Staff | None, now: datetime, decider: Staff | None = None
) -> MonthResult | None:
    """Let a changed or late sheet flow into its month; the earlier score is kept with the reason,
    and with whoever decided it, be it that somebody else locked the sheet afterwards.

    What was reviewed but not published yet has to be reviewed again. None while the month has no
    result or nothing changed.
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
    changed = {
        "at": now.isoformat(),
        "by": (decider or by).name if decider or by else "",
        "sheet": sheet.pk,
        "number": sheet.number,
        "reason": reason,
        "before": str(result.score),
        "after": str(figures["score"]),
    }
    result.revisions.append(changed)
    if result.status == MonthStatus.REVIEWED:
        figures |= {"status": MonthStatus.COMPUTED, "reviewed_by": None, "reviewed_at": None}
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
        before=changed["before"],
        after=changed["after"],
    )
    if result.is_public and changed["before"] != changed["after"]:
        _tell(result, now)
    return result


def archive(month: date, *, estate: Estate, by: Staff, now: datetime) -> int:
    """File the published results of a month. Returns how many."""
    _require_publisher(estate, by)
    people = [person.pk for person in people_of(by, estate)]
    rows = MonthResult.objects.filter(month=month, staff__in=people, status=MonthStatus.PUBLISHED)
    with transaction.atomic():
        count = rows.update(status=MonthStatus.ARCHIVED)
        if count:
            entries.record(estate, "appraisal.archived", by=by, now=now,
                           month=f"{month:%Y-%m}", count=count)  # fmt: skip
    return count


def _require_publisher(estate: Estate, by: Staff) -> None:
    if not by.has_perm("appraisal.publish") or estate.pk not in estate_ids_of(by):
        raise ValidationError(_("只有客服部经理或物业总经理可以审核、公布和归档本项目的得分"))


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
