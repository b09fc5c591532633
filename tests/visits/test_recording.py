"""One visit: met, not at home, refused; exactly once; what follows from it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from followups.models import FollowUp
from notifications.models import Message
from tests.visits.factories import plan_one
from visits import actions
from visits.models import Addendum, Visit, VisitKind, VisitStatus


def kinds_owed(visit):
    return set(FollowUp.objects.open().about(visit).values_list("kind", flat=True))


@pytest.mark.clause("VIS-1")
def test_met_ends_what_was_owed_and_counts_the_day_it_happened(visit, butler, now):
    then = now - timedelta(days=1)
    actions.record(visit, outcome="met", client_key=uuid4(), by=butler, now=now, happened_at=then)
    visit.refresh_from_db()
    assert visit.status == VisitStatus.VISITED
    assert visit.visited_on == timezone.localdate(then)
    assert visit.was_late_entry
    assert kinds_owed(visit) == set()


@pytest.mark.parametrize(("minutes", "late"), [(0, False), (10, False), (11, True)])
def test_late_entry_is_more_than_ten_minutes_after(visit, butler, now, minutes, late):
    actions.record(visit, outcome="met", client_key=uuid4(), by=butler, now=now,
                   happened_at=now - timedelta(minutes=minutes))  # fmt: skip
    assert visit.was_late_entry is late


@pytest.mark.clause("VIS-1")
def test_nobody_at_home_gets_a_new_date_and_stays_owed(visit, butler, now):
    actions.record(visit, outcome="missed", client_key=uuid4(), by=butler, now=now,
                   new_date=date(2026, 12, 3))  # fmt: skip
    visit.refresh_from_db()
    assert (visit.status, visit.planned_for) == (VisitStatus.MISSED, date(2026, 12, 3))
    row = FollowUp.objects.open().about(visit).get()
    assert timezone.localtime(row.due_at).date() == date(2026, 12, 3)
    assert visit.tries.count() == 1


@pytest.mark.parametrize("day", [None, date(2026, 11, 22), date(2027, 11, 22)])
def test_nobody_at_home_needs_a_date_ahead(visit, butler, now, day):
    with pytest.raises(ValidationError) as refused:
        actions.record(
            visit, outcome="missed", client_key=uuid4(), by=butler, now=now, new_date=day
        )
    assert "new_date" in refused.value.message_dict


def test_refused_ends_the_visit_without_counting_as_met(visit, butler, now):
    actions.record(visit, outcome="refused", client_key=uuid4(), by=butler, now=now,
                   refusal="不方便")  # fmt: skip
    assert not Visit.objects.met().exists()
    assert kinds_owed(visit) == set()


@pytest.mark.parametrize("outcome", ["met", "refused", "missed"])
def test_same_key_again_changes_nothing(visit, butler, now, outcome):
    key = uuid4()
    for minutes in (0, 1, 50):
        actions.record(visit, outcome=outcome, client_key=key, by=butler, kept=minutes > 0,
                       now=now + timedelta(minutes=minutes), new_date=date(2026, 12, 3))  # fmt: skip
    visit.refresh_from_db()
    assert visit.received_at in (None, now)
    assert visit.tries.count() == (1 if outcome == "missed" else 0)
    assert not Addendum.objects.exists()


def test_key_of_another_visit_is_refused(visit, unit, butler, now):
    other, key = plan_one(unit, butler, now=now), uuid4()
    actions.record(visit, outcome="met", client_key=key, by=butler, now=now)
    with pytest.raises(ValidationError, match="已用过"):
        actions.record(other, outcome="met", client_key=key, by=butler, now=now)


def test_second_record_in_the_page_is_told_who_was_faster(visit, butler, assistant, now):
    actions.record(visit, outcome="met", client_key=uuid4(), by=butler, now=now)
    with pytest.raises(ValidationError, match="刘洋"):
        actions.record(visit, outcome="refused", client_key=uuid4(), by=assistant, now=now)


@pytest.mark.parametrize("outcome", ["met", "refused", "missed"])
def test_record_that_waited_on_a_phone_is_attached_to_a_finished_visit(
    visit, butler, assistant, now, outcome
):
    actions.record(visit, outcome="met", client_key=uuid4(), by=assistant, now=now)
    key = uuid4()
    for _again in range(3):
        actions.record(
            visit, outcome=outcome, client_key=key, by=butler, now=now + timedelta(hours=1),
            happened_at=now, kept=True, new_date=date(2026, 12, 3), content="门口说了两句",
        )  # fmt: skip
    row = Addendum.objects.get()
    assert (row.visit, row.by, row.happened_at) == (visit, butler, now)
    visit.refresh_from_db()
    assert visit.recorded_by == assistant


@pytest.mark.clause("VIS-3")
def test_suggestion_and_what_is_promised_are_kept_and_owed(visit, butler, assistant, now):
    actions.record(visit, outcome="met", client_key=uuid4(), by=butler, now=now,
                   suggestion="大门口太暗", measure="请工程部加灯", finish_by=date(2026, 11, 27))  # fmt: skip
    assert kinds_owed(visit) == {"visits.measure"}
    actions.review(visit, text="同意", by=assistant, now=now)
    visit.refresh_from_db()
    assert visit.status == VisitStatus.VISITED  # something is left to do
    actions.finish_measure(visit, outcome="已加灯", by=butler, now=now)
    visit.refresh_from_db()
    assert visit.status == VisitStatus.CLOSED
    assert visit.suggestion == "大门口太暗"
    assert kinds_owed(visit) == set()


def test_review_is_by_somebody_else(visit, butler, now):
    actions.record(visit, outcome="met", client_key=uuid4(), by=butler, now=now)
    with pytest.raises(ValidationError, match="自己"):
        actions.review(visit, text="好", by=butler, now=now)


@pytest.mark.clause("VIS-4")
def test_dissatisfied_household_is_told_to_the_assistant(visit, butler, assistant, now):
    actions.record(visit, outcome="met", client_key=uuid4(), by=butler, now=now,
                   satisfaction="dissatisfied", suggestion="保洁太差")  # fmt: skip
    message = Message.objects.get(recipient=assistant, key=f"visit:{visit.pk}:unhappy")
    assert message.params["what"] == "保洁太差"


def test_extra_visit_is_planned_once_a_day(unit, butler, now):
    terms = {
        "kind": VisitKind.FESTIVAL,
        "planned_for": date(2026, 12, 31),
        "by": butler,
        "now": now,
    }
    visit = actions.plan_visit(unit, **terms)
    assert visit.butler == butler
    with pytest.raises(ValidationError, match="已有一次"):
        actions.plan_visit(unit, **terms)
    with pytest.raises(ValidationError):
        actions.plan_visit(unit, **terms | {"planned_for": date(2026, 11, 1)})
