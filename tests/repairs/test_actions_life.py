"""The main road of a slip, and every turn that is not on the map."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from followups.models import FollowUp
from history.models import Entry
from repairs import actions, followups
from repairs.models import Repair
from repairs.statuses import CLOSED, MOVES, Status
from tests.conftest import at
from tests.repairs.factories import write_slip

TOMORROW = at("2026-11-24 15:00")

# verb → its target, the states it may start from, and a call of it
VERBS = {
    "dispatch": ({Status.TO_DISPATCH}, lambda c, r, now: actions.dispatch(r, by=c.desk, now=now)),
    "recall": ({Status.DISPATCHED}, lambda c, r, now: actions.recall(r, by=c.desk, now=now)),
    "accept": ({Status.DISPATCHED}, lambda c, r, now: actions.accept(r, by=c.dispatcher, now=now)),
    "accept_verbally": (
        {Status.DISPATCHED},
        lambda c, r, now: actions.accept_verbally(
            r, name="老马", at=r.dispatched_at or now, by=c.desk, now=now
        ),
    ),
    "undo_accept": (
        {Status.ACCEPTED},
        lambda c, r, now: actions.undo_accept(r, by=c.dispatcher, now=now),
    ),
    "refuse": (
        {Status.DISPATCHED},
        lambda c, r, now: actions.refuse(r, reason="不归工程", by=c.dispatcher, now=now),
    ),
    "urge": ({Status.DISPATCHED}, lambda c, r, now: actions.urge(r, by=c.desk, now=now)),
    "assign": (
        {Status.ACCEPTED, Status.DELAYED, Status.IN_PROGRESS},
        lambda c, r, now: actions.assign(r, repairer=c.repairer, by=c.dispatcher, now=now),
    ),
    "undo_assign": (
        {Status.IN_PROGRESS},
        lambda c, r, now: actions.undo_assign(r, by=c.dispatcher, now=now),
    ),
    "arrive": (
        {Status.IN_PROGRESS, Status.FINISHED, Status.WAITING_PARTS, Status.OUTSOURCED}
        - {Status.FINISHED},
        lambda c, r, now: actions.arrive(r, by=c.repairer, now=now),
    ),
    "finish": (
        {Status.IN_PROGRESS, Status.ARRIVED, Status.WAITING_PARTS, Status.OUTSOURCED},
        lambda c, r, now: actions.finish(r, work_done="换阀芯", by=c.repairer, now=now),
    ),
    "undo_finish": (
        {Status.FINISHED},
        lambda c, r, now: actions.undo_finish(r, by=c.repairer, now=now),
    ),
    "return_slip": (
        {Status.FINISHED},
        lambda c, r, now: actions.return_slip(r, by=c.dispatcher, now=now),
    ),
    "wait_for_parts": (
        {Status.IN_PROGRESS, Status.ARRIVED, Status.OUTSOURCED},
        lambda c, r, now: actions.wait_for(
            r,
            status=Status.WAITING_PARTS,
            reason="等件",
            look_again_at=TOMORROW,
            by=c.repairer,
            now=now,
        ),
    ),
    "outsource": (
        {Status.IN_PROGRESS, Status.ARRIVED, Status.WAITING_PARTS},
        lambda c, r, now: actions.wait_for(
            r,
            status=Status.OUTSOURCED,
            reason="外委",
            look_again_at=TOMORROW,
            by=c.repairer,
            now=now,
        ),
    ),
    "look_again": (
        {Status.WAITING_PARTS, Status.OUTSOURCED},
        lambda c, r, now: actions.look_again(
            r, reason="还没到", look_again_at=TOMORROW, by=c.repairer, now=now
        ),
    ),
    "resume": (
        {Status.WAITING_PARTS, Status.OUTSOURCED},
        lambda c, r, now: actions.resume(r, by=c.repairer, now=now),
    ),
    "cannot_come": (
        {Status.ACCEPTED, Status.IN_PROGRESS},
        lambda c, r, now: actions.cannot_come(
            r, reason="人手不够", new_promise=TOMORROW, by=c.dispatcher, now=now
        ),
    ),
    "continue_work": (
        set(),  # from 延期中 only with a repairer: its own test
        lambda c, r, now: actions.continue_work(r, by=c.dispatcher, now=now),
    ),
    "assess": (
        {Status.ACCEPTED, Status.IN_PROGRESS, Status.ARRIVED},
        lambda c, r, now: actions.assess(r, by=c.dispatcher, now=now),
    ),
    "quote": (
        {Status.ASSESSING},
        lambda c, r, now: actions.quote(r, amount=80, by=c.engmanager, now=now),
    ),
    "decline": (
        {Status.ASSESSING},
        lambda c, r, now: actions.decline(r, reason="太贵", by=c.desk, now=now),
    ),
    "change_promise": (
        {
            Status.TO_DISPATCH, Status.DISPATCHED, Status.ACCEPTED, Status.ASSESSING,
            Status.DELAYED, Status.IN_PROGRESS, Status.ARRIVED, Status.WAITING_PARTS,
            Status.OUTSOURCED,
        },
        lambda c, r, now: actions.change_promise(
            r, promised_at=TOMORROW, reason="业户不在家", by=c.desk, now=now
        ),
    ),
    "no_answer": (
        {Status.RETURNED},
        lambda c, r, now: actions.no_answer(
            r, client_key="6f1d1d0e-0d0f-4a51-8f3f-0d6d2b1d8a11", by=c.desk, now=now
        ),
    ),
    "call_back": (
        {Status.RETURNED},
        lambda c, r, now: actions.call_back(
            r, result="solved", satisfaction="fair", by=c.desk, now=now
        ),
    ),
    "undo_call_back": (
        {Status.CALLED_BACK},
        lambda c, r, now: actions.undo_call_back(r, by=c.desk, now=now),
    ),
    "archive": ({Status.CALLED_BACK}, lambda c, r, now: actions.archive(r, by=c.desk, now=now)),
    "cancel": (
        {
            Status.TO_DISPATCH, Status.DISPATCHED, Status.ACCEPTED, Status.ASSESSING,
            Status.DELAYED, Status.IN_PROGRESS, Status.ARRIVED, Status.WAITING_PARTS,
            Status.OUTSOURCED,
        },
        lambda c, r, now: actions.cancel(r, reason="业户取消", by=c.desk, now=now),
    ),
    "merge": (
        {Status.TO_DISPATCH, Status.DISPATCHED, Status.ACCEPTED},
        lambda c, r, now: actions.merge(
            r, into=write_slip(c.estate, by=c.desk, now=now), by=c.desk, now=now
        ),
    ),
    "set_fees": (
        set(Status) - set(CLOSED),
        lambda c, r, now: actions.set_fees(r, labour_fee=30, by=c.repairer, now=now),
    ),
    "add_material": (
        set(Status) - set(CLOSED),
        lambda c, r, now: actions.add_material(
            r, name="阀芯", quantity=1, unit_price=25, by=c.repairer, now=now
        ),
    ),
}  # fmt: skip


@contextmanager
def undone():
    """Whatever is written inside is not there afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("status", list(Status))
