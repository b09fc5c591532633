"""The pages: what they cost, what they refuse, and paper typed in by digits."""

from datetime import timedelta

import pytest

from community.actions import events, plans, suggestions, surveys
from community.models import Answer, CommunityEvent, Questionnaire, Survey
from community.statuses import SurveyStatus
from community.tokens import address_of, token_of
from community.verbs import BY_KEY
from estates.lookup import index_unit
from estates.models import Unit
from history.models import Entry


def counted(assert_queries, client, path, most):
    client.get(path)
    with assert_queries(most) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("what", ["surveys", "activities", "suggestions"])
def test_list_costs_the_same_with_one_row_and_three(
    what, as_, desk, estate, unit, survey_at, butler, manager, now, django_assert_max_num_queries
):
    def add(n):
        if what == "surveys":
            survey_at(SurveyStatus.PLANNED, title=f"征询{n}")
        elif what == "activities":
            events.add(estate=estate, plan=None, theme=f"活动{n}", owner=butler, by=butler, now=now,
                       starts_at=now + timedelta(days=n + 1))  # fmt: skip
        else:
            suggestions.take(estate=estate, content=f"建议{n}", origin="call", unit=unit,
                             said_at=now, by=manager, now=now)  # fmt: skip

    client = as_(desk)
    add(0)
    one = counted(django_assert_max_num_queries, client, f"/{what}/", 8)
    add(1)
    add(2)
    assert counted(django_assert_max_num_queries, client, f"/{what}/", 8) == one


def test_form_list_costs_the_same_whatever_the_households(
    homes, tower, survey_at, as_, desk, django_assert_max_num_queries
):
    homes(1)
    survey = survey_at(SurveyStatus.FIELD)
    path = f"/surveys/{survey.pk}/forms/"
    one = counted(django_assert_max_num_queries, as_(desk), path, 9)
    for n in range(3):
        unit = Unit.objects.create(estate=survey.estate, building=tower, room=str(n), code=f"5-{n}")
        Questionnaire.objects.create(survey=survey, unit=unit, nonce="x")
    assert counted(django_assert_max_num_queries, as_(desk), path, 9) == one


def test_survey_page_and_report_stay_within_their_queries(
    homes, tower, survey_at, as_, manager, django_assert_max_num_queries
):
    homes(3)
    homes(3, tower)
    survey = survey_at(SurveyStatus.COUNTED)
    for page, most in (("", 15), ("figures/", 12), ("figures/print/", 10)):
        path = f"/surveys/{survey.pk}/{page}"
        counted(django_assert_max_num_queries, as_(manager), path, most)


def test_records_of_the_room_stay_within_their_queries(
    the_form, estate, unit, as_, manager, desk, now, django_assert_max_num_queries
):
    suggestion = suggestions.take(estate=estate, content="加座椅", origin="call", unit=unit,
                                  said_at=now, by=desk, now=now)  # fmt: skip
    survey = the_form.survey_id
    for path in (
        f"/suggestions/{suggestion.pk}/", f"/surveys/{survey}/entry/",
        f"/surveys/forms/{the_form.pk}/link/", f"/surveys/{survey}/forms/print/",
    ):  # fmt: skip
        counted(django_assert_max_num_queries, as_(manager), path, 15)


