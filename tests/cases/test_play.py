"""What a choice does: time, promises, derived behaviours, conduct and red lines."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustkit.cases.compile import compiled, play_of
from trustkit.cases.play import BROKEN, KEPT, NEVER, ImpossibleStep, Play

PARCEL = Path(__file__).parent / "small" / "late-parcel"
PLAY = play_of(PARCEL)
CALMER = play_of(PARCEL, "calmer")


def names(play, position, choice_id):
    index = play.index_of(position, choice_id)
    return {play.structure["behaviours"][b]["id"]: s for b, s in play.behaviours(position, index)}


def test_time_passes_with_every_choice_and_jumps_with_the_scene():
    positions = PLAY.walk(["ask", "check", "fair"])
    assert [p.minutes for p in positions] == [0, 2, 9, 11]
    assert [p.clock for p in positions] == [0, 2, 69, 71]


def test_impatience_grows_only_with_minutes_of_contact():
    patient = Play({**PLAY.structure, "patience": 1000})
    within, beyond = PLAY.walk(["ask"])[-1], PLAY.walk(["ask", "check"])[-1]
    assert within.customer.anger == patient.walk(["ask"])[-1].customer.anger
    minutes_beyond = 9 - PLAY.structure["patience"]
    assert beyond.clock > beyond.minutes == 9
    grown = beyond.customer.anger - patient.walk(["ask", "check"])[-1].customer.anger
    assert grown == minutes_beyond * PLAY.model.impatience


def test_a_promise_that_falls_due_unkept_is_broken_and_counts_as_a_failure():
    start, made, later = PLAY.walk(["promise-today", "check"])
    assert start.promises == (NEVER,)
    assert made.promises == (2 + 30,)
    assert later.promises == (BROKEN,)
    assert later.broken == 1
    assert later.customer.failures == start.customer.failures + 1


def test_a_promise_kept_in_time_is_kept():
    sound = play_of(Path(__file__).parent / "defects" / "sound")
    assert sound.walk(["ask", "swap"])[-1].promises == (KEPT,)


def test_a_fact_comes_out_only_by_asking():
    assert PLAY.walk(["name-it"])[-1].facts == 0b001
    assert PLAY.walk(["ask"])[-1].facts == 0b011


def test_what_the_customer_says_follows_from_the_state():
    assert PLAY.line(PLAY.walk(["ask"])[-1]) == 0
    assert PLAY.line(PLAY.walk(["name-it"])[-1]) == 2


def test_a_choice_is_on_offer_only_where_its_guard_holds():
    held = PLAY.walk(["ask", "offer-half"])[-1]
    with pytest.raises(ImpossibleStep, match="was not on offer"):
        PLAY.index_of(held, "fair")
    assert PLAY.index_of(PLAY.walk(["ask", "check"])[-1], "fair") == 0


@pytest.mark.parametrize(
    ("choices", "says"),
    [
        (["dance"], "step 1: the scene `start` has no choice `dance`"),
        (["ask", "offer-half", "fair"], "step 3"),
        (["ask", "check", "fair", "fair"], "step 4: the conversation had already ended"),
    ],
)
def test_a_step_that_could_not_have_happened_is_refused_with_its_number(choices, says):
    with pytest.raises(ImpossibleStep, match=says):
        PLAY.walk(choices)


def test_the_same_apology_again_turns_into_its_opposite():
    again = PLAY.walk(["ask", "check"])[-1]
    assert names(PLAY, again, "sorry")["repeated-apology"] == 1
    assert "regret" not in names(PLAY, again, "sorry")


def test_the_same_apology_with_a_new_remedy_still_counts():
    again = PLAY.walk(["ask", "check"])[-1]
    assert "repeated-apology" not in names(PLAY, again, "fair")


def test_a_promise_to_do_better_after_a_broken_one_is_hollow():
    broken = PLAY.walk(["promise-today", "check"])[-1]
    assert names(PLAY, broken, "sorry")["repeated-apology"] == 2


@pytest.mark.parametrize(("choice", "place"), [("fair", "offer-fair"), ("much", "offer-excessive")])
def test_an_offer_is_placed_on_the_compensation_curve(choice, place):
    assert place in names(PLAY, PLAY.walk(["ask", "check"])[-1], choice)


def test_an_offer_below_the_harm_is_found():
    assert "offer-below-harm" in names(PLAY, PLAY.walk(["ask"])[-1], "offer-half")


def test_a_crossed_red_line_fails_the_attempt_and_play_goes_on():
    positions = PLAY.walk(["name-it", "deny", "fair"])
    assert positions[-1].red_lines
    assert PLAY.is_over(positions[-1])
    assert not PLAY.passed(positions[-1])


def test_a_bar_is_not_assessed_where_nothing_was_on_offer():
    bars = PLAY.conduct_bars(PLAY.walk(["ask", "check", "fair"])[-1])
    transparency = 2
    assert bars[transparency] is None
    assert all(bar is None or 0 <= bar <= 100 for bar in bars)


def test_conduct_is_the_mean_of_the_assessed_bars():
    end = PLAY.walk(["ask", "check", "fair"])[-1]
    bars = [bar for bar in PLAY.conduct_bars(end) if bar is not None]
    assert PLAY.conduct(end) == sum(bars) // len(bars)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_every_path_ends_and_keeps_its_promises_about_itself(data):
    play = data.draw(st.sampled_from([PLAY, CALMER]))
    position = play.start()
    while not play.is_over(position):
        index = data.draw(st.sampled_from(play.choices(position)))
        after = play.step(position, index)
        assert after.clock > position.clock
        assert after.facts & position.facts == position.facts
        assert after.red_lines & position.red_lines == position.red_lines
        assert all(low <= got <= high for low, got, high in zip(after.least, after.earned, after.most))
        assert play.step(position, index) == after
        position = after
    assert 0 <= play.conduct(position) <= 100
    assert 0 <= play.outcome(position) <= 100


def test_a_variant_changes_facts_and_not_ids():
    base, calmer = compiled(PARCEL), compiled(PARCEL, "calmer")
    assert base["hash"] != calmer["hash"]
    assert [s["id"] for s in base["scenes"]] == [s["id"] for s in calmer["scenes"]]
    assert calmer["patience"] == 20
    assert calmer["start"]["customer"][9] == 20_000
