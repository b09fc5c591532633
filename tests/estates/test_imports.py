"""Workbooks on their way in: both layouts, the drift of real files, twice, and back out."""

import io
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from python_calamine import CalamineWorkbook

from contacts.models import Contact
from estates import lookup
from estates.imports import batches
from estates.imports.sheets import write_bad_rows, write_template
from estates.imports.undo import undo
from estates.models import (
    Area,
    Building,
    Estate,
    ImportBatch,
    ImportItem,
    LookupKey,
    Residence,
    Resident,
    Unit,
)
from history.models import Entry
from spreadsheets.writer import Column, write_workbook

FILES = Path(__file__).parent.parent / "data"
HEADER = [
    "楼号",
    "单元",
    "房间",
    "楼层",
    "建筑面积",
    "房屋状态",
    "业主名称",
    "性别",
    "手机号",
    "身份证号",
    "业主类型",
]
ROW = ["3", "2", "1102", "11", "94.56", "2001", "王秀梅", "女", "13912341234", "", "1001"]

pytestmark = pytest.mark.django_db


def workbook(*rows, header=HEADER, title="资产信息"):
    file = io.BytesIO()
    write_workbook(
        file,
        sheet_title=title,
        columns=[Column(text) for text in header],
        rows=[tuple(row) for row in rows],
        notes=[],
    )
    return file


def row(**changes):
    return [changes.get(name, value) for name, value in zip(HEADER, ROW, strict=True)]


def bring(file, estate, by, now):
    batch = batches.upload(file, name="hc.xlsx", estate=estate, by=by, now=now)
    batches.start(batch, by=by, now=now)
    while batch.state == ImportBatch.State.RUNNING:
        assert batches.work_slice(batch, now=now)
    return batch


def world():
    """All that an import may write, as values."""
    return [
        list(Building.objects.order_by("pk").values()),
        list(Unit.objects.order_by("pk").values()),
        list(Resident.objects.order_by("pk").values()),
        list(Residence.objects.order_by("pk").values()),
        list(LookupKey.objects.order_by("pk").values()),
    ]


def problems(file):
    return [(bad.sheet, bad.number, bad.problems) for bad in batches.read_plan(file).bad]


def test_room_list_gives_seven_rows_back_and_is_in_twice_without_change(estate, manager, now):
    with (FILES / "hc-room-list-1200.xlsx").open("rb") as file:
        batch = bring(file, estate, manager, now)
        before = world()
        again = bring(file, estate, manager, now)
    assert [(bad["number"], bad["problem"]) for bad in batch.bad_rows] == [
        (78, "楼层“三”应为数字, 如 3 或 -1"),
        (254, "身份证号“61010019”有 8 位, 应为 18 位(旧证 15 位)"),
        (563, "缺楼号"),
        (651, "手机号“1382146307”不对: 电话应为 11 位手机号, 或带区号的座机, 如 029-88881234"),
        (689, "建筑面积“-94.56”应为平方米数, 如 94.56"),
        (693, "缺业主名称, 但填了手机号或身份证号"),
        (845, "房号“5-1-11O2”里有字母 O, 应为数字 0"),
    ]
    assert Unit.objects.filter(estate=estate).count() == 1193
    assert (again.counts["new"], again.counts["changed"], again.counts["same"]) == (0, 0, 1195)
    assert not again.items.filter(created=True).exists()
    assert not again.items.exclude(changed={}).exists()
    assert world() == before


def test_room_list_keeps_what_real_files_have(estate, manager, desk, now):
    with (FILES / "hc-room-list-1200.xlsx").open("rb") as file:
        bring(file, estate, manager, now)
    assert Unit.objects.get(code="1-1-602").occupancy == "unsold"
    assert not Unit.objects.get(code="1-1-602").residents.exists()
    assert {p.name for p in Unit.objects.get(code="3-2-1703").residents.all()} == {"白航", "邓雨兰"}
    jiang = Resident.objects.get(name="江静秀", phone="13827377581")
    assert {"1-1-404", "1-1-601"} <= {unit.code for unit in jiang.units.all()}
    assert Resident.objects.get(units__code="1-1-803").phone == "029-88929936"
    assert Resident.objects.get(units__code="1-1-104").name == "唐涛思"
    assert Resident.objects.get(units__code="1-1-104").salutation == "ms"
    assert Unit.objects.filter(code="1-1-1004").exists()
    assert [m.unit.code for m in lookup.find("111004", staff=desk) if m.rank == 0] == ["1-1-1004"]


