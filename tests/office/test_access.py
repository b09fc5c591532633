"""Every address of the office, for every post: a table, so that a hole is a wrong cell."""

import pytest
from django.urls import get_resolver, reverse

from accounts import posts
from office.models import StaffRecord
from office.steps import ROOMS
from tests.conftest import hire

# Who asks: the leads by name, everybody else of the department alike, and those outside it.
EVERYBODY = {
    "gm": "gm",
    "manager": "manager",
    "assistant": "assistant",
    "butler": "staff",
    "desk2": "staff",
    "night": "staff",
    "foreman": "foreman",
    "engmanager": "other",
    "repairer": "other",
    "sysadmin": "nobody",
    "outsider": "outsider",
    "other_manager": "elsewhere",
}
LEADS = {"gm": 200, "manager": 200, "assistant": 200}
FAR = {"outsider": 404, "elsewhere": 404}  # allowed by post, but not of this estate
STAFF = {"staff": 200, "foreman": 200, "outsider": 200, "elsewhere": 200}
TABLE = {
    "home": dict.fromkeys(
        ["gm", "manager", "assistant", "staff", "foreman", "other", "outsider", "elsewhere"], 302
    )
    | {"nobody": 302},
    "task_list": LEADS | STAFF | {"other": 200},
    "task_add": {"gm": 200, "manager": 200, "assistant": 200, "other": 403},
    "task_detail": {"gm": 200, "manager": 200, "assistant": 200, "staff": 404, "foreman": 404,
                    "other": 404} | FAR,
    "log_list": LEADS | {"elsewhere": 200},
    "log_add": {"manager": 200, "assistant": 200, "elsewhere": 200},
    "log_detail": LEADS | {"elsewhere": 404},
    "log_print": LEADS | {"elsewhere": 404},
    "log_figure": LEADS | {"elsewhere": 404},
    "check_list": {"manager": 200, "assistant": 200, "elsewhere": 200},
    "check_detail": {"manager": 200, "assistant": 200, "elsewhere": 404},
    "summary_list": LEADS | {"elsewhere": 200},
    "summary_add": {"manager": 200, "assistant": 200, "elsewhere": 200},
    "summary_detail": LEADS | {"elsewhere": 404},
    "summary_print": LEADS | {"elsewhere": 404},
    "summary_export": LEADS | {"elsewhere": 404},
    "summary_figure": LEADS | {"elsewhere": 404},
    "purchase_list": LEADS | STAFF,
    "purchase_add": {"manager": 200, "assistant": 200} | STAFF,
    "purchase_export": {"manager": 200, "assistant": 200, "elsewhere": 200},
    "purchase_detail": LEADS | {"staff": 404, "foreman": 404} | FAR,
    "session_list": LEADS | STAFF,
    "session_add": {"manager": 200, "assistant": 200, "elsewhere": 200},
    "session_detail": LEADS | {"staff": 404, "foreman": 404} | FAR,
    "plan_list": LEADS | {"elsewhere": 200},
    "plan_add": {"manager": 200, "assistant": 200, "elsewhere": 200},
    "plan_detail": LEADS | {"elsewhere": 404},
    "people": LEADS | {"elsewhere": 200},
    "person_detail": LEADS | {"elsewhere": 404},
    "staff_record": {"manager": 200, "assistant": 200, "elsewhere": 404},
    "workflows": LEADS | STAFF | {"nobody": 200},
}  # fmt: skip
# Who may take each step at all; everybody else gets 403 if he sees the paper, else 404.
STEPS = {
    "log_save": {"assistant", "manager"},
    "log_submit": {"assistant", "manager"},
    "log_sign": {"manager", "gm"},
    "log_return": {"manager", "gm"},
    "summary_save": {"assistant", "manager"},
    "summary_report": {"assistant", "manager"},
    "summary_review": {"manager"},
    "summary_return": {"manager"},
    "summary_read": {"gm"},
    "task_begin": {"assistant"},
    "task_report": {"assistant"},
    "task_accept": {"manager", "gm"},
    "task_return": {"manager", "gm"},
    "task_move": {"manager", "gm"},
    "task_cancel": {"manager", "gm"},
    "check_record": {"assistant", "manager"},
    "purchase_approve": {"manager", "gm"},
    "purchase_reject": {"manager", "gm"},
    "purchase_order": {"assistant", "manager"},
    "purchase_receive": {"assistant", "manager"},
    "purchase_store": {"assistant", "manager"},
    "purchase_issue": {"assistant", "manager"},
    "purchase_cancel": {"assistant", "manager"},
    "plan_submit": {"assistant", "manager"},
    "plan_item": {"assistant", "manager"},
    "plan_remove": {"assistant", "manager"},
    "plan_approve": {"manager", "gm"},
    "plan_return": {"manager", "gm"},
    "session_sign": set(),  # the participants of this one are the desk and a butler of the fixture
    "session_present": {"assistant", "manager"},
    "session_hold": {"assistant", "manager"},
    "session_grade": {"assistant", "manager"},
    "session_resit": {"assistant", "manager"},
    "session_miss": {"assistant", "manager"},
    "session_archive": {"assistant", "manager"},
    "session_cancel": {"assistant", "manager"},
}
ASKERS = ("gm", "manager", "assistant", "night", "repairer", "outsider")


