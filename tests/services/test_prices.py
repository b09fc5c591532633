"""What an item costs on a day, and that the past is never rewritten."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from history.models import Entry
from services import actions
from services.catalogue import SAMPLES, seed_samples
from services.models import Price, ServiceItem
from services.prices import price_on


@pytest.fixture
def tap(db):
    return ServiceItem.objects.create(
        code="T1", name="换水龙头", category="给排水", unit="个", is_paid=True
    )


@pytest.mark.clause("SRV-2")
def test_price_on_takes_the_newest_that_has_begun(tap):
    Price.objects.create(item=tap, amount="30.00", effective_on=date(2026, 1, 1))
    Price.objects.create(item=tap, amount="35.00", effective_on=date(2026, 11, 1))
    assert price_on(tap, date(2025, 12, 31)) is None
    assert price_on(tap, date(2026, 10, 31)) == Decimal("30.00")
    assert price_on(tap, date(2026, 11, 1)) == Decimal("35.00")


def test_price_on_free_item_is_zero(tap):
    Price.objects.create(item=tap, amount="30.00", effective_on=date(2026, 1, 1))
    tap.is_paid = False
    assert price_on(tap, date(2026, 11, 1)) == Decimal("0.00")


def test_new_price_keeps_the_old_one(tap, manager, now):
    old = actions.set_price(
        tap, amount=Decimal("30.00"), effective_on=date(2026, 11, 23), by=manager, now=now
    )
    actions.set_price(
        tap, amount=Decimal("36.00"), effective_on=date(2026, 12, 1), by=manager, now=now
    )
    old.refresh_from_db()
    assert old.amount == Decimal("30.00")
    assert price_on(tap, date(2026, 11, 30)) == Decimal("30.00")
    assert price_on(tap, date(2026, 12, 1)) == Decimal("36.00")
    assert [entry.detail["amount"] for entry in Entry.objects.about(tap)] == ["36.00", "30.00"]


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2020, 1, 1)])
def test_price_of_a_past_day_is_refused(tap, manager, now, day):
    with pytest.raises(ValidationError) as refusal:
        actions.set_price(tap, amount=Decimal("1.00"), effective_on=day, by=manager, now=now)
    assert "过去的价目不能改" in str(refusal.value)
    assert not tap.prices.exists()


def test_price_of_today_is_not_overwritten(tap, manager, now):
    day = date(2026, 11, 23)
    actions.set_price(tap, amount=Decimal("30.00"), effective_on=day, by=manager, now=now)
    with pytest.raises(ValidationError):
        actions.set_price(tap, amount=Decimal("31.00"), effective_on=day, by=manager, now=now)
    assert price_on(tap, day) == Decimal("30.00")


def test_price_not_begun_may_be_replaced(tap, manager, now):
    day = date(2026, 12, 1)
    actions.set_price(tap, amount=Decimal("30.00"), effective_on=day, by=manager, now=now)
    actions.set_price(tap, amount=Decimal("31.00"), effective_on=day, by=manager, now=now)
    assert [price.amount for price in tap.prices.all()] == [Decimal("31.00")]


def test_free_item_takes_no_price(tap, manager, now):
    ServiceItem.objects.filter(pk=tap.pk).update(is_paid=False)
    tap.refresh_from_db()
    with pytest.raises(ValidationError):
        actions.set_price(
            tap, amount=Decimal("30.00"), effective_on=date(2026, 12, 1), by=manager, now=now
        )


def test_price_negative_is_refused_by_the_database(tap):
    with pytest.raises(IntegrityError), transaction.atomic():
        Price.objects.create(item=tap, amount="-1", effective_on=date(2026, 1, 1))


def test_change_with_a_stale_version_is_refused(tap, manager, now):
    actions.change_item(tap, version=1, name="换龙头", by=manager, now=now)
    with pytest.raises(ValidationError) as refusal:
        actions.change_item(tap, version=1, name="别的", by=manager, now=now)
    assert refusal.value.code == "stale"
    tap.refresh_from_db()
    assert (tap.name, tap.version) == ("换龙头", 2)


@pytest.mark.clause("SRV-1")
def test_samples_cover_paid_and_free_and_carry_no_price(db):
    ServiceItem.objects.all().delete()
    seed_samples()
    assert ServiceItem.objects.count() == len(SAMPLES)
    assert {item.is_paid for item in ServiceItem.objects.all()} == {True, False}
    assert not Price.objects.exists()


def test_samples_again_keep_what_the_company_changed(db):
    seed_samples()
    ServiceItem.objects.filter(code="S01").update(name="换龙头(本公司)")
    seed_samples()
    assert ServiceItem.objects.get(code="S01").name == "换龙头(本公司)"
    assert ServiceItem.objects.filter(code="S01").count() == 1
