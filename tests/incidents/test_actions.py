"""DUT-3: the manager at once, the departments at once, times kept, nobody twice."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from accounts import posts
from accounts.models import Leave
from estates.models import Membership
from followups.models import FollowUp
from history.models import Entry
from incidents import actions
from incidents.models import Department, Incident, Notice
from notifications.models import Message
from tests.conftest import hire


def raise_fire(estate, by, now, **changes):
    fields = {"category": "fire", "where": "3栋", "what": "厨房起火", "client_key": uuid4()}
    return actions.raise_incident(estate=estate, by=by, now=now, **fields | changes)


@pytest.fixture
def everybody(manager, assistant, desk, desk2, night, engmanager, dispatcher, repairer, estate):
    env = hire("foreman", "吴领班", posts.ENV_FOREMAN, superior=manager, estates=[estate])
    affairs = hire("publicaffairs", "林干事", posts.PUBLIC_AFFAIRS, estates=[estate])
    return [manager, assistant, desk2, night, engmanager, dispatcher, env, affairs]


@pytest.mark.clause("DUT-3")
def test_raise_tells_the_manager_and_the_departments_at_once(
    everybody, desk, outsider, estate, now
):
    incident = raise_fire(estate, desk, now)
    assert incident.manager_told_at == now
    notices = incident.notices.select_related("staff")
    assert {notice.staff for notice in notices} == set(everybody)
    assert {notice.told_at for notice in notices} == {now}
    assert {notice.department for notice in notices} == {
        Department.CUSTOMER_SERVICE,
        Department.ENGINEERING,
        Department.OTHER,
    }
    assert set(Message.objects.values_list("recipient", flat=True)) == {p.pk for p in everybody}
    assert all(Message.objects.values_list("rings", flat=True))


@pytest.mark.clause("DUT-3")
def test_raise_makes_each_person_owe_an_acknowledgement(everybody, desk, estate, now):
    incident = raise_fire(estate, desk, now)
    owed = FollowUp.objects.open().filter(kind="incidents.acknowledge")
    assert {row.owner for row in owed} == set(everybody)
    assert {row.object_id for row in owed} == {n.pk for n in incident.notices.all()}
    assert all(row.urgent and row.due_at > now for row in owed)
    assert {row.url for row in owed} == {incident.get_absolute_url()}


def test_raise_message_reads_as_a_sentence(everybody, desk, estate, now):
    raise_fire(estate, desk, now)
    assert Message.objects.first().text == "重大事件 火灾: 3栋, 厨房起火"
    assert FollowUp.objects.first().text == "确认知悉重大事件: 3栋, 厨房起火"


def test_raise_tells_the_butler_of_the_building(butler, butler2, desk, unit, estate, now):
    incident = raise_fire(estate, desk, now, unit=unit)
    told = {notice.staff for notice in incident.notices.all()}
    assert butler in told
    assert butler2 not in told


@pytest.mark.parametrize(
    ("where", "is_told"),
    [("3栋电梯", True), ("３号楼 门厅", True), ("13栋电梯", False), ("电梯", False)],
)
def test_raise_tells_the_butler_of_the_building_that_the_words_name(
    butler, butler2, desk, estate, now, where, is_told
):
    incident = raise_fire(estate, desk, now, where=where)
    assert (butler in {n.staff for n in incident.notices.all()}) is is_told


def test_raise_twice_with_one_key_is_one_incident(everybody, desk, estate, now):
    key = uuid4()
    first = raise_fire(estate, desk, now, client_key=key)
    again = raise_fire(estate, desk, now + timedelta(seconds=1), client_key=key)
    assert first == again
    assert Incident.objects.count() == 1
    assert Notice.objects.count() == len(everybody)
    assert Message.objects.count() == len(everybody)


def test_raise_with_a_key_of_another_estate_is_refused(manager, desk, estate, other_estate, now):
    key = uuid4()
    raise_fire(estate, desk, now, client_key=key)
    with pytest.raises(ValidationError):
        raise_fire(other_estate, desk, now, client_key=key)


@pytest.mark.clause("DUT-3")
def test_raise_while_the_manager_is_away_tells_the_deputy_too(
    manager, assistant, desk, estate, now
):
    Leave.objects.create(
        staff=manager,
        deputy=assistant,
        starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=1),
    )
    incident = raise_fire(estate, desk, now)
    told = {notice.staff: notice.as_manager for notice in incident.notices.all()}
    assert told == {manager: True, assistant: True}
    assert [row.owner for row in FollowUp.objects.open()] == [assistant]


def test_raise_keeps_the_absent_one_owing_when_the_deputy_left(manager, butler2, desk, estate, now):
    Leave.objects.create(
        staff=manager,
        deputy=butler2,
        starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=1),
    )
    Membership.objects.filter(staff=butler2).delete()
    raise_fire(estate, desk, now)
    assert manager in [row.owner for row in FollowUp.objects.open()]
    assert not Message.objects.filter(recipient=butler2).exists()


def test_raise_without_a_manager_tells_the_general_manager(gm, estate, now):
    reporter = hire("desk9", "张敏", posts.FRONT_DESK, estates=[estate])
    incident = raise_fire(estate, reporter, now)
    assert [notice.staff for notice in incident.notices.all()] == [gm]
    assert incident.manager_told_at == now


def test_raise_with_nobody_above_is_still_kept(estate, now):
    reporter = hire("desk9", "张敏", posts.FRONT_DESK, estates=[estate])
    incident = raise_fire(estate, reporter, now)
    assert incident.manager_told_at is None
    assert not incident.notices.exists()


def test_raise_by_the_manager_is_known_to_him(manager, desk, estate, now):
    incident = raise_fire(estate, manager, now)
    mine = incident.notices.get(staff=manager)
    assert (incident.manager_told_at, mine.acknowledged_at) == (now, now)
    assert not FollowUp.objects.filter(owner=manager).exists()
    assert not Message.objects.filter(recipient=manager).exists()


def test_raise_leaves_disabled_accounts_alone(manager, desk2, desk, estate, now):
    desk2.is_active = False
    desk2.save()
    incident = raise_fire(estate, desk, now)
    assert not incident.notices.filter(staff=desk2).exists()


def test_raise_in_the_future_is_refused(manager, desk, estate, now):
    with pytest.raises(ValidationError):
        raise_fire(estate, desk, now, happened_at=now + timedelta(minutes=1))
    assert not Incident.objects.exists()


def test_acknowledge_keeps_the_first_moment_and_meets_what_was_owed(manager, desk, estate, now):
    incident = raise_fire(estate, desk, now)
    notice = incident.notices.get(staff=manager)
    soon = now + timedelta(minutes=2)
    actions.acknowledge(notice, by=manager, now=soon)
    actions.acknowledge(notice, by=manager, now=soon + timedelta(minutes=5))
    notice.refresh_from_db()
    assert notice.acknowledged_at == soon
    owed = FollowUp.objects.get(owner=manager)
    assert (owed.done_at, owed.done_by, owed.was_kept) == (soon, manager, True)
    events = [entry.event for entry in Entry.objects.about(incident)]
    assert events == ["incident.acknowledged", "incident.raised"]


def test_acknowledge_for_somebody_else_is_refused(manager, assistant, desk, estate, now):
    notice = raise_fire(estate, desk, now).notices.get(staff=manager)
    with pytest.raises(ValidationError):
        actions.acknowledge(notice, by=assistant, now=now)
    notice.refresh_from_db()
    assert notice.acknowledged_at is None


@pytest.mark.django_db(transaction=True)
def test_raise_at_the_same_moment_twice_tells_everybody_once(manager, desk, estate, now):
    if connection.vendor == "sqlite":
        pytest.skip("an in-memory database has one connection; the key is proved on PostgreSQL")
    key, faults = uuid4(), []

    def press():
        try:
            raise_fire(estate, desk, now, client_key=key)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    presses = [threading.Thread(target=press) for _ in range(4)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert faults == []
    assert Incident.objects.count() == 1
    assert Message.objects.count() == Notice.objects.count() == 2
