from datetime import timedelta

import pytest

from followups.health import broker_state, health
from followups.heartbeat import scan_age, scan_is_late
from followups.models import FollowUp
from followups.scan import scan

MINUTE = timedelta(minutes=1)


@pytest.mark.django_db
def test_health_before_the_first_scan_is_503(client):
    answer = client.get("/healthz/")
    assert answer.status_code == 503
    assert answer.json()["scan_age_seconds"] is None


def test_health_turns_to_503_three_minutes_after_the_last_scan(owe_one, client, now, time_machine):
    time_machine.move_to(now, tick=False)
    scan(now)
    assert client.get("/healthz/").json() == {
        "status": "ok",
        "scan_age_seconds": 0.0,
        "database": "ok",
        "broker": "ok",
        "faults": 0,
    }
    time_machine.move_to(now + 3 * MINUTE, tick=False)
    assert client.get("/healthz/").status_code == 200
    time_machine.move_to(now + 3 * MINUTE + timedelta(seconds=1), tick=False)
    assert client.get("/healthz/").status_code == 503


@pytest.mark.django_db
def test_lateness_for_the_banner_is_one_query(now, django_assert_num_queries):
    assert scan_is_late(now)
    scan(now)
    with django_assert_num_queries(1):
        assert scan_age(now + MINUTE) == 60
    assert not scan_is_late(now + 3 * MINUTE)
    assert scan_is_late(now + 4 * MINUTE)


def test_health_counts_what_was_set_aside_and_stays_well(owe_one, desk, now):
    row = owe_one(owner=desk)
    FollowUp.objects.filter(pk=row.pk).update(params={})
    scan(now + 5 * MINUTE)
    found, alive = health(now + 5 * MINUTE)
    assert alive
    assert (found["status"], found["faults"]) == ("faults", 1)


@pytest.mark.django_db
def test_health_with_a_dead_broker_stays_well_and_says_so(settings, now):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    scan(now)
    found, alive = health(now)
    assert alive
    assert (found["status"], found["broker"]) == ("broker down", "down")


def test_broker_of_nonsense_is_down(settings):
    settings.REDIS_URL = "redis://[nonsense"
    assert broker_state() == "down"


def test_livez_needs_no_login_and_no_database(client):
    assert client.get("/livez/").json() == {"status": "ok"}
