"""A survey with 50 answers, reckoned by hand.

Building 3 has 30 occupied units, building 5 has 25: 55 forms, 54 handed out, 50 came back (28 of
30 in building 3, 22 of 24 handed out in building 5). Two questions, five levels. The answers:

question 1   building 3: 10×5 8×4 6×3 3×2 1×1 (24 of 28 satisfied); building 5: 22×4 (22 of 22)
             → 46 of 50 = 92.0 %
question 2   building 3: 14×5 7×3 7×1 (21 of 28); building 5: 2×5 4×4 5×3 6×2, 5 did not answer
             (11 of 17) → 32 of 45 = 71.1 %
whole        78 of 95 = 82.1 %; building 3: 45 of 56 = 80.4 %; building 5: 33 of 39 = 84.6 %
"""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest

from community.actions import fieldwork, measures, returns, surveys
from community.charts import charts_of
from community.figures import figures_of
from community.models import Answer, Questionnaire
from community.models.questionnaires import Channel
from community.statuses import SurveyStatus
from spreadsheets.reader import read_sheets
from tests.conftest import at

FIRST = {"3": [5] * 10 + [4] * 8 + [3] * 6 + [2] * 3 + [1], "5": [4] * 22}
SECOND = {
    "3": [5] * 14 + [3] * 7 + [1] * 7,
    "5": [5] * 2 + [4] * 4 + [3] * 5 + [2] * 6 + [None] * 5,
}


@pytest.fixture
def fifty(homes, building, tower, survey_at, manager, gm, now):
    homes(30)
    homes(25, tower)
    survey = survey_at(SurveyStatus.PLANNED)
    surveys.set_questions(
        survey, [("repair", "维修", False), ("order", "秩序", False), ("other", "想说的", True)],
        by=manager, now=now,
    )  # fmt: skip
    surveys.submit(survey, by=manager, now=now)
    surveys.approve(survey, by=gm, now=now)
    fieldwork.distribute(survey, by=manager, now=now)
    rows = list(
        Questionnaire.objects.filter(survey=survey)
        .select_related("unit__building")
        .order_by("unit__code")
    )
    fieldwork.mark_sent(survey, [row.pk for row in rows[:-1]], by=manager, now=now)
    one, two, free = survey.questions.order_by("position")
    for code in ("3", "5"):
        mine = [row for row in rows if row.unit.building.code == code]
        for row, first, second in zip(mine, FIRST[code], SECOND[code], strict=False):
            scores = {one.pk: first} | ({two.pk: second} if second else {})
            returns.give_back(
                row, scores=scores, texts={free.pk: "好" if first == 1 else ""}, opinion="",
                suggestion="", channel=Channel.PAPER, by=manager, now=now,
            )  # fmt: skip
    survey.refresh_from_db()
    return survey


@pytest.mark.clause("SUR-1")
def test_rates_of_fifty_answers_are_those_reckoned_by_hand(fifty):
    figures = figures_of(fifty)
    assert (figures.occupied, figures.drawn, figures.sent, figures.returned) == (55, 55, 54, 50)
    assert round(figures.sent_share, 1) == Decimal("98.2")
    assert round(figures.returned_share, 1) == Decimal("92.6")
    first, second = figures.questions
    assert first.counts == {5: 10, 4: 30, 3: 6, 2: 3, 1: 1}
    assert (first.satisfied, first.answered, first.rate) == (46, 50, 92)
    assert second.counts == {5: 16, 4: 4, 3: 12, 2: 6, 1: 7}
    assert (second.satisfied, second.answered) == (32, 45)
    assert (figures.whole.satisfied, figures.whole.answered) == (78, 95)
    three, five = figures.buildings
    assert (three.drawn, three.sent, three.returned) == (30, 30, 28)
    assert (three.tally.satisfied, three.tally.answered) == (45, 56)
    assert (five.drawn, five.sent, five.returned) == (25, 24, 22)
    assert (five.tally.satisfied, five.tally.answered) == (33, 39)


def test_charts_answer_their_question_in_words(fifty):
    returned, questions, buildings = charts_of(figures_of(fifty), target=90, returned_target=80)
    assert returned.answer == "发出 54 份, 收回 50 份, 回收率 92.6%, 达到规定的 80%"
    assert questions.answer == "“秩序”最低, 满意率 71.1%; 有 1 项低于目标 90%"
    assert buildings.answer == "3栋最低, 满意率 80.4%; 全项目 82.1%"
    widths = [float(part.width) for part in questions.bars[0].parts]
    assert widths == [20.0, 60.0, 12.0, 6.0, 2.0]
    assert questions.rows[0] == ["维修", 10, 30, 6, 3, 1, 50, "92.0%"]


def test_only_two_levels_count_when_the_rulebook_says_so(fifty):
    fifty.satisfied_levels = 2
    assert (figures_of(fifty).whole.satisfied, figures_of(fifty).questions[0].satisfied) == (60, 40)


def test_figures_cost_the_same_whatever_the_answers(fifty, django_assert_num_queries):
    with django_assert_num_queries(3):
        figures_of(fifty)


