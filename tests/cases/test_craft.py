"""What makes a case worth practising is measured, not felt."""

from pathlib import Path

import pytest

from trustkit.cases import craft
from trustkit.cases.compile import compile_case
from trustkit.cases.reader import read_case, text_of
from trustkit.cases.solve import solve
from trustkit.trust.vocabulary import vocabulary

DEFECTS = Path(__file__).parent / "defects"


@pytest.fixture(scope="module")
def sound():
    return solve(compile_case(read_case(DEFECTS / "crafted")))


def test_a_decision_is_what_a_trainee_sees_at_once(sound):
    found = {decision.scene: decision for decision in craft.decisions(sound)}
    assert len(found) == 7
    assert found["when"].choices == ("maybe", "refuse", "step", "rule")
    assert found["when"].best == "rule"
    assert all(not decision.dominant for decision in found.values())


def test_a_choice_that_only_takes_longer_than_a_worse_one_does_not_dominate():
    solution = solve(compile_case(read_case(DEFECTS / "dominant-choice")))
    assert {d.scene: d.dominant for d in craft.decisions(solution) if d.dominant} == {"how": "why-ours"}


def test_the_share_that_passes_by_chance_is_exact(sound):
    play = sound.play
    share = 0.0
    waiting = [(play.start(), 1.0)]
    while waiting:
        position, weight = waiting.pop()
        if play.is_over(position):
            share += weight * play.passed(position)
            continue
        on_offer = play.choices(position)
        waiting += [(play.step(position, index), weight / len(on_offer)) for index in on_offer]
    assert craft.passes_by_chance(sound) == pytest.approx(share)
    assert 0 < share < craft.MOST_BY_CHANCE


def test_neglecting_what_decides_costs_more_than_neglecting_what_does_not(sound):
    cost = dict(zip(vocabulary().compass, craft.costs_of_neglect(sound)))
    assert cost["responsibility"] > 25 > cost["transparency"] >= 0


def test_looks_by_which_the_best_choice_could_be_guessed_are_counted_against_chance(sound):
    text = text_of(read_case(DEFECTS / "crafted"))
    found = {habit.name: habit for habit in craft.habits(sound, craft.decisions(sound), text)}
    assert found["longest"].seen < found["longest"].expected == pytest.approx(6 / 3 + 1 / 4)
    assert found["first"].seen == 0
    assert found["most-apologetic"].decisions == 2
