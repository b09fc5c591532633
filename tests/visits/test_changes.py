"""What a butler learns is proposed; the desk decides (VIS-1)."""

import pytest
from django.core.exceptions import ValidationError

from estates.models import LookupKey
from followups.models import FollowUp
from notifications.models import Message
from visits import actions
from visits.models import ChangeState


@pytest.fixture
def change(visit, resident, butler, now):
    return actions.propose_change(
        visit, resident=resident, field="phone", after="139 0005 1234", by=butler, now=now
    )


@pytest.mark.clause("VIS-1")
def test_proposal_changes_nothing_until_the_desk_confirms(change, resident, desk, now):
    resident.refresh_from_db()
    assert resident.phone == "13912341234"
    owed = FollowUp.objects.open().about(change).get()
    assert owed.owner_post == desk.post
    actions.confirm_change(change, by=desk, now=now)
    resident.refresh_from_db()
    assert resident.phone == "13900051234"
    assert LookupKey.objects.filter(resident=resident, key="13900051234").exists()
    assert not FollowUp.objects.open().about(change).exists()


def test_own_proposal_is_confirmed_by_somebody_else(change, butler, now):
    with pytest.raises(ValidationError, match="别的同事"):
        actions.confirm_change(change, by=butler, now=now)


@pytest.mark.clause("VIS-1")
def test_rejection_needs_a_reason_leaves_the_record_and_is_told_to_who_proposed(
    as_, change, resident, desk, butler, now
):
    with pytest.raises(ValidationError):
        actions.reject_change(change, reason=" ", by=desk, now=now)
    actions.reject_change(change, reason="打过去是空号", by=desk, now=now)
    resident.refresh_from_db()
    assert resident.phone == "13912341234"
    told = Message.objects.get(recipient=butler, key__startswith="visits.change_rejected")
    assert told.text == "没有采纳您报的业户信息 3-2-1102 电话: 打过去是空号"
    assert as_(butler).get(told.url).status_code == 200
    with pytest.raises(ValidationError, match="已有同事处理"):
        actions.confirm_change(change, by=desk, now=now)


def test_record_that_changed_since_is_not_overwritten(change, resident, desk, now):
    resident.phone = "13877770000"
    resident.save()
    with pytest.raises(ValidationError, match="13877770000"):
        actions.confirm_change(change, by=desk, now=now)


def test_phone_that_is_none_is_refused_when_confirming(visit, resident, butler, desk, now):
    change = actions.propose_change(
        visit, resident=resident, field="phone", after="没有电话", by=butler, now=now
    )
    with pytest.raises(ValidationError):
        actions.confirm_change(change, by=desk, now=now)
    change.refresh_from_db()
    assert change.state == ChangeState.PROPOSED


def test_same_value_or_second_time_proposes_nothing(change, visit, resident, butler, now):
    terms = {"visit": visit, "resident": resident, "by": butler, "now": now}
    assert actions.propose_change(**terms, field="name", after="王秀梅") is None
    assert actions.propose_change(**terms, field="phone", after="13900000000") is None
