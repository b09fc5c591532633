"""The catalogue's pages: who reads, who changes, what is kept."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from services.models import Price, ServiceItem

LIST = "/services/"


@pytest.fixture
def tap(db):
    ServiceItem.objects.all().delete()
    return ServiceItem.objects.create(
        code="T1", name="换水龙头", category="给排水", unit="个", is_paid=True, promised_minutes=60
    )


def form_of(item, **changes):
    return {
        "name": item.name,
        "category": item.category,
        "unit": item.unit,
        "is_paid": "on",
        "is_active": "on",
        "promised_minutes": "60",
        "note": "",
        "version": item.version,
    } | changes


@pytest.mark.clause("SRV-2")
def test_list_shows_paid_and_free_items_with_price(as_, butler, tap):
    ServiceItem.objects.create(code="H1", name="借伞", category="便民", unit="次", is_paid=False)
    Price.objects.create(item=tap, amount="30.00", effective_on=date(2026, 1, 1))
    page = as_(butler).get(LIST).content.decode()
    assert "换水龙头" in page
    assert "¥30.00" in page
    assert "借伞" in page
    assert "无偿" in page


def test_list_says_when_no_price_is_set(as_, butler, tap):
    assert "价目未定" in as_(butler).get(LIST).content.decode()


def test_list_finds_by_part_of_the_name(as_, desk, tap):
    ServiceItem.objects.create(code="H1", name="借伞", category="便民", unit="次", is_paid=False)
    page = as_(desk).get(LIST, {"q": "水龙"}).content.decode()
    assert "换水龙头" in page
    assert "借伞" not in page


@pytest.mark.parametrize("text", ["%", "'\"><script>", "\0", "x" * 5000])
def test_list_survives_odd_search(as_, desk, tap, text):
    answer = as_(desk).get(LIST, {"q": text})
    assert answer.status_code == 200
    assert b"<script>'" not in answer.content


def test_list_query_count_is_fixed(as_, desk, tap, django_assert_max_num_queries):
    client = as_(desk)
    client.get(LIST)
    with django_assert_max_num_queries(8) as one:
        client.get(LIST)
    for n in range(2):
        ServiceItem.objects.create(code=f"X{n}", name="x", category="y", unit="次", is_paid=True)
    with django_assert_max_num_queries(8) as three:
        client.get(LIST)
    assert len(one) == len(three)


def test_change_is_for_the_manager_only(as_, desk, tap):
    client = as_(desk)
    for name in ("services:item_change", "services:price_set"):
        assert client.get(reverse(name, args=[tap.pk])).status_code == 403
    assert client.get(reverse("services:item_add")).status_code == 403


def test_catalogue_is_closed_to_posts_without_it(as_, sysadmin, tap):
    assert as_(sysadmin).get(LIST).status_code == 403


def test_change_saves_and_keeps_history(as_, manager, tap):
    answer = as_(manager).post(
        reverse("services:item_change", args=[tap.pk]), form_of(tap, name="换龙头")
    )
    assert answer.status_code == 302
    tap.refresh_from_db()
    assert tap.name == "换龙头"
    assert "修改了项目" in as_(manager).get(tap.get_absolute_url()).content.decode()


def test_change_of_a_stale_page_shows_both(as_, manager, tap):
    ServiceItem.objects.filter(pk=tap.pk).update(name="同事改的", version=2)
    answer = as_(manager).post(
        reverse("services:item_change", args=[tap.pk]), form_of(tap, name="我改的")
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "同事改的" in page
    assert "我改的" in page
    tap.refresh_from_db()
    assert tap.name == "同事改的"


def test_price_set_through_the_page(as_, manager, tap):
    answer = as_(manager).post(
        reverse("services:price_set", args=[tap.pk]),
        {"amount": "30", "effective_on": "2099-01-01"},
    )
    assert answer.status_code == 302
    assert tap.prices.get().amount == Decimal("30.00")


@pytest.mark.parametrize(
    ("amount", "day"), [("-1", "2099-01-01"), ("abc", "2099-01-01"), ("1", "2020-01-01"), ("1", "")]
)
def test_price_refused_keeps_what_was_typed(as_, manager, tap, amount, day):
    answer = as_(manager).post(
        reverse("services:price_set", args=[tap.pk]), {"amount": amount, "effective_on": day}
    )
    assert answer.status_code == 422
    assert f'value="{amount}"' in answer.content.decode()
    assert not tap.prices.exists()


def test_add_refuses_a_code_in_use(as_, manager, tap):
    answer = as_(manager).post(
        reverse("services:item_add"),
        {"code": "T1", "name": "又一个", "category": "给排水", "unit": "次"},
    )
    assert answer.status_code == 422
    assert ServiceItem.objects.count() == 1
