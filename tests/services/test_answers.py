"""Answer cards: never "I don't know", extended by the desk, shown beside the intake (MAN-7)."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from contacts import actions as contacts
from contacts.models import Outcome
from followups.models import FollowUp
from history.models import Entry
from repairs.models import Category
from services import answers
from services.models import AnswerCard

CARD = {
    "category": "water", "question": "水黄怎么办", "answer": "先放两分钟, 我让师傅来看",
    "never": "不说水质没问题", "ask": "工程部经理", "words": "黄水", "is_active": True,
}  # fmt: skip


@pytest.fixture
def card(db, desk, now):
    AnswerCard.objects.all().delete()
    return answers.add_card(by=desk, now=now, **CARD)


@pytest.mark.clause("MAN-7")
def test_every_category_of_the_intake_has_a_card_to_show(db):
    AnswerCard.objects.all().delete()
    answers.seed_cards()
    assert dict(answers.CATEGORIES).keys() - {""} == set(Category.values)
    for value, label in Category.choices:
        assert dict(answers.CATEGORIES)[value] == label
        assert answers.cards_for(value)[0].category == value


@pytest.mark.clause("MAN-7")
@pytest.mark.parametrize("words", ["这个我不知道", "不清楚, 您问别人", "包在我身上"])
def test_card_that_teaches_forbidden_words_is_refused(desk, now, db, words):
    with pytest.raises(ValidationError, match="不对业户说"):
        answers.add_card(by=desk, now=now, **(CARD | {"question": "x", "answer": words}))


def test_shipped_cards_keep_the_rule_themselves(db):
    for _category, _question, answer, *_rest in answers.SAMPLES:
        assert not [word for word in answers.FORBIDDEN if word in answer]


@pytest.mark.clause("MAN-7")
def test_intake_shows_the_cards_of_the_category_by_one_query(
    card, as_, desk, django_assert_max_num_queries
):
    client = as_(desk)
    client.get("/intake/answers/")
    with django_assert_max_num_queries(3):  # session, person, cards
        page = client.get("/intake/answers/", {"category": "water"}).content.decode()
    assert "水黄怎么办" in page
    assert "不说水质没问题" in page
    assert (
        "水黄怎么办" not in client.get("/intake/answers/", {"category": "power"}).content.decode()
    )
    assert "data-answers" in client.get("/intake/").content.decode()


def test_search_finds_by_question_answer_and_key_words(card):
    for text in ("水黄", "两分钟", "黄水", "师傅 黄水"):
        assert answers.cards_for("power", text) == [card]
    assert answers.cards_for("water", "电梯") == []


def test_search_finds_a_card_whose_key_word_stands_in_the_callers_sentence(card):
    assert answers.cards_for("power", "我家水龙头流黄水怎么回事") == [card]
    assert answers.cards_for("power", "我家水龙头关不上") == []


def test_intake_without_a_card_says_what_to_say_instead(card, as_, desk):
    page = (
        as_(desk).get("/intake/answers/", {"category": "power", "q": "没有的词"}).content.decode()
    )
    assert "给您回电话" in page
    assert "data-owe-answer" in page  # one press to something owed
    assert "/services/answers/add/?q=%E6%B2%A1%E6%9C%89%E7%9A%84%E8%AF%8D" in page


@pytest.mark.clause("MAN-7")
@pytest.mark.parametrize(
    "said", ["不知道", "我们不清楚, 问别人吧", "这个不归我们管", "抱歉, 我也不知道"]
)
def test_call_does_not_end_in_not_knowing_but_in_a_call_back_that_is_owed(
    desk, estate, unit, now, said
):
    contact = contacts.start(
        uuid4(), estate=estate, by=desk, now=now, source="phone", phone="13912341234", unit=unit,
        text="有线电视没信号",
    )  # fmt: skip
    with pytest.raises(ValidationError, match="先记待回电"):
        contacts.finish(contact, outcome=Outcome.ANSWERED, answer=said, by=desk, now=now)
    contact.refresh_from_db()
    assert contact.outcome == ""
    contacts.finish(contact, outcome=Outcome.CALL_BACK, by=desk, now=now)
    assert FollowUp.objects.open().about(contact).get().kind == "contacts.call_back"


@pytest.mark.parametrize("said", ["业户不知道密码, 教了重置", "已告诉他停水原因不清楚时看公告"])
def test_answer_that_speaks_of_the_residents_not_knowing_is_taken(desk, estate, now, said):
    contact = contacts.start(uuid4(), estate=estate, by=desk, now=now, source="phone",
                             phone="13912341234", text="密码")  # fmt: skip
    contacts.finish(contact, outcome=Outcome.ANSWERED, answer=said, by=desk, now=now)
    assert contact.outcome == Outcome.ANSWERED


@pytest.mark.clause("MAN-7")
def test_answer_of_a_call_becomes_a_card_by_one_link(as_, desk, estate, now):
    contact = contacts.start(uuid4(), estate=estate, by=desk, now=now, source="phone",
                             phone="13912341234", text="有线电视没信号")  # fmt: skip
    contacts.finish(
        contact, outcome=Outcome.ANSWERED, answer="广电报修电话 96766", by=desk, now=now
    )
    page = as_(desk).get(f"/contacts/{contact.pk}/").content.decode()
    link = page.split('href="/services/answers/add/')[1].split('"')[0].replace("&amp;", "&")
    form = as_(desk).get(f"/services/answers/add/{link}").content.decode()
    assert 'value="有线电视没信号"' in form
    assert "广电报修电话 96766" in form


@pytest.mark.clause("MAN-7")
def test_desk_extends_the_cards_and_history_keeps_the_old_words(card, as_, desk):
    client = as_(desk)
    typed = {name: CARD[name] for name in CARD} | {"answer": "先放五分钟", "version": card.version}
    assert client.post(f"/services/answers/{card.pk}/change/", typed).status_code == 302
    card.refresh_from_db()
    assert card.answer == "先放五分钟"
    entry = Entry.objects.about(card).get(event="answer.changed")
    assert entry.detail["changed"]["answer"] == [CARD["answer"], "先放五分钟"]
    page = client.get(f"/services/answers/{card.pk}/").content.decode()
    assert "先放两分钟" in page
    stale = client.post(f"/services/answers/{card.pk}/change/", typed | {"answer": "别的"})
    assert stale.status_code == 409
    assert "先放五分钟" in stale.content.decode()
    assert "别的" in stale.content.decode()


def test_same_question_twice_is_refused(card, as_, desk):
    answer = as_(desk).post("/services/answers/add/", CARD)
    assert answer.status_code == 422
    assert AnswerCard.objects.count() == 1


def test_butler_reads_and_does_not_change_and_a_repairer_does_neither(card, as_, butler, repairer):
    assert as_(butler).get("/services/answers/").status_code == 200
    assert as_(butler).get(f"/services/answers/{card.pk}/").status_code == 200
    assert as_(butler).get(f"/services/answers/{card.pk}/change/").status_code == 403
    assert as_(butler).post("/services/answers/add/", CARD).status_code == 403
    assert as_(repairer).get("/services/answers/").status_code == 403


def test_card_switched_off_is_not_shown(card, as_, desk, butler, now):
    fields = CARD | {"is_active": False}
    answers.change_card(card, version=card.version, by=desk, now=now, **fields)
    assert answers.cards_for("water") == []
    assert CARD["question"] not in as_(butler).get("/services/answers/").content.decode()
    assert CARD["question"] in as_(desk).get("/services/answers/").content.decode()


def test_samples_again_keep_what_staff_deleted_or_changed(card):
    answers.seed_cards()
    assert AnswerCard.objects.get() == card


def test_list_costs_the_same_whatever_the_cards(card, as_, desk, now, django_assert_num_queries):
    client = as_(desk)
    client.get("/services/answers/")
    with django_assert_num_queries(5):
        client.get("/services/answers/")
    for n in range(2):
        answers.add_card(by=desk, now=now, **(CARD | {"question": f"问题{n}"}))
    with django_assert_num_queries(5):
        client.get("/services/answers/")


@pytest.mark.parametrize("text", ["%", "'\"><script>", "\0", "x" * 5000])
def test_odd_search_is_survived(card, as_, desk, text):
    for path in ("/services/answers/", "/intake/answers/"):
        answer = as_(desk).get(path, {"q": text, "category": text})
        assert answer.status_code == 200
        assert b"<script>" not in answer.content.split(b"<main")[-1].split(b"</main")[0]


@pytest.mark.clause("MAN-7")
def test_page_of_the_call_back_says_what_was_promised_and_where_the_number_is(
    as_, desk, estate, unit, now
):
    contact = contacts.start(uuid4(), estate=estate, by=desk, now=now, source="phone", unit=unit,
                             text="有线电视没信号")  # fmt: skip
    contacts.finish(contact, outcome="call_back", answer="五点前回电", by=desk, now=now)
    page = as_(desk).get(f"/callbacks/contacts/{contact.pk}/").content.decode()
    assert "五点前回电" in page
    assert f'href="/unit/{unit.pk}/"' in page
