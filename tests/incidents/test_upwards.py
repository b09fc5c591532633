"""Who else hears of a major incident: the reporting line at night when the manager does not answer
(DUT-3, MGT-5, defaults 2.10), and whoever the people at work tell by name (forms 4.23).
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from followups.models import FollowUp
from followups.scan import scan
from incidents import actions
from incidents.models import Incident
from notifications.models import Message
from tests.conftest import at

pytestmark = [pytest.mark.django_db, pytest.mark.clause("DUT-3")]


@pytest.fixture
def now():
    """Two in the morning: the quiet hours hold back what can wait."""
    return at("2026-11-24 02:00")


@pytest.fixture
def incident(estate, manager, assistant, night, desk, now):
    return actions.raise_incident(
        estate=estate, category="flood", where="地下车库", what="进水", by=night, now=now,
        client_key=uuid4(),
    )  # fmt: skip


def told(staff):
    return Message.objects.filter(recipient=staff)


def test_at_night_the_general_manager_hears_when_the_manager_does_not_answer(
    as_, incident, gm, manager, now, time_machine
):
    scan(now + timedelta(minutes=4))
    assert not told(gm).exists()
    late = now + timedelta(minutes=5)
    scan(late)
    line = told(gm).get()
    assert line.rings
    assert line.created_at == late
    assert "地下车库" in line.text
    time_machine.move_to(late, tick=False)
    for name in ("incident_detail", "incident_print"):
        page = as_(gm).get(reverse(f"incidents:{name}", args=[incident.pk])).content.decode()
        assert "周经理没有按时确认" in page
    assert gm.name in page


def test_a_manager_who_answers_in_time_keeps_the_matter(incident, gm, manager, now):
    for notice in incident.notices.select_related("staff"):
        actions.acknowledge(notice, by=notice.staff, now=now + timedelta(minutes=2))
    scan(now + timedelta(hours=2))
    assert not told(gm).exists()


def test_one_person_more_is_told_with_the_moment_and_answers_for_himself(
    as_, incident, gm, night, now, time_machine
):
    time_machine.move_to(now + timedelta(minutes=1), tick=False)
    page = as_(night).get(incident.get_absolute_url()).content.decode()
    assert f'<option value="{gm.pk}">{gm.name} · 物业总经理' in page
    url = reverse("incidents:incident_tell", args=[incident.pk])
    assert as_(night).post(url, {"staff": gm.pk}).status_code == 302
    notice = incident.notices.get(staff=gm)
    assert notice.told_at == now + timedelta(minutes=1)
    assert told(gm).get().rings
    owed = FollowUp.objects.open().get(owner=gm)
    assert owed.kind == "incidents.acknowledge"
    actions.acknowledge(notice, by=gm, now=now + timedelta(minutes=3))
    assert not FollowUp.objects.open().filter(owner=gm).exists()


def test_nobody_is_told_twice_or_from_elsewhere_or_after_the_archive(
    as_, incident, manager, gm, outsider, night, now
):
    with pytest.raises(ValidationError, match="已经通知过"):
        actions.tell_more(incident, staff=manager, by=night, now=now)
    with pytest.raises(ValidationError, match="不在这个项目"):
        actions.tell_more(incident, staff=outsider, by=night, now=now)
    url = reverse("incidents:incident_tell", args=[incident.pk])
    refused = as_(night).post(url, {"staff": manager.pk})
    assert refused.status_code == 422
    assert "选择要通知的人" in refused.content.decode()
    Incident.objects.filter(pk=incident.pk).update(status="archived")
    incident.refresh_from_db()
    with pytest.raises(ValidationError, match="已归档"):
        actions.tell_more(incident, staff=gm, by=night, now=now)


def test_a_filed_case_rings_nobody(incident, manager, night, now):
    actions.end(incident, by=night, now=now)
    actions.write_report(incident, report="泵坏", losses="无", aftermath="", by=night, now=now)
    actions.archive(incident, opinion="好", by=manager, now=now + timedelta(minutes=1))
    assert not FollowUp.objects.open().filter(kind__startswith="incidents.").exists()
    assert incident.notices.filter(acknowledged_at=None).exists()
