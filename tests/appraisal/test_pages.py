"""Lists ask the same number of questions for one row and for many."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appraisal.actions import appeals, sheets
from appraisal.items import Group
from appraisal.models import Sheet
from spreadsheets.reader import read_sheets

BUDGET = 12


def asked(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


@pytest.mark.parametrize("path", ["/appraisal/", "/appraisal/months/2026-11/"])
def test_queries_do_not_grow_with_rows(
    path, handed_in, butler2, cashier, desk, manager, sheet_of, as_, now
):
    client = as_(manager)
    before = asked(client, path)
    for person in (butler2, cashier, desk):
        sheets.submit(sheet_of(person, by=manager), by=manager, now=now)
    assert asked(client, path) <= before
    assert before <= BUDGET


@pytest.mark.parametrize(
    "path", ["/appraisal/review/", "/appraisal/appeals/", "/appraisal/fairness/"]
)
def test_queries_do_not_grow_with_findings(
    path, handed_in, butler, butler2, cashier, assistant, manager, sheet_of, deduct, as_, now
):
    """One sheet with two deductions and an appeal, then three of each that wait for review."""

    def appeal(sheet, person):
        sheets.see(sheet, by=person, now=now)
        lines = [sheet.deductions.first()]
        appeals.appeal(sheet, text="不服", deductions=lines, by=person, now=now)

    def write(person, kind):
        sheet = sheet_of(person, by=assistant, kind=kind)
        for _line in range(2):
            deduct(sheet, Group.CONDUCT)
        sheets.submit(sheet, by=assistant, now=now)
        return sheet

    appeal(write(butler, "spot"), butler)
    client = as_(manager)
    before = asked(client, path)
    for person in (butler2, cashier):
        write(person, "daily")
        appeal(write(person, "spot"), person)
    assert asked(client, path) <= before
    assert before <= 2 * BUDGET


def test_own_month_is_seen_only_once_it_is_published(butler, manager, sheet_of, as_, now):
    sheets.submit(sheet_of(butler, by=manager), by=manager, now=now)
    answer = as_(butler).get("/appraisal/months/2026-11/")
    assert [row.score for row in answer.context["rows"]] == [None]


@pytest.mark.clause("APP-21")
def test_the_paper_and_the_workbook_carry_every_field_of_the_form(
    handed_in, butler, manager, as_, now
):
    """Forms 4.5: header, lines, footer; the deductions with their evidence."""
    sheets.see(handed_in, by=butler, now=now)
    Sheet.objects.filter(pk=handed_in.pk).update(
        slot="下午", improvement="当天回访", improve_by="2026-12-05", reviewed_by=manager,
        reviewed_at=now, opinion="以后注意", by_handbook=True, handbook_note="第三章第 5 条",
    )  # fmt: skip
    handed_in.deductions.first().evidence.create(
        label="回访记录 3-2", added_at=now, added_by=manager
    )
    text = as_(butler).get(f"/appraisal/{handed_in.pk}/print/").content.decode()
    fields = {
        "表号": handed_in.number, "考评类别": "日检", "考评日期": "2026-11-23",
        "考评期间": "2026-11-23", "被考评人": butler.name, "岗位": "客服管家",
        "检查人": handed_in.inspector.name, "检查时段": "下午", "改进要求": "当天回访",
        "整改期限": "2026-12-05", "上级审核": manager.name, "总分": "93", "等级": "优",
    }  # fmt: skip
    for label, value in fields.items():
        assert label in text
        assert value in text
    for word in ("REP-6", "PAT-1", "检查人签字", "a4-portrait", "一般违规", "严重违规", "以后注意",
                 "第三章第 5 条", "回访记录 3-2", "岗位工作质量", "满分"):  # fmt: skip
        assert word in text
    answer = as_(butler).get(f"/appraisal/{handed_in.pk}/xlsx/")
    lines, notes = (page.rows for page in read_sheets(BytesIO(answer.content)))
    said = {str(row[0]): str(row[1]) for row in notes if len(row) > 1}
    for label, value in fields.items():
        assert value in said[label], label
    head, first = lines[0], lines[1]
    found = dict(zip(head, first, strict=True))
    assert (found["考评项目"], found["条款"], found["违规等级"], float(found["扣分"])) == (
        "岗位工作质量", "REP-6", "严重违规", 5,
    )  # fmt: skip
    assert found["证据"] == "回访记录 3-2"


@pytest.mark.clause("APP-21")
def test_the_paper_and_the_workbook_keep_both_texts_of_an_appeal(
    handed_in, butler, manager, as_, now
):
    sheets.see(handed_in, by=butler, now=now)
    line = handed_in.deductions.first()
    row = appeals.appeal(handed_in, text="有通话记录", deductions=[line], by=butler, now=now)
    appeals.decide(row, kept={line.pk: 2}, decision="情节较轻", by=manager, now=now)
    client = as_(butler)
    text = client.get(f"/appraisal/{handed_in.pk}/print/").content.decode()
    answer = client.get(f"/appraisal/{handed_in.pk}/xlsx/")
    _lines, notes = (page.rows for page in read_sheets(BytesIO(answer.content)))
    said = {str(row[0]): str(row[1]) for row in notes if len(row) > 1}
    assert said["第 1 级申诉"] == "刘洋: 有通话记录"
    assert said["裁定"] == f"部分成立, {manager.name}: 情节较轻"
    for words in ("有通话记录", "情节较轻", "部分成立"):
        assert words in text