@pytest.mark.clause("SUR-1")
def test_report_shows_the_figures_with_their_table(fifty, as_, gm):
    page = as_(gm).get(f"/surveys/{fifty.pk}/figures/")
    text = page.content.decode()
    assert page.status_code == 200
    for words in ("82.1%", "78/95", "98.2%", "92.6%", "“秩序”最低", "看数据", "71.1%", "80.4%"):
        assert words in text
    assert "style=" not in text.split("<main")[1]


def test_report_on_paper_says_the_same(fifty, as_, gm):
    text = as_(gm).get(f"/surveys/{fifty.pk}/figures/print/").content.decode()
    assert "55 / 54 / 50" in text
    assert text.count('class="chart-bar"') == 2 + 2 + 2  # buildings, questions, buildings
    assert "98.2% / 92.6%" in text
    assert "82.1%" in text


def test_workbook_holds_every_answer_and_the_figures(fifty, as_, manager):
    answer = as_(manager).get(f"/surveys/{fifty.pk}/figures/export/")
    sheet, figures = read_sheets(BytesIO(b"".join(answer.streaming_content)))
    rows = list(sheet.rows)
    assert len(rows) == 51
    assert list(rows[0][5:8]) == ["维修", "秩序", "想说的"]
    assert sum(int(float(row[5])) for row in rows[1:]) == 5 * 10 + 4 * 30 + 3 * 6 + 2 * 3 + 1
    notes = {row[0]: row[1] for row in figures.rows}
    assert notes["满意率"] == "82.1%"
    assert notes["秩序"] == "71.1% (满意 32 / 回答 45)"


def test_counted_survey_keeps_its_figures_when_the_rulebook_changes(fifty, manager):
    fieldwork.count(fifty, by=manager, now=at("2026-12-01 09:00"))
    assert fifty.shortfall == ""
    assert fifty.satisfied_levels == 3


def test_report_on_paper_quotes_residents_without_their_rooms(fifty, as_, gm):
    form = Questionnaire.objects.filter(survey=fifty).returned().first()
    Questionnaire.objects.filter(pk=form.pk).update(opinion="楼道灯不亮")
    screen = as_(gm).get(f"/surveys/{fifty.pk}/figures/").content.decode()
    paper = as_(gm).get(f"/surveys/{fifty.pk}/figures/print/").content.decode()
    assert "楼道灯不亮" in screen
    assert form.unit.code in screen
    assert "楼道灯不亮" in paper
    assert form.unit.code not in paper


@pytest.mark.clause("SUR-1")
def test_notice_for_the_boards_holds_rates_and_measures_but_nobodys_words(
    fifty, as_, manager, butler
):
    path = f"/surveys/{fifty.pk}/figures/notice/"
    assert as_(manager).get(path).status_code == 404  # the figures may still change
    Questionnaire.objects.filter(pk=Questionnaire.objects.returned().first().pk).update(
        opinion="我是王秀梅", suggestion="装路灯"
    )
    fieldwork.count(fifty, by=manager, now=at("2026-12-01 09:00"))
    surveys.report(fifty, by=manager, now=at("2026-12-01 09:00"), analysis="员工小李态度差")
    measures.give(
        fifty, topic="order", problem="电动车乱停", what="划线", owner=butler,
        due_on=date(2026, 12, 20), by=manager, now=at("2026-12-01 09:00"),
    )  # fmt: skip
    paper = as_(manager).get(path, headers={"accept-language": "en"}).content.decode()
    for said in ("82.1%", "92.0%", "71.1%", "电动车乱停", "划线", "2026-12-20", "客服部"):
        assert said in paper
    for kept in ("王秀梅", "装路灯", "小李", butler.name, manager.name, "3栋", "5栋", "80.4%"):
        assert kept not in paper


def test_butler_reads_what_the_own_area_wrote_with_everybodys_figures(fifty, as_, butler):
    for code, words in (("3", "三栋说"), ("5", "五栋说")):
        rows = Questionnaire.objects.filter(survey=fifty, unit__building__code=code).returned()
        Questionnaire.objects.filter(pk=rows.first().pk).update(opinion=words)
    page = as_(butler).get(f"/surveys/{fifty.pk}/figures/").content.decode()
    assert "三栋说" in page
    assert "五栋说" not in page
    assert "78/95" in page


@pytest.mark.clause("SUR-1")
def test_satisfaction_below_the_floor_is_said(fifty, as_, gm, estate):
    path = f"/surveys/{fifty.pk}/figures/"
    assert "低于下限" not in as_(gm).get(path).content.decode()  # 82.1 %
    Answer.objects.filter(questionnaire__survey=fifty, score=3).update(score=1)
    assert "低于下限 80%" in as_(gm).get(path).content.decode()


@pytest.mark.clause("SUR-1")
def test_paper_forms_are_kept_three_years_from_counting(fifty, as_, manager):
    fieldwork.count(fifty, by=manager, now=at("2026-12-01 09:00"))
    assert "2029-12-01" in as_(manager).get(f"/surveys/{fifty.pk}/").content.decode()
