"""What a workbook says, as things to ensure: buildings, units, people, and who lives where.

Rows become things here, once: one owner with several rooms is one person, a room with two rows
one unit, and the first row that names a thing decides what it says. That makes a second run of
the same file change nothing.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from estates.imports import cells
from estates.imports.tables import Row, Tables

BUILDING, UNIT, PERSON, RESIDENCE = "building", "unit", "person", "residence"
MOST_PEOPLE_IN_A_ROW = 8
LONGEST_CODE = 30


@dataclass
class Item:
    """One thing to ensure; ``row`` is the index of the row that first names it."""

    kind: str
    data: dict[str, Any]
    row: int


@dataclass
class Plan:
    rows: list[Row] = field(default_factory=list)
    headers: dict[str, list[str]] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    left_out: list[tuple[str, int]] = field(default_factory=list)

    @property
    def bad(self) -> list[Row]:
        return [row for row in self.rows if row.problems]


def make_plan(tables: Tables) -> Plan:
    """Read every row; a row with a problem yields nothing and says why."""
    plan = Plan(left_out=list(tables.left_out))
    gather = _Gatherer(plan)
    for table in (tables.buildings, tables.owners, tables.rooms):
        if table:
            plan.headers[table.sheet] = table.header
    if tables.buildings:
        for row in tables.buildings.rows:
            gather.building_row(row)
    owners = _owners(tables.owners, plan) if tables.owners else None
    for row in tables.rooms.rows:
        gather.room_row(row, owners)
    if owners:
        for number, (row, index) in owners.items():
            if not row.problems and number not in gather.owners_met:
                gather.person(row.people[0], index, unit_code="")
    order = {BUILDING: 0, UNIT: 1, PERSON: 2, RESIDENCE: 3}
    plan.items = sorted(gather.items, key=lambda item: (order[item.kind], item.row))
    return plan


@dataclass
class _OwnerRow(Row):
    people: list[dict] = field(default_factory=list)


def _owners(table, plan):
    """The sheet of owners by their numbers: row and its index in the plan."""
    found = {}
    for source in table.rows:
        row = _OwnerRow(source.sheet, source.number, source.cells, source.said)
        plan.rows.append(row)
        number = row.said.get("owner_no", "")
        try:
            if not number:
                raise cells.refuse(_("缺业主编号"))
            row.people = _people(row.said)
            if not row.people:
                raise cells.refuse(_("缺业主名称"))
            if number in found:
                raise cells.refuse(
                    _("业主编号 %(number)s 与第 %(other)s 行重复"),
                    number=number[:20],
                    other=found[number][0].number,
                )
            found[number] = (row, len(plan.rows) - 1)
        except ValidationError as error:
            row.problems += error.messages
            found.setdefault(number, (row, len(plan.rows) - 1))
    return found


class _Gatherer:
    """Collects the things that rows name, each once."""

    def __init__(self, plan):
        self.plan = plan
        self.items, self.people = [], []
        self.buildings, self.units, self.residences = {}, {}, {}
        self.by_phone, self.by_id, self.by_unit = {}, {}, {}
        self.owners_met = set()

    def building_row(self, row):
        self.plan.rows.append(row)
        try:
            code = _building_code(row.said)
        except ValidationError as error:
            row.problems += error.messages
            return
        self.building(code, len(self.plan.rows) - 1)

    def room_row(self, row, owners):
        self.plan.rows.append(row)
        index = len(self.plan.rows) - 1
        unit, row.problems = _unit(row.said)
        people = []
        try:
            if owners is None:
                people = _people(row.said)
            elif number := row.said.get("owner_no", ""):
                people = self._owner(number, owners)
            relation = cells.relation(row.said.get("relation", ""))
            if unit and not row.problems:
                self._agree(unit, row)
        except ValidationError as error:
            row.problems += error.messages
        if row.problems:
            return
        self.building(unit["building"], index)
        if unit["code"] not in self.units:
            unit["lived_in"] = bool(people)
            self._add(UNIT, unit, index)
            self.units[unit["code"]] = (unit, row.number)
        for data in people:
            person = self.person(data, index, unit_code=unit["code"])
            pair = (id(person), unit["code"])
            if pair not in self.residences:
                self.residences[pair] = self._add(
                    RESIDENCE,
                    {"person": person.data["no"], "unit": unit["code"], "relation": relation},
                    index,
                )

    def _owner(self, number, owners):
        if number not in owners:
            raise cells.refuse(
                _("业主编号 %(number)s 在业主表里没有。补上该业主, 或把业主编号留空"),
                number=number[:20],
            )
        row, _index = owners[number]
        self.owners_met.add(number)
        if row.problems:
            raise cells.refuse(
                _("业主编号 %(number)s 的资料有问题(业主表第 %(line)s 行), 先改那一行"),
                number=number[:20],
                line=row.number,
            )
        return row.people

    def _agree(self, unit, row):
        """Two rows of one room must not contradict each other."""
        known = self.units.get(unit["code"])
        if not known:
            return
        names = {"area_m2": _("建筑面积"), "floor": _("楼层"), "occupancy": _("房屋状态")}
        for name, label in names.items():
            first, second = known[0][name], unit[name]
            if first not in (None, "") and second not in (None, "") and first != second:
                raise cells.refuse(
                    _("与第 %(line)s 行是同一房间 %(code)s, 但%(label)s不同"),
                    line=known[1],
                    code=unit["code"],
                    label=label,
                )

    def building(self, code, index):
        if code not in self.buildings:
            self.buildings[code] = self._add(BUILDING, {"code": code}, index)

    def person(self, data, index, *, unit_code):
        """The person a row names: the same name with the same phone, ID or room is the same."""
        name, phone, number = data["name"], data["phone"], data["id_number"]
        known = (
            (phone and self.by_phone.get((name, phone)))
            or (number and self.by_id.get((name, number)))
            or (not phone and not number and self.by_unit.get((name, unit_code)))
        )
        if not known:
            known = self._add(
                PERSON, data | {"units": [], "other_phones": [], "no": len(self.people)}, index
            )
            self.people.append(known)
        for key in ("phone", "id_number", "salutation"):
            known.data[key] = known.data[key] or data[key]
        self._other_phone(known.data, phone)
        for spelling in (known.data["phone"], phone):
            if spelling:
                self.by_phone.setdefault((name, spelling), known)
        if known.data["id_number"]:
            self.by_id.setdefault((name, known.data["id_number"]), known)
        if unit_code:
            self.by_unit.setdefault((name, unit_code), known)
            if unit_code not in known.data["units"]:
                known.data["units"].append(unit_code)
        return known

    def _other_phone(self, known, phone):
        """One person, same ID, with two phones: the mobile is the number, the other is noted."""
        if phone in ("", known["phone"], *known["other_phones"]):
            return
        if phone.startswith("1") and not known["phone"].startswith("1"):
            known["phone"], phone = phone, known["phone"]
        known["other_phones"].append(phone)

    def _add(self, kind, data, index):
        item = Item(kind, data, index)
        self.items.append(item)
        return item


def _building_code(said):
    code = cells.code_part(
        said.get("building", ""), label=_("楼号"), ends="号楼|栋|幢|座|楼", longest=10
    )
    if not code:
        raise cells.refuse(_("缺楼号"))
    return code


def _unit(said):
    """The unit a row describes and every problem in it; the unit is None without a room."""
    problems, values = [], {}

    def read(name, reader, *args, **options):
        try:
            values[name] = reader(*args, **options)
        except ValidationError as error:
            problems.extend(error.messages)

    building, stair, room = (said.get(name, "") for name in ("building", "stair", "room"))
    parts = [part for part in re.split(r"[-－—/]|号楼|栋|幢|座|单元", room) if part]
    if not building and len(parts) in (2, 3):  # 3-2-1102 in one column
        building, room = parts[0], parts[-1]
        stair = parts[1] if len(parts) == 3 else stair
    shown = "-".join(part for part in (building, stair, room) if part and part != "0")
    read("building", _building_code, {"building": building})
    read("stair", cells.code_part, stair, label=_("单元"), ends="单元|门", longest=10)
    read("room", cells.code_part, room, label=_("房号"), ends="室|号|房", longest=12, shown=shown)
    read("floor", cells.floor, said.get("floor", ""))
    read("area_m2", cells.area, said.get("area", ""))
    read("occupancy", cells.occupancy, said.get("occupancy", ""))
    read("occupied_on", cells.day, said.get("occupied_on", ""))
    if values.get("room") == "":
        problems.append(_("缺房间号"))
    if problems:
        return None, problems
    if values["stair"] == "0":
        values["stair"] = ""  # how the layout marks shops, which have no stair
    values["code"] = "-".join(
        part for part in (values["building"], values["stair"], values["room"]) if part
    )
    if len(values["code"]) > LONGEST_CODE:
        return None, [_("房号“%(text)s”太长, 最多 30 个字") % {"text": values["code"]}]
    values["area_m2"] = str(values["area_m2"]) if values["area_m2"] is not None else None
    values["occupied_on"] = values["occupied_on"].isoformat() if values["occupied_on"] else None
    return values, []


def _people(said):
    """The people of a row; the layout's legend puts several owners into one cell."""
    names = [
        part.strip() for part in re.split(r"[,，、;；/]", said.get("name", "")) if part.strip()
    ]
    phones = said.get("phone", "")
    numbers = [part.strip() for part in re.split(r"[,，、;；]", phones) if part.strip()]
    if not names:
        if (numbers and cells.phone(numbers[0])) or cells.id_number(said.get("id_number", "")):
            raise cells.refuse(_("缺业主名称, 但填了手机号或身份证号"))
        return []
    if len(names) > MOST_PEOPLE_IN_A_ROW or len(numbers) > len(names):
        raise cells.refuse(_("业主名称与手机号的个数对不上。一人一行, 房屋信息重复写"))
    problems, people = [], []
    for position, name in enumerate(names):
        one = {"salutation": cells.salutation(said.get("sex", "")) if len(names) == 1 else ""}
        for key, reader, text in (
            ("name", cells.person_name, name),
            ("phone", cells.phone, numbers[position] if position < len(numbers) else ""),
            ("id_number", cells.id_number, said.get("id_number", "") if position == 0 else ""),
        ):
            try:
                one[key] = reader(text)
            except ValidationError as error:
                problems += error.messages
        people.append(one)
    if problems:
        raise ValidationError(problems)
    return people
