"""The trust bank: its account stays within its bounds and moves the way its rules say."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustkit import blocks
from trustkit.simulators.trust_bank import (
    BROKEN,
    KEPT,
    QUIET,
    REPAIR,
    START,
    USUAL,
    Levers,
    curve,
    judge,
    show,
    stories,
)

EVENTS = st.lists(st.sampled_from([KEPT, BROKEN, REPAIR, QUIET]), max_size=40)
LEVERS = st.builds(
    Levers,
    weight=st.sampled_from([1, 1.5, 2, 3, 4]),
    ceiling=st.sampled_from([60, 80, 100]),
    half_life=st.integers(1, 12),
)


@given(EVENTS, LEVERS)
def test_trust_stays_between_nothing_and_the_ceiling(events, levers):
    assert all(0 <= value <= max(levers.ceiling, START) for value in curve(events, levers))


@given(EVENTS, LEVERS)
def test_without_a_repair_a_heavier_loss_never_leaves_more_trust(events, levers):
    events = [event for event in events if event != REPAIR]
    light, heavy = (curve(events, Levers(weight, levers.ceiling, levers.half_life)) for weight in (1, 4))
    assert all(a >= b for a, b in zip(light, heavy))


@given(EVENTS, LEVERS)
def test_one_more_kept_promise_never_hurts_and_one_more_broken_one_never_helps(events, levers):
    end = curve(events, levers)[-1]
    healed = curve([*events, QUIET], levers)[-1]
    assert curve([*events, KEPT], levers)[-1] >= end
    assert curve([*events, BROKEN], levers)[-1] <= healed


def test_gains_get_smaller_towards_the_ceiling():
    values = curve([KEPT] * 30)
    gains = [b - a for a, b in pairwise(values)]
    assert gains[0] == pytest.approx(6) and gains == sorted(gains, reverse=True) and values[-1] < 100


def test_a_loss_is_the_weight_times_the_first_gain():
    assert [START - curve([BROKEN], Levers(weight))[-1] for weight in (1, 2, 4)] == [6, 12, 24]


def test_half_of_a_loss_is_healed_after_one_half_life_and_none_in_silence():
    assert curve([BROKEN, REPAIR, QUIET, QUIET, QUIET])[-1] == pytest.approx(44)
    assert curve([BROKEN] + [REPAIR] + [QUIET] * 7)[-1] == pytest.approx(47)
    assert curve([BROKEN] + [QUIET] * 20)[-1] == 38


def test_the_next_broken_promise_ends_a_healing():
    values = curve([BROKEN, REPAIR, BROKEN, QUIET, QUIET])
    assert values[3] == values[4] == values[5]


def test_each_seed_tells_the_same_five_stories_again_and_other_seeds_other_ones():
    assert stories(7) == stories(7) and len(stories(7)) == 5
    assert len({tuple(map(tuple, stories(seed).values())) for seed in range(40)}) > 10


def test_no_single_guess_is_right_for_all_five_stories():
    for seed in range(50):
        ends = [curve(events)[-1] for events in stories(seed).values()]
        assert max(sum(abs(guess - end) <= 5 for end in ends) for guess in range(101)) <= 3


def test_one_right_prediction_is_enough_and_each_one_counts():
    ends = [round(curve(events)[-1]) for events in stories(1).values()]
    right = [{"end": end} for end in ends]
    wrong = [{"end": 0 if end > 50 else 100} for end in ends]
    assert judge(right, 1).parts == {"right": 5}
    assert judge([*wrong[:4], right[4]], 1).reached and judge(wrong, 1) == judge([*wrong, {"story": "x"}], 1)
    assert not judge(wrong, 1).reached and not judge(right[:4], 1).finished


def test_a_prediction_is_asked_for_before_the_curve_is_shown_and_stands():
    for count in range(5):
        shown = show([{"end": 50}] * count, "en", 3)
        assert sum(block["block"] == "chart" for block in shown) == count
        assert blocks.open_form(shown)["final"]
    assert not blocks.open_form(show([{"end": 50}] * 5, "en", 3))["final"]


def test_the_levers_are_compared_with_the_usual_rules():
    trial = {"story": "one-break", "weight": USUAL.weight, "ceiling": 100, "half_life": 4}
    charts = [block for block in show([{"end": 50}] * 5 + [trial], "en", 3) if block["block"] == "chart"]
    mine, usual = charts[-1]["series"]
    assert mine["y"] == usual["y"] and usual["dash"] and not mine["dash"]
