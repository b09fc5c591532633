"""The results of call-backs, every room's in one list (VIS-5)."""

from datetime import timedelta
from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps

from complaints import actions as complaints
from contacts import actions as contacts
from contacts.models import Contact
from followups.actions import cancel
from repairs.statuses import Status
from tests.repairs.factories import Crew
from tests.visits.factories import owed_callback, replied_complaint
from visits import actions
from visits.called import called


@pytest.fixture
def crew(estate, unit, resident, desk, butler, dispatcher, repairer, engmanager):
    return Crew(estate, unit, desk, dispatcher, repairer, engmanager)


def one_of_each(crew, *, desk2, assistant, now, satisfaction="fair"):
    crew.slip(Status.CALLED_BACK, now=now)
    complaint = replied_complaint(
        crew.estate, crew.unit, desk=crew.desk, assistant=assistant, now=now
    )
    complaints.call_back(complaint, satisfaction="satisfied", client_key=uuid4(), by=desk2, now=now)
    callback = owed_callback(crew.estate, by=crew.desk, now=now, unit=crew.unit)
    actions.call_back(callback, satisfaction=satisfaction, client_key=uuid4(), by=desk2,
                      now=now + timedelta(minutes=5))  # fmt: skip
    return callback


@pytest.mark.clause("VIS-5")
def test_list_has_every_room_the_newest_first_each_with_its_paper(
    as_, crew, desk2, assistant, gm, now
):
    one_of_each(crew, desk2=desk2, assistant=assistant, now=now)
    rows = as_(gm).get("/callbacks/done/").context["rows"]
    assert rows[0].about == "drawn"
    assert {row.about for row in rows} == {"repair", "complaint", "drawn"}
    for row in rows:
        page = as_(desk2).get(f"/callbacks/print/{row.about}/{row.pk}/").content.decode()
        assert row.number in page
    only = as_(gm).get("/callbacks/done/?about=repair").context["rows"]
    assert [row.about for row in only] == ["repair"]


def test_area_and_estate_bound_the_list(
    as_, crew, desk2, assistant, butler, butler2, outsider, now
):
    one_of_each(crew, desk2=desk2, assistant=assistant, now=now)
    assert len(called(butler, limit=9)) == 3
    assert called(butler2, limit=9) == []
    assert called(outsider, limit=9) == []


def test_review_tab_offers_what_somebody_else_called(as_, crew, desk2, assistant, desk, now):
    callback = one_of_each(crew, desk2=desk2, assistant=assistant, now=now)
    rows = as_(assistant).get("/callbacks/done/?tab=review").context["rows"]
    assert [row.pk for row in rows] == [callback.pk]
    actions.review_callback(callback, text="属实", by=assistant, now=now)
    assert as_(assistant).get("/callbacks/done/?tab=review").context["rows"] == []
    assert as_(desk).get("/callbacks/done/?tab=review").context["tab"] == "done"


@pytest.mark.parametrize("before", ["", "x", "2026-11-23", "2026-13-45T00:00:00Z"])
def test_odd_moments_are_survived(as_, desk, before):
    assert as_(desk).get("/callbacks/done/", {"before": before}).status_code == 200


def test_older_ones_are_a_page_further(as_, crew, desk2, assistant, now, monkeypatch):
    monkeypatch.setattr("visits.views.called.ROWS", 2)
    one_of_each(crew, desk2=desk2, assistant=assistant, now=now)
    first = as_(desk2).get("/callbacks/done/")
    assert len(first.context["rows"]) == 2
    assert f"before={first.context['next_before'].isoformat()[:10]}" in first.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_however_long(
    as_, crew, desk2, assistant, now, count, django_assert_max_num_queries
):
    for _each in range(count):
        one_of_each(crew, desk2=desk2, assistant=assistant, now=now)
    client = as_(desk2)
    client.get("/callbacks/done/")
    with django_assert_max_num_queries(10):
        client.get("/callbacks/done/")


@pytest.mark.clause("VIS-2")
def test_a_call_done_before_results_were_kept_is_listed_from_its_follow_up(as_, crew, desk2, now):
    """The migration reads who and when from the follow-up, and invents nothing."""
    done, given_up, owed = (
        contacts.owe_call_back(
            contacts.start(uuid4(), estate=crew.estate, by=crew.desk, now=now, text=words),
            by=crew.desk, now=now,
        )
        for words in ("问停车费", "问门禁卡", "问装修")
    )  # fmt: skip
    later = now + timedelta(hours=1)
    contacts.call_back_done(done, answer="月租 300", by=desk2, now=later)
    cancel(given_up, now=later)
    former = {"called_back_at": None, "called_back_by": None, "was_reached": None}
    Contact.objects.update(call_received_at=None, **former)

    migration = import_module("contacts.migrations.0004_results_of_former_call_backs")
    migration.fill_results(apps, None)
    migration.fill_results(apps, None)  # a second run changes nothing

    (row,) = as_(crew.desk).get("/callbacks/done/?about=contact").context["rows"]
    assert (row.what, row.at, row.caller, row.result) == ("问停车费", later, "李倩", "已回电")
    assert not row.is_late
    assert Contact.objects.filter(pk__in=(given_up.pk, owed.pk), **former).count() == 2


@pytest.mark.clause("CMP-2", "VIS-5")
def test_every_round_of_a_complaint_has_its_line_and_its_paper(as_, crew, desk2, assistant, now):
    """Dissatisfied, handled again, and at last nobody answers: two results, two forms."""
    complaint = replied_complaint(
        crew.estate, crew.unit, desk=crew.desk, assistant=assistant, now=now
    )
    complaints.call_back(complaint, satisfaction="dissatisfied", note="又占了", client_key=uuid4(),
                         by=desk2, now=now)  # fmt: skip
    complaints.finish(complaint, measures="再查一次", by=assistant, now=now)
    complaints.reply(complaint, method="phone", words="查过了", by=assistant, now=now)
    for number, message in enumerate((None, None, "请回电")):
        complaints.no_answer(complaint, client_key=uuid4(), by=desk2, message=message,
                             now=now + timedelta(hours=number))  # fmt: skip
    complaints.call_back(complaint, satisfaction="", client_key=uuid4(), by=desk2,
                         now=now + timedelta(hours=4))  # fmt: skip
    lines = as_(desk2).get("/callbacks/done/?about=complaint").context["rows"]
    assert [str(line.result) for line in lines] == ["未接通", "不满意"]
    given_up, first = (
        as_(desk2).get(f"/callbacks/print/complaint/{line.pk}/{line.which}").content.decode()
        for line in lines
    )
    assert "又占了" in first
    assert "又占了" not in given_up
    assert "未接通" in given_up
