"""Judges the craft of a solved case: real dilemmas, no giveaway, policy from the cards, behaviours that decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from trustkit.cases.play import COMPASS_BARS, Play, Position
from trustkit.cases.solve import Solution
from trustkit.trust.customer import satisfaction, trust

ON_OFFER = (3, 4)
"""How many choices a trainee should see at once: fewer is a corridor, more is a questionnaire."""
PATH_LENGTH = {"practice": (6, 10), "exam": (10, 16)}
"""How many choices the best path should take, in a case for practice and in an exam."""
MOST_WORDS = {"say": 35, "customer": 60, "feedback": 40}
"""More English words than this in one go is what nobody would say, or read."""
MOST_GIVEAWAY = 0.5
"""In a single case the best choice may be the longest (first, most apologetic) in this share of its decisions."""
MOST_BY_CHANCE = 0.05
"""Share of attempts at random that may pass."""

HABITS = ("longest", "first", "most-apologetic")


class Decision(NamedTuple):
    """What a trainee sees at once: a scene with the choices on offer, whatever led there.

    Attributes:
        scene: id of the scene.
        choices: ids of the choices on offer, in the author's order.
        best: id of the choice that costs least over all positions in which this decision comes up.
        dominant: id of a choice that is at least as good as every other in every respect, or "".
    """

    scene: str
    choices: tuple[str, ...]
    best: str
    dominant: str


@dataclass(frozen=True)
class Habit:
    """How often the best choice has a mark by which it could be guessed.

    Attributes:
        name: "longest", "first" or "most-apologetic".
        seen: decisions in which the best choice bears the mark.
        expected: how many that would be by chance.
        decisions: decisions in which the mark can tell anything.
    """

    name: str
    seen: int
    expected: float
    decisions: int


def decisions(solution: Solution) -> list[Decision]:
    """Return every decision of a case; where choices cost the same, the one that pleases more now counts as best."""
    play = solution.play
    cost: dict[tuple, dict[int, list[int]]] = {}
    dominant: dict[tuple, set[int]] = {}
    for position in solution.positions:
        steps = solution.steps(position)
        if not steps:
            continue
        key = (position.scene, tuple(index for index, _ in steps))
        sums = cost.setdefault(key, {index: [0, 0] for index in key[1]})
        before = trust(position.customer, play.model)
        for index, after in steps:
            sums[index][0] -= solution.best_outcome(after)
            sums[index][1] -= trust(after.customer, play.model) - before
        left = dominant.setdefault(key, set(key[1]))
        if left:
            respects = {index: _respects(solution, position, index, after) for index, after in steps}
            for index in list(left):
                mine = respects[index]
                if any(b > a for other in respects.values() for a, b in zip(mine, other)):
                    left.discard(index)
    found = []
    for key, sums in sorted(cost.items()):
        scene = play.structure["scenes"][key[0]]
        best = min(sums, key=lambda index: (sums[index], index))
        # Where two are equal in every respect neither gives itself away.
        alone = next(iter(dominant[key])) if len(dominant[key]) == 1 else None
        found.append(
            Decision(
                scene["id"],
                tuple(scene["choices"][index]["id"] for index in key[1]),
                scene["choices"][best]["id"],
                scene["choices"][alone]["id"] if alone is not None else "",
            )
        )
    return found


def habits(solution: Solution, found: list[Decision], text: dict) -> list[Habit]:
    """Return how often the best choice could be guessed by its looks.

    Args:
        found: the decisions of the same solution.
        text: the texts of the variant, as `trustkit.cases.reader.text_of` returns them.
    """
    apologies = _apologies(solution.play)
    seen, expected, count = defaultdict(int), defaultdict(float), defaultdict(int)
    for decision in found:
        if len(decision.choices) < 2:
            continue
        says = text["scenes"][decision.scene]["choices"]
        marks = {
            "longest": [len(says[choice]["say"].split()) for choice in decision.choices],
            "first": [-at for at in range(len(decision.choices))],
            "most-apologetic": [apologies[decision.scene, choice] for choice in decision.choices],
        }
        for name, values in marks.items():
            if max(values) == min(values):
                continue
            count[name] += 1
            expected[name] += 1 / len(values)
            at = decision.choices.index(decision.best)
            seen[name] += values[at] == max(values) and values.count(max(values)) == 1
    return [Habit(name, seen[name], expected[name], count[name]) for name in HABITS]


def passes_by_chance(solution: Solution) -> float:
    """Return the exact share of attempts that pass when every choice on offer is equally likely."""
    share: dict[Position, float] = {}
    for position in solution.backwards:
        steps = solution.steps(position)
        share[position] = (
            sum(share[after] for _, after in steps) / len(steps) if steps else float(solution.play.passed(position))
        )
    return share[solution.play.start()]


def costs_of_neglect(solution: Solution) -> list[int]:
    """Return for each compass behaviour what it costs never to do what is strongest in it, 0-100.

    In every decision in which the choices differ in that behaviour the strongest is left out. The cost is the
    outcome that can then no longer be reached without a red line (all of it where none remains).
    """
    play = solution.play
    reachable: dict[Position, tuple[int, ...]] = {}
    left: dict[tuple, list[list[int]]] = {}
    for position in solution.backwards:
        steps = solution.steps(position)
        if not steps:
            reachable[position] = (-1 if position.red_lines else play.outcome(position),) * COMPASS_BARS
            continue
        key = (position.scene, tuple(index for index, _ in steps), position.apologies, position.offer, position.broken)
        if key not in left:
            left[key] = [_without_strongest(play, position, key[1], compass) for compass in range(COMPASS_BARS)]
        after = [reachable[child] for _, child in steps]
        reachable[position] = tuple(max(after[at][compass] for at in kept) for compass, kept in enumerate(left[key]))
    return [100 - max(0, best) for best in reachable[play.start()]]


def _without_strongest(play: Play, position: Position, on_offer: tuple[int, ...], compass: int) -> list[int]:
    """Which of the choices on offer are left when the strongest in one behaviour are not chosen."""
    scores = [_score(play, position, index, compass) for index in on_offer]
    most = max(scores)
    return [at for at, score in enumerate(scores) if score < most] or list(range(len(scores)))


def endings(solution: Solution) -> dict[str, str]:
    """Return for each ending that is reached who reaches it: attempts that pass ("passes"), fail, or "both"."""
    play = solution.play
    found: dict[str, str] = {}
    for end in solution.ends:
        ending = play.structure["endings"][play.ending(end)]["id"]
        who = "passes" if play.passed(end) else "fails"
        found[ending] = who if found.get(ending, who) == who else "both"
    return found


def good_paths(solution: Solution) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the best and the acceptable path: their name and their (scene, choice) ids."""
    play = solution.play
    for name, path in (("best", solution.best_path()), ("acceptable", solution.acceptable_path())):
        if path is not None:
            positions = play.walk(list(path.choices))
            scenes = [play.structure["scenes"][position.scene]["id"] for position in positions]
            yield name, list(zip(scenes, path.choices))


def _respects(solution: Solution, position: Position, index: int, after: Position) -> tuple[int, ...]:
    """Everything in which one choice can be better than another; more is better."""
    play = solution.play
    return (
        solution.best_outcome(after),
        trust(after.customer, play.model),
        satisfaction(after.customer, play.model),
        -after.customer.anger,
        -after.minutes,
        *(_score(play, position, index, compass) for compass in range(COMPASS_BARS)),
    )


def _score(play: Play, position: Position, index: int, compass: int) -> int:
    known = play.structure["behaviours"]
    return sum(
        known[behaviour]["sign"] * strength
        for behaviour, strength in play.behaviours(position, index)
        if known[behaviour]["compass"] == compass
    )


def _apologies(play: Play) -> dict[tuple[str, str], int]:
    known = play.structure["behaviours"]
    return {
        (scene["id"], choice["id"]): sum(strength for tag, strength in choice["tags"] if known[tag]["apology"])
        for scene in play.structure["scenes"]
        for choice in scene["choices"]
    }
