"""回电 and 答复来电人 from the phone: the ladder, exactly once, a record and its paper (VIS-2, VIS-5)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts import actions as contacts
from contacts.models import CallTry, Contact
from followups.models import FollowUp
from history import entries
from history.models import Entry
from repairs import actions as repairs
from repairs.models import Caller
from repairs.statuses import Status
from repairs.timeline import TELLING
from tests.repairs.factories import Crew, take_call
from visits.called import called

HX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def crew(estate, unit, resident, desk, butler, dispatcher, repairer, engmanager):
    return Crew(estate, unit, desk, dispatcher, repairer, engmanager)


@pytest.fixture
def contact(estate, unit, butler, now):
    """A call that the butler took and promised to phone back."""
    row = contacts.start(uuid4(), estate=estate, by=butler, now=now, unit=unit, text="押金何时退",
                         caller_name="王秀梅", phone="13912341234")  # fmt: skip
    contacts.owe_call_back(row, by=butler, now=now)
    return row


@pytest.fixture
def caller(crew, desk, now):
    """Somebody else who called about a slip that is done by now."""
    repair = crew.slip(Status.DISPATCHED, now=now)
    said = take_call(crew.estate, by=desk, now=now, phone="13800000002", caller_name="李四")
    row = repairs.attach_caller(repair, said, by=desk, now=now)
    repairs.accept(repair, by=crew.dispatcher, now=now)
    repairs.assign(repair, repairer=crew.repairer, by=crew.dispatcher, now=now)
    repairs.finish(repair, work_done="修好", by=crew.repairer, now=now)
    return row


@pytest.fixture(params=["contact", "caller"])
def owed(request):
    """(subject, address, about, a fresh reading) of either kind."""
    subject = request.getfixturevalue(request.param)
    where = "contacts" if request.param == "contact" else "answers"
    return subject, f"/callbacks/{where}/{subject.pk}/", request.param


def sent(outcome, **more):
    return {"client_key": str(uuid4()), "outcome": outcome} | more


def is_owed(subject):
    return FollowUp.objects.open().about(subject).exists()


@pytest.mark.clause("VIS-2")
def test_answer_sent_often_by_the_outbox_is_one_record_marked_late(as_, desk, owed):
    subject, address, about = owed
    at = (timezone.now() - timedelta(minutes=40)).isoformat()
    data = sent("answered", answer="下周一到账", kept="on", account=desk.pk, happened_at=at)
    for _again in range(4):
        answer = as_(desk).post(address, data, **HX)
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/callbacks/")
    assert not is_owed(subject)
    assert not Entry.objects.filter(detail__has_key="key").exists()
    (line,) = [line for line in called(desk, limit=9) if line.about == about]
    assert (line.is_late, line.url) == (True, address)
    page = as_(desk).get(address).content.decode()
    assert "下周一到账" in page
    assert 'data-outbox="' not in page
    paper = as_(desk).get(f"/callbacks/print/{about}/{subject.pk}/").content.decode()
    assert "回访记录表" in paper
    assert "下周一到账" in paper


@pytest.mark.clause("VIS-2")
def test_page_and_paper_of_a_caller_say_what_he_said_and_how_it_ended(as_, desk, caller):
    """Whoever phones needs no other page to tell him: his own words, and what was done."""
    Contact.objects.filter(pk=caller.contact_id).update(text="楼下天花板也湿了")
    page = as_(desk).get(f"/callbacks/answers/{caller.pk}/").content.decode()
    assert "楼下天花板也湿了" in page
    assert "修好" in page
    repairs.answer_caller(caller, answer="请再看一下", by=desk, now=timezone.now())
    paper = as_(desk).get(f"/callbacks/print/caller/{caller.pk}/").content.decode()
    for words in ("来电人说: 楼下天花板也湿了", "处理结果: 修好", "答复: 请再看一下"):
        assert words in paper


@pytest.mark.clause("VIS-5")
def test_ladder_is_the_one_of_every_call_back(as_, desk, owed):
    subject, address, about = owed
    client = as_(desk)
    for step in ("no_answer", "no_answer", "message"):
        assert client.post(address, sent("give_up")).status_code == 422
        form = client.get(address).context["form"]
        assert form.fields["outcome"].widget.choices[-1][0] == step
        client.post(address, sent(step, message=form["message"].value() or ""))
        assert is_owed(subject)
    assert "想给您一个答复" in CallTry.objects.last().message
    client.post(address, sent("give_up"))
    assert not is_owed(subject)
    (line,) = [line for line in called(desk, limit=9) if line.about == about]
    assert str(line.result) == "未接通"


def test_try_that_waited_on_a_phone_counts_once(as_, desk, owed):
    subject, address, _about = owed
    data = sent("no_answer", kept="on")
    for _again in range(3):
        assert as_(desk).post(address, data, **HX).status_code == 204
    assert CallTry.objects.count() == 1
    assert is_owed(subject)


@pytest.mark.parametrize("outcome", ["answered", "no_answer", "nonsense"])
def test_record_that_came_too_late_is_kept_in_the_history_once(as_, desk, desk2, owed, outcome):
    _subject, address, _about = owed
    as_(desk2).post(address, sent("answered", answer="已说明"))
    data = sent(outcome, answer="我也打了", kept="on")
    for _again in range(3):
        assert as_(desk).post(address, data, **HX).status_code == 204
    assert Entry.objects.get(detail__has_key="key").detail["answer"] == "我也打了"


def test_colleague_who_was_faster_is_named_and_the_words_stay(as_, desk, desk2, owed):
    _subject, address, _about = owed
    as_(desk2).post(address, sent("answered", answer="已说明"))
    answer = as_(desk).post(address, sent("answered", answer="我写的"))
    assert answer.status_code == 409
    assert "页面已更新" in answer.content.decode()


def test_record_of_another_account_is_not_taken(as_, desk, desk2, owed):
    subject, address, _about = owed
    data = sent("answered", answer="x", kept="on", account=desk2.pk)
    assert as_(desk).post(address, data, **HX).status_code == 409
    assert is_owed(subject)


def test_scope_and_post_bound_the_pages(as_, outsider, repairer, gm, owed):
    subject, address, about = owed
    paper = f"/callbacks/print/{about}/{subject.pk}/"
    assert as_(outsider).get(address).status_code == 404
    assert as_(outsider).get(paper).status_code == 404
    assert as_(repairer).get(address).status_code == 403
    assert as_(gm).get(address).status_code == 200
    assert as_(gm).post(address, sent("answered", answer="x")).status_code == 403


def test_call_back_needs_a_word_and_an_answer_to_a_caller_none(as_, butler, desk, contact, caller):
    at = f"/callbacks/contacts/{contact.pk}/"
    assert as_(butler).post(at, sent("answered", answer=" ")).status_code == 422
    as_(desk).post(f"/callbacks/answers/{caller.pk}/", sent("answered"))
    assert Caller.objects.get(pk=caller.pk).was_reached is True


def test_lists_lead_to_the_record_pages_and_offer_to_dial(as_, butler, contact):
    for page in ("/callbacks/", "/followups/"):
        body = as_(butler).get(page).content.decode()
        assert f'href="/callbacks/contacts/{contact.pk}/" data-keep' in body
        assert "tel:13912341234" in body


def test_unanswered_slip_may_be_filed_once_its_caller_was_given_up(crew, desk, caller, now):
    repair = caller.repair
    repair.refresh_from_db()
    repairs.return_slip(repair, by=crew.dispatcher, now=now)
    repairs.call_back(repair, result="solved", satisfaction="satisfied", by=desk, now=now)
    terms = {"by": desk, "now": now}
    for message in (None, None, "李四您好, 请回电"):
        with pytest.raises(ValidationError):
            repairs.archive(repair, by=desk, now=now)
        repairs.caller_no_answer(caller, client_key=uuid4(), message=message, **terms)
    repairs.give_up_caller(caller, client_key=uuid4(), **terms)
    repairs.archive(repair, by=desk, now=now)
    assert repair.status == Status.ARCHIVED


def test_contact_that_was_given_up_says_so(contact, butler, now):
    terms = {"by": butler, "now": now}
    for message in (None, None, "请回电"):
        contacts.no_answer(contact, client_key=uuid4(), message=message, **terms)
    key = uuid4()
    for _again in range(2):
        contacts.give_up(contact, client_key=key, **terms)
    kept = Contact.objects.get(pk=contact.pk)
    assert (kept.outcome, kept.was_reached) == ("unreachable", False)


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_with_one_try_or_three(
    as_, desk, contact, now, count, django_assert_max_num_queries
):
    for _each in range(count):
        contacts.no_answer(contact, client_key=uuid4(), by=desk, now=now)
    client = as_(desk)
    client.get(f"/callbacks/contacts/{contact.pk}/")
    with django_assert_max_num_queries(10):
        client.get(f"/callbacks/contacts/{contact.pk}/")


def test_history_shows_a_caller_s_number_as_lists_do(crew, desk, now):
    """Also where an earlier release wrote it in full."""
    repair = crew.slip(Status.DISPATCHED, now=now)
    said = take_call(crew.estate, by=desk, now=now, phone="13800000002")
    repairs.attach_caller(repair, said, by=desk, now=now)
    entries.record(repair, "repair.caller_attached", by=desk, now=now, caller="13800000003")
    told = {line.words for line in TELLING.lines_of(Entry.objects.about(repair)[:2])}
    assert told == {"138****0002", "138****0003"}
