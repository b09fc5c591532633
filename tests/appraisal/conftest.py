"""People of the appraisal, and short ways to a sheet in a wanted state."""

import pytest

from accounts import posts
from appraisal.actions import lines, sheets
from appraisal.items import Grade, Group
from tests.conftest import at, hire


@pytest.fixture
def cashier(assistant, estate):
    return hire("cashier", "孙收", posts.CASHIER, superior=assistant, estates=[estate])


@pytest.fixture
def foreman(manager, estate):
    return hire("foreman", "陈领", posts.ENV_FOREMAN, superior=manager, estates=[estate])


@pytest.fixture
def other_assistant(manager, estate):
    """An inspector of another line of the same estate."""
    return hire("assistant2", "吴助", posts.CS_ASSISTANT, superior=manager, estates=[estate])


@pytest.fixture
def other_manager(other_estate):
    return hire("manager2", "邻经理", posts.CS_MANAGER, estates=[other_estate])


# How a rule is cited in these tests: group → (procedure, clause).
CITED = {
    Group.JOB: ("repairs", "REP-6"),
    Group.HANDOVER: ("shifts", "DUT-4"),
    Group.TRAINING: ("", "TRN-2"),
    Group.CONDUCT: ("conduct", "MAN-6"),
    Group.TIMELINESS: ("repairs", "REP-3"),
    Group.FEE: ("", "FEE-2"),
    Group.OTHER: ("patrol", "PAT-1"),
    Group.REST: ("", "MGT-7"),
}


@pytest.fixture
def sheet_of(now):
    """``sheet_of(butler, by=assistant)``: a draft of today."""

    def open_one(staff, *, by, kind="daily", day=None, moment=None):
        moment = moment or now
        return sheets.open_sheet(staff, kind=kind, day=day or moment.date(), by=by, now=moment)

    return open_one


@pytest.fixture
def deduct(now):
    """``deduct(sheet, Group.JOB, "minor")``: one violation, cited as ``CITED`` says."""

    def add(sheet, group=Group.JOB, grade=Grade.MINOR, **more):
        sop, clause = CITED[group]
        moment = more.pop("now", now)
        terms = {
            "sop": sop,
            "clause": clause,
            "fact": "未按时回访",
            "happened_at": at("2026-11-23 10:00"),
            "reason": "业户投诉到公司" if grade == Grade.CONSEQUENCE else "",
        } | more
        return lines.add_deduction(
            sheet, group=group, grade=grade, by=sheet.inspector, now=moment, **terms
        )

    return add


@pytest.fixture
def handed_in(sheet_of, deduct, butler, assistant, now):
    """A butler's daily sheet with one 严重 and one 一般 on his work: 93 marks."""
    sheet = sheet_of(butler, by=assistant)
    deduct(sheet, grade=Grade.SERIOUS)
    deduct(sheet, fact="漏巡一点", sop="patrol", clause="PAT-1")
    sheets.submit(sheet, by=assistant, now=now)
    return sheet
