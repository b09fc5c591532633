"""The fairness view worked out by hand: medians, scales, and every answer in words."""

from decimal import Decimal

import pytest

from appraisal import fairness
from appraisal.actions import sheets
from appraisal.items import Grade, Group
from appraisal.models import Sheet

D = Decimal


def spread(name, *marks):
    marks = [D(each) for each in marks]
    return fairness.Spread(name, len(marks), min(marks), min(marks), sorted(marks)[len(marks) // 2],
                           max(marks), max(marks), tuple((each, 1) for each in marks))  # fmt: skip


@pytest.mark.parametrize(
    ("least", "scale"),
    [
        (D(100), [95, 96, 97, 98, 99, 100]),
        (D(95), [95, 96, 97, 98, 99, 100]),
        (D("94.5"), [90, 92, 94, 96, 98, 100]),
        (D(76), [75, 80, 85, 90, 95, 100]),
        (D(51), [50, 60, 70, 80, 90, 100]),
        (D(0), [0, 20, 40, 60, 80, 100]),
    ],
)
def test_a_scale_has_six_even_marks_and_holds_the_least(least, scale):
    assert fairness.scale_of(least) == scale


@pytest.mark.clause("APP-1")
def test_the_answer_names_the_strictest_and_the_mildest_and_who_scored_too_little():
    found = [spread("甲", 90), spread("乙", 94, 95, 96, 97, 98)]
    plot = fairness.dot_plot(found)
    assert "中位数最低的是甲 90 分, 最高的是乙 96 分, 相差 6 分。" in plot.answer
    assert "甲打的不到 5 张" in plot.answer
    assert "乙打的" not in plot.answer
    # scale 90 … 100 on 2 … 98 percent: 90 → 2, 96 → 2 + 6 × 9.6
    assert (plot.rows[0].median, plot.rows[1].median) == (2.0, 59.6)
    assert [words for _place, words in plot.scale] == ["90", "92", "94", "96", "98", "100"]


def test_one_inspector_or_none_has_nobody_to_compare():
    assert "没有可比的人" in fairness.dot_plot([spread("甲", 90)]).answer
    assert "没有考评表" in fairness.dot_plot([]).answer


def test_bars_start_at_zero_and_every_chart_has_its_answer_and_table(
    butler, butler2, desk, manager, sheet_of, deduct, now
):
    """刘洋 twice REP-6 (2 + 5), 王倩 once MAN-6 (2); 张敏 has no sheet."""
    first = sheet_of(butler, by=manager)
    deduct(first)
    deduct(first, grade=Grade.SERIOUS)
    second = sheet_of(butler2, by=manager)
    deduct(second, Group.CONDUCT)
    for sheet in (first, second):
        sheets.submit(sheet, by=manager, now=now)
    everything = Sheet.objects.all()
    rules = fairness.by_rule(everything)
    assert "3 次扣分里, REP-6" in rules.answer
    assert "2 次, 共扣 7 分" in rules.answer
    assert [bar.parts[0].width for bar in rules.bars] == ["100.0", "50.0"]
    assert {bar.parts[0].x for bar in rules.bars} == {"0"}
    people = fairness.people_covered(manager, everything)
    assert "没有查到: " in people.answer
    assert desk.name in people.answer
    assert butler.name not in people.answer
    assert people.bars[0].parts == []
    assert "引用过 2 个, 没有引用过 13 个" in fairness.sops_covered(everything).answer
    assert fairness.appeal_outcomes(everything).answer == "没有人申诉。"
    for chart in (rules, people):
        assert len(chart.rows[0]) == len(chart.headings)
