"""Calibrates the trust model: simulated handlers play every case, and what research says must come out does."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

import yaml

from trustkit.cases.compile import compiled
from trustkit.cases.handlers import Player, handlers
from trustkit.cases.kept import kept
from trustkit.cases.play import Play, Position
from trustkit.cases.reader import read_case
from trustkit.trust.customer import (
    Model,
    default_model,
    never_failed,
    opening,
    react,
    repurchase,
    satisfaction,
    silent,
    trust,
    word_of_mouth,
)
from trustkit.trust.customer import compensation as compensation_move
from trustkit.trust.vocabulary import vocabulary

SEEDS = 200
"""Attempts of each handler at each variant."""
LOSS_WEIGHTS = (1300, 1500, 1955, 2250)
"""Weights of a disappointment in treatment, per mille, over which the order must hold; sources in constants.yaml."""
GAPS = {"expert": 1, "competent": 4, "novice": 4}
"""By how many points, at least, each handler must be above the next one down, in both scores, in every case. Ours."""
LADDER = ("expert", "competent", "novice", "careless")
EASIER_THAN = (0.75, 0.5, 0.39, 0.3)
"""Mean pass shares of novice and competent from which a case is of difficulty 1, 2, 3, 4; below the last, 5. Ours."""
RESOLVED = 75
"""From this outcome on a complaint counts as resolved; the pass mark."""
HEARD = 50
"""From this conduct on a customer counts as heard. Ours."""


class Crowd(NamedTuple):
    """What one handler's attempts at one case came to: means over seeds and variants.

    Attributes:
        conduct, outcome: 0-100.
        passed, red_line: shares, 0-1.
        raw: outcome before the case's own scale; satisfaction, repurchase, word_of_mouth: in points.
    """

    conduct: float
    outcome: float
    passed: float
    red_line: float
    raw: float
    satisfaction: float
    repurchase: float
    word_of_mouth: float


@dataclass(frozen=True)
class Population:
    """One case as the simulated handlers play it.

    Attributes:
        crowds: by handler.
        stay: mean repurchase, in points, by how the complaint went: "quickly", "resolved", "in-vain" (heard, not
            helped), "worse" (mishandled), "silent"; a group that nobody fell into is missing.
        single: of the expert's attempts with one failure in all, the mean satisfaction, repurchase and word of
            mouth in points; empty where there were more failures.
    """

    case: str
    crowds: dict[str, Crowd]
    stay: dict[str, float]
    single: list[float]


@dataclass(frozen=True)
class Row:
    """One thing that must come out: its id in `calibration.yaml`, whether it holds, and what was measured."""

    id: str
    holds: bool
    measured: str

    @property
    def source(self) -> str:
        return _rows()[self.id]["source"]

    @property
    def evidence(self) -> str:
        """Its key on the evidence page; "" where none of it was read."""
        return _rows()[self.id].get("evidence", "")

    def claim(self, language: str = "en") -> str:
        """Return what must hold, as a sentence."""
        return _rows()[self.id][language]


def population(case: str, *, seeds: int = SEEDS, loss_weight: int | None = None) -> Population:
    """Return how the simulated handlers fare in all variants of a case; kept until the case or the model changes.

    Args:
        seeds: attempts of each handler at each variant.
        loss_weight: how much a disappointment in treatment weighs, per mille; the model's own where left out.
    """
    structures = [compiled(case, variant) for variant in read_case(case).variants]
    question = [[structure["hash"] for structure in structures], seeds, loss_weight]
    answer = kept("population", question, lambda: _play_all(structures, seeds, loss_weight))
    return Population(
        case, {id_: Crowd(*values) for id_, values in answer["crowds"].items()}, answer["stay"], answer["single"]
    )


def populations(cases: Sequence[str], *, seeds: int = SEEDS, loss_weight: int | None = None) -> list[Population]:
    """Return the populations of several cases, worked out on as many processors as there are.

    Raises:
        ContentError: a case cannot be read or solved; the first such one.
    """
    with ProcessPoolExecutor(min(len(cases), os.cpu_count() or 1) or 1) as pool:
        return list(pool.map(partial(population, seeds=seeds, loss_weight=loss_weight), cases))


def rows(found: Sequence[Population], model: Model | None = None) -> list[Row]:
    """Return the calibration table for a library of cases.

    Args:
        found: the population of each case.
        model: the model they were played with; the default where left out.
    """
    model = model or default_model()
    return [
        _stay_order(found),
        _recovery_paradox(found, model),
        _recovery_on_average(found, model),
        _order_of_events(model),
        _compensation(model),
        _apology_elements(model),
        _justice_weights(model),
        _ladder(found),
    ]


def sensitivity(cases: Sequence[str], *, seeds: int = SEEDS) -> dict[int, list[str]]:
    """Return for each weight of `LOSS_WEIGHTS` the ids of the rows that do not hold with it; empty lists are good.

    The case's own scale is made for the default weight, so that here the ladder is compared on the raw outcome.
    """
    failing: dict[int, list[str]] = {}
    for weight in LOSS_WEIGHTS:
        found = populations(cases, seeds=seeds, loss_weight=weight)
        held = {row.id: row.holds for row in rows(found, with_loss_weight(weight))}
        held["handlers"] = not any(unseparated(one, raw=True) for one in found)
        failing[weight] = [id_ for id_, holds in held.items() if not holds]
    return failing


def with_loss_weight(weight: int) -> Model:
    """Return the default model with another weight of a disappointment in treatment, per mille."""
    model = default_model()
    return model._replace(loss_weight=(*model.loss_weight[:2], weight))


def unseparated(one: Population, *, raw: bool = False) -> list[str]:
    """Return in words where a case does not tell the handlers apart; empty where it does.

    Args:
        raw: compare the outcome before it is put on the case's own scale, with any gap at all; the scale
            depends on the model, so that it cannot be used across models.
    """
    found = []
    for above, below in pairwise(LADDER):
        gap = 0 if raw else GAPS[above]
        for score in ("conduct", "raw" if raw else "outcome"):
            high, low = getattr(one.crowds[above], score), getattr(one.crowds[below], score)
            if high - low < gap or high <= low:
                found.append(f"{one.case}: {score} of {above} {high:.1f}, of {below} {low:.1f}")
    return found


def difficulty(one: Population) -> int:
    """Return how hard a case is, 1-5, from the mean share of novices and of competent handlers that pass it."""
    share = (one.crowds["novice"].passed + one.crowds["competent"].passed) / 2
    return 1 + sum(share < bound for bound in EASIER_THAN)


def _play_all(structures: Sequence[dict], seeds: int, loss_weight: int | None) -> dict:
    sums: dict[str, list[float]] = {id_: [0.0] * len(Crowd._fields) for id_ in handlers()}
    stay: dict[str, list[float]] = {"quickly": [], "resolved": [], "in-vain": [], "worse": [], "silent": []}
    single: list[tuple[float, ...]] = []
    for structure in structures:
        if loss_weight is not None:
            weights = [*structure["model"]["loss_weight"][:2], loss_weight]
            structure = {**structure, "model": {**structure["model"], "loss_weight": weights}}
        play = Play(structure)
        player, model = Player(play), play.model
        stay["silent"].append(repurchase(silent(play.start().customer, model), model) / 1000)
        for handler in handlers().values():
            for seed in range(seeds):
                end = player.attempt(handler, seed)
                # The complaint itself is a failure beside those that the case counts.
                customer = end.customer._replace(failures=end.customer.failures + 1)
                read = [gauge(customer, model) / 1000 for gauge in (satisfaction, repurchase, word_of_mouth)]
                values = (
                    play.conduct(end), play.outcome(end), float(play.passed(end)), float(end.red_lines > 0),
                    play.raw_outcome(end) / 1000, *read,
                )  # fmt: skip
                sums[handler.id] = [total + value for total, value in zip(sums[handler.id], values)]
                stay[_how_it_went(play, end)].append(read[1])
                if handler.id == "expert" and customer.failures == 1:
                    single.append(tuple(read))
    count = seeds * len(structures)
    return {
        "crowds": {id_: [total / count for total in totals] for id_, totals in sums.items()},
        "stay": {name: _mean(values) for name, values in stay.items() if values},
        "single": [_mean(column) for column in zip(*single)],
    }


def _how_it_went(play: Play, end: Position) -> str:
    if end.red_lines or play.conduct(end) < HEARD:
        return "worse"
    if play.outcome(end) < RESOLVED:
        return "in-vain"
    return "quickly" if end.minutes <= play.structure["patience"] and not end.broken else "resolved"


def _stay_order(found: Sequence[Population]) -> Row:
    # Only cases in which all of them occur, so that the groups differ in handling and not in cases.
    names = ("quickly", "resolved", "in-vain", "silent")
    stays = [one.stay for one in found if one.stay.keys() >= set(names)]
    if not stays:
        return Row("stay-order", False, "no case in which all four occur")
    means = [_mean([stay[name] for stay in stays]) for name in names]
    worse = _mean([stay["worse"] for stay in stays if "worse" in stay])
    measured = f"repurchase {_listed(means, ' > ')}; mishandled {worse:.1f}; {len(stays)} of {len(found)} cases"
    return Row("stay-order", means == sorted(means, reverse=True) and len(set(means)) == 4, measured)


def _recovery_paradox(found: Sequence[Population], model: Model) -> Row:
    base = never_failed()
    never = [gauge(base, model) / 1000 for gauge in (satisfaction, repurchase, word_of_mouth)]
    after = [one.single for one in found if one.single]
    if not after:
        return Row("recovery-paradox", False, "no case with a single failure")
    best = max(column[0] for column in after)
    means = [_mean(column) for column in zip(*after)]
    holds = best > never[0] and means[1] < never[1] and means[2] < never[2]
    return Row(
        "recovery-paradox", holds,
        f"satisfaction up to {best:.1f} (never failed {never[0]:.1f}); repurchase {means[1]:.1f} ({never[1]:.1f}); "
        f"word of mouth {means[2]:.1f} ({never[2]:.1f})",
    )  # fmt: skip


def _recovery_on_average(found: Sequence[Population], model: Model) -> Row:
    never = repurchase(never_failed(), model) / 1000
    average = _mean([crowd.repurchase for one in found for crowd in one.crowds.values()])
    nothing = _mean([one.stay["silent"] for one in found])
    competent = _mean([one.crowds["competent"].repurchase for one in found])
    return Row(
        "recovery-on-average", average < never and nothing < competent < never,
        f"repurchase: never failed {never:.1f}, competent recovery {competent:.1f}, all handlers {average:.1f}, "
        f"no word {nothing:.1f}",
    )  # fmt: skip


def _order_of_events(model: Model) -> Row:
    good = _moves({"take-ownership": 2, "offer-repair": 2, "give-window": 2})
    bad = _moves({"minimise": 2, "vague-timing": 2, "pass-on": 1})
    ends = []
    for events in ((bad, good), (good, bad)):
        customer = opening("disappointed", 0)
        for moves in events:
            customer = react(customer, model, moves)
        ends.append(trust(customer, model) / 1000)
    return Row("order-of-events", ends[0] > ends[1], f"trust {ends[0]:.1f} > {ends[1]:.1f}")


def _compensation(model: Model) -> Row:
    customer = opening("disappointed", 0)
    offers = list(range(0, 2501, 100))
    gained = []
    for offer in offers:
        over = model.excessive_offer_loss if offer > model.fair_offer[1] else 0
        after = react(customer, model, [compensation_move(model, offer), None, None], cognitive_loss=over)
        gained.append(trust(after, model))
    best = offers[gained.index(max(gained))]
    climbs = [later - earlier for earlier, later in pairwise(gained)]
    steepest = offers[climbs.index(max(climbs))]
    holds = 1000 <= best <= 1500 and 600 <= steepest < 1200
    return Row("compensation", holds, f"best at {best} ‰ of the harm, steepest from {steepest} ‰")


def _apology_elements(model: Model) -> Row:
    gains = {b.apology: _trust_gain(b.moves, model) for b in vocabulary().behaviours.values() if b.apology}
    first, second, last = gains["responsibility"], gains["repair"], gains["forgiveness"]
    middle = [gains[element] for element in ("regret", "explanation", "repentance")]
    holds = first > second > max(middle) and min(middle) > last and max(middle) - min(middle) < second - last
    return Row("apology-elements", holds, _listed([gain / 1000 for gain in (first, second, *middle, last)], ", "))


def _justice_weights(model: Model) -> Row:
    by_case, by_trust = [], []
    before = opening("disappointed", 0)
    for at in range(3):
        after = react(before, model, [10_000 if at == j else None for j in range(3)])
        by_case.append(satisfaction(after, model) - satisfaction(before, model))
        by_trust.append(trust(after, model) - trust(before, model))
    d, p, i = by_case
    td, tp, ti = by_trust
    measured = f"case {_listed([d, i, p], ' > ', 0)}, trust {_listed([ti, td, tp], ' ≥ ', 0)} (thousandths)"
    return Row("justice-weights", d > i > p and ti >= td > tp, measured)


def _ladder(found: Sequence[Population]) -> Row:
    wrong = [line for one in found for line in unseparated(one)]
    means = [
        f"{id_} {_mean([one.crowds[id_].conduct for one in found]):.0f}/"
        f"{_mean([one.crowds[id_].outcome for one in found]):.0f}"
        for id_ in LADDER
    ]
    return Row("handlers", not wrong, "; ".join(wrong) or "conduct/outcome " + ", ".join(means))


def _trust_gain(moves: Sequence[int], model: Model) -> int:
    before = opening("disappointed", 0)
    return trust(react(before, model, [2 * move or None for move in moves]), model) - trust(before, model)


def _moves(tags: dict[str, int]) -> list[int | None]:
    known = vocabulary().behaviours
    sums = [sum(known[tag].moves[j] * strength for tag, strength in tags.items()) for j in range(3)]
    return [total or None for total in sums]


@cache
def _rows() -> dict:
    return yaml.safe_load(files(__package__).joinpath("calibration.yaml").read_text(encoding="utf-8"))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _listed(values: Sequence[float], sign: str, digits: int = 1) -> str:
    return sign.join(f"{value:.{digits}f}" for value in values)
