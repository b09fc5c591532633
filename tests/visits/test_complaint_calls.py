"""Complaint call-backs from the phone: the ladder, exactly once, never lost (VIS-5, CMP-2)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from complaints import actions as complaints
from complaints.statuses import Status
from complaints.timeline import TELLING
from history.models import Entry
from tests.visits.factories import replied_complaint

HX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def complaint(estate, unit, resident, desk, assistant, butler, now):
    return replied_complaint(estate, unit, desk=desk, assistant=assistant, now=now)


def address(complaint):
    return f"/callbacks/complaints/{complaint.pk}/"


def sent(outcome, **more):
    return {"client_key": str(uuid4()), "outcome": outcome} | more


@pytest.mark.clause("CMP-2")
def test_answer_that_is_sent_often_is_one_call_back(as_, butler, complaint):
    at = (timezone.now() - timedelta(minutes=40)).isoformat()
    data = sent("satisfied", kept="on", account=butler.pk, happened_at=at)
    for _again in range(4):
        answer = as_(butler).post(address(complaint), data, **HX)
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/callbacks/")
    complaint.refresh_from_db()
    assert (complaint.status, complaint.satisfaction) == (Status.CALLED_BACK, "satisfied")
    assert complaint.callbacks.count() == 1
    assert not Entry.objects.filter(event="complaint.callback_attached").exists()
    assert "补传" in as_(butler).get(f"/complaints/{complaint.pk}/").content.decode()


@pytest.mark.clause("VIS-5")
def test_ladder_ends_with_a_message_before_giving_up(as_, butler, complaint):
    client = as_(butler)

    def offered():
        field = client.get(address(complaint)).context["form"].fields["outcome"]
        return [value for value, _label in field.widget.choices][-1]

    for step in ("no_answer", "no_answer", "message"):
        assert offered() == step
        client.post(
            address(complaint),
            sent(step, message="王女士您好, 请回电" if step == "message" else ""),
        )
    assert offered() == "give_up"
    client.post(address(complaint), sent("give_up"))
    complaint.refresh_from_db()
    assert (complaint.status, complaint.satisfaction) == (Status.CALLED_BACK, "")
    assert complaint.callbacks.filter(message="王女士您好, 请回电", by=butler).count() == 1


@pytest.mark.clause("VIS-5")
def test_whoever_handled_it_is_not_asked_to_call(as_, assistant, desk, complaint):
    page = as_(assistant).get("/callbacks/").content.decode()
    assert f'href="{address(complaint)}"' not in page
    assert "由别的同事回访" in as_(assistant).get(address(complaint)).content.decode()
    assert as_(assistant).post(address(complaint), sent("satisfied")).status_code == 422
    assert f'href="{address(complaint)}"' in as_(desk).get("/callbacks/").content.decode()


def test_dissatisfied_needs_a_word_while_one_can_be_asked(as_, desk, complaint):
    assert as_(desk).post(address(complaint), sent("dissatisfied")).status_code == 422
    as_(desk).post(address(complaint), sent("dissatisfied", note="又占了"))
    complaint.refresh_from_db()
    assert (complaint.status, complaint.reopenings) == (Status.PROCESSING, 1)


def test_dissatisfied_that_waited_opens_the_complaint_without_a_word(as_, butler, complaint):
    as_(butler).post(address(complaint), sent("dissatisfied", kept="on"), **HX)
    complaint.refresh_from_db()
    assert (complaint.status, complaint.reopenings) == (Status.PROCESSING, 1)


@pytest.mark.parametrize("outcome", ["dissatisfied", "no_answer", "nonsense"])
def test_record_that_came_too_late_or_cannot_be_read_is_kept_once(
    as_, butler, desk, complaint, outcome
):
    if outcome != "nonsense":
        complaints.call_back(complaint, satisfaction="satisfied", client_key=uuid4(), by=desk,
                             now=timezone.now())  # fmt: skip
    data = sent(outcome, kept="on", note="还在占")
    for _again in range(3):
        assert as_(butler).post(address(complaint), data, **HX).status_code == 204
    kept = Entry.objects.get(event="complaint.callback_attached")
    assert kept.detail["note"] == "还在占"
    said = {"dissatisfied": "不满意", "no_answer": "没打通"}.get(outcome, outcome)
    (line,) = TELLING.lines_of([kept])
    assert line.words.startswith(f"{said} · 还在占")


def test_record_of_another_account_is_not_taken(as_, butler, desk, complaint):
    data = sent("satisfied", kept="on", account=butler.pk)
    assert as_(desk).post(address(complaint), data, **HX).status_code == 409
    assert not complaint.callbacks.exists()


def test_page_says_when_a_colleague_was_faster(as_, butler, desk, complaint):
    as_(desk).post(address(complaint), sent("satisfied"))
    answer = as_(butler).post(address(complaint), sent("fair", note="写了"))
    assert answer.status_code in (409, 422)
    assert "写了" in answer.content.decode()
    assert "不用回访" in as_(butler).get(address(complaint)).content.decode()


def test_page_stays_within_its_queries(as_, butler, complaint, django_assert_max_num_queries):
    client = as_(butler)
    client.get(address(complaint))
    with django_assert_max_num_queries(15):
        client.get(address(complaint))