def test_every_verb_from_every_state(crew, now, status):
    """Allowed: it happens and is written down. Not allowed: refused in words, nothing changes."""
    made = crew.slip(status, now=now)
    before = Repair.objects.values().get(pk=made.pk)
    entries = Entry.objects.about(made).count()
    for verb, (allowed, act) in VERBS.items():
        repair = Repair.objects.get(pk=made.pk)
        with undone():
            if status in allowed:
                act(crew, repair, now)
                assert Entry.objects.about(repair).count() == entries + 1, verb
                continue
            with pytest.raises(ValidationError) as caught:
                act(crew, repair, now)
            assert "".join(caught.value.messages), verb
            assert Repair.objects.values().get(pk=repair.pk) == before, verb
            assert Entry.objects.about(repair).count() == entries, verb


def test_the_map_names_every_state_and_closed_ones_end():
    assert set(MOVES) == set(Status)
    assert {status for status, ways in MOVES.items() if not ways} == set(CLOSED)


@pytest.mark.clause("REP-10")
def test_the_whole_road_meets_every_clock(crew, now):
    """REP-3 to ARC-2 in one day: every follow-up is met in its turn, and the next one opens."""
    repair = write_slip(crew.estate, by=crew.desk, now=now, unit=crew.unit)

    def owed():
        return sorted(row.kind for row in FollowUp.objects.open().about(repair))

    minute = timedelta(minutes=1)
    assert owed() == [followups.DISPATCH]
    actions.dispatch(repair, by=crew.desk, now=now + minute)
    assert owed() == [followups.ACCEPT]
    actions.accept(repair, by=crew.dispatcher, now=now + 2 * minute)
    assert owed() == [followups.ARRIVE, followups.FINISH, followups.ONSITE]
    actions.assign(repair, repairer=crew.repairer, by=crew.dispatcher, now=now + 3 * minute)
    actions.arrive(repair, by=crew.repairer, now=now + 10 * minute)
    assert owed() == [followups.FINISH, followups.ONSITE]
    actions.onsite_check(repair, note="在换阀芯", by=repair.butler, now=now + 12 * minute)
    actions.finish(repair, work_done="换阀芯", by=crew.repairer, now=now + 40 * minute)
    assert owed() == [followups.RETURN]
    actions.return_slip(repair, by=crew.dispatcher, now=now + 50 * minute)
    assert owed() == [followups.CALLBACK]
    actions.call_back(
        repair, result="solved", satisfaction="satisfied", by=repair.butler, now=now + 60 * minute
    )
    assert owed() == [followups.ARCHIVE]
    actions.archive(repair, by=crew.desk, now=now + 70 * minute)
    assert owed() == []
    assert all(row.was_kept for row in FollowUp.objects.about(repair))
    assert [entry.event for entry in Entry.objects.about(repair).order_by("pk")] == [
        "repair.registered",
        "repair.dispatched",
        "repair.accepted",
        "repair.assigned",
        "repair.arrived",
        "repair.onsite_checked",
        "repair.finished",
        "repair.returned",
        "repair.called_back",
        "repair.archived",
    ]


