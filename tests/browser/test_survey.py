"""A household's survey link on its own phone, without an account, and the same form from paper."""

import json

import pytest

from tests.browser.conftest import holds, keys, until

pytestmark = pytest.mark.browser
FIND = """
import json
from community.models import Questionnaire
from community.tokens import token_of
rows = Questionnaire.objects.filter(survey__status="field", returned_at__isnull=True)
found = [(token_of(row), row.pk, row.unit.code, row.survey_id)
         for row in rows.select_related("unit").order_by("pk")[:6]]
print(json.dumps(found))
"""


def stored(server, pk):
    """What the database holds of a form: how it came back, its levels and its opinion."""
    return json.loads(
        server.ask(
            "import json; from community.models import Questionnaire;"
            f"row = Questionnaire.objects.get(pk={pk});"
            "print(json.dumps([row.channel,"
            " sorted(row.answers.values_list('score', flat=True)), row.opinion]))"
        )
    )


@pytest.fixture(scope="module")
def waiting(server):
    """Forms of the running survey that have not come back: token, id, room and survey."""
    return iter(json.loads(server.ask(FIND)))


def choose(page, level):
    """Tap the same level in every question."""
    for question in page.query_selector_all("fieldset"):
        question.query_selector_all("label")[level].tap()


def submit(page):
    with page.expect_navigation():
        page.tap("button[type=submit]")


def test_household_answers_on_its_phone_once_and_may_reload(server, open_as, waiting):
    token, pk, _room, _survey = next(waiting)
    page = open_as(None, f"/s/{token}", phone=True)
    assert holds(page, "document.documentElement.scrollWidth <= innerWidth")
    submit(page)
    assert "一个问题都没有评价" in page.inner_text("[role=alert]")
    choose(page, 1)
    page.fill("#id_opinion", "<script>document.title='ran'</script>楼道灯不亮")
    other = page.context.new_page()  # the same link in a second window, opened before the sending
    other.goto(page.url)
    choose(other, 4)
    other.fill("#id_opinion", "第二个窗口写的")
    submit(page)
    assert "已经收到" in page.inner_text("h1")
    page.reload()  # no question whether to send again
    assert "已经收到" in page.inner_text("h1")
    submit(other)
    assert "没有存下" in other.inner_text(".kept")
    assert "第二个窗口写的" in other.inner_text(".kept")
    channel, scores, opinion = stored(server, pk)
    assert (channel, set(scores)) == ("online", {4})
    assert opinion == "<script>document.title='ran'</script>楼道灯不亮"
    assert page.foreign == []


def test_two_taps_keep_one_answer_and_the_link_speaks_english(server, open_as, waiting):
    token, pk, _room, _survey = next(waiting)
    page = open_as(None, f"/s/{token}", phone=True)
    with page.expect_navigation():
        page.tap("text=English")
    assert holds(page, "document.documentElement.scrollWidth <= innerWidth")
    choose(page, 0)
    page.evaluate("const f = document.forms[0]; f.submit(); setTimeout(() => f.submit(), 30)")
    until(page, "document.body.innerText.includes('Thank you')")
    channel, scores, _opinion = stored(server, pk)
    assert (channel, set(scores)) == ("online", {5})


def test_ten_thousand_characters_stay_on_the_page(server, open_as, waiting):
    token, pk, _room, _survey = next(waiting)
    page = open_as(None, f"/s/{token}", phone=True)
    choose(page, 2)
    page.evaluate("document.getElementById('id_opinion').removeAttribute('maxlength')")
    page.fill("#id_opinion", "说" * 10_000)
    submit(page)
    assert "现在有 10000 字" in page.inner_text("[role=alert]")
    assert len(page.input_value("#id_opinion")) == 10_000
    assert page.is_checked("fieldset >> nth=0 >> input >> nth=2")
    assert stored(server, pk) == ["", [], ""]


def test_paper_is_typed_in_by_keyboard_alone(server, open_as, waiting):
    _token, pk, room, survey = next(waiting)
    page = open_as("desk1", f"/surveys/{survey}/entry/")
    page.keyboard.type(room)
    page.keyboard.press("Enter")
    page.keyboard.type("5432154")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # neither opinion nor suggestion: the last one saves
    page.wait_for_selector(f"li >> text={room}")
    assert stored(server, pk)[:2] == ["paper", [1, 2, 3, 4, 4, 5, 5]]
    assert keys(page) == len(room) + 1 + 7 + 2
    # The next form is open already, and begins with the room.
    assert holds(page, "document.activeElement.name === 'room'")


def test_call_without_a_card_ends_in_a_call_back_by_one_press(server, open_as):
    page = open_as("desk1", "/today/")
    page.keyboard.press("n")
    page.fill("#drawer #id_contact_phone", "13912349999")
    page.fill("#drawer [data-answers-q]", "有线电视没信号")
    page.click("#drawer >> text=没有合适的卡 >> visible=true")
    page.click("#drawer [data-owe-answer]")
    assert page.is_checked("#drawer [name=outcome][value=call_back]")
    assert page.input_value("#drawer #id_content") == "有线电视没信号"
    page.click("#drawer [name=do][value=finish]")
    page.wait_for_selector("text=待回电 >> visible=true")
    owed = server.ask(
        "from contacts.models import Contact; from followups.models import FollowUp;"
        "call = Contact.objects.get(phone='13912349999');"
        "print(call.outcome, FollowUp.objects.open().about(call).get().kind)"
    )
    assert owed == "call_back contacts.call_back"
