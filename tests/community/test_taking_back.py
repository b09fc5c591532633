"""A paper typed in for the wrong room is taken back, so that the household itself can answer."""

import pytest
from django.core.exceptions import ValidationError

from community import followups
from community.actions import fieldwork, returns, suggestions
from community.models import Answer, Channel, HandOut, Suggestion
from followups.models import FollowUp
from history.models import Entry
from tests.community.conftest import give


@pytest.fixture
def typed(the_form, desk, now):
    """The household's form as the desk typed it in, with a suggestion."""
    give(the_form, 2, by=desk, now=now, suggestion="加座椅")
    the_form.refresh_from_db()
    return the_form


@pytest.mark.clause("SUR-2")
def test_form_taken_back_is_open_again_and_owed_again(typed, desk, now):
    row = HandOut.objects.get()
    assert not FollowUp.objects.open().about(row).exists()  # the only form came back
    suggestion = Suggestion.objects.get()
    returns.take_back(typed, by=desk, now=now)
    typed.refresh_from_db()
    assert (typed.returned_at, typed.channel, typed.entered_by) == (None, "", None)
    assert typed.sent_at is not None
    assert not Answer.objects.exists()
    assert not Suggestion.objects.exists()
    assert not FollowUp.objects.open().about(suggestion).exists()
    assert FollowUp.objects.open().about(row).get().kind == followups.COLLECT
    was = Entry.objects.about(typed).get(event="form.taken_back").detail["was"]
    assert was["suggestion"] == "加座椅"
    assert set(was["scores"].values()) == {2}
    give(typed, 5, by=desk, now=now)
    assert Answer.objects.filter(score=5).count() == 7


def test_only_who_typed_it_in_or_the_manager_takes_it_back(typed, desk2, manager, now):
    with pytest.raises(ValidationError, match="由本人或客服部经理撤回"):
        returns.take_back(typed, by=desk2, now=now)
    returns.take_back(typed, by=manager, now=now)
    assert not Answer.objects.exists()


def test_what_the_household_sent_itself_stays(the_form, manager, now):
    give(the_form, 4, by=None, now=now, channel=Channel.ONLINE)
    with pytest.raises(ValidationError, match="业户自己交的问卷不能撤回"):
        returns.take_back(the_form, by=manager, now=now)
    assert Answer.objects.filter(score=4).count() == 7


def test_nothing_is_taken_back_after_its_suggestion_was_answered_or_after_counting(
    typed, desk, manager, now
):
    suggestions.answer(Suggestion.objects.get(), by=desk, now=now, verdict="adopted", answer="好",
                       told_how="call")  # fmt: skip
    with pytest.raises(ValidationError, match="已经答复业户"):
        returns.take_back(typed, by=desk, now=now)
    fieldwork.count(typed.survey, by=manager, now=now, shortfall="提前")
    with pytest.raises(ValidationError, match="不再收问卷"):
        returns.take_back(typed, by=desk, now=now)
    assert Answer.objects.count() == 7


def test_taking_back_is_offered_beside_what_one_typed_in(typed, as_, desk, butler2):
    page = as_(desk).get(f"/surveys/{typed.survey_id}/entry/").content.decode()
    path = f"/surveys/forms/{typed.pk}/take_back/"
    assert f'action="{path}"' in page
    assert as_(butler2).post(path).status_code == 404  # another area
    answer = as_(desk).post(path, follow=True)
    assert "可以重新录入" in answer.content.decode()
    assert not Answer.objects.exists()
