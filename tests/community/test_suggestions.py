"""Suggestions: collected from calls, visits and surveys, each owed an answer (VIS-3)."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from community import followups
from community.actions import suggestions
from community.due import open_due
from community.models import Suggestion, Told
from community.models.suggestions import Origin, Verdict
from followups.models import FollowUp
from tests.community.conftest import give
from tests.conftest import at
from visits.models import Visit


def take(estate, *, by, now, **fields):
    fields = {"content": "多装两把长椅", "origin": Origin.CALL, "said_at": now} | fields
    return suggestions.take(estate=estate, by=by, now=now, **fields)


def owed(suggestion):
    return FollowUp.objects.open().about(suggestion).first()


@pytest.mark.clause("VIS-3")
def test_suggestion_owes_an_answer_of_the_areas_butler(estate, unit, butler, desk, now):
    suggestion = take(estate, by=desk, now=now, unit=unit)
    row = owed(suggestion)
    assert (row.kind, row.owner, row.unit) == (followups.SUGGESTION, butler, unit)
    assert row.limit_key == "suggestions.answer"
    assert row.due_at > now
    suggestions.answer(
        suggestion,
        by=butler,
        now=now,
        verdict=Verdict.ADOPTED,
        answer="下月安装",
        told_how=Told.CALL,
    )
    assert owed(suggestion) is None
    suggestion.refresh_from_db()
    assert (suggestion.status, suggestion.answered_by) == ("answered", butler)


@pytest.mark.clause("VIS-3")
def test_suggestion_without_a_room_is_the_desks(estate, desk, now):
    assert owed(take(estate, by=desk, now=now)).owner_post == "front_desk"


@pytest.mark.parametrize("content", ["", "  \n", "说" * 2001])
def test_suggestion_without_words_or_too_long_is_refused(estate, desk, now, content):
    with pytest.raises(ValidationError):
        take(estate, by=desk, now=now, content=content)
    assert not Suggestion.objects.exists()


def test_answer_without_words_is_refused(estate, desk, now):
    suggestion = take(estate, by=desk, now=now)
    with pytest.raises(ValidationError):
        suggestions.answer(
            suggestion, by=desk, now=now, verdict=Verdict.ADOPTED, answer=" ", told_how=Told.CALL
        )
    assert owed(suggestion)


def test_answer_that_did_not_satisfy_is_owed_again_and_counted(estate, desk, now):
    suggestion = take(estate, by=desk, now=now)
    suggestions.answer(
        suggestion, by=desk, now=now, verdict=Verdict.NOT_NOW, answer="没预算", told_how=Told.CALL
    )
    suggestions.reopen(suggestion, by=desk, now=now, reason="业户再问")
    assert suggestion.reopened == 1
    assert owed(suggestion)
    suggestions.answer(
        suggestion, by=desk, now=now, verdict=Verdict.PARTLY, answer="装一把", told_how=Told.CALL
    )
    assert Suggestion.objects.get().answer == "装一把"


def test_second_answer_at_the_same_moment_hears_who_was_faster(estate, desk, desk2, now):
    suggestion = take(estate, by=desk, now=now)
    stale = Suggestion.objects.get(pk=suggestion.pk)
    suggestions.answer(
        suggestion, by=desk, now=now, verdict=Verdict.ADOPTED, answer="好", told_how=Told.CALL
    )
    with pytest.raises(ValidationError) as refusal:
        suggestions.answer(
            stale, by=desk2, now=now, verdict=Verdict.NOT_NOW, answer="不", told_how=Told.CALL
        )
    assert refusal.value.code == "stale"


@pytest.mark.clause("VIS-3")
def test_answer_says_how_the_resident_was_told(estate, unit, desk, as_, now):
    suggestion = take(estate, by=desk, now=now, unit=unit)
    path = f"/suggestions/{suggestion.pk}/"
    words = {"verdict": "adopted", "answer": "下月安装"}
    refused = as_(desk).post(f"{path}answer/", words)
    assert refused.status_code == 422
    assert "先告诉业户, 再记答复" in refused.content.decode()
    assert "下月安装" in refused.content.decode()
    assert owed(suggestion) is not None
    assert as_(desk).post(f"{path}answer/", words | {"told_how": "call"}).status_code == 302
    page = as_(desk).get(path).content.decode()
    assert "电话告知" in page
    assert f'href="/unit/{unit.pk}/"' in page
    assert owed(suggestion) is None


@pytest.mark.clause("VIS-3")
def test_visit_and_survey_bring_their_suggestions_once(
    the_form, estate, unit, butler, manager, now
):
    Visit.objects.create(
        estate=estate, unit=unit, butler=butler, period="2026-11", planned_for=now.date(),
        opened_at=now, status="visited", visited_on=now.date(), happened_at=now, received_at=now,
        recorded_by=butler, suggestion="加晾衣架",
    )  # fmt: skip
    give(the_form, 4, by=manager, now=now, suggestion="加座椅")
    open_due(now)
    open_due(now)
    found = Suggestion.objects.order_by("content").values_list("content", "origin")
    assert list(found) == [("加座椅", "survey"), ("加晾衣架", "visit")]
    assert FollowUp.objects.open().filter(kind=followups.SUGGESTION).count() == 2


@pytest.mark.clause("VIS-3")
def test_call_that_carries_a_suggestion_keeps_it_beside_the_slip(as_, desk, unit, resident):
    key = uuid4()
    typed = {
        "client_key": key, "unit": unit.pk, "resident": resident.pk, "content": "厨房漏水",
        "suggestion": "门口加个信箱", "do": "save",
    }  # fmt: skip
    for _press in range(2):
        as_(desk).post("/intake/", typed)
    suggestion = Suggestion.objects.get()
    assert (suggestion.content, suggestion.unit, suggestion.name, suggestion.phone) == (
        "门口加个信箱", unit, "王秀梅", "",
    )  # fmt: skip
    assert suggestion.taken_by == desk


def test_list_counts_by_topic_and_finds_by_words(estate, desk, as_, now):
    for topic in ("order", "order", "greening"):
        take(estate, by=desk, now=now, topic=topic, content=f"关于{topic}")
    first = Suggestion.objects.filter(topic="order").first()
    suggestions.answer(
        first, by=desk, now=now, verdict=Verdict.ADOPTED, answer="好", told_how=Told.CALL
    )
    page = as_(desk).get("/suggestions/")
    assert page.context["topics"] == [("秩序", "order", 2, 1, 1), ("绿化", "greening", 1, 1, 0)]
    found = as_(desk).get("/suggestions/", {"q": "greening", "state": "open"})
    assert [row.topic for row in found.context["suggestions"]] == ["greening"]


def test_list_pages_through_suggestions_of_the_same_moment(estate, desk, as_, now):
    for n in range(27):
        take(estate, by=desk, now=now, content=f"第{n}条")
    first = as_(desk).get("/suggestions/")
    second = as_(desk).get("/suggestions/", {"before": first.context["older"]})
    seen = [row.pk for page in (first, second) for row in page.context["suggestions"]]
    assert len(seen) == len(set(seen)) == 27


def test_butler_sees_those_of_the_own_area(estate, unit, butler, butler2, desk, as_, now):
    suggestion = take(estate, by=desk, now=now, unit=unit)
    assert as_(butler).get(f"/suggestions/{suggestion.pk}/").status_code == 200
    assert as_(butler2).get(f"/suggestions/{suggestion.pk}/").status_code == 404
    assert at("2026-11-23 15:00") == suggestion.said_at
