"""The public link: guess-proof, once, until the end, and nothing stored wrongly."""

import pytest
from django.test import Client

from community.actions import returns, surveys
from community.models import Answer, LinkTry, Questionnaire, Suggestion
from community.statuses import SurveyStatus
from community.throttle import SENDINGS, WRONG_LINKS
from community.tokens import address_of, form_of, new_nonce, token_of
from tests.community.conftest import give
from tests.conftest import at


@pytest.fixture(autouse=True)
def clock(monkeypatch, now):
    """The house's clock stands at ``now``; ``clock("2026-12-01 00:00")`` moves it."""

    def stand(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    stand(now)
    return lambda text: stand(at(text))


@pytest.fixture
def visitor():
    """Somebody without an account."""
    return Client(enforce_csrf_checks=True, headers={"origin": "null"})


def page_of(form):
    return f"/s/{token_of(form)}"


def all_answered(form, score="5", **more):
    return {f"q{q.pk}": score for q in form.survey.questions.all()} | more


def test_link_opens_without_login_in_chinese_and_is_not_indexed(visitor, the_form):
    page = visitor.get(page_of(the_form), headers={"accept-language": "en"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "2026年秋季意见征询" in text
    assert "很满意" in text
    assert "11月30日当天还可以填" in text
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert "<script" not in text


def test_link_with_its_language_asks_thanks_and_refuses_in_english(visitor, the_form):
    page = visitor.get(f"{page_of(the_form)}?lang=en").content.decode()
    assert '<html lang="en">' in page
    assert "Very satisfied" in page
    assert "Care of green areas" in page  # a usual question
    assert "2026年秋季意见征询" in page  # what the manager wrote stays as it was written
    answer = visitor.post(f"{page_of(the_form)}?lang=en", {"opinion": "good"})
    assert "Choose at least one" in answer.content.decode()
    done = visitor.post(f"{page_of(the_form)}?lang=en", all_answered(the_form))
    assert done["Location"] == f"{page_of(the_form)}?lang=en"
    assert "Thank you" in visitor.get(done["Location"]).content.decode()
    assert "This link is not correct" in visitor.get("/s/x?lang=en").content.decode()


@pytest.mark.parametrize("tail", ["/", "。", ")", "， "])
def test_link_copied_with_the_sign_behind_it_still_opens(visitor, the_form, tail):
    assert visitor.get(page_of(the_form) + tail).status_code == 200


def test_answer_is_kept_once_and_thanked(visitor, the_form):
    answer = visitor.post(
        page_of(the_form), all_answered(the_form, opinion="保洁好", suggestion="加座椅")
    )
    assert (answer.status_code, answer["Location"]) == (302, page_of(the_form))
    thanks = visitor.get(answer["Location"])  # a page that can be reloaded without sending again
    assert thanks.status_code == 200
    assert "谢谢您" in thanks.content.decode()
    the_form.refresh_from_db()
    assert (the_form.channel, the_form.opinion, the_form.entered_by) == ("online", "保洁好", None)
    assert the_form.sent_at is not None
    assert Answer.objects.filter(questionnaire=the_form, score=5).count() == 7
    suggestion = Suggestion.objects.get()
    assert (suggestion.content, suggestion.unit, suggestion.origin) == (
        "加座椅",
        the_form.unit,
        "survey",
    )


def test_second_opening_thanks_and_takes_nothing(visitor, the_form):
    visitor.post(page_of(the_form), all_answered(the_form))
    again = visitor.get(page_of(the_form))
    assert again.status_code == 200
    assert "已经收到" in again.content.decode()
    assert "<form" not in again.content.decode()
    second = visitor.post(page_of(the_form), all_answered(the_form, "1", opinion="改了"))
    assert second.status_code == 409
    assert "没有存下" in second.content.decode()
    assert "改了" in second.content.decode()  # what the second one wrote is not lost for him
    the_form.refresh_from_db()
    assert the_form.opinion == ""
    assert set(Answer.objects.values_list("score", flat=True)) == {5}


@pytest.mark.parametrize(
    "guess",
    [
        "x",
        "1",
        "1-AAAAAAAAAAAAAAAAAAAAAA",
        "zzzzzzzzzzz-AAAAAAAAAAAAAAAAAAAAAA",
        "'--",
        "%00",
        "1-" + "A" * 5000,
        "1-AAAAAAAAAAAAAAAAAAAAAA/forms",
        "../surveys",
    ],
)
def test_guess_opens_nothing(visitor, the_form, guess):
    answer = visitor.get(f"/s/{guess}")
    assert answer.status_code == 404
    text = answer.content.decode()
    assert "链接不对" in text
    assert the_form.unit.code not in text
    assert visitor.post(f"/s/{guess}", all_answered(the_form)).status_code == 404
    assert not Answer.objects.exists()


def test_link_of_one_household_does_not_open_anothers(homes, survey_at, visitor):
    homes(2)
    survey_at(SurveyStatus.FIELD)
    mine, other = Questionnaire.objects.order_by("pk")
    stolen = f"{token_of(other).split('-')[0]}-{token_of(mine).split('-', 1)[1]}"
    assert form_of(stolen) is None
    assert form_of(token_of(mine)) == mine


def test_token_cannot_be_made_from_the_database_alone(the_form, settings):
    ours = token_of(the_form)
    settings.SECRET_KEY = "another house's key, long enough to be one"
    assert token_of(the_form) != ours


def test_renewed_link_voids_the_old_one(visitor, the_form, manager, now):
    old = page_of(the_form)
    returns.renew_link(the_form, by=manager, now=now)
    assert visitor.get(old).status_code == 404
    assert visitor.get(page_of(the_form)).status_code == 200


def test_link_ends_with_the_last_day_of_the_survey(visitor, the_form, clock):
    clock("2026-11-30 23:59")
    assert visitor.get(page_of(the_form)).status_code == 200
    clock("2026-12-01 00:00")
    ended = visitor.get(page_of(the_form))
    assert ended.status_code == 410
    assert "已经结束" in ended.content.decode()
    late = visitor.post(page_of(the_form), all_answered(the_form, suggestion="加装快递柜"))
    assert late.status_code == 410
    assert "加装快递柜" in late.content.decode()
    assert not Answer.objects.exists()


def test_link_of_a_cancelled_survey_has_ended(visitor, the_form, manager, now):
    surveys.cancel(the_form.survey, by=manager, now=now, reason="台风")
    assert visitor.get(page_of(the_form)).status_code == 410


def test_ten_thousand_characters_are_refused_and_kept_on_the_page(visitor, the_form):
    text = "说" * 10_000
    answer = visitor.post(page_of(the_form), all_answered(the_form, opinion=text))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "最多 1000 字, 现在有 10000 字" in page
    assert text in page
    the_form.refresh_from_db()
    assert the_form.returned_at is None
    assert not Answer.objects.exists()


def test_script_is_kept_as_the_words_it_is_and_never_runs(visitor, as_, the_form, manager):
    text = "<script>alert(1)</script><b>好</b>"
    assert visitor.post(page_of(the_form), all_answered(the_form, opinion=text)).status_code == 302
    again = visitor.post(page_of(the_form), {"opinion": text}).content.decode()
    assert "<script" not in again
    the_form.refresh_from_db()
    assert the_form.opinion == text
    page = as_(manager).get(f"/surveys/{the_form.survey_id}/figures/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("value", ["6", "0", "-1", "5.5", "五", "1'; DROP TABLE", "\0"])
def test_level_that_does_not_exist_is_refused(visitor, the_form, value):
    question = the_form.survey.questions.first()
    answer = visitor.post(page_of(the_form), all_answered(the_form) | {f"q{question.pk}": value})
    assert answer.status_code == 422
    assert not Answer.objects.exclude(score__in=[1, 2, 3, 4, 5]).exists()


def test_empty_form_is_refused(visitor, the_form):
    answer = visitor.post(page_of(the_form), {"opinion": "只写意见"})
    assert answer.status_code == 422
    assert "至少选一项" in answer.content.decode()
    assert "只写意见" in answer.content.decode()


def test_answers_to_questions_of_another_survey_are_not_taken(visitor, the_form, survey_at):
    other = survey_at(SurveyStatus.PLANNED)
    foreign = {f"q{q.pk}": "1" for q in other.questions.all()}
    visitor.post(page_of(the_form), all_answered(the_form) | foreign)
    assert Answer.objects.exclude(question__survey=the_form.survey).count() == 0


def test_many_wrong_links_from_one_address_are_stopped_but_a_right_one_still_opens(
    visitor, the_form
):
    for _n in range(WRONG_LINKS):
        assert visitor.get("/s/1-AAAAAAAAAAAAAAAAAAAAAA").status_code == 404
    assert visitor.get("/s/1-AAAAAAAAAAAAAAAAAAAAAA").status_code == 429
    assert visitor.get(page_of(the_form)).status_code == 200
    assert not LinkTry.objects.filter(digest__contains="127.0").exists()


def test_many_sendings_from_one_address_are_stopped_until_the_next_window(visitor, the_form, clock):
    for _n in range(SENDINGS):
        assert visitor.post(page_of(the_form), {}).status_code == 422
    refused = visitor.post(page_of(the_form), all_answered(the_form, opinion="保洁好"))
    assert refused.status_code == 429
    assert "请等十分钟" in refused.content.decode()
    assert "保洁好" in refused.content.decode()
    assert refused.content.decode().count(" checked") == 7
    assert not Answer.objects.exists()
    clock("2026-11-23 15:10")
    assert visitor.post(page_of(the_form), all_answered(the_form)).status_code == 302
    assert LinkTry.objects.count() == 1  # those of the window before are gone


def test_paper_that_came_first_leaves_the_link_nothing_to_take(visitor, the_form, manager, now):
    give(the_form, 3, by=manager, now=now)
    answer = visitor.post(page_of(the_form), all_answered(the_form))
    assert answer.status_code == 409
    assert set(Answer.objects.values_list("score", flat=True)) == {3}


def test_address_leads_to_the_public_url(the_form, settings):
    settings.PUBLIC_URL = "https://kefu.example"
    assert address_of(the_form).startswith("https://kefu.example/s/")
    assert len({new_nonce() for _n in range(50)}) == 50


def test_every_paper_form_carries_its_own_code(homes, survey_at, as_, desk):
    homes(3)
    survey = survey_at(SurveyStatus.FIELD)
    page = as_(desk).get(f"/surveys/{survey.pk}/forms/print/").content.decode()
    assert page.count("a4-portrait survey-paper") == 3
    codes = {part.split('"')[0] for part in page.split('src="data:image/svg+xml')[1:]}
    assert len(codes) == 3
