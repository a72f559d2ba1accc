"""The generator of the transparency experiment: three lengths of an explanation, drawn by lot.

For trainers and authors: what is planted is described in `planted.md` beside this file, not in the trainee's `card.md`.
"""

from __future__ import annotations

import random

import numpy as np
import pandas as pd

from trustkit.data.columns import choose, decimals, draw, ids, labels, whole, with_copies

ROWS = 3_000

LEVELS = ("low", "mid", "high")
GROUPS = ("violated", "met")
CHANNELS = ("app", "email")
READING = (0.5, 1.6, 4.2)  # minutes that half of the customers stay, by level
WEEKS = 6

SPREAD = 1.0  # standard deviation of trust within a group, in points
QUESTIONS = 4


def generate(
    seed: int,
    rows: int = ROWS,
    *,
    effect: float = 0.38,
    best: str = "mid",
    affected: str = "violated",
    violated: float = 0.46,
    disappointment: float = 0.85,
) -> pd.DataFrame:
    """Return the experiment as one typed table, the same for the same seed.

    Args:
        seed: any whole number from 0.
        rows: rows in the table, duplicates included; at least 300.
        effect: how much the best level raises trust over the other two, in standard deviations, 0 to 1.
        best: that level: "low", "mid" or "high".
        affected: whom it helps: "violated" or "met"; in the other group the level makes no difference.
        violated: share of the customers who get less than they expected, 0.2 to 0.8.
        disappointment: how many points lower their trust is, 0 to 1.5.

    Returns:
        The table in the order of the file.

    Raises:
        ValueError: too few rows, no such level or group, or a number that is out of range.
    """
    if rows < 300:
        raise ValueError(f"{rows} rows are too few: the six cells need at least 300.")
    if best not in LEVELS:
        raise ValueError(f"There is no level {best}; the levels are {', '.join(LEVELS)}.")
    if affected not in GROUPS:
        raise ValueError(f"There is no group {affected}; the groups are {', '.join(GROUPS)}.")
    for name, value, least, most in (
        ("effect", effect, 0, 1),
        ("violated", violated, 0.2, 0.8),
        ("disappointment", disappointment, 0, 1.5),
    ):
        if not least <= value <= most:
            raise ValueError(f"{name} is {value}; it must lie between {least} and {most}.")
    rng = np.random.default_rng(seed)
    copies = round(0.006 * rows)
    n = rows - copies

    less = rng.random(n) < violated
    level = rng.permutation(np.arange(n) % len(LEVELS))  # lots of equal number
    helped = (less == (affected == "violated")) & (level == LEVELS.index(best))
    cell = level + len(LEVELS) * less
    person = _balanced(rng, cell)
    trust = 4.85 - disappointment * less + effect * SPREAD * helped + SPREAD * person
    shared = 0.6 * person + 0.8 * _balanced(rng, cell)
    fairness = 4.6 - 1.1 * disappointment * less + 0.7 * effect * helped + shared

    minutes = np.array(READING)[level] * np.exp(0.7 * rng.standard_normal(n) + 0.1 * less)
    left_open = choose(rng, np.arange(n), round(0.01 * n))
    minutes[left_open] = 720 + 1_400 * rng.random(len(left_open))
    not_logged = rng.random(n) < 0.03
    unanswered = rng.random(n) < np.where(less, 0.045, 0.02)

    table = pd.DataFrame(
        {
            "id": ids("X", np.arange(1, n + 1), 4),
            "week": whole(1 + np.arange(n) * WEEKS // n),
            "channel": labels(draw(rng, (0.63, 0.37), n), CHANNELS),
            "expectation_violated": whole(less),
            "transparency": labels(level, LEVELS),
            "minutes_read": decimals(minutes, 1, not_logged),
            "trust": decimals(_mean_of_items(rng, trust, QUESTIONS), 2, unanswered),
            "fairness": decimals(_mean_of_items(rng, fairness, 2), 1, unanswered),
        }
    )
    return with_copies(rng, table, copies)


def variation(chance: random.Random) -> dict[str, object]:
    """Return arguments for data of the same kind in which other answers are true.

    Another level is the best one, it helps more, and the groups lie elsewhere.
    """
    return {
        "effect": round(chance.uniform(0.55, 0.75), 2),
        "best": chance.choice(("low", "high")),
        "violated": round(chance.uniform(0.52, 0.60), 2),
        "disappointment": round(chance.uniform(0.15, 0.65), 2),
    }


def _balanced(rng: np.random.Generator, cell: np.ndarray) -> np.ndarray:
    """Return what differs between persons, with a mean near 0 and a spread of 1 in every cell.

    Drawn freely, a cell of 400 persons would often lie 0.1 off by chance alone; then nobody could learn from the
    table what a cell without an effect looks like.
    """
    noise = rng.standard_normal(len(cell))
    count = np.bincount(cell)
    mean = np.bincount(cell, noise) / count
    centred = noise - mean[cell]
    spread = np.sqrt(np.bincount(cell, centred**2) / count)
    return centred / spread[cell] + 0.008 * rng.standard_normal(len(count))[cell]


def _mean_of_items(rng: np.random.Generator, latent: np.ndarray, questions: int) -> np.ndarray:
    """Return the mean of several answers from 1 to 7: steps of 1 over the number of questions, chosen without bias."""
    steps = np.floor(latent * questions + rng.random(len(latent))) / questions
    return np.clip(steps, 1, 7)