def test_joined_sheets_are_read_by_their_numbers(estate, manager, now):
    with (FILES / "hc-estate-workbook.xlsx").open("rb") as file:
        batch = bring(file, estate, manager, now)
        again = bring(file, estate, manager, now)
    assert Building.objects.count() == 13
    assert list(Unit.objects.order_by("code").values_list("code", "residents__name")) == [
        ("1-1-1011", "贺远燕"),
        ("1-1-1012", "叶悦艳"),
        ("1-1-1013", "孟欣磊"),
        ("1-1-1014", "龙娜敏"),
        ("1-1-1021", "贺明杰"),
    ]
    assert [(bad["sheet"], bad["number"]) for bad in batch.bad_rows] == [
        ("房屋信息", 7),
        ("房屋信息", 8),
        ("房屋信息", 9),
    ]
    assert "业主编号 6 在业主表里没有" in batch.bad_rows[0]["problem"]
    assert batch.counts["left_out"] == [["车位信息", 1]]
    assert (again.counts["new"], again.counts["changed"]) == (0, 0)


def test_legend_beside_the_data_is_not_data(estate):
    with (FILES / "hc-room-list.xlsx").open("rb") as file:
        plan = batches.read_plan(file)
    assert [one.number for one in plan.rows] == [2]
    assert plan.bad == []


def test_columns_are_found_by_header_under_a_title_in_any_order():
    header = ["备用", "联系电话 *", "房 号", "业主姓名", "楼栋号（必填）", "单元号"]
    file = workbook(
        ["", "", "", "", "", ""],
        [*header],
        ["x", "13912341234", "1102", "王秀梅", "3栋", "2单元"],
        header=["2026年业户资料", "", "", "", "", ""],
    )
    plan = batches.read_plan(file)
    assert plan.bad == []
    assert [item.data["code"] for item in plan.items if item.kind == "unit"] == ["3-2-1102"]
    assert [item.data["phone"] for item in plan.items if item.kind == "person"] == ["13912341234"]
    assert [one.number for one in plan.rows] == [4]


def test_legend_sum_and_repeated_header_below_are_not_data():
    file = workbook(ROW, ["说明", "请看下面", *[""] * 9], HEADER, ["合计", "1 户", *[""] * 9])
    plan = batches.read_plan(file)
    assert [one.number for one in plan.rows] == [2]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"楼号": ""}, "缺楼号"),
        ({"房间": ""}, "缺房间号"),
        ({"房间": "11O2"}, "房号“3-2-11O2”里有字母 O, 应为数字 0"),
        ({"房间": "l102"}, "房号“3-2-l102”里有字母 l, 应为数字 1"),
        ({"楼层": "三"}, "楼层“三”应为数字, 如 3 或 -1"),
        ({"建筑面积": "约90"}, "建筑面积“约90”应为平方米数, 如 94.56"),
        (
            {"房屋状态": "2999"},
            "房屋状态“2999”不认识。可填 2001 已入住、2002 未销售、2003 已交房、2006 已出租 等",
        ),
        (
            {"业主类型": "9"},
            "业主类型“9”不认识。可填 1001 业主、1002 家庭成员、1003 房屋租客、1004 临时人员",
        ),
        ({"业主名称": ""}, "缺业主名称, 但填了手机号或身份证号"),
    ],
)
def test_bad_cell_comes_back_with_its_reason(changes, problem):
    assert problems(workbook(row(**changes))) == [("资产信息", 2, [problem])]


@pytest.mark.clause("MAN-2")
def test_resident_named_boss_comes_back():
    ((_sheet, _number, (problem,)),) = problems(workbook(row(业主名称="王老板")))
    assert problem.startswith("不称“老板”")


def test_row_with_several_faults_names_them_all():
    ((_sheet, _number, found),) = problems(workbook(row(楼号="", 楼层="三", 手机号="1391234")))
    assert len(found) == 3


def test_rows_of_one_room_that_disagree_come_back():
    ((_sheet, number, (problem,)),) = problems(workbook(ROW, row(业主名称="李四", 建筑面积="80")))
    assert (number, problem) == (3, "与第 2 行是同一房间 3-2-1102, 但建筑面积不同")


def test_placeholders_of_the_legend_are_no_phone_and_no_id(estate, manager, now):
    bring(workbook(row(手机号="18999999999", 身份证号="111111111111111111")), estate, manager, now)
    person = Resident.objects.get()
    assert (person.phone, person.id_number) == ("", "")


def test_two_names_in_one_cell_are_two_people(estate, manager, now):
    bring(
        workbook(row(业主名称="王秀梅，李强", 手机号="13912341234,13700001111")),
        estate,
        manager,
        now,
    )
    assert list(Resident.objects.order_by("name").values_list("name", "phone")) == [
        ("李强", "13700001111"),
        ("王秀梅", "13912341234"),
    ]


