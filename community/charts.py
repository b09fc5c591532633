"""Figures as charts: each a question, its answer in one sentence, bars, and a table of the data.

Numbers of a bar are percents of its width, written as SVG attributes: the pages allow no style.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from community.figures import Figures, Tally
from community.models import LEVELS


@dataclass(frozen=True)
class Part:
    """A piece of a bar from ``x``, ``width`` wide, of a hundred; ``tone`` is its colour class."""

    x: str
    width: str
    tone: str


@dataclass(frozen=True)
class Bar:
    label: str
    words: str
    parts: list[Part]


@dataclass(frozen=True)
class Chart:
    question: str
    answer: str
    bars: list[Bar]
    headings: list[str]
    rows: list[list[str]]
    target: str = ""
    target_words: str = ""
    legend: list[tuple[str, str]] = field(default_factory=list)


def shown(rate: Decimal | None) -> str:
    """83.3%, or a dash of nothing."""
    return f"{rate:.1f}%" if rate is not None else "–"


def charts_of(figures: Figures, *, target: Decimal, returned_target: Decimal) -> list[Chart]:
    """The three charts of a report: returned, satisfied by question, satisfied by building."""
    return [
        _returned(figures, returned_target),
        chart_of_questions(figures, target),
        _buildings(figures, target),
    ]


def _returned(figures: Figures, target: Decimal) -> Chart:
    share = figures.returned_share
    if share is None:
        answer = _("还没有发出问卷")
    else:
        answer = (
            _("发出 %(sent)s 份, 收回 %(returned)s 份, 回收率 %(share)s, 达到规定的 %(target)s%%")
            if share >= target
            else _("发出 %(sent)s 份, 收回 %(returned)s 份, 回收率 %(share)s, 不到规定的 %(target)s%%")
        ) % {
            "sent": figures.sent, "returned": figures.returned, "share": shown(share),
            "target": f"{target:.0f}",
        }  # fmt: skip
    return Chart(
        question=_("问卷收回了多少?"),
        answer=answer,
        bars=[
            Bar(each.label, f"{each.returned}/{each.sent} · {shown(each.returned_share)}",
                [_part(Decimal(0), each.returned_share, "level-5")])
            for each in figures.buildings
        ],
        headings=[_("楼栋"), _("应发"), _("实发"), _("回收"), _("发放率"), _("回收率")],
        rows=[
            [each.label, each.drawn, each.sent, each.returned, shown(each.sent_share),
             shown(each.returned_share)]
            for each in figures.buildings
        ],
        target=f"{target:.0f}",
        target_words=_("规定 %(target)s%%") % {"target": f"{target:.0f}"},
    )  # fmt: skip


def chart_of_questions(figures: Figures, target: Decimal) -> Chart:
    """How satisfied the households are with each question, all levels in one bar."""
    worst = figures.worst
    if worst is None:
        answer = _("还没有收到评价")
    elif worst.rate < target:
        low = sum(
            1 for tally in figures.questions if tally.rate is not None and tally.rate < target
        )
        answer = _("“%(text)s”最低, 满意率 %(rate)s; 有 %(low)s 项低于目标 %(target)s%%") % {
            "text": worst.label, "rate": shown(worst.rate), "low": low, "target": f"{target:.0f}",
        }  # fmt: skip
    else:
        answer = _("各项都达到目标 %(target)s%%; 最低的是“%(text)s”, 满意率 %(rate)s") % {
            "text": worst.label, "rate": shown(worst.rate), "target": f"{target:.0f}",
        }  # fmt: skip
    return Chart(
        question=_("业户对哪一项不满意?"),
        answer=answer,
        bars=[
            Bar(str(tally.label), f"{shown(tally.rate)} · {tally.answered}", _stack(tally))
            for tally in figures.questions
        ],
        headings=[pgettext("survey", "问题"), *[str(level.label) for level in LEVELS], _("回答"), _("满意率")],
        rows=[
            [tally.label, *[count for _label, count in tally.levels], tally.answered,
             shown(tally.rate)]
            for tally in figures.questions
        ],
        target=f"{target:.0f}",
        target_words=_("目标 %(target)s%%") % {"target": f"{target:.0f}"},
        legend=[(f"level-{level}", str(level.label)) for level in LEVELS],
    )  # fmt: skip


def _buildings(figures: Figures, target: Decimal) -> Chart:
    rated = [each for each in figures.buildings if each.tally.rate is not None]
    worst = min(rated, key=lambda each: each.tally.rate) if rated else None
    if worst is None:
        answer = _("还没有收到评价")
    else:
        answer = _("%(building)s最低, 满意率 %(rate)s; 全项目 %(whole)s") % {
            "building": worst.label, "rate": shown(worst.tally.rate),
            "whole": shown(figures.whole.rate),
        }  # fmt: skip
    return Chart(
        question=_("哪栋楼不满意?"),
        answer=answer,
        bars=[
            Bar(each.label, f"{shown(each.tally.rate)} · {each.returned}",
                [_part(Decimal(0), each.tally.rate, "level-5")])
            for each in figures.buildings
        ],
        headings=[_("楼栋"), _("回收"), _("评价数"), _("满意"), _("满意率")],
        rows=[
            [each.label, each.returned, each.tally.answered, each.tally.satisfied,
             shown(each.tally.rate)]
            for each in figures.buildings
        ],
        target=f"{target:.0f}",
        target_words=_("目标 %(target)s%%") % {"target": f"{target:.0f}"},
    )  # fmt: skip


def _stack(tally: Tally) -> list[Part]:
    parts, x = [], Decimal(0)
    for level in LEVELS:
        count = tally.counts[level]
        if count:
            width = Decimal(100 * count) / tally.answered
            parts.append(_part(x, width, f"level-{level}"))
            x += width
    return parts


def _part(x: Decimal, width: Decimal | None, tone: str) -> Part:
    return Part(f"{x:.2f}", f"{min(width or Decimal(0), Decimal(100)):.2f}", tone)
