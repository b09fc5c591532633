"""What is called back about beside repairs and complaints: first aid, services under way (VIS-2)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from followups.models import FollowUp
from followups.scan import scan
from incidents import actions as incidents
from repairs import actions as repairs
from repairs.models import Repair
from repairs.statuses import Status
from rulebook.numbers import NUMBERS
from tests.conftest import at
from tests.repairs.factories import Crew
from tests.visits.factories import helped
from visits import actions, occasions
from visits.models import Callback, CallbackState, Draw, Topic


@pytest.fixture
def crew(estate, unit, resident, desk, dispatcher, repairer, engmanager):
    return Crew(estate, unit, desk, dispatcher, repairer, engmanager)


def hurt(estate, unit, *, by, now, category="injury"):
    incident = incidents.raise_incident(
        estate=estate, category=category, where="3-2-1102", what="老人晕倒", unit=unit, by=by,
        now=now, client_key=uuid4(),
    )  # fmt: skip
    return incidents.end(incident, by=by, now=now)


def paid_service(crew, *, now, status=Status.WAITING_PARTS):
    repair = crew.slip(status, now=now)
    Repair.objects.filter(pk=repair.pk).update(is_paid=True)
    return Repair.objects.get(pk=repair.pk)


def due(callback):
    return FollowUp.objects.open().about(callback).get().due_at


@pytest.mark.clause("VIS-2")
def test_first_aid_is_called_back_within_seven_days_by_somebody_else(
    estate, unit, resident, desk, desk2, butler, now
):
    incident = hurt(estate, unit, by=desk, now=now)
    scan(now)
    scan(now + timedelta(minutes=1))
    callback = Callback.objects.get()
    assert (callback.topic, callback.draw, callback.phone) == (Topic.HELP, None, resident.phone)
    assert due(callback) == incident.ended_at + timedelta(days=7)
    assert FollowUp.objects.open().about(callback).get().owner == butler
    assert list(callback.handled_by.all()) == [desk]


def test_other_incidents_and_those_outside_homes_are_not_called_back(estate, unit, desk, now):
    hurt(estate, unit, by=desk, now=now, category="lift")
    hurt(estate, None, by=desk, now=now)
    assert occasions.owe_first_aid(now) == 0


@pytest.mark.clause("VIS-2")
def test_help_is_called_back_within_seven_days(estate, desk, now):
    contact = helped(estate, by=desk, at=at("2026-11-18 08:00"))
    occasions.draw_week(now)
    assert due(Callback.objects.get()) == contact.closed_at + timedelta(days=7)


@pytest.mark.clause("VIS-5")
def test_paid_services_under_way_are_drawn_for_a_call_in_the_middle(
    crew, dispatcher, repairer, now
):
    before, monday = at("2026-11-20 10:00"), at("2026-11-23 09:00")
    for _each in range(4):
        paid_service(crew, now=before)
    crew.slip(Status.WAITING_PARTS, now=before)  # not paid
    paid_service(crew, now=before, status=Status.RETURNED)  # over
    paid_service(crew, now=monday)  # began this week
    occasions.draw_week(monday)
    occasions.draw_week(monday + timedelta(minutes=1))
    draw = Draw.objects.get(topic=Topic.SPECIAL)
    assert (len(draw.pool), len(draw.drawn), draw.share) == (4, 2, 30)
    for callback in draw.callbacks.all():
        assert due(callback) == monday + timedelta(days=7)
        assert set(callback.handled_by.all()) == {dispatcher, repairer}


def test_service_is_drawn_once_however_many_weeks_it_takes(crew, now):
    paid_service(crew, now=at("2026-11-12 10:00"))
    occasions.draw_week(at("2026-11-16 09:00"))
    occasions.draw_week(at("2026-11-23 09:00"))
    assert Callback.objects.filter(topic=Topic.SPECIAL).count() == 1


def test_service_that_ended_is_asked_about_by_its_slip_alone(crew, desk2, now):
    repair = paid_service(crew, now=at("2026-11-12 10:00"))
    occasions.draw_week(at("2026-11-16 09:00"))
    assert occasions.drop_overtaken(now) == 0
    repairs.finish(repair, cause="老化", work_done="换阀芯", by=crew.repairer, now=now)
    assert occasions.drop_overtaken(now) == 1
    callback = Callback.objects.get()
    assert callback.state == CallbackState.DROPPED
    assert not FollowUp.objects.open().about(callback).exists()
    # An answer that waited on a phone meanwhile is kept all the same.
    actions.call_back(
        callback, satisfaction="fair", client_key=uuid4(), by=desk2, now=now, kept=True
    )
    callback.refresh_from_db()
    assert callback.state == CallbackState.DROPPED


@pytest.mark.clause("REP-6", "CMP-2")
@pytest.mark.parametrize("key", ["repairs.callback_share", "complaints.callback_share"])
def test_share_of_slips_and_complaints_cannot_be_lowered(key):
    """The manual wants each of them called back, so there is no lot to draw."""
    number = next(each for each in NUMBERS if each.key == key)
    assert (number.low, number.default) == (100, 100)


def test_quiet_minute_costs_few_queries(estate, now, django_assert_max_num_queries):
    occasions.draw_week(now)
    with django_assert_max_num_queries(4):
        occasions.draw_week(now)
        occasions.owe_first_aid(now)
        occasions.drop_overtaken(now)
