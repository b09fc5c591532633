"""The button, the list and the page: one press, 390 px, and nobody else's estate."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from estates.models import PublicPlace
from incidents import actions
from incidents.models import Incident

RAISE = "/incidents/raise/"
LIST = "/incidents/"


def sheet(estate, **changes):
    return {
        "client_key": uuid4(),
        "estate": estate.pk,
        "category": "lift",
        "where": "2号电梯",
        "what": "困人两名",
    } | changes


@pytest.fixture
def incident(manager, desk, estate, now):
    return actions.raise_incident(
        estate=estate,
        category="fire",
        where="3栋",
        what="厨房起火",
        by=desk,
        now=now,
        client_key=uuid4(),
    )


@pytest.mark.clause("DUT-3")
@pytest.mark.parametrize(
    "post", ["gm", "manager", "desk", "night", "butler", "dispatcher", "repairer", "sysadmin"]
)
def test_raise_is_open_to_every_post(as_, request, estate, manager, post):
    answer = as_(request.getfixturevalue(post)).post(RAISE, sheet(estate))
    assert answer.status_code == 302
    assert Incident.objects.get().notices.filter(staff=manager).exists()


def test_raise_double_press_is_one_incident(as_, desk, manager, estate):
    form = sheet(estate)
    client = as_(desk)
    first, second = client.post(RAISE, form), client.post(RAISE, form)
    assert first.url == second.url
    assert Incident.objects.count() == 1


def test_raise_needs_only_a_place_and_a_chip(as_, desk, manager, estate):
    as_(desk).post(RAISE, sheet(estate, what=""))
    assert Incident.objects.get().what == "电梯困人"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"where": ""}, "写在哪里"),
        ({"category": "other", "what": ""}, "写一句发生了什么"),
        ({"category": "no-such"}, "no-such"),
        ({"what": "火" * 2001}, "2000"),
        ({"where": "3栋\0"}, "空字符"),
    ],
)
def test_raise_refused_says_why_and_keeps_the_text(as_, desk, manager, estate, changes, said):
    answer = as_(desk).post(RAISE, sheet(estate, **{"what": "困人两名"} | changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert not Incident.objects.exists()
    if "what" not in changes:
        assert "困人两名" in page


@pytest.mark.clause("DUT-3")
def test_raise_keeps_when_it_happened_and_when_it_was_reported(
    as_, desk, manager, estate, time_machine, now
):
    time_machine.move_to(now, tick=False)
    client = as_(desk)
    client.post(RAISE, sheet(estate, happened_at="14：40"))
    incident = Incident.objects.get()
    assert (incident.happened_at, incident.reported_at) == (now - timedelta(minutes=20), now)
    client.post(RAISE, sheet(estate, happened_at="23:10"))  # last night
    assert Incident.objects.first().happened_at < now - timedelta(hours=15)
    refused = client.post(RAISE, sheet(estate, happened_at="刚才"))
    assert refused.status_code == 422
    assert "写成 15:30" in refused.content.decode()


def test_raise_for_an_estate_of_others_is_refused(as_, desk, manager, other_estate):
    assert as_(desk).post(RAISE, sheet(other_estate)).status_code == 422
    assert not Incident.objects.exists()


def test_raise_recognises_the_unit_and_the_public_place(as_, desk, manager, estate, unit):
    lift = PublicPlace.objects.create(estate=estate, kind="lift", name="2号电梯")
    client = as_(desk)
    client.post(RAISE, sheet(estate))
    client.post(RAISE, sheet(estate, where="3-2-1102"))
    places = {(row.place, row.unit) for row in Incident.objects.all()}
    assert places == {(lift, None), (None, unit)}


def test_raise_opens_filled(as_, desk, estate):
    page = as_(desk).get(RAISE, {"category": "lift", "where": "2号电梯"}).content.decode()
    assert 'value="2号电梯"' in page
    assert 'value="lift" checked' in page


def test_raise_as_fragment_for_the_dialog(as_, desk, estate, manager):
    client = as_(desk)
    page = client.get(RAISE, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert 'name="client_key"' in page
    answer = client.post(RAISE, sheet(estate), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == Incident.objects.get().get_absolute_url()


def test_detail_shows_who_was_told_when(as_, desk, incident):
    page = as_(desk).get(incident.get_absolute_url()).content.decode()
    assert "周经理" in page
    assert "未确认" in page
    assert "我已知悉" not in page


def test_acknowledge_is_one_press(as_, manager, incident):
    client = as_(manager)
    assert "我已知悉" in client.get(incident.get_absolute_url()).content.decode()
    client.post(reverse("incidents:acknowledge", args=[incident.pk]))
    assert incident.notices.get(staff=manager).acknowledged_at
    assert "我已知悉" not in client.get(incident.get_absolute_url()).content.decode()


def test_acknowledge_by_somebody_not_told_is_404(as_, desk, incident):
    url = reverse("incidents:acknowledge", args=[incident.pk])
    assert as_(desk).post(url).status_code == 404


@pytest.mark.parametrize("name", ["incidents:incident_detail", "incidents:acknowledge"])
def test_other_estate_sees_nothing(as_, outsider, incident, name):
    client = as_(outsider)
    answer = (
        client.post(reverse(name, args=[incident.pk]))
        if "ack" in name
        else client.get(reverse(name, args=[incident.pk]))
    )
    assert answer.status_code == 404
    assert "厨房起火" not in client.get(LIST).content.decode()


def test_repairer_sees_only_what_he_raised_or_was_told(as_, repairer, incident, estate, now):
    own = actions.raise_incident(
        estate=estate,
        category="flood",
        where="车库",
        what="进水",
        by=repairer,
        now=now,
        client_key=uuid4(),
    )
    client = as_(repairer)
    page = client.get(LIST).content.decode()
    assert "进水" in page
    assert "厨房起火" not in page
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(incident.get_absolute_url()).status_code == 404


def test_not_signed_in_is_sent_to_login(client, incident):
    for url in (RAISE, LIST, incident.get_absolute_url()):
        assert client.get(url).status_code == 302


@pytest.mark.parametrize("before", ["-1", "abc", "9" * 40, "٣", "1'--"])
def test_list_survives_odd_addresses(as_, desk, incident, before):
    assert as_(desk).get(LIST, {"before": before}).status_code == 200


def test_list_pages_by_the_last_row(as_, desk, manager, estate, now):
    for n in range(27):
        actions.raise_incident(
            estate=estate,
            category="other",
            where=f"{n}号门",
            what="事",
            by=desk,
            now=now,
            client_key=uuid4(),
        )
    client = as_(desk)
    first = client.get(LIST)
    assert len(first.context["incidents"]) == 25
    second = client.get(LIST, {"before": first.context["older"]})
    assert [row.where for row in second.context["incidents"]] == ["1号门", "0号门"]
    assert second.context["older"] is None


def test_list_query_count_is_fixed(as_, desk, incident, estate, now, django_assert_max_num_queries):
    client = as_(desk)
    client.get(LIST)
    with django_assert_max_num_queries(10) as one:
        client.get(LIST)
    for _ in range(2):
        actions.raise_incident(
            estate=estate,
            category="fire",
            where="3栋",
            what="又起火",
            by=desk,
            now=now,
            client_key=uuid4(),
        )
    with django_assert_max_num_queries(10) as three:
        client.get(LIST)
    assert len(one) == len(three)


def test_detail_asks_no_more_for_many_people_and_measures(
    as_, manager, assistant, night, desk, incident, now, django_assert_max_num_queries
):
    client = as_(desk)
    client.get(incident.get_absolute_url())
    with django_assert_max_num_queries(15) as one:
        client.get(incident.get_absolute_url())
    for by in (desk, night, manager):
        actions.log_measure(incident, what="疏散", by=by, now=now)
    with django_assert_max_num_queries(15) as four:
        client.get(incident.get_absolute_url())
    assert len(one) == len(four)
