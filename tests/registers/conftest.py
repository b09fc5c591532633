"""Things at the desk: a key, a card, a letter, a parcel, a file."""

from datetime import date

import pytest

from registers.actions import archive, cards, keys, records
from registers.models import AccessCard, ArchiveFile, Deposit, FilingPapers, KeyCustody, Mail


@pytest.fixture
def give(estate, unit, desk, now):
    """``give(model, **fields)`` enters a line as the desk does."""

    def enter(model, *, by=desk, at=now, **fields):
        fields = {"estate": estate, "unit": unit} | fields
        return records.add(model(**fields), by=by, now=at)

    return enter


@pytest.fixture
def a_key(give):
    def entrust(**fields):
        return give(
            KeyCustody,
            **{
                "owner_name": "王秀梅", "owner_phone": "139 1234 1234", "quantity": 2,
                "label": "K-07", "cabinet": "甲3", "reason": "出国半年", "seal_number": "F001",
                "disclaimer_told": True, "owner_signed": True,
            } | fields,
        )  # fmt: skip

    return entrust


@pytest.fixture
def a_card(give, resident):
    def apply(**fields):
        return give(AccessCard, **{"card_number": "C1001", "holder": resident} | fields)

    return apply


@pytest.fixture
def a_mail(give):
    def receive(**fields):
        return give(Mail, **{"tracking_number": "EMS1", "recipient": "王秀梅"} | fields)

    return receive


@pytest.fixture
def a_deposit(give):
    def store(**fields):
        return give(
            Deposit,
            **{
                "depositor": "王秀梅", "phone": "13912341234", "item": "雨伞", "quantity": 2,
                "place": "架2", "signed": True,
            } | fields,
        )  # fmt: skip

    return store


@pytest.fixture
def a_file(give):
    def file(**fields):
        return give(
            ArchiveFile,
            **{"volume": "1", "filed_on": date(2020, 3, 1), "keeper": "张敏", "cabinet": "D1"}
            | fields,
        )

    return file


@pytest.fixture
def some_papers(give, now):
    def bring(**fields):
        return give(
            FilingPapers,
            **{"paper": "renovation", "title": "装修申请表", "formality_at": now} | fields,
        )

    return bring


@pytest.fixture
def records_of_all(a_key, a_card, a_mail, a_deposit, a_file, some_papers):
    """One line in each register, by its slug."""
    made = {}
    for make in (a_key, a_card, a_mail, a_deposit, a_file, some_papers):
        record = make()
        made[record.slug] = record
    return made


@pytest.fixture
def loan_terms(now):
    return {
        "borrower": "老马", "phone": "13800001111", "reason": "查漏水",
        "owner_contacted_at": now, "owner_answer": "同意进屋",
    }  # fmt: skip


@pytest.fixture
def lent_key(a_key, desk, assistant, loan_terms, now):
    key = a_key()
    keys.ask_loan(key, **loan_terms, by=desk, now=now)
    keys.approve_loan(key, by=assistant, now=now)
    keys.lend(key, by=desk, now=now)
    return key


@pytest.fixture
def issued_card(a_card, desk, now):
    def issue(**fields):
        card = a_card(**fields)
        cards.check_room(card, room="3-2-1102", document="身份证", by=desk, now=now)
        cards.issue(card, room="3-2-1102", signed_name="王秀梅", by=desk, now=now)
        return card

    return issue


@pytest.fixture
def lend_file(desk, now):
    def lend(file, **terms):
        terms = {
            "borrower": "刘洋",
            "reason": "核对验收",
            "days": 3,
            "by": desk,
            "now": now,
        } | terms
        return archive.lend(file, **terms)

    return lend
