"""The same laws as ``test_arithmetic``, on sheets that the actions stored: any lines, any order."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisal.actions import lines, sheets
from appraisal.arithmetic import consequence_range
from appraisal.items import COLUMN_OF_CAUSE, Cause, Grade, Group
from appraisal.models import Sheet
from appraisal.replay import total_under
from appraisal.schemes import shipped

D = Decimal
# (group, grade, causes, share of the points that an appeal takes back)
found = st.lists(
    st.tuples(
        st.sampled_from([Group.JOB, Group.HANDOVER, Group.TRAINING, Group.CONDUCT, Group.REST]),
        st.sampled_from([Grade.MINOR, Grade.SERIOUS, Grade.CONSEQUENCE]),
        st.lists(st.sampled_from(Cause), max_size=3, unique=True),
        st.sampled_from([0, 1, 2, 3, 4]),
    ),
    max_size=7,
)


@pytest.mark.clause("APP-9", "APP-19", "APP-20")
@given(found)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_stored_manager_sheet_adds_up_reverses_and_replays(manager, gm, deduct, now, found):
    full = shipped(manager.post).full
    before = transaction.savepoint()
    try:
        sheet = sheets.open_sheet(manager, kind="weekly", day=now.date(), by=gm, now=now)
        stored = []
        for place, (group, grade, causes, _share) in enumerate(found):
            item = shipped(manager.post).item_of(group)
            usable = [cause for cause in causes if COLUMN_OF_CAUSE[cause] != item]
            points = consequence_range(full[item], sheet.rules_then.marks)[0]
            line = deduct(sheet, group, grade, points=points, causes=usable,
                          now=now + timedelta(seconds=place))  # fmt: skip
            stored.append(line)
        adds_up(sheet)
        for line, (*_rest, share) in zip(stored, found, strict=True):
            lines.reverse_to(line, (line.points * (4 - share) / 4).quantize(D("0.01")))
        lines.recount(sheet)
        adds_up(sheet)
        for line in stored:
            lines.reverse_to(line, D(0))
        lines.recount(sheet)
        assert sheet.total == 100
    finally:
        transaction.savepoint_rollback(before)


def adds_up(sheet):
    """item = max(0, full − Σ), each linked column with its own floor; and the replay agrees."""
    sheet = Sheet.objects.get(pk=sheet.pk)
    left = dict(sheet.rules_then.full)
    for line in sheet.deductions.prefetch_related("linked"):
        left[line.item] -= line.points - line.reversed_points
        for each in line.linked.all():
            left[each.item] -= each.points - each.reversed_points
    expected = {item: max(D(0), marks) for item, marks in left.items()}
    assert {each.item: each.score for each in sheet.scores()} == expected
    assert sheet.total == sum(expected.values())
    assert 0 <= sheet.total <= 100
    assert total_under(sheet, sheet.rules_then) == sheet.total
