"""What must hold for any deductions in any order (issue: property-based tests)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.arithmetic import (
    Charge,
    Fact,
    Marks,
    Rules,
    band_of,
    charge,
    consequence_range,
    grade_points,
    median_of,
    month_of,
    rate_points,
    reversed_part,
    score_items,
    score_sheet,
    sums_to_hundred,
    total_of,
)

D = Decimal
MARKS = Marks(D(2), D(1), D(5), D(3), D(7), D(10), D(100), D(5), D(1))
STAFF = dict(zip(["job", "handover", "training", "efficiency", "service", "other", "rest"],
                 map(D, (40, 10, 10, 10, 15, 10, 5)), strict=True))  # fmt: skip
RULES = Rules(STAFF, MARKS)
points = st.decimals(min_value=0, max_value=60, places=2)
charges = st.lists(
    st.builds(
        Charge,
        item=st.sampled_from(list(STAFF)),
        points=points,
        linked=st.dictionaries(st.sampled_from(list(STAFF)), points, max_size=3),
    ),
    max_size=20,
)
facts = st.lists(
    st.builds(
        Fact,
        item=st.sampled_from(list(STAFF)),
        grade=st.sampled_from(["minor", "serious", "consequence", "rate"]),
        typed=points,
        shortfall=points,
        columns=st.lists(st.sampled_from(list(STAFF)), max_size=3, unique=True).map(tuple),
        reversed_share=st.fractions(min_value=0, max_value=1, max_denominator=20),
    ),
    max_size=12,
)


@pytest.mark.clause("APP-9", "APP-19", "APP-20")
@given(charges, st.randoms())
@settings(max_examples=150, deadline=None)
def test_each_item_is_its_full_marks_less_its_deductions_never_below_zero(found, rng):
    scores = {each.item: each for each in score_items(STAFF, found)}
    for item, full in STAFF.items():
        taken = sum((c.points for c in found if c.item == item), D(0))
        taken += sum((c.linked.get(item, D(0)) for c in found), D(0))
        assert scores[item].score == max(D(0), full - taken)
        assert scores[item].score + scores[item].taken - scores[item].lost == full
    total = total_of(scores.values())
    assert total == sum(each.score for each in scores.values())
    assert 0 <= total <= 100
    rng.shuffle(found)
    assert total_of(score_items(STAFF, found)) == total


@given(facts)
@settings(max_examples=150, deadline=None)
def test_reversing_a_deduction_restores_exactly_what_it_took(found):
    before = score_sheet(found[:-1], RULES)
    if found:
        whole = Fact(**{**found[-1].__dict__, "reversed_share": Fraction(1)})
        assert score_sheet([*found[:-1], whole], RULES) == before
        assert score_sheet(found, RULES) <= before


@given(facts)
@settings(max_examples=100, deadline=None)
def test_rules_kept_as_json_score_the_same_sheet_to_the_mark(found):
    assert score_sheet(found, Rules.from_json(RULES.to_json())) == score_sheet(found, RULES)


@given(points, st.fractions(min_value=0, max_value=1))
def test_a_reversed_part_never_exceeds_the_whole(taken, share):
    assert 0 <= reversed_part(taken, share) <= taken


@given(
    st.dictionaries(
        st.sampled_from(["daily", "weekly", "monthly", "spot"]),
        st.lists(st.decimals(min_value=0, max_value=100, places=2), min_size=1, max_size=31),
    )
)
@settings(max_examples=100, deadline=None)
def test_a_month_lies_between_its_worst_and_best_kind(totals):
    weights = {"daily": D(40), "weekly": D(30), "monthly": D(20), "spot": D(10)}
    month = month_of({k: (sum(v), len(v)) for k, v in totals.items()}, weights)
    if not totals:
        assert month.score is None
        return
    means = [sum(v) / len(v) for v in totals.values()]
    assert min(means) - D("0.01") <= month.score <= max(means) + D("0.01")
    assert abs(sum(part.share for part in month.parts) - 100) < D("0.05")


def test_items_of_five_marks_take_less():
    assert [grade_points(g, D(10), MARKS) for g in ("minor", "serious")] == [D(2), D(5)]
    assert [grade_points(g, D(5), MARKS) for g in ("minor", "serious")] == [D(1), D(3)]
    with pytest.raises(ValueError, match="consequence"):
        grade_points("consequence", D(10), MARKS)


@pytest.mark.parametrize(
    ("full", "least", "most"), [(40, 7, 40), (10, 7, 10), (8, 6, 8), (5, 4, 5), (3, 3, 3)]
)
def test_bad_consequences_take_up_to_all_marks_of_the_item(full, least, most):
    assert consequence_range(D(full), MARKS) == (D(least), D(most))


@pytest.mark.clause("FEE-2")
@pytest.mark.parametrize(
    ("below", "taken"), [("0.99", 0), ("1", 1), ("3.7", 3), ("30", 5), ("-2", 0)]
)
def test_a_rate_below_target_takes_a_mark_per_whole_point_up_to_its_part(below, taken):
    assert rate_points(D(below), MARKS) == taken


def test_a_month_without_weight_has_no_score():
    assert month_of({"spot": (D(90), 1)}, {"daily": D(100), "spot": D(0)}).score is None


def test_bands_start_at_their_floor():
    floors = (("excellent", D(90)), ("good", D(80)), ("pass", D(60)))
    assert [band_of(D(x), floors, "fail") for x in ("90", "89.99", "60", "59.99")] == [
        "excellent", "good", "pass", "fail",
    ]  # fmt: skip


def test_a_column_that_is_the_item_itself_is_not_charged_twice():
    found = charge(Fact("training", "minor", columns=("training", "other")), RULES)
    assert found.linked == {"other": D(2)}


def test_full_marks_must_make_a_hundred():
    assert sums_to_hundred(STAFF)
    assert not sums_to_hundred(STAFF | {"job": D(41)})
    assert not sums_to_hundred(STAFF | {"job": D(-10), "handover": D(60)})


def test_the_median_of_an_even_number_lies_between():
    assert median_of([D(90), D(100)]) == D("95.00")
