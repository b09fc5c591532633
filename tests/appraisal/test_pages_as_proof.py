"""Pasted addresses: a record's page counts for whoever may open it, and nothing is opened for it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from community.models import CommunityEvent, EventPhoto, Measure, Suggestion, Survey
from complaints import actions as complaints
from complaints.models import Photo as ComplaintPhoto
from contacts.models import Contact
from followups.actions import open_followup
from followups.evidence import _declared, record_at
from incidents.actions import raise_incident
from notifications import ledger
from notifications.models import Message
from office.models import (
    Assignment,
    ButlerCheck,
    DailyLog,
    MonthlySummary,
    Purchase,
    TrainingSession,
)
from registers.actions import records as registers
from registers.models import KeyCustody
from repairs.models import Photo
from shifts.models import Handover
from tests.repairs.factories import write_slip
from visits.models import Callback, Visit, VisitPhoto

READERS = ("gm", "manager", "assistant", "butler", "butler2", "desk", "cashier", "repairer",
           "sysadmin", "outsider")  # fmt: skip
LATER = ("registers.evidence", "incidents.evidence", "community.evidence", "contacts.evidence")


@pytest.fixture(autouse=True)
def every_room(settings, tmp_path):
    settings.EVIDENCE_MODULES = list(dict.fromkeys([*settings.EVIDENCE_MODULES, *LATER]))
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "x.jpg").write_bytes(b"jpeg")


@pytest.fixture
def world(estate, unit, resident, manager, gm, assistant, butler, desk, handed_in, now):
    """Name of the address → the address of one record in butler's area, or of the department."""
    ago = now - timedelta(hours=3)
    slip = write_slip(estate, by=desk, now=ago, unit=unit)
    kept = {"file": "x.jpg", "client_key": uuid4(), "added_at": ago, "added_by": butler}
    complaint = complaints.register(
        uuid4(), estate=estate, by=desk, now=ago, unit=unit, resident=resident, content="楼上拖椅子"
    )
    visit = Visit.objects.create(
        estate=estate, unit=unit, period="x", status="visited", butler=butler, opened_at=now,
        planned_for=now.date(), visited_on=now.date(), happened_at=ago, received_at=now,
        recorded_by=butler,
    )  # fmt: skip
    callback = Callback.objects.create(
        estate=estate, topic="help", content_type=ContentType.objects.get_for_model(estate),
        object_id=estate.pk, subject_label="LD-1", what="钥匙忘带", state="done", unit=unit,
        opened_at=now, called_at=ago, called_by=butler, satisfaction="satisfied",
    )  # fmt: skip
    event = CommunityEvent.objects.create(
        estate=estate, created_at=now, theme="重阳节", starts_at=now, owner=butler
    )
    survey = Survey.objects.create(
        estate=estate, number="ZX-1", title="下半年征询", starts_on=now.date(), ends_on=now.date(),
        created_at=now, planned_by=manager,
    )  # fmt: skip
    paper = {"estate": estate, "opened_at": now}
    rows = {
        "repairs:repair_detail": [slip.pk],
        "repairs:photo": [slip.pk, Photo.objects.create(repair=slip, width=1, height=1, **kept).pk],
        "complaints:complaint_detail": [complaint.pk],
        "complaints:photo": [
            complaint.pk, ComplaintPhoto.objects.create(complaint=complaint, **kept).pk,
        ],
        "visits:visit_detail": [visit.pk],
        "visits:visit_photo": [
            visit.pk, VisitPhoto.objects.create(visit=visit, original="x.jpg", **kept).pk,
        ],
        "visits:callback_record": [callback.pk],
        "shifts:handover_detail": [Handover.objects.create(
            estate=estate, seat="butler", owner=butler, day=now.date(), shift="day", drafted_at=now,
            starts_at=now - timedelta(hours=9), ends_at=ago, status="waiting", giver=butler,
            given_at=ago,
        ).pk],
        "office:session_detail": [TrainingSession.objects.create(
            estate=estate, client_key=uuid4(), subject="repairs", starts_at=ago, hours=1,
            trainer="郑", pass_mark=60, planned_by=assistant, planned_at=ago,
        ).pk],
        "office:log_detail": [DailyLog.objects.create(day=now.date(), **paper).pk],
        "office:summary_detail": [
            MonthlySummary.objects.create(month=now.date().replace(day=1), **paper).pk
        ],
        "office:check_detail": [ButlerCheck.objects.create(day=now.date(), **paper).pk],
        "office:task_detail": [Assignment.objects.create(
            estate=estate, client_key=uuid4(), title="贴通知", set_by=manager, set_at=now,
            assignee=assistant, due_at=now,
        ).pk],
        "office:purchase_detail": [Purchase.objects.create(
            estate=estate, client_key=uuid4(), number="CG-1", item="雨伞", quantity=2,
            unit_name="把", purpose="借用", budget=60, needed_on=now.date(), requested_by=desk,
            requested_at=now,
        ).pk],
        "followups:followup_detail": [open_followup(
            slip, "repairs.callback", now=ago, owner=butler, owner_post=butler.post, estate=estate,
            unit=unit, due_at=now, params={"place": "3-2-1102", "what": "水龙头"}, url="/repairs/1/",
        ).pk],
        "appraisal:sheet_detail": [handed_in.pk],
        "registers:record_detail": ["keys", registers.add(KeyCustody(
            estate=estate, unit=unit, owner_name="王秀梅", owner_phone="139 1234 1234", quantity=2,
            label="K-07", cabinet="甲3", reason="出国半年", seal_number="F001",
            disclaimer_told=True, owner_signed=True,
        ), by=desk, now=ago).pk],
        "incidents:incident_detail": [raise_incident(
            estate=estate, category="lift", where="3栋", what="困一人", by=desk, now=ago,
            client_key=uuid4(),
        ).pk],
        "community:event_detail": [event.pk],
        "community:event_photo": [event.pk, EventPhoto.objects.create(event=event, **kept).pk],
        "community:suggestion_detail": [Suggestion.objects.create(
            estate=estate, unit=unit, origin="call", content="加座椅", said_at=ago, taken_by=desk
        ).pk],
        "community:survey_detail": [survey.pk],
        "community:measure_detail": [Measure.objects.create(
            survey=survey, topic="repair", problem="慢", what="加人", owner=butler,
            due_on=now.date(), given_by=manager, given_at=now,
        ).pk],
        "contacts:contact_detail": [Contact.objects.create(
            estate=estate, client_key=uuid4(), started_at=ago, received_by=desk, unit=unit,
            caller_name="王秀梅", text="问收费",
        ).pk],
    }  # fmt: skip
    return {name: reverse(name, args=args) for name, args in rows.items()}


