"""Finds the way that leads to a scene: the choices by which somebody who does well gets there; pure."""

from __future__ import annotations

from trustkit.cases.play import Position
from trustkit.cases.solve import Solution


def way_to(solution: Solution, scene: str) -> tuple[str, ...] | None:
    """Return the choices that lead to a scene, or None where no way through the case reaches it.

    It is the beginning of the best path where that passes the scene, else of the acceptable path; else, of all
    ways there, one without a red line if there is any, from which the most can still be reached.

    Args:
        solution: of the variant in question.
        scene: id of the scene.
    """
    play = solution.play
    scenes = play.structure["scenes"]
    wanted = next((at for at, one in enumerate(scenes) if one["id"] == scene), None)
    if wanted is None:
        return None
    for path in (solution.best_path(), solution.acceptable_path()):
        if path:
            for count, position in enumerate(play.walk(list(path.choices))):
                if position.scene == wanted:
                    return path.choices[:count]
    came: dict[Position, tuple[Position, int] | None] = {play.start(): None}
    waiting = [play.start()]
    while waiting:
        position = waiting.pop()
        for index, after in solution.steps(position):
            if after not in came:
                came[after] = (position, index)
                waiting.append(after)
    there = [position for position in came if position.scene == wanted]
    if not there:
        return None
    best = max(there, key=lambda one: (not one.red_lines, solution.best_outcome(one), play.conduct(one), -one.clock))
    choices = []
    while came[best]:
        best, index = came[best]
        choices.append(scenes[best.scene]["choices"][index]["id"])
    return tuple(reversed(choices))
