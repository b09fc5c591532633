"""People and papers of the office, made by the real actions."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from office import followups
from office.actions import logs, plans, purchases, tasks, training
from office.models import ButlerCheck, DailyLog, MonthlySummary
from office.models.training import TrainingKind

WRITTEN = {
    "weather": "晴",
    "attendance": "全到",
    "important": "电梯保养",
    "instructions": "",
    "tomorrow": "走访二栋",
}
SUMMED = {
    "summary": "报修集中在水电",
    "problems": "回访偏慢",
    "suggestions": "夜班加一人",
    "measures": "下班前核对",
}


@pytest.fixture
def opened(assistant, butler, now):
    """What the calendar opens on a working day."""
    followups.open_due(now)


@pytest.fixture
def log(opened, estate):
    return DailyLog.objects.get(estate=estate)


@pytest.fixture
def submitted(log, assistant, now):
    return logs.submit_log(log, by=assistant, now=now, **WRITTEN)


@pytest.fixture
def check(opened, estate):
    return ButlerCheck.objects.get(estate=estate)


@pytest.fixture
def summary(opened, estate):
    """Of October 2026: the clock of the tests stands in November."""
    return MonthlySummary.objects.get(estate=estate, month=date(2026, 10, 1))


@pytest.fixture
def task(manager, assistant, estate, now):
    return tasks.set_task(
        estate=estate,
        title="整理钥匙清单",
        assignee=assistant,
        due_at=now + timedelta(days=1),
        client_key=uuid4(),
        by=manager,
        now=now,
    )


@pytest.fixture
def purchase(desk, manager, estate, now):
    return ask(estate, desk, now)


def ask(estate, by, now, **changes):
    terms = {
        "item": "复印纸",
        "quantity": Decimal(5),
        "unit_name": "箱",
        "purpose": "打印",
        "budget": Decimal(600),
        "needed_on": now.date() + timedelta(days=7),
        "client_key": uuid4(),
    }
    return purchases.request_purchase(estate=estate, by=by, now=now, **(terms | changes))


@pytest.fixture
def plan(assistant, estate, now):
    return plans.open_plan(estate=estate, year=2027, by=assistant, now=now)


def teach(estate, by, now, *participants, **changes):
    terms = {
        "subject": "project_handbook",
        "starts_at": now,
        "hours": Decimal(2),
        "trainer": "周经理",
        "kind": TrainingKind.INDUCTION,
        "client_key": uuid4(),
    }
    return training.plan_session(
        estate=estate, by=by, now=now, participants=participants, **(terms | changes)
    )


@pytest.fixture
def session(assistant, desk, butler, estate, now):
    return teach(estate, assistant, now, desk, butler)


def examine(session, by, now, **scores):
    """Everybody invited signs in; marks by login name."""
    for each in session.attendances.select_related("staff").order_by("pk"):
        training.sign_in(session, by=each.staff, now=now)
    training.hold(session, by=by, now=now)
    marks = {
        row.pk: Decimal(scores[row.staff.username])
        for row in session.attendances.select_related("staff")
    }
    return training.grade(session, by=by, now=now, graded_on=now.date(), scores=marks)