def test_every_declared_page_has_a_record_here(world):
    assert {name for pages in _declared("PAGES") for name in pages} == set(world)


@pytest.mark.clause("APP-1")
def test_an_address_counts_exactly_for_whoever_may_open_its_page(world, request, client, now):
    opens, counts = {}, {}
    with time_machine.travel(now, tick=False):
        for who in READERS:
            staff = request.getfixturevalue(who)
            client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
            for name, path in world.items():
                opens[who, name] = client.get(path).status_code == 200
                counts[who, name] = record_at(path, to=staff) is not None
    assert {key for key in opens if opens[key] != counts[key]} == set()
    assert all(opens["manager", name] for name in world)
    assert not any(opens["outsider", name] for name in world)


def test_a_record_says_what_it_is(world, manager):
    said = {
        name: f"{found.kind} {found.label}"
        for name, path in world.items()
        if (found := record_at(path, to=manager))
    }
    assert said["registers:record_detail"].startswith("登记簿 钥匙")
    assert said["appraisal:sheet_detail"].startswith("考评表 KP20261123-")
    assert said["contacts:contact_detail"].startswith("来电来访来函 王秀梅 11-23")
    assert "3-2-1102" in said["repairs:photo"]
    assert all(len(words.split(" ", 1)[1]) > 1 for words in said.values())


def test_looking_an_address_up_opens_nothing(world, butler, estate, slip_path, now):
    """One query or two, and a page that would mark something as read does not."""
    ledger.owe("x:1", to=butler, title="提醒", params={}, url="/today/", estate=estate,
               why={"rule": "x"}, now=now)  # fmt: skip
    message = Message.objects.get(recipient=butler, key__startswith="x:1")
    with pytest.raises(ValueError, match="/inbox/"):
        record_at(f"/inbox/{message.pk}/open/", to=butler)
    message.refresh_from_db()
    assert message.read_at is None
    record_at(slip_path, to=butler)  # who he is and where he works is known from here on
    with CaptureQueriesContext(connection) as asked:
        record_at(slip_path, to=butler)
    assert all(query["sql"].startswith("SELECT") for query in asked)
    assert len(asked) <= 4


@pytest.fixture
def slip_path(world):
    return world["repairs:repair_detail"]
