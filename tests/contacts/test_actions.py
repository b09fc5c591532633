"""A contact from its first key to its end; none is left open silently."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from contacts import actions
from contacts.models import Contact, Outcome
from followups.models import FollowUp
from history.models import Entry
from tests.conftest import at


@pytest.fixture
def contact(estate, desk, now):
    return actions.start(uuid4(), estate=estate, by=desk, now=now, phone="13912341234")


def owed(contact):
    return [(row.kind, row.owner, row.due_at) for row in FollowUp.objects.open().about(contact)]


def test_start_twice_is_one_contact_with_one_clock(estate, desk, now):
    key = uuid4()
    first = actions.start(key, estate=estate, by=desk, now=now)
    again = actions.start(key, estate=estate, by=desk, now=now + timedelta(seconds=5))
    assert (again, again.started_at) == (first, now)
    assert owed(first) == [("contacts.finish", desk, now + timedelta(minutes=10))]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2026-11-23 14:58", "2026-11-23 14:58"),
        ("2026-11-23 15:30", "2026-11-23 15:00"),  # a browser's clock runs ahead
        ("2026-11-20 15:00", "2026-11-23 15:00"),
    ],
)
def test_started_is_the_first_key_unless_the_clock_is_wrong(estate, desk, now, given, kept):
    contact = actions.start(uuid4(), estate=estate, by=desk, now=now, started_at=at(given))
    assert contact.started_at == at(kept)


def test_draft_is_kept_and_a_colleague_does_not_overwrite_it(contact, desk, desk2, unit, now):
    actions.save_draft(contact, draft={"content": "漏水"}, by=desk, now=now, unit=unit)
    with pytest.raises(ValidationError) as caught:
        actions.save_draft(contact, draft={}, by=desk2, now=now)
    assert caught.value.messages[0].startswith("张敏 正在登记这个来电")
    contact.refresh_from_db()
    assert (contact.draft, contact.unit) == ({"content": "漏水"}, unit)


def test_a_strange_field_or_house_is_refused(contact, desk, other_estate, now):
    with pytest.raises(TypeError):
        actions.save_draft(contact, draft={}, by=desk, now=now, outcome="repair")


@pytest.mark.clause("MAN-7")
@pytest.mark.parametrize("outcome", [Outcome.ANSWERED, Outcome.HELPED])
def test_an_answer_is_written_down(contact, desk, now, outcome):
    with pytest.raises(ValidationError):
        actions.finish(contact, outcome=outcome, answer="  ", by=desk, now=now)
    actions.finish(contact, outcome=outcome, answer="电费在一楼缴", by=desk, now=now)
    contact.refresh_from_db()
    assert (contact.outcome, contact.closed_by, contact.closed_at) == (outcome, desk, now)
    assert owed(contact) == []


@pytest.mark.parametrize("outcome", ["", "repair", "called_back", "nonsense"])
def test_finish_takes_only_an_end(contact, desk, now, outcome):
    with pytest.raises(ValidationError):
        actions.finish(contact, outcome=outcome, answer="好", by=desk, now=now)


def test_second_of_two_colleagues_reads_what_the_first_wrote(contact, desk, desk2, now):
    mine, yours = Contact.objects.get(pk=contact.pk), Contact.objects.get(pk=contact.pk)
    actions.finish(yours, outcome="answered", answer="好", by=desk2, now=now)
    with pytest.raises(ValidationError) as caught:
        actions.finish(mine, outcome="dismissed", by=desk, now=now)
    assert caught.value.messages == ["李倩 已把这个来电记为“已答复”。页面已更新, 您写的内容还在"]


@pytest.mark.clause("MAN-7")
def test_what_was_promised_is_kept_until_the_answer_takes_its_place(contact, desk, now):
    actions.finish(
        contact, outcome="call_back", answer="问过工程部, 下午五点前回电", by=desk, now=now
    )
    contact.refresh_from_db()
    assert contact.answer == "问过工程部, 下午五点前回电"
    actions.call_back_done(contact, answer="明天上午来修", by=desk, now=now)
    contact.refresh_from_db()
    assert contact.answer == "明天上午来修"
    promised = Entry.objects.about(contact).get(event="contact.call_back_owed")
    assert promised.detail["answer"] == "问过工程部, 下午五点前回电"


def test_call_back_to_nobody_is_refused(estate, desk, now):
    contact = actions.start(uuid4(), estate=estate, by=desk, now=now, text="没留电话")
    with pytest.raises(ValidationError, match="先问一个电话"):
        actions.finish(contact, outcome="call_back", by=desk, now=now)
    contact.refresh_from_db()
    assert contact.outcome == ""
    assert owed(contact)[0][0] == "contacts.finish"


@pytest.mark.clause("VIS-2")
def test_a_promised_call_back_is_owed_until_it_is_made(contact, desk, desk2, now):
    actions.finish(contact, outcome="call_back", by=desk, now=now)
    assert owed(contact) == [("contacts.call_back", desk, now + timedelta(hours=24))]
    with pytest.raises(ValidationError):
        actions.call_back_done(contact, answer="", by=desk2, now=now)
    actions.call_back_done(contact, answer="已说明", by=desk2, now=now)
    contact.refresh_from_db()
    assert (contact.outcome, contact.answer) == (Outcome.CALLED_BACK, "已说明")
    assert owed(contact) == []
    with pytest.raises(ValidationError):
        actions.call_back_done(contact, answer="又打", by=desk, now=now)
    assert [entry.event for entry in Entry.objects.about(contact).order_by("pk")] == [
        "contact.started",
        "contact.call_back_owed",
        "contact.called_back",
    ]


@pytest.mark.clause("VIS-2")
def test_an_answered_letter_still_owes_its_call(estate, desk, now):
    letter = actions.start(uuid4(), estate=estate, by=desk, now=now, source="letter")
    actions.finish(letter, outcome="answered", answer="已回信", by=desk, now=now)
    assert [row[0] for row in owed(letter)] == ["contacts.call_back"]


@pytest.mark.clause("VIS-2")
def test_a_letter_that_became_a_repair_still_owes_its_call(estate, desk, now):
    letter = actions.start(uuid4(), estate=estate, by=desk, now=now, source="letter")
    assert actions.become_repair(letter, by=desk, now=now) is True
    assert actions.become_repair(letter, by=desk, now=now) is False
    assert [row[0] for row in owed(letter)] == ["contacts.call_back"]
    actions.call_back_done(letter, answer="已派人", by=desk, now=now)
    letter.refresh_from_db()
    assert letter.outcome == Outcome.REPAIR
