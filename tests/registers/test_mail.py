from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import posts
from followups.models import FollowUp
from registers import followups
from registers.actions import mail
from registers.counts import expected_counts
from registers.models import Mail
from registers.models.mail import MailStatus


def owed(record):
    return [(row.kind, row.due_at) for row in FollowUp.objects.open().about(record)]


@pytest.mark.clause("MAI-1")
def test_mail_is_owed_to_the_resident_within_two_hours(a_mail, now):
    letter = a_mail()
    assert owed(letter) == [(followups.MAIL_DELIVER, now + timedelta(hours=2))]
    assert FollowUp.objects.get().owner_post == posts.FRONT_DESK


@pytest.mark.clause("MAI-1")
def test_telling_is_not_delivering(a_mail, desk, now, estate):
    letter = a_mail()
    mail.tell(letter, told_how="phone", by=desk, now=now)
    assert (letter.status, letter.told_by, len(owed(letter))) == (MailStatus.TOLD, desk, 1)
    mail.hand_back(letter, to="王秀梅", document="身份证", by=desk, now=now)
    assert (letter.status, owed(letter)) == (MailStatus.DELIVERED, [])
    assert {row[0]: row[2] for row in expected_counts(estate)}["mail"] == 0


@pytest.mark.clause("MAI-1")
def test_mail_is_held_only_with_consent_and_thirty_days_from_receipt(a_mail, desk, now):
    letter = a_mail()
    later = now + timedelta(days=2)
    with pytest.raises(ValidationError, match="同意"):
        mail.hold(letter, consent_by="", days=5, by=desk, now=later)
    with pytest.raises(ValidationError, match="还能存 28 天"):
        mail.hold(letter, consent_by="王秀梅", days=29, by=desk, now=later)
    mail.hold(letter, consent_by="王秀梅", days=28, by=desk, now=later)
    assert owed(letter) == [(followups.MAIL_RETURN, now + timedelta(days=30))]
    with pytest.raises(ValidationError):  # and no second time
        mail.hold(letter, consent_by="王秀梅", days=1, by=desk, now=later)


def test_database_refuses_mail_held_without_consent(a_mail):
    letter = a_mail()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.filter(pk=letter.pk).update(status="held")


@pytest.mark.clause("MAI-1")
def test_mail_sent_back_needs_a_reason(a_mail, desk, now):
    letter = a_mail()
    with pytest.raises(ValidationError, match="退回原因"):
        mail.send_back(letter, reason="", by=desk, now=now)
    mail.send_back(letter, reason="查无此人", by=desk, now=now)
    assert (letter.status, owed(letter)) == (MailStatus.RETURNED, [])


def test_same_number_waits_once(a_mail, desk, now):
    letter = a_mail()
    with pytest.raises(ValidationError, match="单号"):
        a_mail()
    mail.send_back(letter, reason="地址不详", by=desk, now=now)
    assert a_mail().pk


def test_mail_may_be_held_for_all_of_the_thirty_days_on_its_first_day(a_mail, desk, now):
    letter = a_mail()
    mail.hold(letter, consent_by="王秀梅", days=30, by=desk, now=now + timedelta(minutes=5))
    assert letter.hold_until == now + timedelta(days=30)
