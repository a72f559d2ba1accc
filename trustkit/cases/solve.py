"""Solves a compiled case exactly: its best and worst end, the passing paths, and the regret of each choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from trustkit.cases.play import Play, Position

MOST_POSITIONS = 100_000
"""A case with more reachable (scene, state) pairs cannot be solved while a trainee waits; lint refuses it."""


class Unsolvable(Exception):
    """The case cannot be solved; the message says why, in the author's terms."""


class TooManyPositions(Unsolvable):
    """The case has more reachable positions than the bound."""


class Stuck(Unsolvable):
    """A scene can be reached in which no choice is on offer, although it is no closing scene; `scene` is its id."""

    def __init__(self, scene: str):
        self.scene = scene
        super().__init__(f"scene `{scene}` can be reached in a state in which none of its choices is on offer")


class Path(NamedTuple):
    """A way through a case: the ids of its choices in order, and its last position."""

    choices: tuple[str, ...]
    end: Position


class _Ahead(NamedTuple):
    """What is still reachable from a position."""

    best_raw: int
    """Highest raw outcome of any end."""
    best_key: tuple
    """(passed, raw outcome, conduct) of the best end; the best path follows it."""
    best_step: int
    """The choice that leads there, -1 at an end."""


@dataclass(frozen=True)
class Solution:
    """Everything that is known about a compiled case once each reachable position was visited.

    Attributes:
        worst_raw: lowest raw outcome of any end (thousandths of a point).
        best_raw: highest raw outcome of an end without a red line; of any end where each has one.
        ends: the reachable ends.
        backwards: all positions, ends first: every step moves the clock forward, so a later clock is further on.
    """

    play: Play
    worst_raw: int
    best_raw: int
    ends: tuple[Position, ...]
    backwards: list[Position]
    _children: dict[Position, list[tuple[int, Position]]]
    _ahead: dict[Position, _Ahead]

    @property
    def positions(self) -> list[Position]:
        """All reachable positions."""
        return list(self._children)

    def steps(self, position: Position) -> list[tuple[int, Position]]:
        """Return what can be chosen at a position and where each choice leads: (index, next position)."""
        return self._children[position]

    def best_outcome(self, position: Position) -> int:
        """Return the best outcome, 0-100, that is still reachable from a position."""
        return self._scaled(self._ahead[position].best_raw)

    def regret(self, position: Position, index: int) -> int:
        """Return what a choice costs: the best outcome still reachable before it minus after it, 0-100."""
        after = next(child for choice, child in self._children[position] if choice == index)
        return self.best_outcome(position) - self.best_outcome(after)

    def follow(self, choose: Callable[[Position], int], start: Position | None = None) -> Path:
        """Return the path of somebody who takes, at each position, the choice whose index `choose` returns."""
        position = start or self.play.start()
        choices = []
        while self._children[position]:
            index = choose(position)
            choices.append(self._choice_id(position, index))
            position = dict(self._children[position])[index]
        return Path(tuple(choices), position)

    def best_path(self, start: Position | None = None) -> Path:
        """Return the best path: passing where that is possible, then highest outcome, then conduct."""
        return self.follow(lambda position: self._ahead[position].best_step, start)

    def worst_path(self) -> Path:
        """Return the path to the lowest outcome of all."""
        lowest: dict[Position, tuple[int, int]] = {}
        for position in self.backwards:
            steps = self._children[position]
            lowest[position] = (
                min((lowest[child][0], index) for index, child in steps)
                if steps
                else (self.play.raw_outcome(position), -1)
            )
        return self.follow(lambda position: lowest[position][1])

    def acceptable_path(self) -> Path | None:
        """Return the passing path that has least in common with the best path; None where there is no other.

        Among equally different ones it is the one with the highest outcome, then conduct.
        """
        best = self._best_steps()
        found: dict[Position, tuple] = {}
        for position in self.backwards:
            options = []
            if not self._children[position] and self.play.passed(position):
                options.append((0, -self.play.raw_outcome(position), -self.play.conduct(position), -1))
            for index, child in self._children[position]:
                if child in found:
                    shared, raw, conduct, _ = found[child]
                    step = (position.scene, self._choice_id(position, index))
                    options.append((shared + (step in best), raw, conduct, index))
            if options:
                found[position] = min(options)
        if self.play.start() not in found:
            return None
        path = self.follow(lambda position: found[position][3])
        return None if path.choices == self.best_path().choices else path

    def _best_steps(self) -> set[tuple[int, str]]:
        position, steps = self.play.start(), set()
        for choice_id in self.best_path().choices:
            steps.add((position.scene, choice_id))
            position = self.play.step(position, self.play.index_of(position, choice_id))
        return steps

    def _choice_id(self, position: Position, index: int) -> str:
        return self.play.structure["scenes"][position.scene]["choices"][index]["id"]

    def _scaled(self, raw: int) -> int:
        if self.best_raw <= self.worst_raw:
            return 100
        return max(0, min(100, 100 * (raw - self.worst_raw) // (self.best_raw - self.worst_raw)))


def solve(structure: dict) -> Solution:
    """Visit every reachable position of a compiled case and work out what can still be reached from each.

    Raises:
        Unsolvable: there are more positions than `MOST_POSITIONS`, or one without a way on.
    """
    play = Play(structure)
    children = _explore(play)
    ends = tuple(position for position, steps in children.items() if not steps)
    raws = {end: play.raw_outcome(end) for end in ends}
    worst = min(raws.values())
    clean = [raw for end, raw in raws.items() if not end.red_lines]
    best = max(clean or raws.values())
    # The play judges a pass by these bounds; while a case is compiled they are not known before now.
    play.structure = {**structure, "bounds": {"worst": worst, "best": best}}
    ahead: dict[Position, _Ahead] = {}
    backwards = sorted(children, key=lambda position: -position.clock)
    for position in backwards:
        steps = children[position]
        if not steps:
            key = (play.passed(position), raws[position], play.conduct(position))
            ahead[position] = _Ahead(raws[position], key, -1)
            continue
        best_raw = max(ahead[child].best_raw for _, child in steps)
        step, child = max(steps, key=lambda pair: (ahead[pair[1]].best_key, -pair[0]))
        ahead[position] = _Ahead(best_raw, ahead[child].best_key, step)
    return Solution(play, worst, best, ends, backwards, children, ahead)


class _ByHash:
    """A structure as a cache key: two with the same hash are the same case."""

    def __init__(self, structure: dict):
        self.structure = structure

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByHash) and other.structure["hash"] == self.structure["hash"]

    def __hash__(self) -> int:
        return hash(self.structure["hash"])


def solution_of(structure: dict) -> Solution:
    """Return the solution of a compiled case, solved once per content hash."""
    return _solved(_ByHash(structure))


@lru_cache(maxsize=32)
def _solved(key: _ByHash) -> Solution:
    return solve(key.structure)


def _explore(play: Play) -> dict[Position, list[tuple[int, Position]]]:
    start = play.start()
    children: dict[Position, list[tuple[int, Position]]] = {}
    waiting, seen = [start], {start: start}
    while waiting:
        position = waiting.pop()
        steps = []
        for index in play.choices(position):
            child = play.step(position, index)
            known = seen.get(child)
            if known is None:
                if len(seen) >= MOST_POSITIONS:
                    raise TooManyPositions(f"more than {MOST_POSITIONS:,} positions (scene and state) can be reached")
                seen[child] = known = child
                waiting.append(child)
            steps.append((index, known))
        if not steps and not play.is_over(position):
            raise Stuck(play.structure["scenes"][position.scene]["id"])
        children[position] = steps
    return children
