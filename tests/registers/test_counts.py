from registers.actions import keys
from registers.counts import expected_counts, household_counts
from registers.models import KeyCustody


def test_counts_are_pieces_at_the_desk_of_one_estate(
    records_of_all, estate, other_estate, django_assert_num_queries
):
    with django_assert_num_queries(1):
        rows = expected_counts(estate)
    assert [(code, number) for code, _label, number in rows] == [
        ("keys", 2), ("cards", 1), ("storage", 2), ("mail", 1),
    ]  # fmt: skip
    assert sum(number for _code, _label, number in expected_counts(other_estate)) == 0


def test_rest_of_a_lent_bunch_still_hangs_there(lent_key, a_key, estate, desk, now):
    a_key(label="K-08", quantity=3)
    assert expected_counts(estate)[0][2] == 4
    keys.take_back_loan(lent_key, seal_number="F2", by=desk, now=now)
    assert expected_counts(estate)[0][2] == 5
    keys.hand_back(KeyCustody.objects.get(label="K-07"), to="王", document="证", by=desk, now=now)
    assert expected_counts(estate)[0][2] == 3


def test_household_counts_cost_one_query(records_of_all, unit, django_assert_num_queries):
    with django_assert_num_queries(1):
        rows = household_counts(unit)
    assert [(slug, number) for slug, _label, number in rows] == [
        ("keys", 1), ("cards", 0), ("storage", 1), ("mail", 1), ("archive", 1),
        ("papers", 1),
    ]  # fmt: skip
