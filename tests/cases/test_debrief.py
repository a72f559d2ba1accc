"""The debrief tells the story of an attempt as it was."""

from pathlib import Path

import pytest

from trustkit.cases.compile import compiled
from trustkit.cases.debrief import debrief
from trustkit.cases.play import ImpossibleStep, Play

STRUCTURE = compiled(Path(__file__).parent / "small" / "late-parcel")


def test_the_scores_are_those_of_the_play():
    story = debrief(STRUCTURE, ["ask", "check", "fair"])
    play = Play(STRUCTURE)
    end = play.walk(["ask", "check", "fair"])[-1]
    assert (story.conduct, story.outcome, story.passed) == (play.conduct(end), play.outcome(end), play.passed(end))
    assert story.ending == STRUCTURE["endings"][play.ending(end)]["id"]


def test_the_turning_point_is_the_choice_that_cost_most():
    story = debrief(STRUCTURE, ["ask", "deny", "sorry"])
    regrets = [turn.regret for turn in story.turns]
    assert story.turning_point == regrets.index(max(regrets))
    assert max(regrets) > 0


def test_without_a_regret_the_turning_point_is_the_largest_gain():
    sound = compiled(Path(__file__).parent / "defects" / "sound")
    best = debrief(sound, debrief(sound, ["refuse", "shrug"]).best_path)
    assert all(turn.regret == 0 for turn in best.turns)
    gains = [turn.trust for turn in best.turns]
    assert best.turning_point == gains.index(max(gains))


def test_every_other_choice_of_a_turn_says_what_would_have_happened():
    story = debrief(STRUCTURE, ["ask", "check", "fair"])
    assert [other.choice for other in story.turns[0].instead] == ["promise-today", "name-it", "blame"]
    assert all(other.scene == "look" for other in story.turns[0].instead)
    denied = next(other for other in story.turns[1].instead if other.choice == "deny")
    assert denied.red_line == "remedy-denied"


def test_a_broken_promise_stands_at_the_turn_that_found_it():
    story = debrief(STRUCTURE, ["promise-today", "check", "fair"])
    assert ["broken-promise", 1] in story.turns[1].behaviours


def test_what_came_out_stands_at_the_turn_that_asked():
    assert debrief(STRUCTURE, ["ask", "check", "fair"]).turns[0].revealed == ["gift"]


def test_there_is_one_state_before_the_first_turn_and_one_after_each():
    story = debrief(STRUCTURE, ["ask", "check", "fair"])
    assert len(story.gauges) == len(story.turns) + 1
    changes = [after.trust - before.trust for before, after in zip(story.gauges, story.gauges[1:])]
    assert changes == [turn.trust for turn in story.turns]


def test_an_unfinished_or_impossible_attempt_has_no_debrief():
    with pytest.raises(ValueError, match="not reached an ending"):
        debrief(STRUCTURE, ["ask"])
    with pytest.raises(ImpossibleStep):
        debrief(STRUCTURE, ["fair"])
