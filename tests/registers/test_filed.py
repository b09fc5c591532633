"""A household's index shows what the rooms above and beside the registers filed for it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints import actions as complaints
from followups.kinds import all_kinds
from repairs.statuses import Status
from tests.complaints.conftest import house  # noqa: F401 -- a fixture
from tests.repairs.factories import Crew
from tests.visits.factories import plan_one
from visits import actions as visits


@pytest.fixture
def crew(estate, unit, desk, dispatcher, repairer, engmanager):
    return Crew(estate, unit, desk, dispatcher, repairer, engmanager)


@pytest.fixture
def visited(unit, butler, resident, now):
    """``visited("暖气不热")`` plans and records a visit at the home."""

    def record(words=""):
        visit = plan_one(unit, butler, now=now)
        visits.record(visit, outcome="met", client_key=uuid4(), by=butler, now=now, content=words)
        return visit

    return record


@pytest.mark.clause("ARC-1", "ARC-2")
def test_repairs_complaints_and_visits_stand_in_the_index_once_they_are_over(
    as_, a_file, desk, crew, house, visited, unit, butler, now  # noqa: F811
):  # fmt: skip
    repair = crew.slip(Status.ARCHIVED, now=now, content="水管漏水")
    crew.slip(Status.CALLED_BACK, now=now, content="还没归档")
    complaint = house.closed(now, content="楼上半夜拖椅子")
    house.called_back(now, content="还没结案")
    visit = visited()
    still_planned = plan_one(unit, butler, now=now)
    file = a_file()
    page = as_(desk).get(file.get_absolute_url()).content.decode()
    for url in (
        reverse("repairs:repair_detail", args=[repair.pk]),
        reverse("complaints:complaint_detail", args=[complaint.pk]),
        reverse("visits:visit_record", args=[visit.pk]),
    ):
        assert f'href="{url}"' in page
    assert reverse("visits:visit_record", args=[still_planned.pk]) not in page
    for path in ("", "print/"):
        page = as_(desk).get(f"{file.get_absolute_url()}{path}").content.decode()
        for words in (f"{repair.number} 水管漏水", f"{complaint.number} 楼上半夜拖椅子", "走访"):
            assert words in page
        assert "还没归档" not in page
        assert "还没结案" not in page


def test_complaint_sent_back_by_the_reviewer_is_not_on_file(as_, a_file, desk, house, now):  # noqa: F811
    complaint = house.called_back(now, content="楼上半夜拖椅子")
    complaints.refuse_review(complaint, reason="没问楼上", by=house.assistant, now=now)
    page = as_(desk).get(a_file().get_absolute_url()).content.decode()
    assert "楼上半夜拖椅子" not in page


def test_butler_of_another_area_does_not_reach_the_index(as_, a_file, butler2, crew, now):
    crew.slip(Status.ARCHIVED, now=now, content="水管漏水")
    assert as_(butler2).get(a_file().get_absolute_url()).status_code == 404


def test_index_of_three_costs_what_an_index_of_one_costs(
    as_, a_file, desk, crew, house, visited, now  # noqa: F811
):  # fmt: skip
    client, url = as_(desk), a_file().get_absolute_url()

    def queries(times):
        for number in range(times):
            crew.slip(Status.ARCHIVED, now=now + timedelta(minutes=number), content="水管漏水")
            house.closed(now, content=f"太吵 {number}")
            visited()
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    assert queries(1) == queries(2) <= 15


def test_each_room_names_at_most_one_follow_up_that_files_its_record():
    filing = [each.key.partition(".")[0] for each in all_kinds() if each.filed_as]
    assert sorted(filing) == ["complaints", "repairs", "visits"]
