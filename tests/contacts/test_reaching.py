"""The ladder of tries and the words at its end, one for every call-back (VIS-5)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from contacts import reaching
from contacts.actions.call_backs import message_for
from contacts.models import Contact
from estates.models import Resident
from tests.conftest import at


@pytest.mark.clause("VIS-5")
def test_ladder_is_two_calls_a_message_and_the_end(db, now):
    steps = [reaching.step_after(tries, now=now) for tries in ([], [""], ["", ""], ["", "", "话"])]
    assert steps == ["call", "call", "message", "give_up"]
    with pytest.raises(ValidationError, match="再发一条消息"):
        reaching.must_be_over(["", "", ""], now=now)
    reaching.must_be_over(["", "", "话"], now=now)


def test_next_try_is_another_hour_then_the_next_day_at_ten(db, now):
    assert reaching.next_try(1, now=now) == now + timedelta(hours=2)
    assert reaching.next_try(2, now=at("2026-11-23 16:00")) == at("2026-11-24 10:00")
    assert timezone.is_aware(reaching.next_try(3, now=now))


@pytest.mark.clause("MAN-2")
def test_message_addresses_by_the_manners_and_names_the_desk(estate):
    estate.desk_phone = "029-88880001"
    resident = Resident(name="王秀梅", salutation="ms")
    about = reaching.told_on(at("2026-11-23 08:00"), "报修", "水龙头", "WX1")
    assert about == "您11月23日报修的“水龙头”(WX1)"
    words = reaching.message_to(resident, "王秀梅", about=about, estate=estate)
    assert words.startswith("王女士您好")
    assert estate.name in words
    assert "请回电029-88880001" in words
    assert reaching.addressed(resident, "李四") == "李四"  # somebody else was named
    assert reaching.addressed(None, "") == "业户"


def test_message_is_in_chinese_for_the_resident_whatever_the_desk_reads(estate, unit, desk, now):
    resident = Resident.objects.create(estate=estate, name="王秀梅", salutation="ms")
    contact = Contact(
        estate=estate, resident=resident, started_at=now, text="押金", received_by=desk
    )
    with translation.override("en"):
        assert resident.addressed != "王女士"  # as the desk reads it
        words = message_for(contact)
    assert words.startswith("王女士您好")
    assert "请回电客服中心" in words


def test_message_that_waited_on_a_phone_is_taken_without_words():
    assert reaching.sent_words(" ", kept=True)
    with pytest.raises(ValidationError, match="写发给业户的话"):
        reaching.sent_words(" ", kept=False)


def test_long_words_are_quoted_short():
    assert reaching.quoted("楼上  每天\n拖椅子") == "“楼上 每天 拖椅子”"
    assert reaching.quoted("一" * 30) == f"“{'一' * 20}…”"
