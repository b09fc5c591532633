"""What is open right now, made by the same actions that the pages call, so every clock runs."""

import random
import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO

from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import Staff
from contacts import actions as contact_actions
from contacts.models import Contact, Outcome
from incidents import actions as incident_actions
from repairs import actions
from repairs.models import CallbackResult, Category, Priority, Repair, Satisfaction
from repairs.photos import Picture
from repairs.statuses import Status
from yamei.demo.homes import Home


class Day:
    """The open work of one estate; ``ago`` always counts minutes back from the start of the demo."""

    def __init__(self, home: Home, staff: dict[str, Staff], rng: random.Random, *, now: datetime):
        self.home, self.staff, self.rng, self.now = home, staff, rng, now
        self.desk = staff["desk1"]

    def before(self, ago: float) -> datetime:
        return self.now - timedelta(minutes=ago)

    def key(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def call(self, ago: float, *, at: str = "", phone: str = "", text: str = "") -> Contact:
        """Somebody calls about a room or a public place, or from an unknown number."""
        unit = next((unit for unit in self.home.units if unit.code == at), None)
        place = None if unit or not at else self.home.place(at)
        people = self.home.people.get(unit.pk, []) if unit else []
        person = people[0] if people else None
        return contact_actions.start(
            self.key(), estate=self.home.estate, by=self.desk, now=self.before(ago),
            unit=unit, place=place, resident=person, text=text,
            caller_name=person.name if person else "", phone=phone or (person.phone if person else ""),
        )  # fmt: skip

    def registered(self, ago: float, at: str, content: str, *, phone: str = "13900050000",
                   category: str = Category.WATER, where: str = "", **more) -> Repair:  # fmt: skip
        contact = self.call(ago, at=at, phone="" if self._lives(at) else phone, text=content)
        return actions.register(
            contact, by=self.desk, now=self.before(ago - 0.5), content=content, category=category,
            where=where, unit=contact.unit, place=contact.place, resident=contact.resident, **more,
        )  # fmt: skip

    def _lives(self, at):
        return any(unit.code == at and self.home.people.get(unit.pk) for unit in self.home.units)

    def dispatched(self, ago: float, *args, **more) -> Repair:
        repair = self.registered(ago, *args, **more)
        return actions.dispatch(repair, by=self.desk, now=self.before(ago - 1))

    def accepted(self, ago: float, *args, **more) -> Repair:
        repair = self.dispatched(ago, *args, **more)
        return actions.accept(repair, by=self.staff["dispatcher"], now=self.before(ago - 2.5))

    def assigned(self, ago: float, *args, to: str = "repairer1", **more) -> Repair:
        repair = self.accepted(ago, *args, **more)
        return actions.assign(
            repair, repairer=self.staff[to], by=self.staff["dispatcher"], now=self.before(ago - 4)
        )

    def arrived(self, ago: float, *args, **more) -> Repair:
        repair = self.assigned(ago, *args, **more)
        actions.arrive(repair, by=repair.repairer, now=self.before(ago - 12))
        if ago > 60 and repair.unit_id and repair.butler_id:
            actions.onsite_check(
                repair, note="已入户查看", by=repair.butler, now=self.before(ago - 20)
            )
        return repair

    def finished(self, ago: float, *args, work: str = "更换配件，测试正常", **more) -> Repair:
        repair = self.arrived(ago, *args, **more)
        return actions.finish(
            repair, cause="配件老化", work_done=work, by=repair.repairer, now=self.before(ago - 45),
            resident_opinion=Satisfaction.SATISFIED if repair.unit_id else "",
            resident_signed=repair.contact_name if repair.unit_id else "",
        )  # fmt: skip

    def returned(self, ago: float, *args, **more) -> Repair:
        repair = self.finished(ago, *args, **more)
        return actions.return_slip(repair, by=self.staff["dispatcher"], now=self.before(ago - 60))


def open_all(home: Home, staff: dict[str, Staff], rng: random.Random, *, now: datetime) -> int:
    """Open two dozen tickets in every state of their life; returns how many are open."""
    day = Day(home, staff, rng, now=now)
    _waiting_for_desk(day)
    _waiting_for_engineering(day)
    _at_work(day)
    _waiting_for_call_backs(day)
    _calls_without_slip(day)
    _yesterdays_incident(day)
    return Repair.objects.filter(estate=home.estate).open().count()


def open_in_small(home: Home, staff: dict[str, Staff], *, now: datetime) -> int:
    """One open ticket of the second estate, which only its own clerk may see."""
    day = Day(home, staff, random.Random(1), now=now)  # noqa: S311 - invented data
    day.desk = staff["outsider"]
    day.registered(3, home.units[3].code, "厨房水龙头漏水", where="厨房")
    return 1


def _waiting_for_desk(day: Day) -> None:
    day.registered(9, "3-2-1102", "厨房水龙头漏水", where="厨房")
    day.registered(3.5, "5-1-0301", "客厅灯不亮", category=Category.POWER, where="客厅")
    day.registered(1, "2-1-0602", "卫生间下水堵", where="卫生间")


def _waiting_for_engineering(day: Day) -> None:
    day.dispatched(9.5, "1-3-1804", "马桶水箱一直流水", where="卫生间")
    day.dispatched(3, "6-2-0802", "插座没电", category=Category.POWER, where="卧室")
    burst = day.dispatched(2.5, "4-2-1203", "水管爆了，水往外喷", where="厨房",
                           priority=Priority.EMERGENCY)  # fmt: skip
    for ago, at in ((2, "4-1-0701"), (1.5, "32-1-102")):
        contact = day.call(ago, at=at, text="家里没水了")
        actions.attach_caller(burst, contact, by=day.desk, now=day.before(ago - 0.5))
    day.accepted(11, "8-1-0204", "阳台推拉门脱轨", category=Category.DOORS, where="阳台")
    verbal = day.dispatched(14, "南大门", "门禁刷卡没反应", category=Category.FACILITY)
    actions.accept_verbally(
        verbal, name="夜班值班电工", at=day.before(12), by=day.staff["night1"], now=day.before(11.5)
    )
    item = day.accepted(25, "7-2-1503", "想加装一个户外水龙头", where="阳台")
    actions.assess(item, by=day.staff["dispatcher"], now=day.before(20))
    priced = day.accepted(80, "2-1-0903", "更换整扇入户门", category=Category.DOORS, where="入户门")
    actions.assess(priced, by=day.staff["dispatcher"], now=day.before(70))
    actions.quote(
        priced, amount=Decimal(1850), note="含拆装", by=day.staff["engmanager"], now=day.before(60)
    )


def _at_work(day: Day) -> None:
    local = timezone.localtime(day.now)
    tomorrow = (local + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
    engineer = day.staff["dispatcher"]

    late = day.assigned(55, "3-1-0903", "卫生间顶上滴水，可能是楼上漏水", where="卫生间")
    actions.cannot_come(
        late, reason="正在处理急修", new_promise=tomorrow, by=engineer, now=day.before(3)
    )
    told = day.accepted(
        190, "6-1-1204", "窗户关不严，下雨进水", category=Category.DOORS, where="卧室"
    )
    actions.cannot_come(
        told, reason="材料未到", new_promise=tomorrow, resident_told_at=day.before(160),
        butler_told_at=day.before(158), by=day.desk, now=day.before(155),
    )  # fmt: skip
    day.assigned(12, "5-2-0702", "洗手盆软管渗水", where="卫生间")
    day.assigned(30, "8-2-1101", "家里突然停电，邻居有电", category=Category.POWER, where="户内",
                 to="repairer2")  # fmt: skip
    day.assigned(240, "1-1-0502", "空调不制冷，想约时间检查", category=Category.OTHER, where="卧室",
                 priority=Priority.APPOINTMENT, appointment_at=tomorrow, to="repairer2")  # fmt: skip
    day.arrived(34, "7-1-0604", "卫生间下水堵", where="卫生间")
    day.arrived(50, "地下车库东区", "车库地面积水", to="repairer2")
    for at, content, status, reason in (
        ("4-2-0503", "入户门锁打不开", Status.WAITING_PARTS, "锁芯已订货，明天到"),
        ("3栋1单元楼道", "楼道窗玻璃裂了", Status.WAITING_PARTS, "玻璃定做中"),
        ("5栋2单元电梯", "电梯运行有异响", Status.OUTSOURCED, "已报电梯维保单位"),
    ):
        stuck = day.arrived(300, at, content, category=Category.OTHER)
        actions.wait_for(
            stuck, status=status, reason=reason, look_again_at=tomorrow, by=engineer,
            now=day.before(280),
        )  # fmt: skip
    day.finished(70, "2-2-0401", "客厅灯不亮", category=Category.POWER, where="客厅")
    pictured = day.finished(95, "1-2-0901", "阳台推拉门脱轨", category=Category.DOORS, where="阳台")
    _add_picture(day, pictured)


def _waiting_for_call_backs(day: Day) -> None:
    for hours, at, content in (
        (27, "3-1-0801", "厨房水龙头漏水"),
        (20, "1-2-1103", "马桶水箱一直流水"),
        (6, "7-2-0403", "插座没电"),
        (5, "8-1-0901", "对讲没有声音"),
        (4, "南大门", "门禁刷卡没反应"),
    ):
        day.returned(hours * 60, at, content, category=Category.OTHER)
    missed = day.returned(9 * 60, "6-1-0302", "卫生间下水堵", where="卫生间")
    actions.no_answer(missed, client_key=day.key(), by=day.staff["butler2"], now=day.before(5 * 60))
    happy = day.returned(8 * 60, "4-1-0303", "窗户关不严，下雨进水", category=Category.DOORS)
    actions.call_back(
        happy, result=CallbackResult.SOLVED, satisfaction=Satisfaction.SATISFIED,
        by=day.staff["butler1"], now=day.before(6 * 60), client_key=day.key(),
    )  # fmt: skip
    unhappy = day.returned(7 * 60, "5-2-1001", "洗手盆软管渗水", where="卫生间")
    actions.call_back(
        unhappy, result=CallbackResult.UNSOLVED, note="晚上又开始渗水", by=day.staff["butler2"],
        now=day.before(4), client_key=day.key(),
    )  # fmt: skip


def _calls_without_slip(day: Day) -> None:
    day.call(2, phone="13800050077", text="")
    owed = day.call(150, at="2-1-0903", text="想问装修押金什么时候退")
    contact_actions.finish(owed, outcome=Outcome.CALL_BACK, by=day.desk, now=day.before(147))


def _yesterdays_incident(day: Day) -> None:
    """A power cut of yesterday that everybody has taken note of."""
    began = day.before(26 * 60)
    incident = incident_actions.raise_incident(
        estate=day.home.estate, category="outage", where="6栋", what="6栋停电约二十分钟，配电房跳闸",
        by=day.staff["desk2"], now=began, client_key=day.key(),
    )  # fmt: skip
    for notice in incident.notices.select_related("staff", "incident"):
        if not notice.acknowledged_at:
            incident_actions.acknowledge(notice, by=notice.staff, now=began + timedelta(minutes=3))


def _add_picture(day: Day, repair: Repair) -> None:
    actions.add_photo(
        repair, picture=drawn(), client_key=day.key(),
        by=repair.repairer, now=day.before(52),
    )  # fmt: skip


def drawn() -> Picture:
    """A drawn placeholder, so that a record with a photo can be looked at and backed up."""
    image = Image.new("RGB", (960, 720), "#dfe6ee")
    draw = ImageDraw.Draw(image)
    draw.rectangle((120, 90, 840, 630), outline="#5b6b7f", width=12)
    draw.line((480, 90, 480, 630), fill="#5b6b7f", width=12)
    draw.ellipse((560, 320, 600, 360), fill="#c2410c")
    file = BytesIO()
    image.save(file, "JPEG", quality=80)
    return Picture(file.getvalue(), *image.size)
