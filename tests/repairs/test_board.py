"""Engineering's board."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from history.models import Entry
from repairs import reasons
from repairs.statuses import Status
from repairs.timeline import TELLING

BOARD = "/dispatch/"


@pytest.fixture
def recent():
    return timezone.now() - timedelta(minutes=1)


def columns(html):
    found = {}
    for key, body in re.findall(
        r'<section class="board-column" id="board-(\w+)"(.*?)</section>', html, re.S
    ):
        found[key] = [int(pk) for pk in re.findall(r'data-row="(\d+)"', body)]
    return found


def test_slips_stand_in_the_column_of_their_state(crew, recent, as_):
    new = crew.slip(Status.DISPATCHED, now=recent)
    going = crew.slip(Status.IN_PROGRESS, now=recent)
    working = crew.slip(Status.WAITING_PARTS, now=recent)
    crew.slip(Status.TO_DISPATCH, now=recent)
    crew.slip(Status.RETURNED, now=recent)
    html = as_(crew.dispatcher).get(BOARD).content.decode()
    assert columns(html) == {"new": [new.pk], "going": [going.pk], "working": [working.pk]}
    assert "<title>新单 1 · " in html


def test_a_repairer_sees_his_own_jobs_and_what_nobody_accepted(crew, recent, as_, repairer2):
    new = crew.slip(Status.DISPATCHED, now=recent)
    own = crew.slip(Status.IN_PROGRESS, now=recent)
    assert columns(as_(crew.repairer).get(BOARD).content.decode()) == {
        "new": [new.pk],
        "going": [own.pk],
        "working": [],
    }
    assert columns(as_(repairer2).get(BOARD).content.decode())["going"] == []


def test_the_board_is_for_engineering(as_, desk, outsider, crew, recent):
    crew.slip(Status.DISPATCHED, now=recent)
    assert as_(desk).get(BOARD).status_code == 403


def test_accept_is_one_press_and_comes_back_to_the_board(crew, recent, as_):
    repair = crew.slip(Status.DISPATCHED, now=recent)
    client = as_(crew.dispatcher)
    answer = client.post(
        reverse("repairs:repair_accept", args=[repair.pk]),
        {"version": repair.version, "next": BOARD},
        follow=True,
    )
    assert answer.redirect_chain == [(BOARD, 302)]
    assert reverse("repairs:repair_undo_accept", args=[repair.pk]) in answer.content.decode()
    repair.refresh_from_db()
    assert repair.status == Status.ACCEPTED


def test_give_out_from_a_new_slip_accepts_it_too(crew, recent, as_):
    repair = crew.slip(Status.DISPATCHED, now=recent)
    as_(crew.dispatcher).post(
        reverse("repairs:repair_assign", args=[repair.pk]),
        {"version": repair.version, "repairer": crew.repairer.pk, "next": BOARD},
    )
    repair.refresh_from_db()
    assert (repair.status, repair.repairer) == (Status.IN_PROGRESS, crew.repairer)


def test_load_of_each_repairer_stands_beside_the_name(crew, recent, as_, repairer2):
    crew.slip(Status.DISPATCHED, now=recent)
    for _ in range(2):
        crew.slip(Status.IN_PROGRESS, now=recent)
    html = as_(crew.dispatcher).get(BOARD).content.decode()
    picks = re.findall(r'name="repairer" value="\d+">(\S+) <small>在手 (\d+)', html)
    assert picks[:2] == [("小吴", "0"), ("小孙", "2")]


def test_refuse_by_a_reason_chip(crew, recent, as_):
    repair = crew.slip(Status.DISPATCHED, now=recent)
    as_(crew.dispatcher).post(
        reverse("repairs:repair_refuse", args=[repair.pk]),
        {"version": repair.version, "reason": "信息不全", "next": BOARD},
    )
    repair.refresh_from_db()
    assert repair.status == Status.TO_DISPATCH


def test_reason_of_a_chip_is_read_in_the_language_of_whoever_reads_it(crew, recent, as_):
    """Tapped in English, with words of one's own behind it; the desk reads it in Chinese."""
    repair = crew.slip(Status.DISPATCHED, now=recent)
    client = as_(crew.dispatcher)
    client.post("/i18n/setlang/", {"language": "en"})
    page = client.get(BOARD).content.decode()
    assert '<button type="submit" class="btn" name="reason" value="不归工程部">Not' in page
    sent = {"version": repair.version, "chip": "不归工程部", "reason": "public lamp", "next": BOARD}
    client.post(reverse("repairs:repair_refuse", args=[repair.pk]), sent)
    with translation.override("zh-hans"):
        (line,) = TELLING.lines_of(Entry.objects.about(repair).filter(event="repair.refused"))
        assert line.words == "原因 不归工程部, public lamp"
    with translation.override("en"):
        assert reasons.told("不归工程部, public lamp").startswith("Not")
        assert reasons.told("别的原因") == "别的原因"


def test_polling_an_unchanged_board_answers_304(crew, recent, as_):
    repair = crew.slip(Status.DISPATCHED, now=recent)
    client = as_(crew.dispatcher)
    first = client.get(BOARD, headers={"HX-Request": "true"})
    assert "<html" not in first.content.decode()
    headers = {"HX-Request": "true", "If-None-Match": first["ETag"]}
    assert client.get(BOARD, headers=headers).status_code == 304
    client.post(reverse("repairs:repair_accept", args=[repair.pk]))
    assert client.get(BOARD, headers=headers).status_code == 200


def test_filters_narrow_the_board(crew, recent, as_):
    crew.slip(Status.DISPATCHED, now=recent)
    power = crew.slip(Status.DISPATCHED, now=recent, category="power", unit=None)
    client = as_(crew.dispatcher)
    assert columns(client.get(f"{BOARD}?category=power").content.decode())["new"] == [power.pk]
    assert len(columns(client.get(f"{BOARD}?building=3").content.decode())["new"]) == 1
    assert len(columns(client.get(f"{BOARD}?category=x").content.decode())["new"]) == 2


def test_more_cards_ask_no_more_questions(crew, recent, as_, django_assert_max_num_queries):
    client = as_(crew.dispatcher)
    crew.slip(Status.DISPATCHED, now=recent)
    client.get(BOARD)
    for _ in range(2):
        with django_assert_max_num_queries(10):
            client.get(BOARD)
        crew.slip(Status.DISPATCHED, now=recent)
        crew.slip(Status.IN_PROGRESS, now=recent)
