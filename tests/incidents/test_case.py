"""The whole case (forms 4.23): measures, the end, the report, the opinion, the archive, the paper."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import posts
from followups.models import FollowUp
from history.models import Entry
from incidents import actions
from incidents.statuses import MOVES, Status

pytestmark = [pytest.mark.django_db, pytest.mark.clause("DUT-3")]


@pytest.fixture
def incident(estate, manager, night, desk, now):
    return actions.raise_incident(
        estate=estate, category="flood", where="地下车库", what="进水", by=night, now=now,
        client_key=uuid4(),
    )  # fmt: skip


def test_the_case_goes_from_the_button_to_the_archive(incident, manager, night, now):
    later = now + timedelta(hours=1)
    actions.log_measure(incident, what="关总阀", by=night, now=later, at=now + timedelta(minutes=3))
    actions.end(incident, by=night, now=later)
    report = FollowUp.objects.open().get(kind="incidents.report")
    assert (report.owner, report.due_at) == (night, later + timedelta(hours=24))
    actions.write_report(
        incident, report="泵故障, 已修", losses="无", aftermath="每周试泵", by=night, now=later
    )
    opinion = FollowUp.objects.open().get(kind="incidents.opinion")
    assert opinion.owner_post == posts.CS_MANAGER
    actions.archive(incident, opinion="处置及时", by=manager, now=later)
    incident.refresh_from_db()
    assert (incident.status, incident.archived_at) == (Status.ARCHIVED, later)
    assert not FollowUp.objects.open().about(incident).exists()
    measure = incident.measures.get()
    assert (measure.at, measure.by) == (now + timedelta(minutes=3), night)
    assert set(Entry.objects.about(incident).values_list("event", flat=True)) == {
        "incident.raised", "incident.measure", "incident.ended", "incident.reported",
        "incident.archived",
    }  # fmt: skip


def test_no_step_is_skipped_or_taken_twice(incident, manager, night, now):
    with pytest.raises(ValidationError, match="处置中"):
        actions.write_report(incident, report="x", losses="无", aftermath="", by=night, now=now)
    with pytest.raises(ValidationError, match="处置中"):
        actions.archive(incident, opinion="好", by=manager, now=now)
    actions.end(incident, by=night, now=now)
    with pytest.raises(ValidationError, match="已结束"):
        actions.end(incident, by=night, now=now)
    assert [status for status, after in MOVES.items() if not after] == [Status.ARCHIVED]


def test_a_report_says_what_was_lost(incident, night, now):
    actions.end(incident, by=night, now=now)
    with pytest.raises(ValidationError) as refused:
        actions.write_report(incident, report="", losses=" ", aftermath="", by=night, now=now)
    assert set(refused.value.message_dict) == {"report", "losses"}


def test_a_measure_lies_between_the_event_and_now(incident, night, now):
    for moment in (now - timedelta(minutes=1), now + timedelta(minutes=1)):
        with pytest.raises(ValidationError, match="时间要在"):
            actions.log_measure(incident, what="关阀", by=night, now=now, at=moment)


def test_each_step_is_pressed_on_the_page_by_whom_it_belongs_to(
    as_, incident, manager, night, repairer
):
    page = incident.get_absolute_url()
    client = as_(night)
    measured = client.post(f"{page}measure/", {"what": "疏散车辆", "at": ""})
    assert measured.status_code == 302
    assert client.post(f"{page}measure/", {"what": "", "at": ""}).status_code == 422
    assert client.post(f"{page}end/").status_code == 302
    refused = client.post(f"{page}report/", {"report": "泵坏", "losses": ""})
    assert refused.status_code == 422
    assert "泵坏" in refused.content.decode()
    assert client.post(f"{page}report/", {"report": "泵坏", "losses": "无"}).status_code == 302
    assert client.post(f"{page}archive/", {"opinion": "好"}).status_code == 403
    assert as_(repairer).post(f"{page}end/").status_code == 403
    assert as_(repairer).post(f"{page}measure/", {"what": "x"}).status_code == 404
    assert as_(manager).post(f"{page}archive/", {"opinion": "处置及时"}).status_code == 302
    incident.refresh_from_db()
    assert incident.status == Status.ARCHIVED


def test_another_estate_sees_no_case_and_prints_none(as_, incident, outsider):
    client = as_(outsider)
    for name in ("incident_detail", "incident_print"):
        assert client.get(reverse(f"incidents:{name}", args=[incident.pk])).status_code == 404


def test_the_paper_holds_every_field_of_the_form(as_, incident, manager, night, now):
    actions.log_measure(incident, what="关总阀", by=night, now=now)
    actions.end(incident, by=night, now=now)
    actions.write_report(
        incident, report="泵故障", losses="车两辆", aftermath="每周试泵", by=night, now=now
    )
    actions.archive(incident, opinion="处置及时", by=manager, now=now)
    url = reverse("incidents:incident_print", args=[incident.pk])
    html = as_(manager).get(url).content.decode()
    for label, words in {
        "时间": "2026-11-23 15:00", "地点": "地下车库", "类别": "水浸", "经过": "进水",
        "报告人": "钱夜", "报告时间": "2026-11-23 15:00", "通知部门及时间": "周经理",
        "处置措施": "关总阀", "损失及伤亡": "车两辆", "后续": "每周试泵", "经理意见": "处置及时",
    }.items():  # fmt: skip
        assert f">{label}<" in html, label
        assert words in html, words
