"""Who may open and do what: post × address; the area; the estate."""

from uuid import uuid4

import pytest
from django.urls import reverse

from contacts import actions as contacts
from rulebook.seed import seed
from tests.visits.factories import owed_callback, replied_complaint
from visits.models import Visit

SEE = {"gm", "manager", "assistant", "desk", "night", "butler"}
RECORD = {"manager", "assistant", "butler"}
CALL = {"manager", "assistant", "desk", "night", "butler"}
CONFIRM = {"manager", "assistant", "desk", "night"}
REVIEW = {"manager", "assistant"}
SUPERVISE = {"gm", "manager", "assistant"}
EVERYBODY = SEE | {"engmanager", "dispatcher", "repairer", "sysadmin"}
PAGES = [
    ("/visits/", SEE),
    ("/visits/plan/", RECORD),
    ("/visits/coverage/", SEE),
    ("/visits/coverage/export/", SEE),
    ("/visits/changes/", CONFIRM),
    ("/visits/{visit}/", SEE),
    ("/visits/{visit}/record/", RECORD),
    ("/visits/{visit}/print/", SEE),
    ("/callbacks/", CALL),
    ("/callbacks/done/", SEE),
    ("/callbacks/{callback}/", SEE),
    ("/callbacks/complaints/{complaint}/", CALL),
    ("/callbacks/contacts/{contact}/", SEE),
    ("/callbacks/print/contact/{contact}/", SEE),
    ("/callbacks/print/drawn/{callback}/", SEE),
    ("/callbacks/callers/", SUPERVISE),
]


@pytest.fixture
def addresses(visit, estate, unit, desk2, assistant, now):
    callback = owed_callback(estate, by=desk2, now=now, unit=unit)
    complaint = replied_complaint(estate, unit, desk=desk2, assistant=assistant, now=now)
    contact = contacts.start(uuid4(), estate=estate, by=desk2, now=now, unit=unit, text="押金")
    contacts.owe_call_back(contact, by=desk2, now=now)
    return {"visit": visit.pk, "callback": callback.pk, "complaint": complaint.pk,
            "contact": contact.pk}  # fmt: skip


@pytest.mark.parametrize("post", sorted(EVERYBODY))
def test_pages_open_for_the_posts_of_the_table(as_, request, addresses, post):
    client = as_(request.getfixturevalue(post))
    for path, allowed in PAGES:
        status = client.get(path.format(**addresses)).status_code
        if path == "/callbacks/" and post in SEE - CALL:
            assert status == 302
            continue
        assert status == (200 if post in allowed else 403), path


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/visits/{visit}/measure/", RECORD),
        ("/visits/{visit}/review/", REVIEW),
        ("/callbacks/{callback}/", CALL),
        ("/callbacks/{callback}/review/", REVIEW),
        ("/callbacks/complaints/{complaint}/", CALL),
        ("/callbacks/contacts/{contact}/", CALL),
        ("/visits/changes/1/", CONFIRM),
    ],
)
def test_steps_are_for_the_posts_of_the_table(as_, request, addresses, path, allowed):
    for post in sorted(EVERYBODY):
        status = as_(request.getfixturevalue(post)).post(path.format(**addresses)).status_code
        assert (status == 403) == (post not in allowed), post


def test_general_manager_is_led_to_the_results(as_, gm, addresses):
    assert as_(gm).get("/callbacks/").headers["Location"] == "/callbacks/done/"


def test_another_area_and_another_estate_do_not_exist(as_, addresses, butler2, outsider, visit):
    for path, _allowed in PAGES:
        if "{" not in path:
            continue
        address = path.format(**addresses)
        assert as_(butler2).get(address).status_code == 404, path
        if "record" not in path:
            assert as_(outsider).get(address).status_code == 404, path
    assert visit.unit.code not in as_(outsider).get("/visits/").content.decode()
    assert visit.unit.code not in as_(outsider).get("/visits/?tab=next").content.decode()
    assert not as_(outsider).get("/callbacks/").context["rows"]
    assert not Visit.objects.visible_to(outsider).exists()


@pytest.mark.clause("VIS-5")
def test_every_post_finds_the_procedure_of_visits(as_, desk, butler, assistant):
    """业户走访回访工作管理标准作业规程 applies to all of them, and its numbers drive the plan."""
    seed()
    for staff in (desk, butler, assistant):
        assert "走访回访" in as_(staff).get(reverse("rulebook:sop_list")).content.decode()