def test_second_of_two_colleagues_reads_who_was_faster(crew, dispatcher, engmanager, now):
    repair = crew.slip(Status.DISPATCHED, now=now)
    mine, yours = Repair.objects.get(pk=repair.pk), Repair.objects.get(pk=repair.pk)
    actions.accept(yours, by=dispatcher, now=now)
    with pytest.raises(ValidationError) as caught:
        actions.accept(mine, by=engmanager, now=now + timedelta(seconds=10))
    assert caught.value.messages == ["老马 10 秒前已接单。页面已更新, 您写的内容还在"]
    assert FollowUp.objects.open().about(repair).filter(kind=followups.ARRIVE).count() == 1


def test_same_person_twice_is_told_so(crew, dispatcher, now):
    repair = crew.slip(Status.DISPATCHED, now=now)
    twin = Repair.objects.get(pk=repair.pk)
    actions.accept(repair, by=dispatcher, now=now)
    with pytest.raises(ValidationError) as caught:
        actions.accept(twin, by=dispatcher, now=now)
    assert caught.value.messages == ["您 刚刚已接单。页面已更新, 您写的内容还在"]


def test_two_colleagues_change_different_things_the_second_is_refused(crew, desk, desk2, now):
    repair = crew.slip(Status.DISPATCHED, now=now)
    mine, yours = Repair.objects.get(pk=repair.pk), Repair.objects.get(pk=repair.pk)
    actions.change_promise(yours, promised_at=TOMORROW, reason="改期", by=desk2, now=now)
    with pytest.raises(ValidationError) as caught:
        actions.change_promise(
            mine, promised_at=at("2026-11-25 09:00"), reason="改", by=desk, now=now
        )
    assert caught.value.code == "stale"
    repair.refresh_from_db()
    assert repair.promised_at == TOMORROW
