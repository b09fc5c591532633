"""The two invented estates: buildings, rooms, public places, and who lives there."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from estates.lookup import index_all
from estates.models import (
    Building,
    Estate,
    Occupancy,
    PlaceKind,
    PublicPlace,
    Relation,
    Residence,
    Resident,
    Salutation,
    Unit,
)

NOTE = "演示数据"
SURNAMES = (
    "王" * 9 + "李" * 9 + "张" * 8 + "刘" * 6 + "陈" * 6 + "杨黄赵周吴徐孙马朱胡郭何高林罗"
    "郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦"
    "单仇解查区"
)
COMPOUND = ("欧阳", "司马", "上官", "诸葛")
GIVEN_F = "秀梅|丽|静|敏|芳|娟|玲|雪|婷|慧|颖|洁|桂英|玉兰|淑华|雅琴|晓燕|海燕|红霞|丽娜|佳怡|诗涵|欣怡|月华|凤英"
GIVEN_M = "伟|强|磊|军|勇|杰|涛|超|明|刚|平|辉|鹏|建国|建华|志强|国庆|海波|文斌|俊杰|浩然|子轩|德福|永康|振华"
POSITIONS = ("主任", "教授", "经理", "医生", "老师", "工程师")
PREFIXES = (
    "131",
    "132",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "152",
    "158",
    "159",
    "186",
    "188",
)

# The household of the scripted calls, two namesakes, and every surname with two readings.
KNOWN = (
    ("3-2-1102", "王秀梅", "13900051234", Salutation.MS, Relation.OWNER),
    ("3-2-1102", "赵卫东", "13600057788", Salutation.MR, Relation.FAMILY),
    ("5-1-0301", "李伟", "13700050301", Salutation.MR, Relation.OWNER),
    ("6-2-0802", "李伟", "13700050802", Salutation.MR, Relation.OWNER),
    ("1-3-1804", "赵丽", "13500051804", Salutation.MS, Relation.OWNER),
    ("2-1-0602", "曾伟", "13800050602", Salutation.MR, Relation.OWNER),
    ("2-1-0903", "单雄", "13800050903", Salutation.MR, Relation.OWNER),
    ("4-1-0701", "仇英", "13800050701", Salutation.MS, Relation.OWNER),
    ("4-2-1203", "解晓东", "13800051203", Salutation.MR, Relation.TENANT),
    ("7-2-1503", "查文静", "13800051503", Salutation.MS, Relation.OWNER),
    ("8-1-0204", "区志明", "13800050204", Salutation.MR, Relation.OWNER),
    ("32-1-102", "欧阳海", "13800050102", Salutation.MR, Relation.OWNER),
)


@dataclass
class Home:
    """One estate as the later steps need it."""

    estate: Estate
    buildings: list[Building] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    places: list[PublicPlace] = field(default_factory=list)
    people: dict[int, list[Resident]] = field(default_factory=dict)  # by unit id

    def unit(self, code: str) -> Unit:
        return next(unit for unit in self.units if unit.code == code)

    def place(self, name: str) -> PublicPlace:
        return next(place for place in self.places if place.name == name)


def build_big(rng: random.Random, *, today: date) -> Home:
    """亚美花园: eight towers and a low block 32, 1,083 rooms, 3,000 residents.

    The plain digits 321102 split into 3-2-1102 and 32-1-102 here.
    """
    home = Home(
        Estate.objects.create(
            name="亚美花园", address="演示路 1 号(虚构)", desk_phone="029-88880001", is_demo=True
        )
    )
    for number in range(1, 9):
        _tower(home, str(number), stairs=3 if number == 1 else 2, floors=18 if number == 1 else 16,
               rooms=3 if number == 1 else 4)  # fmt: skip
    _low_block(home, "32", stairs=2, floors=6)
    _finish_homes(home, rng, today=today)
    _public_places(home)
    _fill(home, rng, total=3000)
    return home


def build_small(rng: random.Random, *, today: date) -> Home:
    """城南小区: one low building of 24 rooms."""
    home = Home(Estate.objects.create(name="城南小区", address="演示路 99 号(虚构)", is_demo=True))
    _low_block(home, "1", stairs=2, floors=6)
    _finish_homes(home, rng, today=today)
    _public_places(home)
    _fill(home, rng, total=60)
    return home


def _tower(home, code, *, stairs, floors, rooms):
    building = Building.objects.create(estate=home.estate, code=code)
    home.buildings.append(building)
    for stair in range(1, stairs + 1):
        for floor in range(1, floors + 1):
            home.units += [
                _unit(building, str(stair), floor, f"{floor:02d}{room:02d}")
                for room in range(1, rooms + 1)
            ]
    if code == "1":  # the top floor has a fourth home on the third stair
        home.units.append(_unit(building, "3", floors, f"{floors:02d}04"))


def _low_block(home, code, *, stairs, floors):
    building = Building.objects.create(estate=home.estate, code=code)
    home.buildings.append(building)
    home.units += [
        _unit(building, str(stair), floor, f"{floor}{room:02d}")
        for stair in range(1, stairs + 1)
        for floor in range(1, floors + 1)
        for room in (1, 2)
    ]


def _unit(building, stair, floor, room):
    return Unit(
        estate=building.estate, building=building, stair=stair, floor=floor, room=room,
        code=f"{building.code}-{stair}-{room}",
    )  # fmt: skip


def _finish_homes(home, rng, *, today):
    """Sizes, who moved in when, and a few vacant rooms; then write the rooms."""
    known = {code for code, *_ in KNOWN}
    for unit in home.units:
        unit.area_m2 = Decimal(rng.choice(("78.60", "89.20", "96.45", "118.30", "132.75")))
        unit.occupancy = Occupancy.OCCUPIED
        if unit.code not in known:
            unit.occupancy = rng.choices(
                list(Occupancy), weights=(88, 8, 2, 1, 1)
            )[0]  # fmt: skip
        if not unit.is_vacant:
            unit.occupied_on = today - timedelta(days=rng.randint(40, 3000))
    home.units = Unit.objects.bulk_create(home.units)


def _public_places(home):
    places = []
    for building in home.buildings:
        stairs = sorted({unit.stair for unit in home.units if unit.building_id == building.pk})
        for stair in stairs:
            at = f"{building.code}栋{stair}单元"
            places.append((building, PlaceKind.LIFT, f"{at}电梯"))
            places.append((building, PlaceKind.CORRIDOR, f"{at}楼道"))
    for kind, name in (
        (PlaceKind.GARAGE, "地下车库东区"), (PlaceKind.GARAGE, "地下车库西区"),
        (PlaceKind.GATE, "南大门"), (PlaceKind.GATE, "北门门禁"), (PlaceKind.GARDEN, "中心花园"),
        (PlaceKind.PLANT, "生活水泵房"), (PlaceKind.PLANT, "配电房"), (PlaceKind.OTHER, "儿童游乐场"),
    ):  # fmt: skip
        places.append((None, kind, name))
    home.places = PublicPlace.objects.bulk_create(
        PublicPlace(estate=home.estate, building=building, kind=kind, name=name)
        for building, kind, name in places
    )


def _fill(home, rng, *, total):
    """Let people move in until the estate has ``total`` residents, then index everything."""
    by_code = {unit.code: unit for unit in home.units}
    moves = [
        (by_code[code], _person(home, name, phone, salutation), relation)
        for code, name, phone, salutation, relation in KNOWN
        if code in by_code
    ]
    living = [unit for unit in home.units if not unit.is_vacant]
    spare = iter(_strangers(home, rng, total - len(moves)))
    owned = {unit.code for unit, _person_, _relation in moves}
    for unit in living:
        if unit.code not in owned and (person := next(spare, None)):
            relation = Relation.TENANT if unit.occupancy == Occupancy.LET else Relation.OWNER
            moves.append((unit, person, relation))
    for person in spare:
        relation = rng.choices((Relation.FAMILY, Relation.TENANT, Relation.OTHER), (8, 1, 1))[0]
        moves.append((rng.choice(living), person, relation))
    Resident.objects.bulk_create([person for _home, person, _relation in moves])
    # One person with a second home, now and then.
    pairs = {(unit.pk, person.pk) for unit, person, _relation in moves}
    for _home, person, relation in rng.sample(moves, k=len(moves) // 60):
        second = rng.choice(living)
        if relation == Relation.OWNER and (second.pk, person.pk) not in pairs:
            pairs.add((second.pk, person.pk))
            moves.append((second, person, Relation.OWNER))
    Residence.objects.bulk_create(
        Residence(unit=unit, resident=person, relation=relation) for unit, person, relation in moves
    )
    for unit, person, _relation in moves:
        home.people.setdefault(unit.pk, []).append(person)
    index_all(units=home.units, residents={p.pk: p for _u, p, _r in moves}.values(),
              places=home.places)  # fmt: skip


def _strangers(home, rng, count) -> Iterator[Resident]:
    women, men = GIVEN_F.split("|"), GIVEN_M.split("|")
    tails = rng.sample(range(100000, 999999), count)
    for tail in tails:
        is_woman = rng.random() < 0.5
        surname = rng.choice(COMPOUND) if rng.random() < 0.01 else rng.choice(SURNAMES)
        salutation = Salutation.MS if is_woman else Salutation.MR
        person = _person(
            home,
            surname + rng.choice(women if is_woman else men),
            f"{rng.choice(PREFIXES)}00{tail}" if rng.random() < 0.96 else "",
            salutation,
        )
        if rng.random() < 0.02:
            person.salutation, person.position = Salutation.POSITION, rng.choice(POSITIONS)
        elif rng.random() < 0.05:
            person.salutation = Salutation.MRS if is_woman else Salutation.UNKNOWN
        if rng.random() < 0.01:
            person.care_note = "独居老人，上门请多等一会儿(演示)"
        yield person


def _person(home, name, phone, salutation):
    return Resident(estate=home.estate, name=name, phone=phone, salutation=salutation, note=NOTE)