def test_one_person_with_two_phones_keeps_both(estate, manager, now):
    landline = row(手机号="029-88881234", 身份证号="610100198708216281")
    mobile = row(房间="1103", 身份证号="610100198708216281")
    bring(workbook(landline, mobile), estate, manager, now)
    person = Resident.objects.get()
    assert (person.phone, person.note) == ("13912341234", "另有电话 029-88881234")
    again = bring(workbook(landline, mobile), estate, manager, now)
    assert (again.counts["new"], again.counts["changed"]) == (0, 0)


def test_colleague_who_adds_the_same_room_meanwhile_stops_nothing(estate, building, manager, now):
    batch = batches.upload(workbook(ROW), name="a", estate=estate, by=manager, now=now)
    batches.start(batch, by=manager, now=now)
    Unit.objects.create(estate=estate, building=building, stair="2", room="1102", code="3-2-1102")
    while batch.state == ImportBatch.State.RUNNING:
        batches.work_slice(batch, now=now)
    assert Unit.objects.get().residents.get().name == "王秀梅"


def test_preview_writes_nothing_of_the_estate(estate, manager, now):
    before = world()
    with (FILES / "hc-room-list-1200.xlsx").open("rb") as file:
        batch = batches.upload(file, name="a.xlsx", estate=estate, by=manager, now=now)
    assert world() == before
    assert {name: batch.counts[name] for name in ("new", "changed", "same", "bad")} == {
        "new": 1194,
        "changed": 0,
        "same": 1,
        "bad": 7,
    }


def test_second_file_changes_what_differs_and_erases_nothing(estate, manager, desk, now):
    bring(workbook(ROW), estate, manager, now)
    batch = bring(
        workbook(row(手机号="13700009999", 建筑面积="", 房屋状态="2006")), estate, manager, now
    )
    unit, person = Unit.objects.get(), Resident.objects.get()
    assert (batch.counts["new"], batch.counts["changed"]) == (0, 1)
    assert (person.phone, unit.occupancy, str(unit.area_m2)) == ("13700009999", "let", "94.56")
    assert lookup.find("9999", staff=desk)
    assert not lookup.find("1234", staff=desk)


def test_undo_takes_everything_back(estate, manager, now):
    with (FILES / "hc-room-list-1200.xlsx").open("rb") as file:
        batch = bring(file, estate, manager, now)
    assert undo(batch, by=manager, now=now + timedelta(hours=23)) == []
    assert world() == [[], [], [], [], []]
    assert batch.state == ImportBatch.State.UNDONE


def test_undo_keeps_and_names_what_a_record_uses(estate, manager, desk, now):
    batch = bring(
        workbook(ROW, row(房间="1103", 业主名称="李四", 手机号="13700001111")), estate, manager, now
    )
    unit = Unit.objects.get(code="3-2-1102")
    Contact.objects.create(
        estate=estate,
        client_key=uuid4(),
        started_at=now,
        received_by=desk,
        unit=unit,
        resident=unit.residents.get(),
    )
    kept = undo(batch, by=manager, now=now)
    assert kept == ["3栋", "3-2-1102", "王秀梅"]
    assert [one.code for one in Unit.objects.all()] == ["3-2-1102"]
    assert list(Residence.objects.values_list("unit__code", "resident__name")) == [
        ("3-2-1102", "王秀梅")
    ]


def test_undo_keeps_what_was_edited_or_given_to_a_butler(estate, manager, butler2, now):
    batch = bring(workbook(ROW), estate, manager, now)
    Resident.objects.update(version=2)
    Area.objects.create(staff=butler2, building=Building.objects.get())
    assert undo(batch, by=manager, now=now) == ["3栋", "王秀梅"]
    assert not Unit.objects.exists()


def test_undo_puts_back_only_what_nobody_changed_since(estate, manager, desk, now):
    bring(workbook(ROW), estate, manager, now)
    batch = bring(
        workbook(row(建筑面积="100", 手机号="13700009999", 楼层="12")), estate, manager, now
    )
    Unit.objects.update(floor=20)
    assert undo(batch, by=manager, now=now) == []
    unit, person = Unit.objects.get(), Resident.objects.get()
    assert (str(unit.area_m2), unit.floor, person.phone) == ("94.56", 20, "13912341234")
    assert lookup.find("1234", staff=desk)


def test_undo_after_a_day_is_refused(estate, manager, now):
    batch = bring(workbook(ROW), estate, manager, now)
    with pytest.raises(ValidationError, match="24 小时"):
        undo(batch, by=manager, now=now + timedelta(hours=25))
    assert Unit.objects.exists()


