"""A year of visits, this month's plan, and call-backs: written at once, then by the actions."""

import random
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from accounts.models import Staff
from contacts import actions as contacts
from estates.models import VACANT, Area
from repairs.models import Satisfaction
from visits import actions, followups, occasions, plan
from visits.models import Visit, VisitKind, VisitStatus
from yamei.demo.homes import Home

SUGGESTIONS = (
    "希望晚上大门口的灯亮一些",
    "地面停车常有人占位，能否划线编号",
    "楼道里堆的纸箱请清一清",
    "希望儿童游乐区加几张长椅",
    "快递柜常满，再加一组就好了",
)
HELP = (
    ("老人出院, 想借轮椅从车库推上楼", "已借轮椅并帮推到家门口"),
    ("代叫出租车去医院复查", "已叫到车, 帮扶上车"),
    ("钥匙反锁在屋里, 联系家人送来", "已打通家人电话"),
    ("搬家大件, 请保安帮忙开货梯", "已开货梯并看护"),
)
ANSWERS = (Satisfaction.SATISFIED,) * 7 + (Satisfaction.FAIR,) * 2 + (Satisfaction.DISSATISFIED,)


def fill(home: Home, staff: dict[str, Staff], rng: random.Random, *, now: datetime) -> None:
    today = timezone.localdate(now)
    _past_year(home, rng, today=today, now=now)
    plan.fill_month(now)
    _helped_last_week(home, staff["desk1"], rng, today=today)
    occasions.draw_week(now)
    butler = staff["butler1"]
    owed = list(
        Visit.objects.owed()
        .filter(butler=butler)
        .select_related("unit", "estate")
        .order_by("pk")[:6]
    )
    for index, visit in enumerate(owed[:3]):
        actions.record(
            visit, outcome="met", client_key=_key(rng), by=butler,
            now=now - timedelta(minutes=90 - index * 25),
            happened_at=now - timedelta(minutes=120 - index * 25),
            satisfaction=ANSWERS[index * 3], suggestion=SUGGESTIONS[index],
            measure="请工程部看灯" if index == 0 else "",
            department="engineering" if index == 0 else "",
            **_person(home, visit),
        )  # fmt: skip
    met = owed[0]
    if home.people.get(met.unit_id):
        actions.propose_change(
            met, resident=home.people[met.unit_id][0], field="phone", after="13900051234",
            by=butler, now=now - timedelta(minutes=80),
        )  # fmt: skip
    for visit in owed[3:4]:
        actions.record(visit, outcome="missed", client_key=_key(rng), by=butler, now=now,
                       new_date=today + timedelta(days=2))  # fmt: skip


def _helped_last_week(home: Home, desk: Staff, rng: random.Random, *, today: date) -> None:
    """Help without a slip; some of it is drawn to be called back."""
    monday = today - timedelta(days=today.weekday() + 7)
    units = [unit for unit in home.units if home.people.get(unit.pk)]
    for days, (text, answer) in enumerate(HELP):
        unit, moment = rng.choice(units), followups.end_of(monday + timedelta(days=days))
        person = home.people[unit.pk][0]
        contact = contacts.start(
            _key(rng), estate=home.estate, by=desk, now=moment, unit=unit,
            caller_name=person.name, phone=person.phone or "13900051234", text=text,
        )  # fmt: skip
        contacts.finish(contact, outcome="helped", answer=answer, by=desk, now=moment)


def _past_year(home: Home, rng: random.Random, *, today: date, now: datetime) -> None:
    """Two households of three were met in the last eleven months, before this one."""
    butlers = {
        area.building_id: area.staff
        for area in Area.objects.filter(building__estate=home.estate).select_related("staff")
    }
    rows = []
    for unit in home.units:
        butler = butlers.get(unit.building_id)
        if butler is None or unit.occupancy in VACANT or rng.random() > 0.66:
            continue
        day = today.replace(day=1) - timedelta(days=rng.randrange(1, 330))
        moment = followups.end_of(day).replace(hour=10, minute=rng.randrange(60))
        rows.append(
            Visit(
                estate=home.estate, unit=unit, kind=VisitKind.ROUTINE, period=plan.month_of(day),
                status=VisitStatus.CLOSED, butler=butler, planned_for=day, opened_at=moment,
                visited_on=day, happened_at=moment, received_at=moment, recorded_by=butler,
                satisfaction=rng.choice(ANSWERS), reviewed_at=moment, reviewed_by=butler.superior,
                suggestion=rng.choice(SUGGESTIONS) if rng.random() < 0.1 else "",
                **_person(home, unit=unit),
            )
        )  # fmt: skip
    Visit.objects.bulk_create(rows, batch_size=500)


def _person(home: Home, visit: Visit | None = None, unit=None) -> dict:
    people = home.people.get(visit.unit_id if visit else unit.pk)
    return {"resident": people[0], "resident_name": people[0].name} if people else {}


def _key(rng: random.Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)
