"""A house full of people, and complaints that the real actions bring to any point of their life."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts import posts
from complaints import actions
from complaints.statuses import Status
from notifications.models import Message
from tests.conftest import hire

WORDS = "楼上每天二十三点拖椅子, 打了三次电话没人管"


@pytest.fixture
def foreman(manager, estate):
    return hire("foreman", "冯大勇", posts.ENV_FOREMAN, superior=manager, estates=[estate])


@pytest.fixture
def affairs(gm, estate):
    return hire("affairs", "何丽", posts.PUBLIC_AFFAIRS, superior=gm, estates=[estate])


class House:
    """Who does what in a complaint's life."""

    def __init__(self, estate, unit, resident, **people):
        self.estate, self.unit, self.resident = estate, unit, resident
        self.__dict__.update(people)

    def write(self, now, **fields):
        fields = {"content": WORDS, "unit": self.unit, "resident": self.resident} | fields
        by = fields.pop("by", self.desk)
        return actions.register(
            fields.pop("key", None) or uuid4(),
            estate=fields.pop("estate", self.estate), by=by, now=now, **fields,
        )  # fmt: skip

    def accepted(self, now, grade="minor", validity="valid", **fields):
        complaint = self.write(now, **fields)
        return actions.accept(complaint, grade=grade, validity=validity, by=self.desk, now=now)

    def handler(self, complaint):
        return self.assistant if complaint.grade == "minor" else self.manager

    def handled(self, now, grade="minor", **fields):
        complaint = self.accepted(now, grade, **fields)
        return actions.finish(
            complaint, measures="与楼上约定二十二点后不拖椅子", by=self.handler(complaint), now=now
        )

    def replied(self, now, grade="minor", **fields):
        complaint = self.handled(now, grade, **fields)
        return actions.reply(
            complaint, method="phone", words="已和楼上说好", by=self.butler, now=now
        )

    def called_back(self, now, grade="minor", satisfaction="satisfied", **fields):
        complaint = self.replied(now, grade, **fields)
        return self.ask(complaint, satisfaction, now)

    def ask(self, complaint, satisfaction, now, by=None, note="还是吵"):
        return actions.call_back(
            complaint, satisfaction=satisfaction, note=note, client_key=uuid4(),
            by=by or self.desk, now=now,
        )  # fmt: skip

    def close(self, complaint, now, by=None, **fields):
        said = {
            "cause": "cooperation",
            "cause_words": "夜班没有转告",
            "responsibility": "秩序班",
            "corrective": "当面道歉",
            "preventive": "夜间噪音记入交接",
        } | fields
        by = by or self.handler(complaint)
        opinion = "同意" if by.post == posts.CS_MANAGER else ""
        return actions.close(complaint, by=by, now=now, **({"opinion": opinion} | said))

    def closed(self, now, grade="minor", **fields):
        complaint = self.called_back(now, grade, **fields)
        if grade == "critical":
            actions.gm_answer(complaint, words="公司负责到底", by=self.gm, now=now)
        return self.close(complaint, now)

    def at(self, status, now, **fields):
        """A complaint in any state."""
        ways = {
            Status.REGISTERED: self.write,
            Status.ACCEPTED: self.accepted,
            Status.PROCESSING: self.passed_on,
            Status.TO_REPLY: self.handled,
            Status.REPLIED: self.replied,
            Status.CALLED_BACK: self.called_back,
            Status.CLOSED: self.closed,
        }
        complaint = ways[status](now, **fields)
        complaint.refresh_from_db()
        assert complaint.status == status
        return complaint

    def passed_on(self, now, grade="minor", department=posts.ENG_MANAGER, **fields):
        complaint = self.accepted(now, grade, **fields)
        actions.transfer(complaint, department=department, words="请查", by=self.desk, now=now)
        return complaint


@pytest.fixture
def house(
    estate, unit, resident, desk, desk2, butler, assistant, manager, gm, engmanager, dispatcher,
    repairer,
):  # fmt: skip
    return House(
        estate, unit, resident, desk=desk, desk2=desk2, butler=butler, assistant=assistant,
        manager=manager, gm=gm, engmanager=engmanager, dispatcher=dispatcher, repairer=repairer,
    )  # fmt: skip


@pytest.fixture
def inbox():
    """``inbox(staff)``: the texts of what somebody was told, oldest first."""

    def lines(staff):
        rows = Message.objects.filter(recipient=staff).order_by("pk")
        return [row.title % row.params for row in rows]

    return lines


@pytest.fixture
def later(now):
    """``later(3)``: so many hours after now."""
    return lambda hours: now + timedelta(hours=hours)