def test_batch_starts_once_and_one_at_a_time(estate, manager, now):
    first = batches.upload(workbook(ROW), name="a", estate=estate, by=manager, now=now)
    second = batches.upload(workbook(ROW), name="b", estate=estate, by=manager, now=now)
    batches.start(first, by=manager, now=now)
    with pytest.raises(ValidationError, match="导入中"):
        batches.start(first, by=manager, now=now)
    with pytest.raises(ValidationError, match="正有一批"):
        batches.start(second, by=manager, now=now)


def test_slice_is_worked_by_one_at_a_time(estate, manager, now):
    batch = batches.upload(workbook(ROW), name="a", estate=estate, by=manager, now=now)
    batches.start(batch, by=manager, now=now)
    ImportBatch.objects.update(leased_until=now + timedelta(seconds=10))
    assert not batches.work_slice(batch, now=now)
    assert not Unit.objects.exists()
    assert batches.work_slice(batch, now=now + timedelta(seconds=11))
    assert Unit.objects.count() == 1


def test_closed_page_leaves_the_rest_to_the_scan(estate, manager, now):
    with (FILES / "hc-room-list-1200.xlsx").open("rb") as file:
        batch = batches.upload(file, name="a", estate=estate, by=manager, now=now)
    batches.start(batch, by=manager, now=now)
    batches.work_slice(batch, now=now, seconds=0)
    assert batch.state == ImportBatch.State.RUNNING
    assert 0 < batch.done < batch.total
    while batches.work_off(now):
        pass
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.DONE
    assert Unit.objects.count() == 1193
    assert Entry.objects.filter(event="estate.imported").count() == 1


def test_names_of_an_old_file_are_forgotten(estate, manager, now):
    bring(workbook(ROW, row(楼号="")), estate, manager, now)
    batches.work_off(now + timedelta(days=8))
    batch = ImportBatch.objects.get()
    assert (batch.bad_rows, batch.first_rows) == ([], [])
    assert not ImportItem.objects.exists()
    assert Unit.objects.exists()


def test_bad_rows_come_back_with_their_reason_in_the_last_column(estate, manager, now):
    with (FILES / "hc-room-list-1200.xlsx").open("rb") as file:
        batch = bring(file, estate, manager, now)
    out = io.BytesIO()
    write_bad_rows(out, headers=batch.headers, bad_rows=batch.bad_rows, source="a.xlsx")
    out.seek(0)
    rows = CalamineWorkbook.from_filelike(out).get_sheet_by_index(0).to_python()
    assert (rows[0][0], rows[0][-1], len(rows)) == ("楼号", "问题", 8)
    assert rows[7][2] == "11O2"
    assert rows[7][-1] == "第 845 行: 房号“5-1-11O2”里有字母 O, 应为数字 0"
    assert [len(found) for _sheet, _number, found in problems(out)] == [1] * 7


def test_template_can_be_imported_as_it_is():
    out = io.BytesIO()
    write_template(out)
    plan = batches.read_plan(out)
    assert plan.bad == []
    assert [item.data["code"] for item in plan.items if item.kind == "unit"] == ["1-2-1102"]


def test_workbook_without_rooms_is_refused_with_what_is_needed():
    with pytest.raises(ValidationError, match="楼号、房间"):
        batches.read_plan(workbook(["a", "b"], header=["甲", "乙"]))


def test_command_counts_first_and_then_imports(capsys, tmp_path):
    file = str(FILES / "hc-room-list-1200.xlsx")
    call_command("import_estate", file, estate="亚美花园", dry_run=True)
    assert "可导入 1194, 将更新 0, 不变 1, 有问题 7" in capsys.readouterr().out
    assert not Estate.objects.exists()
    assert not ImportBatch.objects.exists()
    call_command("import_estate", file, estate="亚美花园", bad=tmp_path / "bad.xlsx")
    out = capsys.readouterr().out
    assert "资产信息 第 845 行: 房号“5-1-11O2”里有字母 O, 应为数字 0" in out
    assert Unit.objects.filter(estate__name="亚美花园").count() == 1193
    assert (tmp_path / "bad.xlsx").stat().st_size > 1000
    call_command("import_estate", file, estate="亚美花园")
    assert "可导入 0, 将更新 0, 不变 1195, 有问题 7" in capsys.readouterr().out


def test_command_refuses_a_torn_file_in_words(tmp_path):
    torn = tmp_path / "torn.xlsx"
    torn.write_bytes((FILES / "hc-room-list.xlsx").read_bytes()[:3000])
    with pytest.raises(CommandError, match="损坏"):
        call_command("import_estate", str(torn), estate="亚美花园")
    assert not Estate.objects.exists()