@pytest.fixture
def foreman(manager, estate):
    return hire("foreman", "绿领", posts.ENV_FOREMAN, superior=manager, estates=[estate])


@pytest.fixture
def other_manager(other_estate):
    return hire("manager9", "外经理", posts.CS_MANAGER, estates=[other_estate])


@pytest.fixture
def papers(task, log, check, summary, purchase, plan, desk, assistant, estate, now):
    from tests.office.conftest import teach  # noqa: PLC0415

    return {
        "task": task,
        "log": log,
        "check": check,
        "summary": summary,
        "purchase": purchase,
        "plan": plan,
        "session": teach(estate, assistant, now, desk),
        "staff": StaffRecord.objects.get(estate=estate),
        "person": desk,
    }


def pages():
    steps = {f"{room.code}_{step.key}" for room in ROOMS.values() for step in room.steps}
    patterns = next(
        entry.url_patterns
        for entry in get_resolver().url_patterns
        if getattr(entry, "app_name", "") == "office"
    )
    return patterns, steps


def test_tables_name_every_address():
    patterns, steps = pages()
    assert {entry.name for entry in patterns} == set(TABLE) | set(STEPS)
    assert steps == set(STEPS)


@pytest.mark.parametrize("who", EVERYBODY)
def test_access(request, as_, papers, dispatcher, who):
    client = as_(request.getfixturevalue(who))
    if who == "other_manager":
        hire("desk9", "外前台", posts.FRONT_DESK, superior=request.getfixturevalue(who))
    wrong = {}
    for name, cells in TABLE.items():
        room = name.rpartition("_")[0]
        args = []
        of_one = ("_detail", "_print", "_figure", "_export", "_record")
        if name.endswith(of_one) and name != "purchase_export":
            args = [papers[room].pk]
        if name.endswith("_figure"):
            args.append("repairs.reported")
        expected = cells.get(EVERYBODY[who], 403)
        if name == "task_add":
            below = {"gm", "manager", "assistant", "engmanager", "other_manager"}
            expected = 200 if who in below else 403
        status = client.get(reverse(f"office:{name}", args=args)).status_code
        if status != expected:
            wrong[name] = (status, expected)
    assert wrong == {}


@pytest.mark.parametrize("who", ASKERS)
def test_access_to_steps(request, as_, papers, who):
    client = as_(request.getfixturevalue(who))
    wrong = {}
    for room in ROOMS.values():
        seen = room.model.objects.visible_to(request.getfixturevalue(who))
        seen = seen.filter(pk=papers[room.code].pk).exists()
        for step in room.steps:
            name = f"{room.code}_{step.key}"
            address = f"/office/{room.path}/{papers[room.code].pk}/{step.key}/"
            status = client.get(address).status_code
            expected = 404 if not seen else 200 if who in STEPS[name] else 403
            if status != expected:
                wrong[name] = (status, expected)
    assert wrong == {}