def test_answers_are_asked_and_taken_within_their_queries(
    client, the_form, now, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    path = f"/s/{token_of(the_form)}"
    with django_assert_max_num_queries(4):
        assert client.get(path).status_code == 200
    typed = {f"q{q.pk}": "4" for q in the_form.survey.questions.all()} | {"suggestion": "加座椅"}
    with django_assert_max_num_queries(40) as captured:
        assert client.post(path, typed).status_code == 302
    assert sum("SAVEPOINT" not in query["sql"] for query in captured) <= 25


@pytest.fixture
def entry(the_form, as_, desk):
    """``entry(room="3-1-101", score="4")`` types one paper form."""
    index_unit(the_form.unit)

    def type_in(room="3-1-101", score="4", **more):
        digits = {f"q{q.pk}": score for q in the_form.survey.questions.all()}
        return as_(desk).post(
            f"/surveys/{the_form.survey_id}/entry/",
            {"room": room, "channel": "paper"} | digits | more,
        )

    return type_in


@pytest.mark.clause("SUR-2")
def test_paper_form_is_typed_in_once(entry, the_form, desk):
    assert entry().status_code == 302
    the_form.refresh_from_db()
    assert (the_form.channel, the_form.entered_by) == ("paper", desk)
    assert Answer.objects.filter(score=4).count() == 7
    again = entry(score="1")
    assert again.status_code == 422
    assert "已经收到" in again.content.decode()
    assert not Answer.objects.filter(score=1).exists()


@pytest.mark.parametrize("room", ["9-9-9", "", "'", "x" * 300])
def test_paper_form_of_an_unknown_room_keeps_what_was_typed(entry, room):
    answer = entry(room=room, opinion="灯暗")
    assert answer.status_code == 422
    assert "灯暗" in answer.content.decode()
    assert not Answer.objects.exists()


def test_paper_form_with_a_wrong_digit_is_refused(entry):
    assert entry(score="7").status_code == 422
    assert not Answer.objects.exists()


def test_stale_plan_is_answered_409_with_both_texts(survey_at, as_, manager, now):
    survey = survey_at(SurveyStatus.PLANNED)
    path = f"/surveys/{survey.pk}/edit/"
    typed = {
        "title": "我写的", "purpose": "甲", "audience": "", "starts_on": "2026-11-23",
        "ends_on": "2026-11-30", "share": "95", "version": survey.version,
    }  # fmt: skip
    fields = {name: getattr(survey, name) for name in surveys.EDITABLE}
    surveys.edit(survey, by=manager, now=now, **(fields | {"title": "同事写的"}))
    answer = as_(manager).post(path, typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "我写的" in page
    assert "同事写的" in page
    assert f'value="{survey.version}"' in page
    assert as_(manager).post(path, typed | {"version": survey.version}).status_code == 302
    assert Survey.objects.get(pk=survey.pk).title == "我写的"


def test_stale_step_is_answered_409_and_says_who(survey_at, as_, gm, now):
    survey = survey_at(SurveyStatus.SUBMITTED)
    seen = survey.version
    surveys.send_back(survey, by=gm, now=now, opinion="改问题")
    answer = as_(gm).post(f"/surveys/{survey.pk}/approve/", {"version": seen, "opinion": "同意"})
    assert answer.status_code == 409
    assert "郑总" in answer.content.decode()
    assert "同意" in answer.content.decode()


def test_step_refused_by_its_rule_is_422_and_keeps_the_words(survey_at, as_, manager, homes):
    homes(1)
    survey = survey_at(SurveyStatus.FIELD)
    answer = as_(manager).post(f"/surveys/{survey.pk}/count/", {"shortfall": "没人在家"})
    assert answer.status_code == 422
    assert "没人在家" in answer.content.decode()


def test_survey_is_planned_and_its_questions_changed_on_the_pages(as_, manager, estate):
    client = as_(manager)
    typed = {"title": "春季征询", "purpose": "听意见", "starts_on": "2030-05-01",
             "ends_on": "2030-05-20", "share": "100"}  # fmt: skip
    assert client.post("/surveys/add/", typed | {"ends_on": "2030-04-01"}).status_code == 422
    assert client.post("/surveys/add/", typed | {"share": "0"}).status_code == 422
    assert client.post("/surveys/add/", typed).status_code == 302
    survey = Survey.objects.get()
    rows = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-topic": "order",
            "form-0-text": "停车", "form-1-topic": "other", "form-1-text": "还想说什么",
            "form-1-is_free": "on"}  # fmt: skip
    assert client.post(f"/surveys/{survey.pk}/questions/", rows).status_code == 302
    assert list(survey.questions.values_list("topic", "text", "is_free")) == [
        ("order", "停车", False), ("other", "还想说什么", True),
    ]  # fmt: skip
    assert Entry.objects.about(survey).filter(event="survey.questions_set").exists()


def test_activity_is_added_and_edited_on_the_pages(as_, assistant, butler, estate):
    client = as_(assistant)
    typed = {"theme": "义诊", "starts_at": "2030-05-01T09:00", "owner": butler.pk, "budget": "800"}
    assert (
        client.post("/activities/add/", typed | {"starts_at": "2020-01-01T09:00"}).status_code
        == 422
    )
    assert client.post("/activities/add/", typed).status_code == 302
    event = CommunityEvent.objects.get()
    stale = typed | {"place": "大堂", "version": event.version + 5}
    assert client.post(f"/activities/{event.pk}/edit/", stale).status_code == 409
    fresh = typed | {"place": "大堂", "version": event.version}
    assert client.post(f"/activities/{event.pk}/edit/", fresh).status_code == 302
    event.refresh_from_db()
    assert event.place == "大堂"


def test_ticked_forms_are_marked_as_handed_out(homes, survey_at, as_, butler):
    homes(3)
    survey = survey_at(SurveyStatus.FIELD)
    first, *_others = Questionnaire.objects.filter(survey=survey).order_by("pk")
    as_(butler).post(f"/surveys/{survey.pk}/forms/sent/", {"form": [first.pk, "x"]})
    assert Questionnaire.objects.filter(sent_at__isnull=False).count() == 1
    building = first.unit.building_id
    as_(butler).post(f"/surveys/{survey.pk}/forms/sent/", {"all": "1", "building": building})
    assert Questionnaire.objects.filter(sent_at__isnull=True).count() == 0


def test_all_forms_of_a_survey_are_marked_at_once_but_only_of_the_own_area(
    homes, tower, survey_at, as_, butler, manager
):
    homes(2)
    homes(2, tower)
    survey = survey_at(SurveyStatus.FIELD)
    path = f"/surveys/{survey.pk}/forms/sent/"
    as_(butler).post(path, {"all": "1", "building": ""})
    assert Questionnaire.objects.filter(sent_at__isnull=True).count() == 2
    as_(manager).post(path, {"all": "1", "building": ""})
    assert Questionnaire.objects.filter(sent_at__isnull=True).count() == 0


def test_link_goes_out_as_words_and_is_marked_as_sent(the_form, as_, butler):
    page = as_(butler).get(f"/surveys/forms/{the_form.pk}/link/").content.decode()
    assert "3栋1单元101业户, 您好! 请您给亚美花园的服务打分" in page
    assert address_of(the_form) in page
    assert f"needs no login: {address_of(the_form)}?lang=en" in page
    as_(butler).post(f"/surveys/{the_form.survey_id}/forms/sent/", {"form": the_form.pk})
    the_form.refresh_from_db()
    assert the_form.sent_by == butler


def test_timeline_says_what_its_numbers_count(homes, survey_at, as_, manager):
    homes(3)
    survey = survey_at(SurveyStatus.COUNTED)
    page = as_(manager).get(f"/surveys/{survey.pk}/").content.decode()
    assert "已入住 3 户 · 应发 3 份" in page
    assert "实发 3 份 · 回收 3 份" in page


def test_plan_offers_the_wishes_first_and_its_submission_after_them(assistant, estate, now):
    plan = plans.begin(estate=estate, year=2027, half=1, by=assistant, now=now)

    def offered():
        return [verb.key for verb in BY_KEY["plan"].verbs_for(assistant, plan)]

    assert offered() == ["add_wish", "end_wishes"]
    plans.add_wish(plan, what="游园", households=3, by=assistant, now=now)
    plans.end_wishes(plan, asked=9, by=assistant, now=now)
    assert offered() == ["submit"]


@pytest.mark.parametrize("path", ["/surveys/", "/suggestions/", "/activities/"])
def test_rail_shows_where_one_is_in_the_whole_room(as_, desk, path):
    page = as_(desk).get(path).content.decode()
    assert '<a href="/surveys/" aria-current="page">' in page
