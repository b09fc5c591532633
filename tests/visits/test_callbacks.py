"""Call-backs that were drawn: who may call, the ladder, exactly once (VIS-2, VIS-5)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from followups.models import FollowUp
from history.models import Entry
from notifications.models import Message
from tests.visits.factories import owed_callback
from visits import actions
from visits.actions.callbacks import next_step
from visits.models import CallbackState


@pytest.fixture
def callback(estate, desk, now):
    return owed_callback(estate, by=desk, now=now)


def due(callback):
    return timezone.localtime(FollowUp.objects.open().about(callback).get().due_at)


@pytest.mark.clause("VIS-5")
def test_whoever_handled_it_does_not_ask_how_it_was(callback, desk, desk2, now):
    terms = {"satisfaction": "satisfied", "client_key": uuid4(), "now": now}
    with pytest.raises(ValidationError, match="您办的"):
        actions.call_back(callback, by=desk, **terms)
    with pytest.raises(ValidationError, match="您办的"):
        actions.no_answer(callback, client_key=uuid4(), by=desk, now=now)
    actions.call_back(callback, by=desk2, **terms)
    callback.refresh_from_db()
    assert (callback.state, callback.called_by) == (CallbackState.DONE, desk2)


def test_butler_of_the_area_owes_it_unless_he_handled_it(estate, unit, butler, desk, now):
    of_desk = owed_callback(estate, by=desk, now=now, unit=unit)
    of_butler = owed_callback(estate, by=butler, now=now, unit=unit)
    assert FollowUp.objects.open().about(of_desk).get().owner == butler
    assert FollowUp.objects.open().about(of_butler).get().owner is None


@pytest.mark.clause("VIS-5")
def test_ladder_is_other_hour_next_day_message_then_unreachable(callback, desk2, now):
    terms = {"by": desk2, "now": now}
    with pytest.raises(ValidationError, match="换个时段"):
        actions.give_up(callback, client_key=uuid4(), **terms)
    actions.no_answer(callback, client_key=uuid4(), **terms)
    assert due(callback) == timezone.localtime(now + timedelta(hours=2))
    actions.no_answer(callback, client_key=uuid4(), **terms)
    assert (due(callback).day, due(callback).hour) == (24, 10)
    assert next_step(callback, now=now) == "message"
    with pytest.raises(ValidationError, match="再发一条消息"):
        actions.give_up(callback, client_key=uuid4(), **terms)
    actions.no_answer(callback, client_key=uuid4(), message="王女士您好, 请回电", **terms)
    assert next_step(callback, now=now) == "give_up"
    assert callback.tries.last().message == "王女士您好, 请回电"
    actions.give_up(callback, client_key=uuid4(), **terms)
    callback.refresh_from_db()
    assert callback.state == CallbackState.UNREACHABLE
    assert not FollowUp.objects.open().about(callback).exists()


def test_same_key_again_changes_nothing(callback, desk2, now):
    key, try_key = uuid4(), uuid4()
    for hours in range(3):
        later = now + timedelta(hours=hours)
        actions.no_answer(callback, client_key=try_key, by=desk2, now=later, kept=True)
    assert callback.tries.count() == 1
    for hours in range(3):
        actions.call_back(callback, satisfaction="fair", client_key=key, by=desk2, kept=True,
                          now=now + timedelta(hours=hours))  # fmt: skip
    callback.refresh_from_db()
    assert callback.received_at == now
    assert Entry.objects.about(callback).filter(event="callback.done").count() == 1


def test_answer_that_waited_on_a_phone_is_attached(callback, desk2, assistant, now):
    actions.call_back(callback, satisfaction="satisfied", client_key=uuid4(), by=assistant, now=now)
    key = uuid4()
    for _again in range(3):
        actions.call_back(callback, satisfaction="dissatisfied", client_key=key, by=desk2,
                          now=now, kept=True)  # fmt: skip
    callback.refresh_from_db()
    assert callback.satisfaction == "satisfied"
    attached = Entry.objects.about(callback).filter(event="callback.attached")
    assert [entry.detail["satisfaction"] for entry in attached] == ["dissatisfied"]
    with pytest.raises(ValidationError, match="赵静"):
        actions.call_back(
            callback, satisfaction="dissatisfied", client_key=uuid4(), by=desk2, now=now
        )


def test_dissatisfied_is_told_to_the_superior(callback, desk2, assistant, now):
    actions.call_back(callback, satisfaction="dissatisfied", client_key=uuid4(), by=desk2, now=now)
    assert Message.objects.filter(
        recipient=assistant, key=f"callback:{callback.pk}:unhappy"
    ).exists()


def test_review_is_by_somebody_else(callback, desk2, assistant, now):
    actions.call_back(callback, satisfaction="fair", client_key=uuid4(), by=desk2, now=now)
    with pytest.raises(ValidationError, match="自己"):
        actions.review_callback(callback, text="", by=desk2, now=now)
    actions.review_callback(callback, text="属实", by=assistant, now=now)
    callback.refresh_from_db()
    assert callback.review == "属实"


def test_giving_up_twice_or_too_late_is_never_stuck_on_the_phone(callback, desk2, assistant, now):
    """The outbox sends until it is taken: the same again, and what a colleague was faster with."""
    for message in (None, None, "请回电"):
        actions.no_answer(callback, client_key=uuid4(), by=desk2, now=now, message=message)
    key = uuid4()
    for _again in range(3):
        actions.give_up(callback, client_key=key, by=desk2, now=now, kept=True)
        callback.refresh_from_db()
    assert Entry.objects.about(callback).filter(event="callback.unreachable").count() == 1
    late = uuid4()
    for _again in range(3):
        actions.give_up(callback, client_key=late, by=assistant, now=now, kept=True)
    assert Entry.objects.about(callback).filter(event="callback.attached").count() == 1
    with pytest.raises(ValidationError, match="已记过结果"):
        actions.give_up(callback, client_key=uuid4(), by=assistant, now=now)


@pytest.mark.clause("VIS-5")
def test_what_is_owed_is_told_in_the_reader_s_language_whoever_wrote_it(estate, unit, desk, now):
    """Our own words in a title are stored as msgids, not in the language of whoever opened it."""
    with translation.override("en"):
        callback = owed_callback(estate, by=desk, now=now, unit=unit)
    (row,) = FollowUp.objects.open().about(callback)
    with translation.override("en"):
        assert row.text.startswith("Call-back (Help requests): 3-2-1102")
    with translation.override("zh-hans"):
        assert row.text.startswith("求助回访: 3-2-1102")


@pytest.mark.clause("VIS-5")
def test_late_result_is_told_in_words_not_codes(as_, estate, unit, desk, desk2, assistant, now):
    callback = owed_callback(estate, by=assistant, now=now, unit=unit)
    page = f"/callbacks/{callback.pk}/"
    sent = {"outcome": "satisfied", "method": "phone"}
    as_(desk2).post(page, sent | {"client_key": str(uuid4())})
    late = sent | {"outcome": "dissatisfied", "weak_points": "来晚了", "kept": "on"}
    as_(desk).post(page, late | {"client_key": str(uuid4())})
    (line,) = as_(desk).get(page).context["attached"]
    assert (line.who, line.words) == ("张敏", "不满意 · 缺点与不足 来晚了 · 回访方式 电话")
