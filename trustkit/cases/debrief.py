"""Tells an attempt's story: both scores, the state turn by turn, the turning point and what else could have been."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from trustkit.cases.play import Play, Position
from trustkit.cases.solve import Solution, solution_of
from trustkit.trust.customer import satisfaction, trust


@dataclass(frozen=True)
class Gauges:
    """What can be read off a position; gauges in thousandths of a point, minutes, counts."""

    trust: int
    satisfaction: int
    anger: int
    cognitive: int
    affective: int
    social: int
    distributive: int
    procedural: int
    interactional: int
    minutes: int
    clock: int
    failures: int
    broken: int


@dataclass(frozen=True)
class Instead:
    """Another choice that was on offer at a turn.

    Attributes:
        choice: its id.
        scene, line: where it would have led and which of that scene's lines the customer would have said.
        trust: change of trust in thousandths.
        best: best outcome (0-100) that would have been reachable after it.
        regret: what it would have cost, 0-100.
        red_line: code of the red line it crosses, or "".
    """

    choice: str
    scene: str
    line: int
    trust: int
    best: int
    regret: int
    red_line: str


@dataclass(frozen=True)
class Turn:
    """One turn of an attempt: what was chosen, what it amounted to, and what else was on offer."""

    scene: str
    line: int
    choice: str
    behaviours: list[list]
    trust: int
    regret: int
    best: int
    red_line: str
    revealed: list[str]
    instead: list[Instead]


@dataclass(frozen=True)
class Debrief:
    """The whole story of a finished attempt; see `debrief`.

    Attributes:
        conduct, outcome: 0-100.
        bars: the six conduct bars, None where not assessed.
        turning_point: index of the turn that decided most: the largest regret, or where nothing was
            regretted the largest gain of trust.
        gauges: one entry before the first turn and one after each.
        best_path, acceptable_path: choice ids; the latter empty where there is no other passing path.
    """

    ending: str
    closing: list
    conduct: int
    outcome: int
    passed: bool
    bars: list[int | None]
    red_lines: list[str]
    turning_point: int
    turns: list[Turn]
    gauges: list[Gauges]
    best_path: list[str]
    acceptable_path: list[str]

    def as_dict(self) -> dict:
        """Return it as plain data; the page's debrief has the same form."""
        return asdict(self)


def debrief(structure: dict, choices: list[str]) -> Debrief:
    """Return the debrief of a finished attempt.

    Args:
        structure: the compiled variant that was played.
        choices: the ids of the choices in order.

    Raises:
        ImpossibleStep: a choice could not have been made.
        ValueError: the attempt has not reached an ending.
    """
    solution = solution_of(structure)
    play = solution.play
    positions = play.walk(choices)
    last = positions[-1]
    ending = play.ending(last)
    if ending is None:
        raise ValueError("the attempt has not reached an ending")
    turns = [_turn(solution, before, after, choice) for before, after, choice in zip(positions, positions[1:], choices)]
    acceptable = solution.acceptable_path()
    return Debrief(
        ending=structure["endings"][ending]["id"],
        closing=[structure["scenes"][last.scene]["id"], play.line(last)],
        conduct=play.conduct(last),
        outcome=play.outcome(last),
        passed=play.passed(last),
        bars=play.conduct_bars(last),
        red_lines=red_lines_of(structure, last),
        turning_point=_turning_point(turns),
        turns=turns,
        gauges=[gauges(play, position) for position in positions],
        best_path=list(solution.best_path().choices),
        acceptable_path=list(acceptable.choices) if acceptable else [],
    )


def gauges(play: Play, position: Position) -> Gauges:
    """Return what can be read off a position."""
    customer = position.customer
    return Gauges(
        trust=trust(customer, play.model),
        satisfaction=satisfaction(customer, play.model),
        anger=customer.anger,
        cognitive=customer.cognitive,
        affective=customer.affective,
        social=customer.social,
        distributive=customer.distributive,
        procedural=customer.procedural,
        interactional=customer.interactional,
        minutes=position.minutes,
        clock=position.clock,
        failures=customer.failures,
        broken=position.broken,
    )


def red_lines_of(structure: dict, position: Position) -> list[str]:
    """Return the codes of the red lines crossed so far, in the order of the closed list."""
    return [red_line["id"] for index, red_line in enumerate(structure["red_lines"]) if position.red_lines >> index & 1]


def _turn(solution: Solution, before: Position, after: Position, choice_id: str) -> Turn:
    play = solution.play
    scene = play.structure["scenes"][before.scene]
    chosen = play.index_of(before, choice_id)
    behaviours = [
        [play.structure["behaviours"][behaviour]["id"], strength]
        for behaviour, strength in play.behaviours(before, chosen)
    ]
    if after.broken > before.broken:
        behaviours.append(["broken-promise", after.broken - before.broken])
    revealed = after.facts & ~before.facts
    return Turn(
        scene=scene["id"],
        line=play.line(before),
        choice=choice_id,
        behaviours=behaviours,
        trust=_trust_change(play, before, after),
        regret=solution.regret(before, chosen),
        best=solution.best_outcome(after),
        red_line=_red_line(play, scene["choices"][chosen]),
        revealed=[fact for bit, fact in enumerate(play.structure["facts"]) if revealed >> bit & 1],
        instead=[_instead(solution, before, index) for index in play.choices(before) if index != chosen],
    )


def _instead(solution: Solution, before: Position, index: int) -> Instead:
    play = solution.play
    after = play.step(before, index)
    choice = play.structure["scenes"][before.scene]["choices"][index]
    return Instead(
        choice=choice["id"],
        scene=play.structure["scenes"][after.scene]["id"],
        line=play.line(after),
        trust=_trust_change(play, before, after),
        best=solution.best_outcome(after),
        regret=solution.regret(before, index),
        red_line=_red_line(play, choice),
    )


def _red_line(play: Play, choice: dict) -> str:
    return play.structure["red_lines"][choice["red_line"]]["id"] if choice["red_line"] >= 0 else ""


def _trust_change(play: Play, before: Position, after: Position) -> int:
    return trust(after.customer, play.model) - trust(before.customer, play.model)


def _turning_point(turns: list[Turn]) -> int:
    most_regretted = max(range(len(turns)), key=lambda at: (turns[at].regret, -at))
    if turns[most_regretted].regret > 0:
        return most_regretted
    return max(range(len(turns)), key=lambda at: (turns[at].trust, -at))
