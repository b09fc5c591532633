"""Complaints in every state of their life, made by the actions that the pages call."""

import random
import uuid
from datetime import datetime, timedelta

from accounts.models import Staff
from complaints import actions
from complaints.choices import Category, Channel
from complaints.models import Complaint
from yamei.demo.homes import Home

SAID = (
    ("楼上每天二十三点拖椅子, 打了三次电话没人管", Category.NEIGHBOURS, "", "3-2-1102"),
    ("保洁三天没拖楼道, 电梯口全是脚印", Category.CLEANING, "保洁员", "3-2-1102"),
    ("停车费多收了一个月, 窗口说不知道", Category.FEES, "收费窗口", "5-1-0301"),
    ("卫生间漏水修了两次还漏, 楼下找上门", Category.REPAIR, "工程部", "2-1-0602"),
    ("门岗不拦外卖车, 孩子差点被撞", Category.ORDER, "秩序班", "1-3-1804"),
    ("打电话态度很差, 话没说完就挂", Category.ATTITUDE, "夜班", "7-2-1503"),
    ("路灯坏了一排, 晚上摔了一跤", Category.REPAIR, "工程部", "5-1-0301"),
    ("快递柜占了消防通道", Category.OTHER, "", "2-1-0602"),
)
WHY = {
    "cause": "cooperation",
    "cause_words": "夜班接到电话没有转给管家",
    "responsibility": "夜值未按交接要求转告",
    "corrective": "当面道歉, 当晚上门处理",
    "preventive": "夜间投诉写入交接班, 次日助理核对",
}


class Case:
    """One estate's complaints; ``ago`` counts hours back from the start of the demo."""

    def __init__(self, home: Home, staff: dict[str, Staff], rng: random.Random, *, now: datetime):
        self.home, self.staff, self.rng, self.now = home, staff, rng, now
        self.units = {unit.code: unit for unit in home.units}

    def at(self, ago: float) -> datetime:
        return self.now - timedelta(hours=ago)

    def key(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def written(self, which: int, ago: float) -> Complaint:
        words, category, against, room = SAID[which]
        unit = self.units.get(room) or self.home.units[which]
        people = self.home.people.get(unit.pk, [])
        return actions.register(
            self.key(), estate=self.home.estate, by=self.staff["desk1"], now=self.at(ago),
            content=words, category=category, against=against, unit=unit,
            resident=people[0] if people else None, contact_phone="" if people else "13900050001",
            source=Channel.PHONE, demand="尽快给个说法",
        )  # fmt: skip

    def accepted(self, which: int, ago: float, grade: str, validity: str = "valid") -> Complaint:
        complaint = self.written(which, ago)
        actions.first_reply(complaint, method="phone", words="已收到, 今天给您回话",
                            by=self.staff["desk1"], now=self.at(ago - 0.2))  # fmt: skip
        return actions.accept(complaint, grade=grade, validity=validity, by=self.staff["desk1"],
                              now=self.at(ago - 0.3))  # fmt: skip

    def handled(self, which: int, ago: float, grade: str = "minor") -> Complaint:
        complaint = self.accepted(which, ago, grade)
        handler = self.staff["assistant" if grade == "minor" else "manager"]
        actions.verify(
            complaint, investigation="已到现场, 情况属实", by=handler, now=self.at(ago - 1)
        )
        actions.decide(complaint, plan="当天改, 当面道歉", by=handler, now=self.at(ago - 1.5))
        return actions.finish(
            complaint, measures="已整改, 拍照留存", by=handler, now=self.at(ago - 4)
        )

    def replied(self, which: int, ago: float, grade: str = "minor") -> Complaint:
        complaint = self.handled(which, ago, grade)
        return actions.reply(complaint, method="phone", words="已经改好, 今后每天查",
                             feedback="再看几天", by=self.staff["butler1"], now=self.at(ago - 5))  # fmt: skip

    def asked(self, which: int, ago: float, answer: str, grade: str = "minor") -> Complaint:
        complaint = self.replied(which, ago, grade)
        return actions.call_back(
            complaint, satisfaction=answer, note="说昨晚又响" if answer == "dissatisfied" else "",
            client_key=self.key(), by=self.staff["desk2"], now=self.at(ago - 10),
        )  # fmt: skip

    def closed(self, which: int, ago: float, answer: str = "satisfied") -> Complaint:
        complaint = self.asked(which, ago, answer)
        return actions.close(complaint, by=self.staff["assistant"], now=self.at(ago - 12), **WHY)


def fill(home: Home, staff: dict[str, Staff], rng: random.Random, *, now: datetime) -> None:
    """Four closed ones of last month, and one in each state of today."""
    case = Case(home, staff, rng, now=now)
    for which, days in ((1, 33), (2, 31), (5, 30.5), (1, 12)):
        case.closed(which, days * 24, "fair" if which == 2 else "satisfied")
    case.asked(0, 60, "dissatisfied", "major")
    critical = case.accepted(4, 20, "critical")
    actions.escalate(critical, words="家长要求今天见经理", by=staff["butler1"], now=case.at(19))
    passed = case.accepted(3, 8, "major")
    actions.transfer(passed, department="eng_manager", words="第三次漏, 请查管道", by=staff["desk1"],
                     now=case.at(7))  # fmt: skip
    case.handled(6, 9)
    case.replied(7, 30)
    case.asked(5, 26, "satisfied")
    case.accepted(2, 5, "minor", "invalid")
    case.written(7, 0.5)
