"""The list of repairs: filters, order, pages, scope, and the number of queries."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse

from estates.lookup import index_resident, index_unit
from estates.models import Building, PublicPlace, Unit
from repairs.models import Repair
from repairs.statuses import Status
from tests.repairs.factories import write_slip

LIST = "/repairs/"


def numbers(answer):
    return [repair.number for repair in answer.context["repairs"]]


@pytest.fixture
def slips(crew, now, unit, resident):
    """Three slips: open tap, open lift emergency, archived lamp."""
    index_unit(unit)
    index_resident(resident)
    tap = crew.slip(now=now - timedelta(hours=3))
    lift = crew.slip(
        Status.DISPATCHED,
        now=now - timedelta(hours=2),
        content="电梯困人",
        category="facility",
        priority="emergency",
    )
    lamp = crew.slip(
        Status.ARCHIVED, now=now - timedelta(hours=1), content="楼道灯不亮", category="power"
    )
    return tap, lift, lamp


def test_list_shows_open_ones_newest_first(as_, desk, slips):
    tap, lift, _lamp = slips
    assert numbers(as_(desk).get(LIST)) == [lift.number, tap.number]


def test_list_says_what_is_owed_next_and_by_whom(as_, desk, slips):
    page = as_(desk).get(LIST).content.decode()
    assert "转单" in page
    assert "接单" in page
    assert "工程部接单人员" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"status": "all"}, "lamp lift tap"),
        ({"status": "archived"}, "lamp"),
        ({"status": "dispatched"}, "lift"),
        ({"category": "water"}, "tap"),
        ({"priority": "emergency"}, "lift"),
        ({"status": "all", "since": "2026-11-24"}, ""),
        ({"status": "all", "until": "2026-11-22"}, ""),
        ({"status": "all", "since": "2026-11-23", "until": "2026-11-23"}, "lamp lift tap"),
        ({"order": "number"}, "lift tap"),
        ({"order": "promise", "status": "all"}, "lift tap"),
        ({"q": "电梯"}, "lift"),
        ({"q": "楼道灯"}, "lamp"),
        ({"q": "龙头 漏水"}, "tap"),
        ({"q": "水梯"}, ""),
        ({"q": "漏水厨房"}, ""),
        ({"q": "不亮"}, "lamp"),
        ({"q": "漏"}, ""),
        ({"q": "１２３４"}, "lamp lift tap"),
        ({"q": "秀梅"}, "lamp lift tap"),
        ({"q": "1234"}, "lamp lift tap"),
        ({"q": "13912341234"}, "lamp lift tap"),
        ({"q": "13900000000"}, ""),
        ({"q": "321102"}, "lamp lift tap"),
        ({"q": "3-2-1102"}, "lamp lift tap"),
        ({"q": "王秀梅"}, "lamp lift tap"),
        ({"q": "王秀梅", "status": "open"}, "lift tap"),
    ],
)
def test_list_filters(as_, desk, slips, asked, found):
    by_name = dict(zip(("tap", "lift", "lamp"), slips, strict=True))
    got = numbers(as_(desk).get(LIST, asked))
    assert sorted(got) == sorted(by_name[name].number for name in found.split())
    if "order" not in asked:
        assert got == [by_name[name].number for name in found.split()]


def test_list_finds_by_whole_number_and_by_its_tail(as_, desk, slips):
    tap, lift, lamp = slips
    client = as_(desk)
    assert numbers(client.get(LIST, {"q": lift.number})) == [lift.number]
    assert numbers(client.get(LIST, {"q": lift.number.lower()})) == [lift.number]
    assert numbers(client.get(LIST, {"q": lift.number.removeprefix("WX")})) == [lift.number]
    assert lamp.number in numbers(client.get(LIST, {"q": lamp.number[-4:]}))
    assert tap.number not in numbers(client.get(LIST, {"q": lamp.number[-4:]}))


def test_list_orders_by_promise(as_, desk, slips):
    tap, lift, _lamp = slips
    Repair.objects.filter(pk=tap.pk).update(promised_at=lift.promised_at - timedelta(minutes=1))
    client = as_(desk)
    assert numbers(client.get(LIST, {"order": "promise"})) == [tap.number, lift.number]
    Repair.objects.filter(pk=tap.pk).update(promised_at=lift.promised_at + timedelta(minutes=1))
    assert numbers(client.get(LIST, {"order": "promise"})) == [lift.number, tap.number]


def test_list_of_overdue_leaves_out_finished_work(as_, desk, crew, now):
    late = crew.slip(now=now)
    done = crew.slip(Status.FINISHED, now=now)
    in_time = crew.slip(now=now)
    past = now - timedelta(days=1)
    Repair.objects.filter(pk__in=[late.pk, done.pk]).update(promised_at=past)
    Repair.objects.filter(pk=in_time.pk).update(promised_at=now + timedelta(days=36500))
    assert numbers(as_(desk).get(LIST, {"overdue": "on"})) == [late.number]


def test_list_by_building_takes_units_and_places(as_, desk, crew, estate, building, now):
    other = Building.objects.create(estate=estate, code="5")
    elsewhere = Unit.objects.create(estate=estate, building=other, room="101", code="5-101")
    lift = PublicPlace.objects.create(estate=estate, kind="lift", name="3栋电梯", building=building)
    here = crew.slip(now=now)
    crew.slip(now=now, unit=elsewhere)
    public = crew.slip(now=now, unit=None, place=lift)
    found = numbers(as_(desk).get(LIST, {"building": building.pk}))
    assert sorted(found) == sorted([here.number, public.number])


def test_list_by_repairer_and_butler(as_, desk, crew, repairer, repairer2, butler, now):
    mine = crew.slip(Status.IN_PROGRESS, now=now)
    crew.slip(now=now)
    client = as_(desk)
    assert numbers(client.get(LIST, {"repairer": repairer.pk})) == [mine.number]
    assert numbers(client.get(LIST, {"repairer": repairer2.pk})) == []
    assert len(numbers(client.get(LIST, {"butler": butler.pk}))) == 2


def test_list_empty_offers_to_clear_the_filters(as_, desk, slips):
    page = as_(desk).get(LIST, {"category": "doors"}).content.decode()
    assert "没有符合" in page
    assert "门窗" in page
    assert "清除筛选" in page


def test_list_keeps_the_filters_in_its_links(as_, desk, slips):
    page = as_(desk).get(LIST, {"category": "water"}).content.decode()
    assert f"{reverse('repairs:repair_export')}?category=water" in page
    assert f"{reverse('repairs:register_print')}?category=water" in page


@pytest.mark.parametrize("order", ["newest", "promise", "number"])
def test_list_pages_without_gap_or_repeat(as_, desk, crew, now, order):
    for _ in range(5):
        crew.slip(now=now)  # five at the very same moment: the key must break the tie
    for hour in range(55):
        crew.slip(now=now + timedelta(hours=hour))
    client = as_(desk)
    seen, asked = [], {"order": order}
    for _ in range(4):
        answer = client.get(LIST, asked)
        seen += numbers(answer)
        if not answer.context["older"]:
            break
        asked = answer.wsgi_request.GET.copy()
        asked.clear()
        asked.update(dict(pair.split("=") for pair in answer.context["older"][1:].split("&")))
    assert len(seen) == 60
    assert len(set(seen)) == 60


@pytest.mark.parametrize(
    "asked",
    [
        {"after": "x.y"}, {"after": "9" * 50 + ".1"}, {"after": "1." + "9" * 40}, {"after": ".."},
        {"after": "a\0.1", "order": "number"}, {"status": "nonsense"}, {"order": "-password"},
        {"since": "9999-99-99"}, {"until": "9999-12-31"}, {"since": "0001-01-01"},
        {"repairer": "' or 1=1"}, {"building": "999999"}, {"q": "\0"}, {"q": "%"}, {"q": "_"},
        {"q": "x" * 5000}, {"q": "'); drop--"}, {"q": "漏"}, {"q": "🚰🚰"}, {"q": "\ud800"},
        {"overdue": "maybe"}, {"q": "\\"}, {"q": "& | ! <-> :*"},
    ],
)  # fmt: skip
def test_list_survives_odd_addresses(as_, desk, slips, asked):
    raw = "&".join(
        f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in asked.items()
    )
    assert as_(desk).get(f"{LIST}?{raw}").status_code == 200


@pytest.mark.parametrize("wild", ["%", "_", "水%漏"])
def test_list_takes_wildcards_literally(as_, desk, slips, wild):
    assert numbers(as_(desk).get(LIST, {"q": wild})) == []


def test_list_escapes_what_people_wrote(as_, desk, crew, now):
    crew.slip(now=now, content="<script>alert(1)</script>漏水")
    page = as_(desk).get(LIST, {"q": "漏水"}).content.decode()
    assert "<script>alert" not in page


def test_list_hides_other_estates(as_, outsider, slips):
    client = as_(outsider)
    assert numbers(client.get(LIST, {"status": "all"})) == []
    assert numbers(client.get(LIST, {"q": slips[0].number})) == []
    assert numbers(client.get(LIST, {"q": "漏水"})) == []


def test_list_filter_by_foreign_estate_shows_nothing_of_it(as_, outsider, estate, slips):
    answer = as_(outsider).get(LIST, {"status": "all", "estate": estate.pk})
    assert numbers(answer) == []


def test_list_of_a_repairer_is_his_own(as_, repairer, repairer2, crew, now):
    mine = crew.slip(Status.IN_PROGRESS, now=now)
    waiting = crew.slip(Status.DISPATCHED, now=now)
    crew.slip(now=now)
    assert sorted(numbers(as_(repairer).get(LIST))) == sorted([mine.number, waiting.number])
    assert numbers(as_(repairer2).get(LIST)) == [waiting.number]


def test_list_is_closed_to_posts_without_it(as_, sysadmin, slips):
    assert as_(sysadmin).get(LIST).status_code == 403


def test_list_without_login_goes_to_login(client, db):
    assert client.get(LIST).status_code == 302


@pytest.mark.parametrize(
    "asked",
    [{}, {"status": "all", "q": "漏水"}, {"q": "1234", "order": "number"}, {"overdue": "on"}],
)
def test_list_query_count_is_fixed(
    as_, desk, estate, crew, now, django_assert_max_num_queries, asked
):
    crew.slip(now=now)
    client = as_(desk)
    client.get(LIST, asked)
    with django_assert_max_num_queries(10) as one:
        client.get(LIST, asked)
    for _ in range(2):
        crew.slip(Status.IN_PROGRESS, now=now)
    with django_assert_max_num_queries(10) as three:
        client.get(LIST, asked)
    assert len(one) == len(three)


def test_list_query_count_with_two_estates(
    as_, desk, other_estate, crew, now, django_assert_max_num_queries
):
    desk.memberships.create(estate=other_estate)
    write_slip(other_estate, by=desk, now=now)
    crew.slip(now=now)
    client = as_(desk)
    client.get(LIST)
    with django_assert_max_num_queries(10):
        answer = client.get(LIST, {"q": "漏水"})
    assert len(numbers(answer)) == 2
