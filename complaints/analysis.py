"""A month of complaints in figures, each of which opens the rows behind it (CMP-6)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import posts
from accounts.models import Staff
from complaints import followups
from complaints.choices import Category, Cause, Department, Grade, Validity
from complaints.figures import flags, made_in, midnight, month_of, passed_to
from complaints.models import Analysis, Complaint
from estates.models import Estate
from followups.actions import meet, open_followup
from followups.models import FollowUp
from history import entries
from rulebook.limits import limit


@dataclass(frozen=True)
class Figure:
    """One number and the address of the list that shows exactly these complaints."""

    label: str | Promise
    count: int
    url: str


@dataclass(frozen=True)
class Share:
    """A rate with its fraction; below ten cases the fraction alone says enough."""

    label: str | Promise
    part: Figure
    whole: Figure
    target: int | None = None

    @property
    def percent(self) -> float | None:
        return self.part.count * 100 / self.whole.count if self.whole.count >= 10 else None


@dataclass(frozen=True)
class Table:
    heading: str | Promise
    figures: list[Figure]


@dataclass(frozen=True)
class Month:
    total: Figure
    tables: list[Table]
    shares: list[Share]


TABLES = (
    (_("类别"), "category", Category.choices),
    (_("等级"), "grade", Grade.choices),
    (_("是否有效"), "validity", Validity.choices),
    (_("原因"), "cause", Cause.choices),
)
OTHERS = ("open", "closed", "repeats", "reopened", "late", "upgraded", "extended")
UNSET = "none"  # what the list's filters call an empty value


def month_figures(staff: Staff, *, estate: Estate, month: date, now: datetime) -> Month:
    """Every figure of a month in one query over what the person may see."""
    rows = Complaint.objects.visible_to(staff).filter(made_in(month), estate=estate)
    conditions: dict[str, Q] = {"total": Q()}
    for _heading, field, choices in TABLES:
        conditions |= {f"{field}__{value or UNSET}": Q(**{field: value}) for value, _l in choices}
    conditions |= {f"department__{code}": passed_to(code) for code in Department.values}
    said = flags(now)
    conditions |= {f"flag__{code}": condition for code, (_label, condition) in said.items()}
    counts = rows.order_by().aggregate(
        **{
            name: Count("pk", filter=condition) if condition else Count("pk")
            for name, condition in conditions.items()
        }
    )

    def figure(label, name, **asked):
        address = {"status": "all", "estate": estate.pk, "month": f"{month:%Y-%m}"} | asked
        url = f"{reverse('complaints:complaint_list')}?{urlencode(address)}"
        return Figure(label, counts[name], url)

    def flag(code):
        return figure(said[code][0], f"flag__{code}", flag=code)

    tables = [
        Table(
            heading,
            [
                figure(label, f"{field}__{value or UNSET}", **{field: value or UNSET})
                for value, label in choices
            ],
        )
        for heading, field, choices in TABLES
    ]
    tables.append(
        Table(
            _("转交部门"),
            [
                figure(label, f"department__{code}", department=code)
                for code, label in Department.choices
            ],
        )
    )
    tables.append(Table(_("其他"), [flag(code) for code in OTHERS]))
    valid = figure(_("有效投诉"), "validity__valid", validity="valid")
    return Month(
        total=figure(_("投诉总数"), "total"),
        tables=tables,
        shares=[
            Share(_("处理率"), flag("handled"), valid, _target("handled", now)),
            Share(_("及时率"), flag("in_time"), flag("due")),
            Share(_("满意率"), flag("satisfied"), flag("asked"), _target("satisfied", now)),
        ],
    )


def _target(what: str, now: datetime) -> int:
    return int(limit(f"complaints.{what}_target", at=now).value)


# --- who writes it, and by when ---------------------------------------------------------------


def owe_analyses(now: datetime) -> None:
    """From the first of the month the assistants owe the analysis of the last one (CMP-6)."""
    this = month_of(now)
    last = month_of(_day_before(this))
    known = Analysis.objects.filter(month=last).values("estate")
    had = Complaint.objects.filter(made_in(last)).values("estate")
    for estate in Estate.objects.filter(pk__in=had).exclude(pk__in=known).order_by("pk"):
        analysis, is_new = Analysis.objects.get_or_create(estate=estate, month=last)
        if is_new:
            open_followup(
                analysis,
                followups.ANALYSIS,
                now=now,
                owner_post=posts.CS_ASSISTANT,
                estate=estate,
                params={"what": f"{last:%Y-%m}"},
                url=f"{reverse('complaints:analysis')}?estate={estate.pk}&month={last:%Y-%m}",
                limit_key="complaints.statistics",
            )


@transaction.atomic
def write_analysis(
    estate: Estate, *, month: date, words: str, by: Staff, now: datetime
) -> Analysis:
    """The assistant's words about a month; written again they replace the former ones.

    Raises ValidationError without words, and for a month that is not over.
    """
    words = words.strip()
    if not words:
        raise ValidationError({"words": _("写一句分析和改进意见")})
    if month >= month_of(now):
        raise ValidationError({"words": _("这个月还没过完, 月底后再写分析")})
    analysis, _is_new = Analysis.objects.update_or_create(
        estate=estate,
        month=month,
        defaults={"words": words[:4000], "written_at": now, "written_by": by},
    )
    meet(analysis, followups.ANALYSIS, by=by, now=now)
    entries.record(analysis, "complaints.analysed", by=by, now=now, text=words)
    return analysis


def owed_analysis(analysis: Analysis | None) -> FollowUp | None:
    """The open duty to write it, if any."""
    if analysis is None:
        return None
    return FollowUp.objects.open().about(analysis).filter(kind=followups.ANALYSIS).first()


def months_back(now: datetime, count: int = 12) -> list[date]:
    """This month and those before it, newest first."""
    months = [month_of(now)]
    while len(months) < count:
        months.append(month_of(_day_before(months[-1])))
    return months


def month_from(text: str, now: datetime) -> date:
    """A month as an address says it (2026-11); what cannot be read is this month."""
    try:
        found = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 -- a month has no zone
    except ValueError:
        return month_of(now)
    return found if 2000 <= found.year < 2200 else month_of(now)


def _day_before(month: date) -> datetime:
    return midnight(month) - timedelta(hours=12)
