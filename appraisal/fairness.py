"""The fairness view: who scores how, who and what was looked at, appeals, deductions by rule.

Every chart is a question, its answer in words, and its table (screens.md, charts).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count, F, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Staff
from appraisal.arithmetic import median_of, quantile
from appraisal.items import SCORED_POSTS
from appraisal.models import Appeal, Deduction, Sheet
from appraisal.statuses import Outcome, Status
from community.charts import Bar, Chart, Part
from estates.models import Membership, estate_ids_of
from rulebook.models import SOP

FEW = 5  # below so many sheets a median says little
STEPS = (1, 2, 5, 10, 20)  # between two marks of the scale
TONE = "level-5"


@dataclass(frozen=True)
class Spread:
    """The marks one inspector gave: five numbers, and how often each total was given."""

    inspector: str
    count: int
    least: Decimal
    lower: Decimal
    median: Decimal
    upper: Decimal
    most: Decimal
    given: tuple[tuple[Decimal, int], ...]


@dataclass(frozen=True)
class Dots:
    """A spread on its scale: places in percent of the width; dots as (place, radius)."""

    spread: Spread
    median: float
    dots: list[tuple[float, float]]


@dataclass(frozen=True)
class DotPlot:
    question: str
    answer: str
    rows: list[Dots]
    scale: list[tuple[float, str]]


def scope(by: Staff, start: date, end: date):
    """Handed-in sheets of the estates within [start, end)."""
    return Sheet.objects.visible_to(by).exclude(status=Status.DRAFT).filter(
        day__gte=start, day__lt=end
    )  # fmt: skip


def spreads(sheets) -> list[Spread]:
    """One per inspector, the strictest first. One query."""
    marks: dict[str, list[Decimal]] = {}
    for name, total in sheets.order_by("inspector__name", "inspector_id").values_list(
        "inspector__name", "total"
    ):
        marks.setdefault(name, []).append(total)
    found = [
        Spread(
            name,
            len(given),
            min(given),
            quantile(given, Fraction(1, 4)),
            median_of(given),
            quantile(given, Fraction(3, 4)),
            max(given),
            tuple(sorted(Counter(given).items())),
        )
        for name, given in marks.items()
    ]
    return sorted(found, key=lambda each: each.median)


def scale_of(least: Decimal) -> list[int]:
    """The marks of a scale from below ``least`` up to 100, six at most and evenly apart."""
    step = next((each for each in STEPS if 100 - 5 * each <= least), STEPS[-1])
    return list(range(100 - 5 * step, 101, step))


def dot_plot(found: Sequence[Spread]) -> DotPlot:
    """Whether everybody scores as strictly: dots of the totals given, with the median."""
    scale = scale_of(min((each.least for each in found), default=Decimal(0)))

    def place(marks) -> float:
        return round(2 + float(marks - scale[0]) * 96 / (scale[-1] - scale[0]), 2)

    return DotPlot(
        _("检查人打分松紧一样吗?"),
        _strictness(found),
        [
            Dots(
                each,
                place(each.median),
                [
                    (place(marks), round(3.5 + min(count, 9) * 0.6, 1))
                    for marks, count in each.given
                ],
            )
            for each in found
        ],
        [(place(marks), str(marks)) for marks in scale],
    )


def _strictness(found: Sequence[Spread]) -> str:
    if not found:
        return _("这段时间没有考评表。")
    if len(found) == 1:
        return _("只有%(name)s打过分, 没有可比的人。") % {"name": found[0].inspector}
    strict, mild = found[0], found[-1]
    words = _(
        "中位数最低的是%(strict)s %(low)s 分, 最高的是%(mild)s %(high)s 分, 相差 %(gap)s 分。"
    ) % {
        "strict": strict.inspector,
        "low": _plain(strict.median),
        "mild": mild.inspector,
        "high": _plain(mild.median),
        "gap": _plain(mild.median - strict.median),
    }
    few = [each.inspector for each in found if each.count < FEW]
    if few:
        words += " " + _("%(names)s打的不到 %(few)s 张, 说明不了松紧。") % {
            "names": _listed(few), "few": FEW,
        }  # fmt: skip
    return words


def by_rule(sheets) -> Chart:
    """What was deducted, by clause, most often first; reversed points do not count."""
    rows = list(
        Deduction.objects.filter(sheet__in=sheets.values("pk"))
        .order_by()
        .values("sop__name", "clause")
        .annotate(count=Count("pk"), points=Sum(F("points") - F("reversed_points")))
        .order_by("-count", "clause")
    )
    named = [
        (f"{row['clause']} {row['sop__name'] or _('员工手册')}", row["count"], row["points"])
        for row in rows
    ]
    whole = sum(count for _name, count, _points in named)
    answer = _("没有扣分。")
    if named:
        answer = _("%(whole)s 次扣分里, %(rule)s最多: %(count)s 次, 共扣 %(points)s 分。") % {
            "whole": whole, "rule": named[0][0], "count": named[0][1],
            "points": _plain(named[0][2]),
        }  # fmt: skip
    return Chart(
        _("扣分集中在哪些规则?"),
        answer,
        _bars([(name, count, _times(count, points)) for name, count, points in named[:12]]),
        [_("规则"), _("次数"), _("扣分")],
        [[name, str(count), _plain(points)] for name, count, points in named],
    )


def people_covered(by: Staff, sheets) -> Chart:
    """Everybody scored in the estates with how many sheets, fewest first."""
    here = Membership.objects.filter(estate__in=estate_ids_of(by)).values("staff")
    counts = dict(
        sheets.order_by().values_list("staff").annotate(count=Count("pk")).values_list(
            "staff", "count"
        )
    )  # fmt: skip
    people = Staff.objects.active().filter(pk__in=here, post__in=SCORED_POSTS)
    found = sorted(
        ((person, counts.get(person.pk, 0)) for person in people.order_by("name", "pk")),
        key=lambda each: each[1],
    )
    never = [person.name for person, count in found if not count]
    answer = _("%(count)s 人都查到了。") % {"count": len(found)}
    if never:
        answer = _("%(whole)s 人里有 %(count)s 人没有查到: %(names)s。") % {
            "whole": len(found), "count": len(never), "names": _listed(never),
        }  # fmt: skip
    return Chart(
        _("每个人都查到了吗?"),
        answer,
        _bars([(f"{person.name} {person.get_post_display()}", count, _sheets(count))
               for person, count in found]),
        [_("姓名"), _("岗位"), _("张数")],
        [[person.name, person.get_post_display(), str(count)] for person, count in found],
    )  # fmt: skip


def sops_covered(sheets) -> Chart:
    """Every procedure with how often it was cited, most often first."""
    counts = dict(
        Deduction.objects.filter(sheet__in=sheets.values("pk"), sop__isnull=False)
        .order_by()
        .values_list("sop")
        .annotate(count=Count("pk"))
        .values_list("sop", "count")
    )
    found = sorted(
        ((sop.name, counts.get(sop.pk, 0)) for sop in SOP.objects.order_by("order")),
        key=lambda each: -each[1],
    )
    used = sum(bool(count) for _name, count in found)
    return Chart(
        _("哪些规程从来没有引用过?"),
        _("%(whole)s 个规程里, 引用过 %(used)s 个, 没有引用过 %(unused)s 个。")
        % {"whole": len(found), "used": used, "unused": len(found) - used},
        _bars([(name, count, _times(count)) for name, count in found]),
        [_("规程"), _("次数")],
        [[name, str(count)] for name, count in found],
    )


def appeal_outcomes(sheets) -> Chart:
    counts = dict(
        Appeal.objects.filter(sheet__in=sheets.values("pk"))
        .order_by()
        .values_list("outcome")
        .annotate(count=Count("pk"))
        .values_list("outcome", "count")
    )
    found = [(str(label), counts.get(code, 0)) for code, label in Outcome.choices]
    whole = sum(counts.values())
    changed = counts.get(Outcome.UPHELD, 0) + counts.get(Outcome.PARTLY, 0)
    answer = _("没有人申诉。")
    if whole:
        answer = _("%(whole)s 件申诉, 裁定了 %(decided)s 件, 其中 %(changed)s 件改了分。") % {
            "whole": whole, "decided": whole - counts.get(Outcome.OPEN, 0), "changed": changed,
        }  # fmt: skip
    return Chart(
        _("申诉以后改了多少?"),
        answer,
        _bars([(label, count, str(count)) for label, count in found]),
        [_("裁定"), _("件数")],
        [[label, str(count)] for label, count in found],
    )


def _bars(rows: list[tuple[str, int, str]]) -> list[Bar]:
    """From zero; the longest fills the width."""
    most = max((count for _label, count, _words in rows), default=0) or 1
    return [
        Bar(label, words, [Part("0", f"{count * 100 / most:.1f}", TONE)] if count else [])
        for label, count, words in rows
    ]


def _times(count: int, points: Decimal | None = None) -> str:
    words = ngettext("%(count)s 次", "%(count)s 次", count) % {"count": count}
    if points is None:
        return words
    return _("%(times)s, 扣 %(points)s") % {"times": words, "points": _plain(points)}


def _sheets(count: int) -> str:
    return ngettext("%(count)s 张", "%(count)s 张", count) % {"count": count}


def _listed(names: Sequence[str]) -> str:
    return _("、").join(names)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
