"""Simulated handlers, from careless to expert: seeded policies over behaviours that play a case to its end."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from trustkit.cases.play import Play, Position
from trustkit.cases.solve import Path, Solution
from trustkit.trust.vocabulary import Word, vocabulary


@dataclass(frozen=True)
class Handler:
    """One kind of person on the line; see `handlers.yaml` for what the numbers mean.

    Attributes:
        values: points for each strength of each behaviour of the vocabulary, by its id.
        words: name and description by language.
    """

    id: str
    values: dict[str, float]
    curious: float
    hurry: float
    red_line: float
    noise: float
    words: dict[str, Word]


@cache
def handlers() -> dict[str, Handler]:
    """Return the handlers by id, from careless to expert."""
    given = yaml.safe_load(files(__package__).joinpath("handlers.yaml").read_text(encoding="utf-8"))
    return {id_: _handler(id_, one) for id_, one in given.items()}


class Player:
    """Plays one compiled case with handlers, many times over; what was worked out once is remembered.

    Args:
        play: the case, ready to be played.
    """

    def __init__(self, play: Play):
        self.play = play
        self._steps: dict[tuple[Position, int], Position] = {}
        self._pulls: dict[tuple, list[tuple[int, float]]] = {}

    def attempt(self, handler: Handler, seed: int) -> Position:
        """Return the end that a handler reaches; the same seed always leads to the same end."""
        chance = random.Random(f"{handler.id} {seed}")
        position = self.play.start()
        while not self.play.is_over(position):
            pulls = self.pulls(handler, position)
            index = max(pulls, key=lambda pull: pull[1] + chance.gauss(0, handler.noise))[0]
            known = self._steps.get((position, index))
            if known is None:
                known = self._steps[position, index] = self.play.step(position, index)
            position = known
        return position

    def pulls(self, handler: Handler, position: Position) -> list[tuple[int, float]]:
        """Return how much each choice on offer draws a handler, before chance: (index, points)."""
        on_offer = tuple(self.play.choices(position))
        key = (
            handler.id,
            position.scene,
            on_offer,
            position.apologies,
            position.offer,
            position.broken,
            position.facts,
        )
        known = self._pulls.get(key)
        if known is None:
            known = self._pulls[key] = [(index, self._worth(handler, position, index)) for index in on_offer]
        return known

    def _worth(self, handler: Handler, position: Position, index: int) -> float:
        structure = self.play.structure
        choice = structure["scenes"][position.scene]["choices"][index]
        worth = sum(
            handler.values[structure["behaviours"][behaviour]["id"]] * strength
            for behaviour, strength in self.play.behaviours(position, index)
        )
        worth += handler.curious * (choice["reveals"] & ~position.facts).bit_count()
        worth -= handler.hurry * choice["minutes"]
        return worth - (handler.red_line if choice["red_line"] >= 0 else 0)


def tempting_path(solution: Solution) -> Path:
    """Return the way of somebody who at every turn falls for the wrong choice that draws a novice most.

    Wrong is a choice that costs at least `FELT` points; where there is none, the one that draws most is taken.
    """
    player, novice = Player(solution.play), handlers()["novice"]

    def fall(position: Position) -> int:
        pulls = player.pulls(novice, position)
        wrong = [pull for pull in pulls if solution.regret(position, pull[0]) >= FELT]
        return max(wrong or pulls, key=lambda pull: pull[1])[0]

    return solution.follow(fall)


FELT = 4
"""Points of outcome from which a wrong choice is more than a matter of taste. Ours."""


def _handler(id_: str, given: dict) -> Handler:
    values = {}
    for behaviour in vocabulary().behaviours.values():
        worth = given["good" if behaviour.sign > 0 else "bad"]
        if isinstance(worth, dict):
            worth = worth.get(behaviour.compass, worth.get("else", 0))
        values[behaviour.id] = given["likes"].get(behaviour.id, worth)
    return Handler(
        id_, values, given["curious"], given["hurry"], given["red_line"], given["noise"],
        {language: Word(given[language]["name"], given[language]["meaning"]) for language in ("en", "zh")},
    )  # fmt: skip
