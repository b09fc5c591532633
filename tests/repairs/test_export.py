"""报修台账: the list as a workbook that opens safely and says what it is."""

from datetime import datetime, timedelta
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from history.models import Entry
from repairs import exports
from repairs.models import Repair
from repairs.statuses import Status

EXPORT = "/repairs/export/"


def sheets(answer):
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def table(answer):
    """The first sheet as dictionaries by heading."""
    head, *rows = sheets(answer)["报修台账"]
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_export_has_the_rows_of_the_list_in_its_order(as_, desk, crew, now):
    slips = [crew.slip(now=now + timedelta(minutes=n)) for n in range(3)]
    crew.slip(Status.ARCHIVED, now=now)
    rows = table(as_(desk).get(EXPORT))
    assert [row["单号"] for row in rows] == [slip.number for slip in reversed(slips)]


def test_export_uses_the_filters(as_, desk, crew, now):
    crew.slip(now=now)
    lamp = crew.slip(now=now, category="power", content="灯不亮")
    rows = table(as_(desk).get(EXPORT, {"category": "power"}))
    assert [row["单号"] for row in rows] == [lamp.number]


def test_export_writes_text_and_real_dates(as_, desk, crew, now):
    crew.slip(now=now)
    row = table(as_(desk).get(EXPORT))[0]
    assert row["联系电话"] == "13912341234"
    assert row["地点"] == "3-2-1102"
    assert row["报修时间"] == datetime(2026, 11, 23, 15, 0)  # noqa: DTZ001 -- a cell has no zone
    assert row["类别"] == "水"


@pytest.mark.parametrize("content", ["=1+1", "+cmd|'/c calc'!A1", "-2+3", "@SUM(A1)"])
def test_export_disarms_formulas(as_, desk, crew, now, content):
    crew.slip(now=now, content=content)
    assert table(as_(desk).get(EXPORT))[0]["报修内容"] == f"'{content}"


def test_export_explains_itself_on_a_second_sheet(as_, desk, crew, now):
    crew.slip(now=now)
    notes = dict(sheets(as_(desk).get(EXPORT, {"category": "water"}))["说明"])
    assert notes["筛选"] == "未结 · 类别 水"
    assert notes["导出人"] == "张敏"


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"since": "2026-11-01", "until": "2026-11-23"}, "报修台账_2026-11-01_2026-11-23.xlsx"),
        ({"until": "2026-11-23"}, "报修台账_最早_2026-11-23.xlsx"),
    ],
)
def test_export_is_named_by_its_days(as_, desk, crew, asked, name):
    answer = as_(desk).get(EXPORT, asked)
    assert name in unquote(answer.headers["Content-Disposition"])


def test_export_without_rows_is_still_a_workbook(as_, desk):
    assert table(as_(desk).get(EXPORT)) == []


def test_export_is_kept_in_history(as_, desk, crew, now):
    crew.slip(now=now)
    as_(desk).get(EXPORT)
    entry = Entry.objects.get(event="repairs.exported")
    assert (entry.by_name, entry.detail["rows"]) == ("张敏", 1)


def test_export_masks_phones_from_posts_that_may_not_reveal(as_, engmanager, crew, now):
    crew.slip(now=now)
    assert table(as_(engmanager).get(EXPORT))[0]["联系电话"] == "139****1234"


def test_export_follows_post_and_scope(as_, butler, outsider, crew, now):
    crew.slip(now=now)
    assert as_(butler).get(EXPORT).status_code == 403
    assert table(as_(outsider).get(EXPORT, {"status": "all"})) == []


def test_export_stops_at_its_limit_and_says_so(as_, desk, crew, now, monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    for _ in range(3):
        crew.slip(now=now)
    answer = sheets(as_(desk).get(EXPORT))
    assert len(answer["报修台账"]) == 3
    assert "最多 2 行" in dict(answer["说明"])["行数上限"]


def test_export_query_count_is_fixed(as_, desk, crew, now, django_assert_max_num_queries):
    client = as_(desk)
    crew.slip(now=now)
    with django_assert_max_num_queries(9) as one:
        client.get(EXPORT)
    for _ in range(2):
        crew.slip(Status.IN_PROGRESS, now=now)
    with django_assert_max_num_queries(9) as three:
        client.get(EXPORT)
    assert len(one) == len(three)


def test_export_link_is_on_the_list(as_, desk, butler, crew, now):
    crew.slip(now=now)
    link = reverse("repairs:repair_export")
    assert link in as_(desk).get("/repairs/").content.decode()
    assert link not in as_(butler).get("/repairs/").content.decode()
    assert Repair.objects.exists()
