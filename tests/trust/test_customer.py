"""The customer's state moves as the model says, and never leaves its bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustkit.trust.customer import (
    FULL,
    Customer,
    clamp,
    compensation,
    default_model,
    opening,
    outcome,
    react,
    satisfaction,
    trust,
)

MODEL = default_model()
CALM = opening("calm", 0)
gauge = st.integers(0, FULL)
customers = st.builds(Customer, *[gauge] * 10, st.integers(0, 9))
moves = st.lists(st.one_of(st.none(), st.integers(-90_000, 90_000)), min_size=3, max_size=3)


@given(customers, moves, st.integers(0, 60), st.integers(0, 3), st.booleans(), st.booleans())
def test_every_gauge_stays_between_nothing_and_full(customer, move, over, failures, honesty, ends):
    after = react(customer, MODEL, move, over_patience=over, new_failures=failures, honesty_broken=honesty, ends=ends)
    assert all(0 <= value <= FULL for value in after[:10])
    assert after.failures == customer.failures + failures
    for read in (trust, satisfaction, outcome):
        assert 0 <= read(after, MODEL) <= FULL


@given(customers, moves)
def test_a_better_step_never_leaves_less_trust(customer, move):
    better = [None if m is None else m + 5_000 for m in move]
    assert trust(react(customer, MODEL, better), MODEL) >= trust(react(customer, MODEL, move), MODEL)


@given(customers)
def test_a_step_that_touches_nothing_changes_nothing(customer):
    assert react(customer, MODEL, [None, None, None]) == customer


def test_a_disappointment_in_how_one_is_treated_weighs_more_than_the_same_surprise():
    up = react(CALM, MODEL, [None, None, 10_000])
    down = react(CALM, MODEL, [None, None, -10_000])
    assert CALM.affective - down.affective == (up.affective - CALM.affective) * 1500 // 1000


def test_in_problem_solving_the_surprise_weighs_more_than_the_disappointment():
    up = react(CALM, MODEL, [10_000, None, None])
    down = react(CALM, MODEL, [-10_000, None, None])
    assert CALM.cognitive - down.cognitive < up.cognitive - CALM.cognitive


def test_the_same_step_is_worth_less_after_a_second_failure():
    once, twice = CALM._replace(failures=1), CALM._replace(failures=2)
    gain = trust(react(once, MODEL, [20_000, 20_000, 20_000]), MODEL) - trust(once, MODEL)
    later = trust(react(twice, MODEL, [20_000, 20_000, 20_000]), MODEL) - trust(twice, MODEL)
    assert 0 < later < gain


def test_the_end_of_a_contact_counts_twice_for_trust():
    middle = react(CALM, MODEL, [None, None, 10_000])
    end = react(CALM, MODEL, [None, None, 10_000], ends=True)
    assert end.affective - CALM.affective == 2 * (middle.affective - CALM.affective)
    assert end.interactional == middle.interactional


def test_a_red_line_of_honesty_breaks_trust_at_once():
    after = react(CALM, MODEL, [None, None, None], honesty_broken=True)
    assert CALM.cognitive - after.cognitive == CALM.affective - after.affective == MODEL.honesty_loss


def test_trust_is_moved_most_by_treatment_then_result_then_procedure():
    # With weights alike: one thousand more of each felt justice, no disappointment.
    flat = CALM._replace(expected_distributive=0, expected_procedural=0, expected_interactional=0)
    gains = [trust(react(flat, MODEL, [10_000 if j == at else None for j in range(3)]), MODEL) for at in range(3)]
    assert gains[2] > gains[0] > gains[1]


def test_satisfaction_with_the_case_is_moved_most_by_result_then_treatment_then_procedure():
    d, p, i = MODEL.satisfaction_weights
    assert d > i > p


@pytest.mark.parametrize(("offer", "move"), [(0, -30_000), (600, 0), (1000, 25_000), (800, 12_500), (9_999, 20_000)])
def test_the_compensation_curve_goes_through_its_points_and_straight_between(offer, move):
    assert compensation(MODEL, offer) == move


def test_the_best_offer_lies_between_the_harm_and_half_as_much_again_and_the_climb_before_it_is_steepest():
    curve = {offer: compensation(MODEL, offer) for offer in range(0, 2501, 100)}
    best = max(curve, key=curve.get)
    assert 1000 <= best <= 1500
    slopes = {offer: curve[offer + 100] - curve[offer] for offer in range(0, 2400, 100)}
    assert 600 <= max(slopes, key=slopes.get) < 1200


@given(st.integers(-(10**9), 10**9))
def test_clamping_keeps_what_fits(value):
    assert clamp(value) == min(max(value, 0), FULL)
