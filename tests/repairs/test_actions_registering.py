"""Writing the slip: what it keeps, when its clock starts, and that a double press makes one."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from contacts import actions as contacts
from contacts.models import Outcome, Source
from estates.models import Building, PublicPlace, Unit
from followups.models import FollowUp
from history.models import Entry
from incidents.models import Incident
from notifications.models import Message
from repairs import actions, followups
from repairs.models import Caller, Phrase, Promise, Repair
from repairs.seed import seed_phrases
from services.models import ServiceItem
from tests.conftest import at
from tests.repairs.factories import take_call, write_slip


def owed(subject):
    return {row.kind: row for row in FollowUp.objects.open().about(subject)}


@pytest.mark.clause("REP-1")
def test_register_keeps_every_field_of_the_call(estate, unit, resident, desk, now):
    contact = take_call(estate, by=desk, now=now)
    repair = actions.register(
        contact,
        by=desk,
        now=now + timedelta(minutes=1),
        content="厨房水龙头漏水",
        category="water",
        priority="appointment",
        where="厨房",
        unit=unit,
        resident=resident,
        contact_name="王秀梅",
        contact_phone="13912341234",
        appointment_at=at("2026-11-24 09:00"),
    )
    repair.refresh_from_db()
    assert (repair.content, repair.where, repair.unit, repair.contact_name) == (
        "厨房水龙头漏水",
        "厨房",
        unit,
        "王秀梅",
    )
    assert (repair.contact_phone, repair.appointment_at) == (
        "13912341234",
        at("2026-11-24 09:00"),
    )
    assert repair.reported_at == now
    assert repair.registered_by == desk
    assert repair.number == "WX20261123-0001"
    assert Caller.objects.get().contact == contact
    contact.refresh_from_db()
    assert contact.outcome == Outcome.REPAIR
    assert [entry.event for entry in Entry.objects.about(repair)] == ["repair.registered"]


@pytest.mark.clause("REP-2")
@pytest.mark.parametrize("source", list(Source))
def test_every_channel_makes_a_repair(estate, unit, desk, now, source):
    contact = take_call(estate, by=desk, now=now, source=source)
    assert actions.register(contact, by=desk, now=now, content="漏水", unit=unit).source == source


@pytest.mark.clause("REP-3")
def test_dispatch_clock_starts_at_the_first_key_not_at_save(estate, unit, desk, now):
    contact = take_call(estate, by=desk, now=now)
    repair = actions.register(
        contact, by=desk, now=now + timedelta(minutes=4), content="漏水", unit=unit
    )
    row = owed(repair)[followups.DISPATCH]
    assert (row.started_at, row.due_at) == (now, now + timedelta(minutes=5))
    assert row.owner == desk
    assert followups.FINISH not in owed(contact)


@pytest.mark.clause("REP-7")
def test_register_tells_the_butler_of_the_area(estate, unit, butler, butler2, desk, now):
    repair = write_slip(estate, by=desk, now=now, unit=unit)
    assert repair.butler == butler
    assert [(m.recipient, m.text) for m in Message.objects.all()] == [
        (butler, "您的责任区有新报修: 3-2-1102 厨房水龙头漏水")
    ]


def test_register_with_phone_and_text_only(estate, desk, now):
    contact = take_call(estate, by=desk, now=now, phone="13877770000")
    repair = actions.register(contact, by=desk, now=now, content="没有水")
    assert (repair.unit, repair.contact_phone, repair.butler) == (None, "13877770000", None)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"content": " "}, "content"), ({"content": "漏水", "unit": None}, "contact_phone")],
)
def test_register_without_text_or_anybody_to_reach(estate, unit, desk, now, fields, wrong):
    contact = take_call(estate, by=desk, now=now)
    with pytest.raises(ValidationError) as caught:
        actions.register(contact, by=desk, now=now, **({"unit": unit} | fields))
    assert list(caught.value.message_dict) == [wrong]
    contact.refresh_from_db()
    assert contact.outcome == Outcome.OPEN
    assert Repair.objects.count() == 0


def test_register_twice_returns_the_same_repair(estate, unit, desk, now):
    contact = take_call(estate, by=desk, now=now)
    first = actions.register(contact, by=desk, now=now, content="漏水", unit=unit)
    again = contacts.start(contact.client_key, estate=estate, by=desk, now=now)
    assert actions.register(again, by=desk, now=now, content="漏水", unit=unit) == first
    assert Repair.objects.count() == 1
    assert FollowUp.objects.open().count() == 1


def test_register_refuses_a_house_of_another_estate(estate, other_estate, desk, now):
    building = Building.objects.create(estate=other_estate, code="9")
    strange = Unit.objects.create(estate=other_estate, building=building, room="1", code="9-1")
    contact = take_call(estate, by=desk, now=now)
    with pytest.raises(ValidationError):
        actions.register(contact, by=desk, now=now, content="漏水", unit=strange)


def test_late_entry_keeps_the_real_time_and_its_reason(estate, unit, desk, now):
    contact = take_call(estate, by=desk, now=now)
    with pytest.raises(ValidationError) as caught:
        actions.register(
            contact, by=desk, now=now, content="漏水", unit=unit, reported_at=at("2026-11-23 09:00")
        )
    assert list(caught.value.message_dict) == ["late_entry_reason"]
    repair = actions.register(
        contact,
        by=desk,
        now=now,
        content="漏水",
        unit=unit,
        reported_at=at("2026-11-23 09:00"),
        late_entry_reason="停电",
    )
    assert (repair.reported_at, repair.entered_at) == (at("2026-11-23 09:00"), now)
    assert owed(repair)[followups.DISPATCH].due_at == now + timedelta(minutes=5)
    assert repair.promised_at == at("2026-11-23 18:00")


def test_reported_in_the_future_is_refused(estate, unit, desk, now):
    contact = take_call(estate, by=desk, now=now)
    with pytest.raises(ValidationError) as caught:
        actions.register(
            contact, by=desk, now=now, content="漏", unit=unit, reported_at=at("2026-11-24 00:00")
        )
    assert list(caught.value.message_dict) == ["reported_at"]


@pytest.mark.clause("MAN-8")
@pytest.mark.parametrize(
    ("called", "priority", "appointment", "promise"),
    [
        ("2026-11-23 09:00", "normal", None, "2026-11-23 18:00"),
        ("2026-11-23 16:00", "normal", None, "2026-11-23 18:00"),
        ("2026-11-23 16:01", "normal", None, "2026-11-24 12:00"),
        ("2026-11-23 23:50", "normal", None, "2026-11-24 12:00"),
        ("2026-11-23 23:50", "emergency", None, "2026-11-24 01:50"),
        ("2026-11-23 09:00", "appointment", "2026-11-25 10:00", "2026-11-25 18:00"),
        ("2026-11-23 09:00", "appointment", "2026-11-25 17:00", "2026-11-25 19:00"),
    ],
)
def test_every_slip_carries_a_promise(estate, unit, desk, called, priority, appointment, promise):
    repair = write_slip(
        estate,
        by=desk,
        now=at(called),
        unit=unit,
        priority=priority,
        appointment_at=at(appointment) if appointment else None,
    )
    assert repair.promised_at == at(promise)
    assert [(p.generation, p.promised_at) for p in Promise.objects.all()] == [(1, at(promise))]


def test_promise_follows_the_price_list(estate, unit, desk, now):
    item = ServiceItem.objects.create(
        code="S1", name="换龙头", category="water", unit="个", is_paid=True, promised_minutes=90
    )
    repair = write_slip(estate, by=desk, now=now, unit=unit, service_item=item)
    assert repair.promised_at == now + timedelta(minutes=90)
    assert repair.is_paid is True


def test_appointment_in_the_past_says_what_to_do(estate, unit, desk, now):
    contact = take_call(estate, by=desk, now=now)
    with pytest.raises(ValidationError) as caught:
        actions.register(
            contact,
            by=desk,
            now=now,
            content="漏水",
            unit=unit,
            appointment_at=at("2026-11-23 14:00"),
        )
    assert caught.value.message_dict == {
        "appointment_at": ['预约时间 14:00 已经过了。改为 11-23 16:00 之后, 或选"尽快"']
    }


@pytest.mark.clause("DUT-3")
def test_people_in_a_lift_are_an_emergency_and_an_incident(estate, desk, manager, now):
    place = PublicPlace.objects.create(estate=estate, kind="lift", name="3栋1号梯")
    repair = write_slip(estate, by=desk, now=now, place=place, content="电梯困人, 有老人")
    assert repair.priority == "emergency"
    incident = Incident.objects.get()
    assert (incident.category, incident.place, incident.happened_at) == ("lift", place, now)
    write_slip(estate, by=desk, now=now, place=place, content="电梯异响")
    assert Incident.objects.count() == 1


def test_phrases_are_found_by_initials(db):
    before = Phrase.objects.count()
    assert before >= 25
    found = Phrase.objects.filter(initials__startswith="cfsl").values_list("text", flat=True)
    assert sorted(found) == ["厨房水龙头松动", "厨房水龙头漏水"]
    Phrase.objects.filter(text="跳闸").update(is_active=False)
    seed_phrases()
    assert Phrase.objects.count() == before
    assert Phrase.objects.get(text="跳闸").is_active is False


def test_numbers_count_per_estate_and_local_day(estate, other_estate, desk, outsider, now):
    numbers = [
        write_slip(estate, by=desk, now=at("2026-11-23 23:59")).number,
        write_slip(estate, by=desk, now=at("2026-11-24 00:01")).number,
        write_slip(estate, by=desk, now=at("2026-11-24 00:02")).number,
        write_slip(other_estate, by=outsider, now=at("2026-11-24 00:03")).number,
    ]
    assert numbers == [
        "WX20261123-0001",
        "WX20261124-0001",
        "WX20261124-0002",
        "WX20261124-0001",
    ]


def test_a_refused_slip_gives_its_number_back(estate, unit, desk, now):
    class PowerCutError(Exception):
        pass

    def save_then_fail():
        with transaction.atomic():
            assert write_slip(estate, by=desk, now=now).number == "WX20261123-0001"
            raise PowerCutError

    with pytest.raises(PowerCutError):
        save_then_fail()
    assert write_slip(estate, by=desk, now=now).number == "WX20261123-0001"


def test_saving_a_call_stays_within_its_queries(estate, unit, resident, butler, desk, now):
    write_slip(estate, by=desk, now=now, unit=unit)  # fills Django's content type cache
    contact = take_call(estate, by=desk, now=now)
    with CaptureQueriesContext(connection) as counted:
        repair = actions.register(contact, by=desk, now=now, content="漏水", unit=unit)
        actions.dispatch(repair, by=desk, now=now)
    asked = [q for q in counted.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(asked) <= 26


def test_same_key_of_another_estate_or_person_is_refused(
    estate, other_estate, desk, desk2, outsider, now
):
    key = uuid4()
    contacts.start(key, estate=estate, by=desk, now=now)
    with pytest.raises(ValidationError):
        contacts.start(key, estate=other_estate, by=outsider, now=now)
    with pytest.raises(ValidationError):
        contacts.start(key, estate=estate, by=desk2, now=now)
