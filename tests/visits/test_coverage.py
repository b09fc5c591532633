"""Coverage by butler, building and quarter, and the callers' shares."""

from uuid import uuid4

import pytest

from repairs import actions as repairs
from repairs.statuses import Status
from rulebook.models import NumberVersion
from spreadsheets.reader import read_sheets
from tests.conftest import at
from tests.repairs.factories import Crew
from tests.visits.factories import add_units, plan_one
from visits import actions
from visits.coverage import coverage
from visits.satisfaction import shares


def meet(unit, butler, day, outcome="met"):
    moment = at(f"{day} 10:00")
    visit = plan_one(unit, butler, now=moment)
    actions.record(visit, outcome=outcome, client_key=uuid4(), by=butler, now=moment)


@pytest.mark.clause("VIS-1")
def test_each_household_counts_once_a_quarter_and_once_a_year(butler, assistant, building):
    one, two, three, _four = add_units(building, 4)
    meet(one, butler, "2026-02-01")
    meet(one, butler, "2026-03-01")
    meet(one, butler, "2026-05-01")
    meet(two, butler, "2026-05-02")
    meet(three, butler, "2026-05-03", outcome="refused")
    meet(three, butler, "2025-05-03")
    (group,) = coverage(assistant, 2026)
    assert group.butler == butler
    assert group.total.met == {1: 1, 2: 2, 3: 0, 4: 0}
    assert (group.total.households, group.total.met_in_year, group.total.year_share) == (4, 2, 50)


@pytest.mark.clause("VIS-4")
def test_assistant_sees_every_area_and_a_butler_his_own(butler, butler2, assistant, building):
    add_units(building, 1)
    assert len(coverage(assistant, 2026)) == 1
    assert len(coverage(butler, 2026)) == 1
    assert coverage(butler2, 2026) == []


def test_workbook_has_a_row_per_building(as_, butler, building, tmp_path):
    add_units(building, 3)
    answer = as_(butler).get("/visits/coverage/export/?year=2026")
    file = tmp_path / "c.xlsx"
    file.write_bytes(b"".join(answer.streaming_content))
    with file.open("rb") as opened:
        sheet = read_sheets(opened)[0]
    rows = list(sheet.rows)
    assert len(rows) == 2
    assert str(rows[1][1]).startswith("3")


def answers(crew, by, now, *words):
    for word in words:
        repair = crew.slip(Status.RETURNED, now=now)
        repairs.call_back(repair, result="solved", satisfaction=word, by=by, now=now)


@pytest.mark.clause("VIS-5")
def test_caller_far_from_the_median_is_shown_first(
    estate, unit, resident, butler, desk, desk2, assistant, manager, dispatcher, repairer,
    engmanager, now,
):  # fmt: skip
    NumberVersion.objects.create(
        key="callbacks.outlier_least", value=2, version=1, effective_at=at("2026-11-01 00:00"), by=manager,
    )  # fmt: skip
    crew = Crew(estate, unit, desk, dispatcher, repairer, engmanager)
    answers(crew, desk, now, "satisfied", "fair")
    answers(crew, assistant, now, "satisfied", "fair")
    answers(crew, desk2, now, "satisfied", "satisfied")
    lines = shares(manager, now)
    assert (lines[0].caller, lines[0].far) == (desk2, True)
    assert [line.far for line in lines[1:]] == [False, False]
    assert lines[0].middle == 50
