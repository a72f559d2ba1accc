"""How fast the Python engine plays and solves."""

from __future__ import annotations

import contextlib
import random
import statistics
import time

from figure import Figure

from trustkit.cases.compile import compiled
from trustkit.cases.play import Play
from trustkit.cases.solve import MOST_POSITIONS, TooManyPositions, solve

CASE = "fridge-failed-twice"


def figures() -> list[Figure]:
    structure = compiled(CASE)
    return [
        Figure("python engine: random play", _steps_per_second(structure), "steps/s", "> 10000"),
        Figure(f"python solver at its bound of {MOST_POSITIONS:,} positions", _seconds_at_bound(structure), "s", "< 5"),
    ]


def _steps_per_second(structure: dict, steps: int = 20_000, rounds: int = 5) -> float:
    rates = []
    for round_ in range(rounds):
        play, chance, done = Play(structure), random.Random(round_), 0
        started = time.process_time()
        while done < steps:
            position = play.start()
            while not play.is_over(position):
                position = play.step(position, chance.choice(play.choices(position)))
                done += 1
        rates.append(done / (time.process_time() - started))
    return statistics.median(rates)


def _seconds_at_bound(structure: dict) -> float:
    """Seconds to visit as many positions as lint allows: the case with its first scene made repeatable."""
    endless = {**structure, "scenes": [dict(scene) for scene in structure["scenes"]]}
    first = endless["scenes"][endless["start"]["scene"]]
    first["choices"] = [
        {**choice, "to": endless["start"]["scene"]} if index == 0 else choice
        for index, choice in enumerate(first["choices"])
    ]
    started = time.process_time()
    with contextlib.suppress(TooManyPositions):
        solve(endless)
    return time.process_time() - started
